import type { AuthMessages } from './messages.ts';

/**
 * Arabic, worded so that it addresses women and men alike. A plain `ar` would leave the digits to the engine; for 1 2 3 in
 * place of ١ ٢ ٣, as in the Maghreb: `{ ...ar, lang: 'ar-u-nu-latn' }`.
 */
export const ar: AuthMessages = {
  lang: 'ar-u-nu-arab',
  dir: 'rtl',
  recovering: 'جارٍ إعادة الاتصال…',
  still_signed_in: 'تسجيل دخولك ما زال قائمًا.',
  connecting: 'يستغرق الاتصال وقتًا أطول من المعتاد…',
  offline: 'لا يوجد اتصال بالإنترنت',
  clerk_unreachable: 'خدمة تسجيل الدخول لا تستجيب',
  convex_unreachable: 'الخادم لا يستجيب',
  overloaded: 'الضغط على الخدمة كبير حاليًا',
  session_ended: 'انتهت جلستك',
  session_ended_detail: 'يُرجى تسجيل الدخول للمتابعة من هنا.',
  account_blocked: 'حسابك محظور',
  account_blocked_detail: 'يُرجى التواصل مع الدعم.',
  misconfigured: 'تسجيل الدخول لا يعمل',
  misconfigured_detail: 'الخلل من جانبنا. عند التواصل مع الدعم، يُرجى ذكر هذا الرمز.',
  clerk_not_loaded: 'تعذّر تحميل خدمة تسجيل الدخول',
  clerk_not_loaded_detail: 'يُرجى التحقق من الاتصال أو مانع الإعلانات أو جدار الحماية.',
  back_online: 'عاد الاتصال',
  next_try: 'ستُعاد المحاولة {when}.',
  trying: 'جارٍ إعادة المحاولة…',
  retry: 'إعادة المحاولة',
  sign_out: 'تسجيل الخروج',
  sign_in: 'تسجيل الدخول',
  reset: 'إعادة ضبط تسجيل الدخول',
  reset_warning: 'سيتم تسجيل خروجك من هذا المتصفح، وستبقى بياناتك محفوظة.',
  cancel: 'إلغاء',
  close: 'إغلاق',
  status_page: 'حالة الخدمة',
  reference: 'رمز الدعم',
};
