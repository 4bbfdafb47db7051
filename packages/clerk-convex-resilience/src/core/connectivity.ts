/**
 * What the page can know and keep. The only file that names `window`, `document`, `navigator` (and its locks), `localStorage`,
 * `sessionStorage` or `BroadcastChannel`: everything else takes a `Connectivity`. Nothing is touched at import, and every part works, as
 * "nothing known", where there is no page (a server, a worker, React Native).
 */
export interface Connectivity extends PageSignals {
  /** Value of the first cookie that this page can read, whose name matches, and whose value is not `but`. */
  readCookie(name: RegExp, but?: string): string | undefined;
  /**
   * A text kept across reloads and shared by the tabs of this origin; where their storage is full or blocked, kept by this tab's
   * own, if that is not. `null` removes it.
   */
  store(key: string, value: string | null): void;
  stored(key: string): string | null;
  /**
   * Calls back when another tab, or somebody else on this page, changed a stored text; with null when any may have changed: all were removed, or (`wasAway`) the
   * page is back from the back/forward cache, where it heard nothing. Returns its own undo.
   */
  onStored(listener: (key: string | null, value: string | null, wasAway?: boolean) => void): () => void;
  /** Opens a BroadcastChannel. Closed while the page is put away; where there is none, nothing is heard. */
  openChannel(name: string, listener: (data: unknown) => void): Channel;
  /**
   * Takes a Web Lock if it is free, until it is given back, at the latest when the page is put away. Null: somebody else
   * holds it. Where there are no locks, everybody gets it.
   */
  takeLock(name: string): Promise<(() => void) | null>;
  /** A global variable that somebody else puts on the page: `Clerk`. */
  readGlobal(name: string): unknown;
}

/** What is done to a page, and heard of it, where somebody is told what is wrong. Apart from the rest, as they are few. */
export interface PageActions {
  /** Removes the cookies that this page may remove, of its host and of the domains above, and the stored texts whose names match. */
  forget(name: RegExp): void;
  /** Calls back with each rejection that nobody handled. The browser prints it all the same. Returns its own undo. */
  onRejection(listener: (reason: unknown) => void): () => void;
  /** Loads the page anew. */
  reload(): void;
}

/** What a wait goes by: all of it that a lone request needs. */
export interface PageSignals {
  /** Calls back when waiting any longer may be pointless. Returns its own undo. */
  onWake(listener: (reason: WakeReason) => void): () => void;
  /** Is the page in the background? */
  isHidden(): boolean;
  /** The browser's own word. A hint for a message, never a reason not to try: it is wrong in both directions. */
  isOnline(): boolean;
  /** What relative URLs are relative to; undefined where there is no page. */
  readonly baseUrl: string | undefined;
}

export interface Channel {
  /** To every other channel of that name, in this tab and in the others. */
  post(data: unknown): void;
  close(): void;
}

/** `socket`: another connection of the page has just opened. */
export type WakeReason = 'online' | 'visible' | 'pageshow' | 'sleep' | 'socket';

const nothing = (): void => {};

/** Calls back with each event of these types. Returns its own undo. Not everything that has a `window` can listen (React Native). */
function listen<E extends Event>(target: EventTarget | undefined, type: string, heard: (event: E) => void): () => void {
  target?.addEventListener?.(type, heard as EventListener);
  return () => target?.removeEventListener?.(type, heard as EventListener);
}

const all =
  (...undos: ReadonlyArray<() => void>) =>
  (): void => {
    for (const undo of undos) undo();
  };

/** By way of globalThis: Next.js writes `'object'` in the place of `typeof window`, in a worker's code too (next 16.4). */
const here: {
  readonly window?: Window & typeof globalThis;
  readonly document?: Document;
  readonly navigator?: Navigator;
} = globalThis;

/** Is there a page, and no server that renders one beforehand? */
export const hasPage = (): boolean => here.window !== undefined;

/** The signals of the page that this code runs in. Apart from the rest, so that a bundle may have it without the rest. */
export function browserSignals(): PageSignals {
  const { window: page, document: doc } = here;
  return {
    onWake: (listener) =>
      all(
        listen(page, 'online', () => listener('online')),
        listen(page, 'pageshow', () => listener('pageshow')),
        listen(doc, 'visibilitychange', () => {
          if (doc?.visibilityState === 'visible') listener('visible');
        }),
      ),
    isHidden: () => doc?.visibilityState === 'hidden',
    isOnline: () => here.navigator?.onLine !== false,
    get baseUrl() {
      return page?.location?.href;
    },
  };
}

/** What the tabs share, then what this one keeps for itself: each has a quota of its own. What throws is full or blocked. */
function eachStorage(act: (storage: Storage) => void): void {
  for (const kind of ['localStorage', 'sessionStorage'] as const) {
    try {
      const storage = here.window?.[kind];
      if (storage) act(storage);
    } catch {
      // Where both are, nothing is kept: the caller's own memory still holds it for this page.
    }
  }
}

/** `Connectivity.stored` of the page that this code runs in, for who needs nothing else of it. */
export function browserStored(key: string): string | null {
  let text: string | null = null;
  eachStorage((storage) => {
    text = storage.getItem(key) ?? text;
  });
  return text;
}

/** A sandboxed frame may not ask for them: that throws. */
function cookies(): readonly string[] {
  try {
    return here.document?.cookie.split(/;\s*/) ?? [];
  } catch {
    return [];
  }
}

type StoredListener = Parameters<Connectivity['onStored']>[0];
/** Everybody on this page who listens for what is stored, each with whose listener it is: the browser tells only the other tabs. */
const storedHere = /* @__PURE__ */ new Map<StoredListener, object>();

/** The connectivity of the page that this code runs in. */
export function browserConnectivity(): Connectivity {
  const { window: page } = here;
  const signals = browserSignals();
  const me = {};
  return {
    ...signals,
    readCookie(name, but) {
      for (const pair of cookies()) {
        const at = pair.indexOf('=');
        if (at > 0 && name.test(pair.slice(0, at)) && pair.slice(at + 1) !== but) return pair.slice(at + 1);
      }
      return undefined;
    },
    store(key, value) {
      let left = value;
      eachStorage((storage) => {
        if (left === null) storage.removeItem(key);
        else storage.setItem(key, left);
        left = null;
      });
      // As the browser does it: not in this turn, which may itself lead to them, and not to who has stored it.
      void Promise.resolve().then(() => {
        for (const [listener, whose] of [...storedHere]) if (whose !== me) listener(key, value);
      });
    },
    stored: browserStored,
    onStored(listener) {
      storedHere.set(listener, me);
      return all(
        () => storedHere.delete(listener),
        listen(page, 'storage', (event: StorageEvent) => listener(event.key, event.newValue)),
        listen(page, 'pageshow', (event: PageTransitionEvent) => {
          if (event.persisted) listener(null, null, true);
        }),
      );
    },
    openChannel(name, listener) {
      let channel: BroadcastChannel | undefined;
      const open = (): void => {
        try {
          // By way of globalThis: Next.js 16.4 warns of the bare name in whatever a middleware's file may reach.
          channel ??= new globalThis.BroadcastChannel(name);
          channel.onmessage = (event: MessageEvent) => listener(event.data);
        } catch {
          // There is none, or not for this page (a sandboxed frame): this tab is alone.
        }
      };
      const close = (): void => {
        channel?.close();
        channel = undefined;
      };
      open();
      // An open channel keeps a page out of the back/forward cache.
      return {
        post: (data) => channel?.postMessage(data),
        close: all(close, listen(page, 'pagehide', close), listen(page, 'pageshow', open)),
      };
    },
    takeLock: (name) =>
      new Promise((resolve) => {
        const held = (lock: Lock | null): Promise<void> | void => (lock ? new Promise(hold) : resolve(null));
        const hold = (free: () => void): void => {
          const giveBack = (): void => {
            undo();
            free();
          };
          const undo = listen(page, 'pagehide', giveBack);
          resolve(giveBack);
        };
        // Not on an insecure page, and refused to a sandboxed frame: then everybody goes.
        const asked = page?.navigator?.locks?.request(name, { ifAvailable: true }, held);
        (asked ?? Promise.reject()).catch(() => resolve(nothing));
      }),
    readGlobal: (name) => (page as unknown as Record<string, unknown> | undefined)?.[name],
    get baseUrl() {
      return signals.baseUrl;
    },
  };
}

/** The page that this code runs in, to act on. */
export function browserPage(): PageActions {
  const { window: page, document: doc } = here;
  return {
    forget(name) {
      const labels = page?.location?.hostname.split('.') ?? [];
      const domains = ['', ...labels.map((_, at) => `;domain=${labels.slice(at).join('.')}`)];
      for (const cookie of cookies()) {
        const key = cookie.slice(0, cookie.indexOf('='));
        if (!doc || !name.test(key)) continue;
        for (const domain of domains) {
          // A partitioned cookie is another one (CHIPS).
          for (const kind of ['', ';secure;partitioned']) doc.cookie = `${key}=;max-age=0;path=/${domain}${kind}`;
        }
      }
      eachStorage((storage) => {
        for (const key of Object.keys(storage)) if (name.test(key)) storage.removeItem(key);
      });
    },
    onRejection: (listener) =>
      listen(page, 'unhandledrejection', ({ reason }: PromiseRejectionEvent) => listener(reason)),
    reload: () => page?.location?.reload(),
  };
}
