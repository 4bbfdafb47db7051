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

const final: readonly AuthFailureKind[] = ['session_ended', 'account_blocked', 'misconfigured', 'aborted'];

/**
 * Whether a failure of this kind may go away by itself. What is unknown may: the worst that a needless retry costs is a
 * request, and the worst that a needless sign-out costs is the user.
 */
export const isRetryable = (kind: AuthFailureKind): boolean => !final.includes(kind);

/** A code or whole message, or a pattern of it, and what it means. Whose spelling it is stands beside the row. */
type ErrorRow = readonly [match: string | RegExp, kind: AuthFailureKind];
export type ErrorTable = readonly ErrorRow[];

/** What a table says of a text. */
export const kindIn = (table: ErrorTable, text: string): AuthFailureKind | undefined =>
  table.find(([match]) => (typeof match === 'string' ? match === text : match.test(text)))?.[1];
