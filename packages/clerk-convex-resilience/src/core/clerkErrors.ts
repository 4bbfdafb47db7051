import type { ErrorTable } from './failure.ts';

/** `errors[].code` of an answer of Clerk's Frontend API, as clerk-js 5.128.0 and 6.40.0 know them. */
export const clerkApiCodes: ErrorTable = [
  [/^(authentication_invalid|client_mismatch)$/, 'session_ended'],
  // clerk-js gets a new dev browser by itself: Clerk#load, handleUnauthenticatedDevBrowser.
  ['dev_browser_unauthenticated', 'unknown'],
  // clerk-js solves it and asks again; the second in 6.40.0 only.
  [/^(requires_captcha|protect_check_required)$/, 'unknown'],
  // clerk-js asks again with the expired token: Session#_getToken, MissingExpiredTokenError.
  ['missing_expired_token', 'unknown'],
  [/^user_(banned|deactivated|locked)$/, 'account_blocked'],
  // On tokens/:template: no JWT template of that name. The last is the Backend API's, of a secret key (@clerk/backend 3.25), with a 401.
  [/^(resource_not_found|origin_invalid|clerk_key_invalid)$/, 'misconfigured'],
  ['too_many_requests', 'rate_limited'],
  ['internal_clerk_error', 'server'],
];

/** `code` of a ClerkRuntimeError or ClerkOfflineError. */
export const clerkRuntimeCodes: ErrorTable = [
  ['network_error', 'network'], // clerk-js 5.128.0 and 6.40.0
  ['clerk_offline', 'offline'], // clerk-js 6.40.0
  // failed_to_load_clerk_js (@clerk/shared 3.48, 4.41), failed_to_load_clerk_js_timeout (3.48), failed_to_load_clerk_ui (4.41);
  // clerk_runtime_load_timeout (4.41, getToken); clerk_init_failed (clerk-js 6.40.0)
  [/^(failed_to_load_clerk_|clerk_runtime_load_timeout$|clerk_init_failed$)/, 'not_loaded'],
];

/** `errors[].code` of an error without a status: the Backend API was not reached (@clerk/backend 3.25, buildRequest). */
export const neverAnswered = 'unexpected_error';

/** On a server Clerk never loads: @clerk/shared 4.41, getToken. */
export const neverLoads = 'clerk_runtime_not_browser';

/** Messages of Clerk's that carry no code. The wrapper swallows its cause: fapiClient, clerk-js 5.128.0 and 6.40.0. */
export const clerkMessages: ErrorTable = [
  [/Network error at ".*" - (TimeoutError|AbortError: Fetch is aborted)/s, 'timeout'],
  [/^ClerkJS: Network error at "/, 'network'],
  // @clerk/shared 3.48; clerk-js 5.128.0, core/errors
  [/^Clerk: Failed to load Clerk|^ClerkJS: Something went wrong initializing Clerk/, 'not_loaded'],
];

/** The `kind` that Clerk's error classes carry on their constructor; names are minified. */
export const clerkErrorKind = /^(Clerk|MissingExpiredToken)/;
