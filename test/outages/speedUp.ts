/** How fast time passes, and from when: the same for all who are to agree on what time it is. */
export interface Speed {
  /** Until then time passes as it does. Milliseconds since the epoch. */
  readonly from: number;
  /** How many times as fast it passes afterwards. */
  readonly factor: number;
}

/** What the fast clock shows at a moment of the real one. */
const fastTime = ({ from, factor }: Speed, real: number): number =>
  real < from ? real : from + (real - from) * factor;

/** The moment of the real clock at which the fast one shows this. */
const realTime = ({ from, factor }: Speed, fast: number): number =>
  fast < from ? fast : from + (fast - from) / factor;

/** Puts the clocks and timers of this realm on the fast clock. Call it before anything else is loaded. */
export function speedUp(speed: Speed): void {
  const { Date: RealDate, setTimeout: start, clearTimeout: stop } = globalThis;
  const now = (): number => Math.round(fastTime(speed, RealDate.now()));
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args) => Reflect.construct(target, args.length === 0 ? [now()] : args),
    apply: () => new RealDate(now()).toString(),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
  const startedAt = RealDate.now() - performance.now();
  performance.now = () => now() - startedAt;

  const wait = (callback: () => void, ms: number) =>
    start.call(globalThis, callback, realTime(speed, now() + ms) - RealDate.now());
  /** The timer that an interval waits for now: its length changes with the speed. */
  const intervals = new Map<unknown, ReturnType<typeof wait>>();
  const later = (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
    wait(() => callback(...args), ms);
  const again = (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
    const ring = (): void => {
      intervals.set(id, wait(ring, ms));
      callback(...args);
    };
    const id = wait(ring, ms);
    intervals.set(id, id);
    return id;
  };
  const end = (id: never): void => {
    stop.call(globalThis, intervals.get(id) ?? id);
    intervals.delete(id);
  };
  Object.assign(globalThis, { setTimeout: later, setInterval: again, clearTimeout: end, clearInterval: end });
}
