import type { ErrorRow } from './failure.ts';

const seen = 'clerk-js 5.128.0 and 6.40.0';

/** `errors[].code` of an answer of Clerk's Frontend API. */
export const clerkApiCodes: readonly ErrorRow[] = [
  { match: 'authentication_invalid', kind: 'session_ended', seen },
  { match: 'client_mismatch', kind: 'session_ended', seen },
  // clerk-js gets a new dev browser by itself: Clerk#load, handleUnauthenticatedDevBrowser.
  { match: 'dev_browser_unauthenticated', kind: 'unknown', seen },
  // clerk-js solves it and asks again.
  { match: 'requires_captcha', kind: 'unknown', seen },
  { match: 'protect_check_required', kind: 'unknown', seen: 'clerk-js 6.40.0' },
  // clerk-js asks again with the expired token: Session#_getToken, MissingExpiredTokenError.
  { match: 'missing_expired_token', kind: 'unknown', seen },
  { match: 'user_banned', kind: 'account_blocked', seen },
  { match: 'user_deactivated', kind: 'account_blocked', seen },
  { match: 'user_locked', kind: 'account_blocked', seen },
  // On tokens/:template: no JWT template of that name.
  { match: 'resource_not_found', kind: 'misconfigured', seen },
  { match: 'origin_invalid', kind: 'misconfigured', seen },
  { match: 'too_many_requests', kind: 'rate_limited', seen },
  { match: 'internal_clerk_error', kind: 'server', seen },
];

/** `code` of a ClerkRuntimeError or ClerkOfflineError. */
export const clerkRuntimeCodes: readonly ErrorRow[] = [
  { match: 'network_error', kind: 'network', seen },
  { match: 'clerk_offline', kind: 'offline', seen: 'clerk-js 6.40.0' },
  { match: 'failed_to_load_clerk_js', kind: 'not_loaded', seen },
  { match: 'failed_to_load_clerk_js_timeout', kind: 'not_loaded', seen: '@clerk/shared 3.48' },
  { match: 'failed_to_load_clerk_ui', kind: 'not_loaded', seen: '@clerk/shared 4.41' },
  { match: 'clerk_runtime_load_timeout', kind: 'not_loaded', seen: '@clerk/shared 4.41 getToken' },
  { match: 'clerk_init_failed', kind: 'not_loaded', seen: 'clerk-js 6.40.0' },
  // On a server Clerk never loads.
  { match: 'clerk_runtime_not_browser', kind: 'not_loaded', seen: '@clerk/shared 4.41 getToken', retryable: false },
];

/** Messages of Clerk's that carry no code. The wrapper swallows its cause: fapiClient, clerk-js 5.128.0 and 6.40.0. */
export const clerkMessages: readonly ErrorRow[] = [
  { match: /Network error at ".*" - (TimeoutError|AbortError: Fetch is aborted)/s, kind: 'timeout', seen },
  { match: /^ClerkJS: Network error at "/, kind: 'network', seen },
  { match: /^Clerk: Failed to load Clerk/, kind: 'not_loaded', seen: '@clerk/shared 3.48' },
];

/** The `kind` that Clerk's error classes carry on their constructor; names are minified. */
export const clerkErrorKind = /^(Clerk|MissingExpiredToken)/;
