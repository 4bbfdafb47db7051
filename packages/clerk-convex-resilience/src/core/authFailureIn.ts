import { classifyTokenError } from './classifyTokenError.ts';
import type { AuthFailure } from './failure.ts';

/** How apps say that no identity arrived. */
const unauthenticated =
  /\b(not (authenticated|signed in|logged in)|unauthenticated|without authentication|authentication required)\b/i;
/** What may as well be said of somebody who may not, or, by a Convex in production, of anything. */
const maybe = /\bunauthori[sz]ed\b|^\[CONVEX .*Server Error/i;

/**
 * The failure of auth that an error of the app's stands for: thrown while rendering, or left unhandled. Null for all others.
 * `isWell`: Convex knows who the user is at the moment, and what could be meant of that or not is not.
 */
export function authFailureIn(error: unknown, isWell: boolean): AuthFailure | null {
  const failure = classifyTokenError(error);
  const text = textOf(error);
  if (unauthenticated.test(text) || (!isWell && maybe.test(text))) {
    return { kind: 'session_ended', retryable: true, source: failure.source, cause: error };
  }
  // The network is the app's affair too, unless it is Clerk that could not be reached.
  const isOurs = failure.source === 'clerk' || failure.kind === 'misconfigured' || failure.kind === 'clock_skew';
  return isOurs && failure.kind !== 'unknown' && failure.kind !== 'aborted' ? failure : null;
}

/** The message, and the data of a ConvexError. */
function textOf(error: unknown): string {
  try {
    const { message, data } = error as { message?: unknown; data?: unknown };
    return `${message ?? error} ${typeof data === 'object' ? JSON.stringify(data) : data}`;
  } catch {
    return '';
  }
}
