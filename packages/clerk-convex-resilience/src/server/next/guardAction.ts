import { saysUnauthenticated } from '../../core/authFailureIn.ts';
import { classifyAuthError } from '../../core/classify.ts';
import { type Clock, systemClock } from '../../core/clock.ts';
import { type AuthFailure, type AuthFailureKind, isRetryable } from '../../core/failure.ts';
import { isControlFlow } from './controlFlow.ts';
import { answerIn, isFunctionError } from './convexAnswer.ts';
import { dropErrors } from './dropErrors.ts';
import { kindOfNotFound } from './kindOfNotFound.ts';

/** Why a server action could not do its work. Plain data, with nothing of the error in it. */
export interface ActionFailure {
  readonly kind: AuthFailureKind;
  /** Whether it may succeed later without anybody doing anything. Whether a mutation has run is not known after a `timeout`. */
  readonly retryable: boolean;
  /** Short enough to read out, and in the server's log: the kind, and when (ISO 8601 to the minute, UTC). */
  readonly reference: string;
}

/** What a guarded action answers. */
export type ActionResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: ActionFailure };

/** Options of `guardAction`. */
export interface GuardActionOptions {
  /** Gets what was thrown, which neither the log nor the browser does. What it throws itself, or rejects with, is dropped. */
  readonly onError?: ((report: { readonly failure: AuthFailure; readonly reference: string }) => unknown) | undefined;
  /** One line for each failure. `null` for none. @defaultValue console */
  readonly logger?: { warn(message: string): void } | null | undefined;
  /** The time, for tests. @defaultValue the system's */
  readonly clock?: Clock | undefined;
}

/**
 * A server action that meets an outage answers `{ ok: false, failure }` in place of an error, which Next.js would show as a
 * crash, and in production without its message. An outage of any other service that it asks is one too. Errors of the app's own
 * are thrown on as they are, those of its Convex functions too (but for one that says that nobody is signed in), and so are
 * `redirect()` and `notFound()`.
 */
export function guardAction<Args extends readonly unknown[], T>(
  action: (...args: Args) => T | Promise<T>,
  { onError, logger = console, clock = systemClock }: GuardActionOptions = {},
): (...args: Args) => Promise<ActionResult<Awaited<T>>> {
  return async (...args) => {
    try {
      return { ok: true, value: await action(...args) };
    } catch (error) {
      const failure = isControlFlow(error) ? null : failureIn(error);
      if (!failure) throw error;
      const { kind, retryable, status, code } = failure;
      const when = new Date(clock.now()).toISOString().slice(0, 16).replaceAll(/[-:]/g, '');
      const reference = `${kind.toUpperCase()} ${when}Z`;
      dropErrors(() => onError?.({ failure, reference }));
      try {
        const word = code !== undefined && /^\w{1,60}$/.test(code) ? code : undefined;
        const words = ['[clerk-convex-resilience] action failed:', kind, status, word, `(${reference})`];
        logger?.warn(words.filter(Boolean).join(' '));
      } catch {}
      return { ok: false, failure: { kind, retryable, reference } };
    }
  };
}

/**
 * What is known to be an outage, whoever was asked, or a matter of sign-in; null: an error of the app's own. That sign-in is over
 * only Clerk and Convex can say: a 401 of another service is about the app's key there, and so are its words.
 */
function failureIn(error: unknown): AuthFailure | null {
  if (isFunctionError(error)) {
    const isTold = saysUnauthenticated(error);
    return isTold ? { kind: 'session_ended', retryable: true, source: 'convex', cause: error } : null;
  }
  const failure = classifyAuthError(error);
  const { kind, source, code } = failure;
  if (source === 'clerk' && code === 'resource_not_found') {
    const meant = kindOfNotFound(error);
    return meant && { ...failure, kind: meant };
  }
  if (kind === 'unknown' || kind === 'aborted') return null;
  const isTold = source === 'clerk' || (source === 'convex' && answerIn(error).code !== '');
  // A token whose time is not ours may be of another service, too.
  return isTold || (isRetryable(kind) && kind !== 'clock_skew') ? failure : null;
}
