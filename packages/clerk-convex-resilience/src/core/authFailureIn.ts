import { classifyTokenError } from './classifyTokenError.ts';
import { convexErrorMark } from './convexErrors.ts';
import type { AuthFailure } from './failure.ts';
import type { AuthHealth } from './health.ts';

/** How apps say that no identity arrived. */
const unauthenticated =
  /\b(not (authenticated|signed in|logged in)|unauthenticated|without authentication|authentication required)\b/i;
/** What may as well be said of somebody who may not, or, by a Convex in production, of anything. */
const maybe = /\bunauthori[sz]ed\b|^\[CONVEX .*Server Error/i;

/**
 * The failure of auth that an error of the app's stands for: thrown while rendering, or left unhandled. Null for all others.
 * What could be meant of that or not is, while somebody is signed in and Convex may not know it, and only then.
 */
export function authFailureIn(error: unknown, status?: AuthHealth['status']): AuthFailure | null {
  const failure = classifyTokenError(error);
  const text = textOf(error);
  if (unauthenticated.test(text) || ((status === 'recovering' || status === 'blocked') && maybe.test(text))) {
    return { kind: 'session_ended', retryable: true, source: failure.source, cause: error };
  }
  // The network is the app's affair too, unless it is Clerk that could not be reached.
  const isOurs = failure.source === 'clerk' || failure.kind === 'misconfigured' || failure.kind === 'clock_skew';
  return isOurs && failure.kind !== 'unknown' && failure.kind !== 'aborted' ? failure : null;
}

/** Does the error say in an app's words that no identity arrived? Whose error it is nobody asks. */
export const saysUnauthenticated = (error: unknown): boolean => unauthenticated.test(textOf(error));

/** The message; of a ConvexError its data, in which the app says what it was. */
function textOf(error: unknown): string {
  try {
    const { message, data, [convexErrorMark]: isOwn } = error as Record<PropertyKey, unknown>;
    return `${isOwn ? '' : (message ?? error)} ${typeof data === 'object' ? JSON.stringify(data) : data}`;
  } catch {
    return '';
  }
}
