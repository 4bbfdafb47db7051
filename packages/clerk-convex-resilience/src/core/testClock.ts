import { type Clock, nextTurn } from './clock.ts';

/** A clock that stands still until it is told to move, with repeatable chance. */
export interface TestClock extends Clock {
  /** Moves time forward and lets everything that falls due happen, in order, with the promises that hang on it. */
  advance(ms: number): Promise<void>;
  /** Sets the time of day back, as a time server does. Timers go on. */
  setBack(ms: number): void;
  /** Timers that are set and have not fired. */
  readonly pendingTimers: number;
}

/**
 * Makes a clock for tests.
 * @defaultValue now 1_700_000_000_000, seed 1
 */
export function createTestClock(options: { readonly now?: number; readonly seed?: number } = {}): TestClock {
  let now = options.now ?? 1_700_000_000_000;
  let backMs = 0;
  let state = (options.seed ?? 1) >>> 0;
  const timers = new Map<number, { readonly at: number; readonly callback: () => void }>();
  let lastId = 0;

  const setTimer: Clock['setTimer'] = (callback, ms) => {
    const id = ++lastId;
    timers.set(id, { at: now + Math.max(0, ms), callback });
    return () => timers.delete(id);
  };
  // A turn of the real event loop: answers and their bodies pass through more than one microtask.
  const settle = nextTurn;
  const next = (until: number): number | undefined => {
    let found: number | undefined;
    for (const [id, { at }] of timers) {
      if (at <= until && (found === undefined || at < (timers.get(found)?.at ?? Infinity))) found = id;
    }
    return found;
  };

  return {
    now: () => now - backMs,
    random: () => {
      // mulberry32
      state = (state + 0x6d2b79f5) >>> 0;
      let t = state;
      t = Math.imul(t ^ (t >>> 15), t | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    },
    setTimer,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const done = (): void => {
          undo();
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const undo = setTimer(done, ms);
        signal?.addEventListener('abort', done);
      }),
    async advance(ms) {
      const until = now + ms;
      await settle();
      for (let id = next(until); id !== undefined; id = next(until)) {
        const timer = timers.get(id);
        timers.delete(id);
        now = Math.max(now, timer?.at ?? now);
        timer?.callback();
        await settle();
      }
      now = until;
    },
    setBack(ms) {
      backMs += ms;
    },
    get pendingTimers() {
      return timers.size;
    },
  };
}
