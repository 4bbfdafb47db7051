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
  /** A signal came shortly before, while an attempt was under way: it counts as if it came now. @defaultValue false */
  readonly woken?: boolean | undefined;
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
  { ms, floorMs = 0, outageMs, woken, signal }: Wait,
): Promise<void> {
  const startedAt = clock.now();
  let wakeAt = startedAt + ms;
  /** When a signal that comes now ends the wait. */
  const sooner = (): number => {
    const now = clock.now();
    const outage = { outageMs: outageMs + now - startedAt, hidden: connectivity.isHidden() };
    return Math.max(now + wakeDelay(outage, clock.random()), startedAt + floorMs);
  };
  if (woken) wakeAt = Math.min(wakeAt, sooner());
  while (clock.now() < wakeAt && !signal?.aborted) {
    const before = clock.now();
    const nap = new AbortController();
    const end = (): void => nap.abort();
    const stopWaking = connectivity.onWake(() => {
      const at = sooner();
      if (at >= wakeAt) return;
      wakeAt = at;
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

/** The waits between the attempts of one trouble. */
export interface Waits {
  /** As `wakeableSleep`; a signal that came since the last wait, while an attempt was under way, counts as well. */
  wait(wait: Wait): Promise<void>;
  /** The trouble is over: leaves no listener behind. May be followed by another trouble. */
  stop(): void;
}

/** Before its first wait it listens to nothing. */
export function createWaits(options: WakeableSleepOptions): Waits {
  let woken = false;
  let undo: (() => void) | undefined;
  return {
    async wait(wait) {
      undo ??= options.connectivity.onWake(() => {
        woken = true;
      });
      await wakeableSleep(options, { ...wait, woken });
      woken = false;
    },
    stop() {
      undo?.();
      undo = undefined;
      woken = false;
    },
  };
}
