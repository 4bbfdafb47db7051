import type { Connectivity, PageActions, WakeReason } from './connectivity.ts';

/** A page that a test moves by hand. */
export interface TestConnectivity extends Connectivity, PageActions {
  wake(reason?: WakeReason): void;
  hidden: boolean;
  online: boolean;
  readonly cookies: Map<string, string>;
  readonly storage: Map<string, string>;
  readonly globals: Map<string, unknown>;
  /** A message from another tab. */
  message(channel: string, data: unknown): void;
  reloads: number;
  /** A promise is rejected, and nobody handles it. */
  reject(reason: unknown): void;
  /** Another tab stores a text (`null` removes it). */
  storeElsewhere(key: string, value: string | null): void;
  /** The page is back from the back/forward cache. */
  comeBack(): void;
  /** Listeners and channels that nobody has undone. */
  readonly open: { readonly wake: number; readonly stored: number; readonly channels: readonly string[] };
  /** How many listen for rejections that nobody handled. */
  readonly rejectionListeners: number;
  /** Web Locks that are held. */
  readonly locks: Set<string>;
}

/** Makes a connectivity for tests: visible, online, no cookie, nothing stored. */
export function createTestConnectivity(baseUrl = 'https://app.test/'): TestConnectivity {
  const wakes = new Set<(reason: WakeReason) => void>();
  const storedListeners = new Set<Parameters<Connectivity['onStored']>[0]>();
  const rejectionListeners = new Set<(reason: unknown) => void>();
  const channels = new Set<{ readonly name: string; readonly listener: (data: unknown) => void }>();
  const subscribe = <T>(set: Set<T>, item: T): (() => void) => {
    set.add(item);
    return () => set.delete(item);
  };
  const put = (key: string, value: string | null): void => {
    if (value === null) page.storage.delete(key);
    else page.storage.set(key, value);
  };
  const page: TestConnectivity = {
    hidden: false,
    online: true,
    cookies: new Map(),
    storage: new Map(),
    globals: new Map(),
    locks: new Set(),
    baseUrl,
    // Wrapped, so that one function subscribed twice counts twice.
    onWake: (listener) => subscribe(wakes, (reason: WakeReason) => listener(reason)),
    isHidden: () => page.hidden,
    isOnline: () => page.online,
    readCookie: (name, but) => [...page.cookies].find(([key, value]) => name.test(key) && value !== but)?.[1],
    store: put,
    stored: (key) => page.storage.get(key) ?? null,
    onStored: (listener) => subscribe(storedListeners, (...change) => listener(...change)),
    forget: (name) => {
      for (const kept of [page.cookies, page.storage])
        for (const key of kept.keys()) if (name.test(key)) kept.delete(key);
    },
    onRejection: (listener) => subscribe(rejectionListeners, (reason: unknown) => listener(reason)),
    reject: (reason) => {
      for (const listener of [...rejectionListeners]) listener(reason);
    },
    openChannel: (name, listener) => ({ post: () => {}, close: subscribe(channels, { name, listener }) }),
    takeLock: async (name) => (page.locks.has(name) ? null : subscribe(page.locks, name)),
    reloads: 0,
    reload: () => void page.reloads++,
    readGlobal: (name) => page.globals.get(name),
    wake: (reason = 'online') => {
      for (const listener of [...wakes]) listener(reason);
    },
    message: (name, data) => {
      for (const channel of [...channels]) if (channel.name === name) channel.listener(data);
    },
    storeElsewhere: (key, value) => {
      put(key, value);
      for (const listener of [...storedListeners]) listener(key, value);
    },
    comeBack: () => {
      for (const listener of [...storedListeners]) listener(null, null, true);
    },
    get rejectionListeners() {
      return rejectionListeners.size;
    },
    get open() {
      return { wake: wakes.size, stored: storedListeners.size, channels: [...channels].map(({ name }) => name) };
    },
  };
  return page;
}
