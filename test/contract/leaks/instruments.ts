/** What this page holds, counted by whose code asked for it: put in place before the code under test is imported. */
export interface Held {
  /** Timers that are set and were set by the library, or by Convex's client. */
  readonly timers: number;
  /** Listeners on window and document. */
  readonly listeners: readonly string[];
  readonly channels: number;
  readonly locks: number;
  readonly fetch: typeof globalThis.fetch;
}

const isOfInterest = (stack = ''): boolean =>
  stack.includes('/clerk-convex-resilience/src/') || /\/convex\/dist\/[^\n]*\/(browser|react)\//.test(stack);

/** Counts from now on, on this page's globals. Needs a `window`. */
export function installInstruments(): { held(): Held } {
  const timers = new Set<unknown>();
  for (const [set, clear] of [
    ['setTimeout', 'clearTimeout'],
    ['setInterval', 'clearInterval'],
  ] as const) {
    const [start, stop] = [globalThis[set], globalThis[clear]];
    const counting = (callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): unknown => {
      const timer = start(() => {
        if (set === 'setTimeout') timers.delete(timer);
        callback(...args);
      }, ms);
      if (isOfInterest(new Error('set here').stack)) timers.add(timer);
      return timer;
    };
    const stopping = (timer: Parameters<typeof stop>[0]): void => {
      timers.delete(timer);
      stop(timer);
    };
    Object.assign(globalThis, { [set]: counting, [clear]: stopping });
  }

  const listeners: Array<{ target: string; type: string; listener: unknown }> = [];
  for (const [target, on] of [
    ['window', window],
    ['document', document],
  ] as const) {
    type Listen = (type: string, listener: EventListener, options?: object | boolean) => void;
    const [add, remove] = [on.addEventListener.bind(on) as Listen, on.removeEventListener.bind(on) as Listen];
    const find = (type: string, listener: unknown): number =>
      listeners.findIndex((each) => each.target === target && each.type === type && each.listener === listener);
    on.addEventListener = (type: string, listener: unknown, options?: object | boolean) => {
      if (find(type, listener) < 0) listeners.push({ target, type, listener });
      add(type, listener as EventListener, options);
    };
    on.removeEventListener = (type: string, listener: unknown, options?: object | boolean) => {
      const at = find(type, listener);
      if (at >= 0) listeners.splice(at, 1);
      remove(type, listener as EventListener, options);
    };
  }

  let channels = 0;
  const OwnChannel = globalThis.BroadcastChannel;
  globalThis.BroadcastChannel = class extends OwnChannel {
    constructor(name: string) {
      super(name);
      channels++;
    }
    override close(): void {
      channels--;
      super.close();
    }
  };

  let locks = 0;
  // jsdom has none: one that is granted at once and held until what it is held for is over.
  const request = async (_name: string, ...rest: unknown[]): Promise<unknown> => {
    const work = rest.at(-1) as (lock: object) => unknown;
    locks++;
    try {
      return await work({});
    } finally {
      locks--;
    }
  };
  Object.defineProperty(navigator, 'locks', { value: { request, query: async () => ({ held: [] }) } });

  return {
    held: () => ({
      timers: timers.size,
      listeners: listeners.map(({ target, type }) => `${target} ${type}`),
      channels,
      locks,
      fetch: globalThis.fetch,
    }),
  };
}
