import type { AuthMessages } from './messages.ts';

/**
 * Bengali, in words of Bangladesh and West Bengal alike. `{duration}`, since what `Intl.RelativeTimeFormat` writes, «৫ সেকেন্ডে»,
 * means "within 5 seconds".
 */
export const bn: AuthMessages = {
  lang: 'bn',
  dir: 'ltr',
  recovering: 'আবার সংযোগের চেষ্টা চলছে…',
  still_signed_in: 'আপনি সাইন ইন অবস্থাতেই আছেন।',
  connecting: 'সংযোগ হতে দেরি হচ্ছে…',
  offline: 'ইন্টারনেট সংযোগ নেই',
  clerk_unreachable: 'সাইন ইন পরিষেবা সাড়া দিচ্ছে না',
  convex_unreachable: 'সার্ভার সাড়া দিচ্ছে না',
  overloaded: 'সার্ভারে এখন অনেক চাপ',
  session_ended: 'সেশন শেষ হয়ে গেছে',
  session_ended_detail: 'চালিয়ে যেতে সাইন ইন করুন।',
  account_blocked: 'আপনার অ্যাকাউন্ট ব্লক করা হয়েছে',
  account_blocked_detail: 'সাপোর্টে যোগাযোগ করুন।',
  misconfigured: 'সাইন ইন কাজ করছে না',
  misconfigured_detail: 'সমস্যাটা আমাদের। সাপোর্টে যোগাযোগ করলে এই কোডটি জানাবেন।',
  clerk_not_loaded: 'সাইন ইন পরিষেবা লোড করা যায়নি',
  clerk_not_loaded_detail: 'সংযোগ, অ্যাড ব্লকার বা ফায়ারওয়াল দেখে নিন।',
  back_online: 'সংযোগ ফিরে এসেছে',
  next_try: '{duration} পরে আবার চেষ্টা করা হবে।',
  trying: 'আবার চেষ্টা চলছে…',
  retry: 'আবার চেষ্টা করুন',
  sign_out: 'সাইন আউট',
  sign_in: 'সাইন ইন করুন',
  reset: 'সাইন ইন রিসেট করুন',
  reset_warning: 'এই ব্রাউজার থেকে আপনি সাইন আউট হয়ে যাবেন। আপনার তথ্য নিরাপদ থাকবে।',
  cancel: 'বাতিল করুন',
  close: 'বন্ধ করুন',
  status_page: 'পরিষেবার অবস্থা',
  reference: 'সাপোর্ট কোড',
};
