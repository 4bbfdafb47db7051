import { wakeDelay } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { PageSignals } from './connectivity.ts';

export interface WakeableSleepOptions {
  readonly clock: Clock;
  readonly connectivity: Pick<PageSignals, 'onWake' | 'isHidden'>;
}

export interface Wait {
  readonly ms: number;
  /** What the server asked for, in milliseconds: nothing wakes before it. @defaultValue 0 */
  readonly floorMs?: number | undefined;
  /** How long the outage has lasted when the wait begins, in milliseconds. */
  readonly outageMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A timer stands still while the machine sleeps: so the time of day is looked at this often, in milliseconds. */
const lookMs = 5_000;

/**
 * Waits `ms`, or less when the browser says that the network or the user is back. Ends at once when `signal` is aborted.
 * Never rejects; leaves no timer and no listener behind.
 */
export async function wakeableSleep(
  { clock, connectivity }: WakeableSleepOptions,
  { ms, floorMs = 0, outageMs, signal }: Wait,
): Promise<void> {
  const startedAt = clock.now();
  let wakeAt = startedAt + ms;
  while (clock.now() < wakeAt && !signal?.aborted) {
    const before = clock.now();
    const nap = new AbortController();
    const end = (): void => nap.abort();
    const stopWaking = connectivity.onWake(() => {
      const now = clock.now();
      const outage = { outageMs: outageMs + now - startedAt, hidden: connectivity.isHidden() };
      const sooner = Math.max(now + wakeDelay(outage, clock.random()), startedAt + floorMs);
      if (sooner >= wakeAt) return;
      wakeAt = sooner;
      end();
    });
    signal?.addEventListener('abort', end);
    await clock.sleep(Math.min(wakeAt - clock.now(), lookMs), nap.signal);
    stopWaking();
    signal?.removeEventListener('abort', end);
    // A clock that was set back makes no wait longer.
    if (clock.now() < before) return;
  }
}
