import { wakeDelay } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { Connectivity } from './connectivity.ts';
import type { RetryPolicy } from './policy.ts';

export interface WakeableSleepOptions {
  readonly clock: Clock;
  readonly connectivity: Connectivity;
  readonly policy: RetryPolicy;
}

/**
 * Waits `ms`, or less when the browser says that the network or the user is back. Ends at once when `signal` is aborted.
 * Never rejects; leaves no timer and no listener behind.
 */
export async function wakeableSleep(
  { clock, connectivity, policy }: WakeableSleepOptions,
  wait: { readonly ms: number; readonly outageMs: number; readonly signal: AbortSignal },
): Promise<void> {
  if (wait.signal.aborted) return;
  const over = new AbortController();
  const end = (): void => over.abort();
  wait.signal.addEventListener('abort', end);
  const stopWaking = connectivity.onWake(() => {
    const soon = wakeDelay(policy, { outageMs: wait.outageMs, hidden: connectivity.isHidden() }, clock.random());
    void clock.sleep(soon, over.signal).then(end);
  });
  await clock.sleep(wait.ms, over.signal);
  end();
  stopWaking();
  wait.signal.removeEventListener('abort', end);
}
