import { classifyAuthError } from '../../core/classify.ts';
import type { Clock } from '../../core/clock.ts';
import type { AuthFailure } from '../../core/failure.ts';
import { resolvePolicy } from '../../core/policy.ts';
import { retry } from '../../core/retry.ts';
import { isControlFlow } from './controlFlow.ts';
import type { RequestBudget } from './requestBudget.ts';

/** A server has no page to be woken by, and is nobody's background tab. */
const noSignals = { onWake: () => () => {}, isHidden: () => false };

/** Quicker than in a page: somebody is looking at a tab that loads. */
const waits = { firstDelayMs: 100, quickDelayMs: 1_000, maxDelayMs: 1_000, retries: Infinity };

/**
 * Calls until it succeeds, fails for good, or the budget is spent; then throws the last error as it came. A call that takes longer
 * than an attempt is still waited for, beside the next: whichever says something first that counts is believed. It never waits
 * for an attempt that would begin after the end. What Next.js throws to redirect goes through at once.
 */
export async function insistWithin<T>(
  call: () => Promise<T>,
  {
    budget,
    attemptTimeoutMs,
    clock,
    mayRepeat,
  }: {
    readonly budget: RequestBudget;
    /** How long one attempt is waited for before the next begins beside it; Infinity: as long as the budget is. */
    readonly attemptTimeoutMs: number;
    readonly clock: Clock;
    /** Is it safe, and of use, to call again after this error? */
    readonly mayRepeat: (error: unknown, failure: AuthFailure) => boolean;
  },
): Promise<T> {
  const end = new AbortController();
  const leftMs = budget.leftMs();
  let last: { readonly error: unknown } | undefined;
  let open = 0;
  const giveUp = (): void =>
    end.abort(last ? last.error : new DOMException('The time of the request is spent.', 'TimeoutError'));
  const classify = (error: unknown): AuthFailure => {
    const failure = classifyAuthError(error);
    return { ...failure, retryable: !isControlFlow(error) && failure.retryable && mayRepeat(error, failure) };
  };
  if (leftMs === 0) giveUp();
  const undoTimer = clock.setTimer(giveUp, leftMs);
  try {
    return await new Promise<T>((resolve, reject) => {
      const attempt = async (): Promise<T> => {
        // What an earlier one said is no word about this one, which may have its effect.
        last = undefined;
        open += 1;
        try {
          const value = await call();
          resolve(value);
          return value;
        } catch (error) {
          if (!classify(error).retryable) reject(error);
          throw error;
        } finally {
          open -= 1;
        }
      };
      retry<T>({
        attempt,
        classify: (error) => {
          last = { error };
          return classify(error);
        },
        policy: resolvePolicy({ ...waits, attemptTimeoutMs: Math.max(1, Math.min(attemptTimeoutMs, leftMs)) }),
        clock,
        connectivity: noSignals,
        signal: end.signal,
        onFailure: ({ retryInMs }) => {
          if (open === 0 && retryInMs !== undefined && retryInMs >= budget.leftMs()) giveUp();
        },
      }).then(resolve, reject);
    });
  } finally {
    undoTimer();
    end.abort();
  }
}
