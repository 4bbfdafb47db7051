/**
 * Time and chance. The only file that names `setTimeout`, `Date.now`, `performance` or `Math.random`: everything else takes a `Clock`,
 * so that a test decides what time it is.
 */
export interface Clock {
  /** Milliseconds since the epoch; of a clock that only measures, since whatever moment. */
  now(): number;
  /** A number in [0, 1). */
  random(): number;
  /** Calls back once after `ms` milliseconds. Returns its own undo. */
  setTimer(callback: () => void, ms: number): () => void;
  /** Resolves after `ms` milliseconds, or as soon as `signal` is aborted: look at the signal to tell which. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The real clock. Globals are called, not captured: fake timers replace them after this file loads. */
export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  setTimer: (callback, ms) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done);
    }),
};

/**
 * The real clock for what only measures how long something takes, whoever sets the time of day meanwhile. Next.js with
 * `cacheComponents` breaks off a page that it renders in advance where anything asks for the time of day, but not for this (16.4).
 */
export const monotonicClock: Clock = /* @__PURE__ */ Object.assign({}, systemClock, { now: () => performance.now() });

/** Resolves after a turn of the event loop, for tests: in Node without the millisecond that a timer takes. */
export const nextTurn = (): Promise<void> => {
  // Named by itself, Next.js 15 on webpack would warn of it in every middleware, though none calls this (next 15.5).
  const { setImmediate: immediate } = globalThis as { readonly setImmediate?: (done: () => void) => unknown };
  return immediate ? new Promise((resolve) => void immediate(resolve)) : systemClock.sleep(0);
};
