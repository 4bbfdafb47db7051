/**
 * Every text that `AuthErrorHandler` shows, in one language. A locale is an object of this type: a text that is missing
 * does not compile. Plain strings, so that a single one is easy to replace: `messages={{ offline: 'No internet' }}`.
 *
 * They are for the person who uses the app, not for who wrote it: they say what that person can do, and name neither Clerk
 * nor Convex. Short, since a banner may be 280 px wide, and a locale weighs at most 0.8 kB.
 */
export interface AuthMessages {
  /** BCP 47 tag: the root's `lang`, and how numbers and times are written. `ar-u-nu-arab` chooses the digits too. */
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';

  // What is the matter. A title has to be enough alone and ends without a full stop; a `_detail` is a sentence below it.

  /** A token cannot be had at the moment, for a reason that has no text of its own. */
  readonly recovering: string;
  /** Below every title of something that passes, while somebody is signed in. */
  readonly still_signed_in: string;
  /** The page has not found out yet who its user is. */
  readonly connecting: string;
  /** The device has no network. */
  readonly offline: string;
  /** Clerk does not answer: say "the sign-in service". */
  readonly clerk_unreachable: string;
  /** Convex does not answer: say "the server". In the guard of Next.js that is the app itself, whose handler has thrown. */
  readonly convex_unreachable: string;
  /** Clerk or Convex has too much to do. `next_try` follows. */
  readonly overloaded: string;
  /** Clerk ended the session, not this user: it expired, or was ended from elsewhere. */
  readonly session_ended: string;
  /**
   * Signing in leads back to this page. Without its full stop it is a title too, for a visitor who wants what is for users:
   * so not "again".
   */
  readonly session_ended_detail: string;
  /** Banned, deactivated or locked. */
  readonly account_blocked: string;
  readonly account_blocked_detail: string;
  /** Only the app's makers can mend it: a key that is missing, a setting of Clerk's or Convex's. */
  readonly misconfigured: string;
  /** `reference` follows. */
  readonly misconfigured_detail: string;
  /** Clerk's script does not load: a firewall, a blocker of advertisements, a network that lets nothing through. */
  readonly clerk_not_loaded: string;
  readonly clerk_not_loaded_detail: string;
  /** It is over. Shown for a moment. */
  readonly back_online: string;

  // What happens next.

  /**
   * When it is tried again: with `{when}` ("in 5 seconds", "через 5 секунд": `Intl.RelativeTimeFormat`) or `{duration}`
   * ("5 seconds", "৫ সেকেন্ড": `Intl.NumberFormat`), in this language's plurals and digits.
   */
  readonly next_try: Countdown;
  /** It is being tried at this moment. */
  readonly trying: string;

  // Buttons and links.

  readonly retry: string;
  readonly sign_out: string;
  readonly sign_in: string;
  /** Forgets what this browser keeps of the sign-in; stands for "clear your cookies". Also confirms `reset_warning`. */
  readonly reset: string;
  /** What `reset` does, before it is done: signed out in this browser, nothing else lost. */
  readonly reset_warning: string;
  readonly cancel: string;
  /** Closes a toast, a dialog, or a banner of what does not pass by itself. What is seen is a cross. */
  readonly close: string;
  /** A link to Clerk's status page. */
  readonly status_page: string;
  /** Before a short code that the user can give to the app's makers. */
  readonly reference: string;
}

/** A text with a place for the time: without one it does not compile. */
export type Countdown = `${string}{when}${string}` | `${string}{duration}${string}`;
