import { backoffDelay } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { PageSignals } from './connectivity.ts';
import type { AuthFailure } from './failure.ts';
import { startOutage } from './outage.ts';
import type { RetryPolicy } from './policy.ts';
import { createWaits, type Waits } from './wakeableSleep.ts';

export interface RetryOptions<T> {
  /** One call. `signal` is aborted at the attempt's deadline or when the caller gives up; `attempt` counts from 1. */
  readonly attempt: (context: { readonly signal: AbortSignal; readonly attempt: number }) => Promise<T>;
  /** What an attempt has to wait for outside its deadline. What it throws ends everything. */
  readonly prepare?: ((attempt: number) => Promise<void>) | undefined;
  /** Is this value really a failure? Left out, every value is a success. */
  readonly judge?: (value: T) => AuthFailure | null;
  /** What does this error mean? */
  readonly classify: (error: unknown) => AuthFailure;
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly connectivity: Pick<PageSignals, 'onWake' | 'isHidden'>;
  /** The caller's: looked at before every attempt and during every wait. */
  readonly signal?: AbortSignal | undefined;
  readonly onFailure?: (report: {
    readonly failure: AuthFailure;
    readonly attempt: number;
    /** Undefined when it was the last one. */
    readonly retryInMs?: number;
  }) => void;
}

/** Calls until it succeeds, fails for good or has no retries left; then gives back the last value or error, untouched. */
export async function retry<T>(options: RetryOptions<T>): Promise<T> {
  const waits = createWaits(options);
  try {
    return await insist(options, waits);
  } finally {
    waits.stop();
  }
}

async function insist<T>(options: RetryOptions<T>, waits: Waits): Promise<T> {
  const { policy, clock, signal } = options;
  let outage: (() => number) | undefined;
  for (let attempt = 1; ; attempt++) {
    throwIfAborted(signal);
    if (options.prepare) await options.prepare(attempt);
    const startedAt = clock.now();
    const result = await settleWithin(options, attempt);
    const failure = 'error' in result ? options.classify(result.error) : (options.judge?.(result.value) ?? null);
    const giveBack = (): T => {
      if ('error' in result) throw result.error;
      return result.value;
    };
    if (!failure) return giveBack();
    // The caller's own abort is told in the caller's own words.
    if ('error' in result) throwIfAborted(signal);
    if (!failure.retryable || attempt > policy.retries) {
      options.onFailure?.({ failure, attempt });
      return giveBack();
    }
    outage ??= startOutage(clock, startedAt);
    const outageMs = outage();
    const retryInMs = backoffDelay(policy, { failures: attempt, outageMs, last: failure }, clock.random());
    options.onFailure?.({ failure, attempt, retryInMs });
    await waits.wait({ ms: retryInMs, floorMs: failure.retryAfterMs, outageMs, signal });
  }
}

/** One attempt under its deadline. A call that ignores its signal is left behind, not waited for. */
async function settleWithin<T>(
  { attempt: call, policy, clock, signal }: RetryOptions<T>,
  attempt: number,
): Promise<{ readonly value: T } | { readonly error: unknown }> {
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal?.reason);
  const undoTimer = clock.setTimer(
    () => controller.abort(new DOMException(`No answer within ${policy.attemptTimeoutMs} ms.`, 'TimeoutError')),
    policy.attemptTimeoutMs,
  );
  signal?.addEventListener('abort', abort);
  try {
    const cut = new Promise<never>((_, reject) =>
      controller.signal.addEventListener('abort', () => reject(controller.signal.reason)),
    );
    return { value: await Promise.race([call({ signal: controller.signal, attempt }), cut]) };
  } catch (error) {
    // An engine may say AbortError of our deadline (WebKit does): the reason is what happened.
    return { error: controller.signal.aborted ? controller.signal.reason : error };
  } finally {
    undoTimer();
    signal?.removeEventListener('abort', abort);
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw signal.reason;
}
