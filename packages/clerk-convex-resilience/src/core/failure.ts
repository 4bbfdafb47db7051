/** Why an attempt to get a token, or to use one, did not succeed. */
export interface AuthFailure {
  readonly kind: AuthFailureKind;
  /** Whether the same request may succeed later without anybody doing anything. */
  readonly retryable: boolean;
  /** The server's `Retry-After`, in milliseconds. A floor, not a date. */
  readonly retryAfterMs?: number;
  /** HTTP status, when there was an answer. */
  readonly status?: number;
  /** Machine-readable code: Clerk's (`resource_not_found`), Node's (`ECONNRESET`) or the browser's (`ERR_NETWORK_CHANGED`). */
  readonly code?: string;
  /** Whose error it was. */
  readonly source: 'browser' | 'clerk' | 'convex' | 'node' | 'unknown';
  /** The error itself. Kept for the app's own eyes; never logged by this library. */
  readonly cause?: unknown;
}

export type AuthFailureKind =
  | 'network'
  | 'timeout'
  | 'offline'
  | 'rate_limited'
  | 'server'
  | 'session_ended'
  | 'account_blocked'
  | 'misconfigured'
  | 'clock_skew'
  | 'not_loaded'
  | 'aborted'
  | 'unknown';
