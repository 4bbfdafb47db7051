/**
 * Notes what the page's code holds of the browser (timers, observers, listeners, channels, locks) and what it says to others, each
 * with the line of the page's script that did it. Runs before anything else of the page.
 */
export interface Held {
  /** `setTimeout`, `storage`, `clerk:session_token`, ... */
  readonly what: string;
  /** Line of the page's script; 0: none of it (the test's own code). */
  readonly line: number;
}

export interface Said extends Held {
  readonly text: string;
}

/** What is held now, what was done so far. */
export interface Look {
  readonly timers: readonly Held[];
  /** MutationObservers and their like that observe. */
  readonly observers: readonly Held[];
  /** On `window` and `document`. */
  readonly listeners: readonly Held[];
  /** BroadcastChannels that are open. */
  readonly channels: readonly Held[];
  /** Locks that are held or waited for. */
  readonly locks: readonly Held[];
  /** How often since the page loaded. */
  readonly opened: { readonly channels: readonly Held[]; readonly locks: readonly Held[] };
  /** What went to storage and over channels. */
  readonly said: readonly Said[];
  readonly fetchIsNative: boolean;
}

export interface Instruments {
  look(): Look;
}

const lineHere = (): number => Number(/\/page\d\.js:(\d+):/.exec(new Error().stack ?? '')?.[1] ?? 0);
Error.stackTraceLimit = 30; // of a deep call the page's own frame must be among them

const timers = new Map<number, Held>();
const observers = new Map<object, Held>();
const listeners = new Map<string, Map<unknown, Held>>();
const channels = new Set<Held>();
const locks = new Set<Held>();
const opened = { channels: [] as Held[], locks: [] as Held[] };
const said: Said[] = [];

/** As browsers have them; Node's types, which are here too, answer an object. */
interface Timers {
  setTimeout(callback: () => void, ms?: number): number;
  setInterval(callback: () => void, ms?: number): number;
  clearTimeout(id?: number): void;
  clearInterval(id?: number): void;
}
const page = window as unknown as Timers;
const native = {
  fetch: window.fetch,
  setTimeout: page.setTimeout.bind(window),
  setInterval: page.setInterval.bind(window),
  clearTimeout: page.clearTimeout.bind(window),
  clearInterval: page.clearInterval.bind(window),
};

type WithArguments = (callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => number;
const setTimeoutNoted: WithArguments = (callback, ms, ...args) => {
  const line = lineHere();
  const id = native.setTimeout(() => {
    timers.delete(id);
    callback(...args);
  }, ms);
  timers.set(id, { what: 'setTimeout', line });
  return id;
};
const setIntervalNoted: WithArguments = (callback, ms, ...args) => {
  const id = native.setInterval(() => callback(...args), ms);
  timers.set(id, { what: 'setInterval', line: lineHere() });
  return id;
};
// One list of ids serves both kinds, as in the standard: either function ends either.
for (const name of ['clearTimeout', 'clearInterval'] as const) {
  page[name] = (id) => {
    if (id !== undefined) timers.delete(id);
    native[name](id);
  };
}
page.setTimeout = setTimeoutNoted;
page.setInterval = setIntervalNoted;

for (const [name, target] of [
  ['window', window],
  ['document', document],
] as const) {
  const add = target.addEventListener;
  const remove = target.removeEventListener;
  const keyOf = (type: string, options: unknown): string => {
    const capture = typeof options === 'object' ? (options as AddEventListenerOptions | null)?.capture : options;
    return `${name} ${type} ${Boolean(capture)}`;
  };
  const forget = (key: string, listener: unknown): void => void listeners.get(key)?.delete(listener);
  target.addEventListener = (type: string, listener: EventListener, options?: AddEventListenerOptions | boolean) => {
    const key = keyOf(type, options);
    const those = listeners.get(key) ?? new Map<unknown, Held>();
    listeners.set(key, those);
    if (listener && !those.has(listener)) those.set(listener, { what: `${name} ${type}`, line: lineHere() });
    const { once, signal } = typeof options === 'object' ? options : {};
    if (once) add.call(target, type, () => forget(key, listener), options);
    signal?.addEventListener('abort', () => forget(key, listener));
    add.call(target, type, listener, options);
  };
  target.removeEventListener = (type: string, listener: EventListener, options?: EventListenerOptions | boolean) => {
    forget(keyOf(type, options), listener);
    remove.call(target, type, listener, options);
  };
}

interface Observing {
  observe(...args: unknown[]): void;
  disconnect(): void;
}
for (const name of ['MutationObserver', 'IntersectionObserver', 'ResizeObserver', 'PerformanceObserver'] as const) {
  const those = window[name].prototype as Observing;
  const { observe, disconnect } = those;
  those.observe = function (...args) {
    observers.set(this, { what: name, line: lineHere() });
    observe.apply(this, args);
  };
  those.disconnect = function () {
    observers.delete(this);
    disconnect.call(this);
  };
}

window.BroadcastChannel = class extends BroadcastChannel {
  readonly #held: Held;
  constructor(name: string) {
    super(name);
    this.#held = { what: name, line: lineHere() };
    channels.add(this.#held);
    opened.channels.push(this.#held);
  }
  override postMessage(message: unknown): void {
    said.push({ what: `channel ${this.name}`, line: lineHere(), text: JSON.stringify(message) ?? '' });
    super.postMessage(message);
  }
  override close(): void {
    channels.delete(this.#held);
    super.close();
  }
};

// Absent on about:blank, which is no secure context.
const manager = navigator.locks as LockManager | undefined;
if (manager) {
  const request = manager.request.bind(manager) as (...args: unknown[]) => Promise<unknown>;
  manager.request = (async (name: string, ...rest: unknown[]) => {
    const held = { what: name, line: lineHere() };
    locks.add(held);
    opened.locks.push(held);
    try {
      return await request(name, ...rest);
    } finally {
      locks.delete(held);
    }
  }) as LockManager['request'];
}

const setItem = Storage.prototype.setItem;
Storage.prototype.setItem = function (key, value) {
  const area = this === window.localStorage ? 'localStorage' : 'sessionStorage';
  said.push({ what: `${area} ${key}`, line: lineHere(), text: `${key} ${value}` });
  setItem.call(this, key, value);
};

const instruments: Instruments = {
  look: () => ({
    timers: [...timers.values()],
    observers: [...observers.values()],
    listeners: [...listeners.values()].flatMap((those) => [...those.values()]),
    channels: [...channels],
    locks: [...locks],
    opened: { channels: [...opened.channels], locks: [...opened.locks] },
    said: [...said],
    fetchIsNative: window.fetch === native.fetch,
  }),
};
Object.defineProperty(window, 'instruments', { value: instruments });
