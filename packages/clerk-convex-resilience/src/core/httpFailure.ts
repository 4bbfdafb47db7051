import { type AuthFailure, type AuthFailureKind, isRetryable } from './failure.ts';

/** What an HTTP status means when nothing else is known of the answer; null for one that is no failure. */
export function kindOfStatus(status: number): AuthFailureKind | null {
  if (status < 400) return null;
  if (status === 401) return 'session_ended';
  if (status === 408 || status === 425) return 'timeout';
  if (status === 429) return 'rate_limited';
  return status >= 500 ? 'server' : 'unknown';
}

/** A longer Retry-After is a mistake of somebody's configuration. In milliseconds. */
export const longestRetryAfterMs = 3_600_000;

/** What a date may ask for where the server's own time cannot be read: this device's clock may be off by anything. */
const longestUntilDateMs = 60_000;

/**
 * `Retry-After` in milliseconds, from seconds or an HTTP date, an hour at most; undefined when there is none that can be read.
 * A date is one of the server's clock: it is read against the `Date` of the same answer, which a page sees where it is exposed.
 */
export function readRetryAfter(headers: Pick<Headers, 'get'>, now: number): number | undefined {
  const value = headers.get('retry-after');
  if (!value) return undefined;
  const seconds = Number(value);
  const isDate = Number.isNaN(seconds);
  const sentAt = Date.parse(headers.get('date') ?? '');
  const ms = isDate ? Date.parse(value) - (sentAt || now) : seconds * 1000;
  const mostMs = isDate && !sentAt ? longestUntilDateMs : longestRetryAfterMs;
  return Number.isFinite(ms) ? Math.min(mostMs, Math.max(0, ms)) : undefined;
}

/** The failure that an answer stands for. */
export function httpFailure(
  kind: AuthFailureKind,
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  now: number,
  about: Pick<AuthFailure, 'source' | 'code'>,
): AuthFailure {
  const retryAfterMs = readRetryAfter(headers, now);
  return {
    kind,
    retryable: isRetryable(kind),
    status,
    ...about,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}
