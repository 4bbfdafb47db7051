/**
 * What only the panel needs of a page. Beside `core/connectivity.ts` the only file that names its globals: what stood there
 * might end up in an app's bundle, and nothing of this may.
 */
export interface DevtoolsPage {
  /** The browser says that there is no network. Returns its own undo. */
  onOffline(listener: () => void): () => void;
  /** `navigator.onLine` is false, and the page hears `offline`. The undo makes it hear `online`, if it is. */
  pretendOffline(): () => void;
  /** No socket to this host can be opened, and these, which are open, are closed. Returns its own undo. */
  blockSockets(host: string, open: readonly Closable[]): () => void;
  /** The Web Locks that are held and whose names begin so, and whether this page holds them. */
  heldLocks(prefix: string, nonce: number): Promise<ReadonlyArray<{ readonly name: string; readonly isMine: boolean }>>;
  /** Puts a text on the clipboard; false where that is refused or there is none. */
  copy(text: string): Promise<boolean>;
  /** A style sheet for the page, made by script: no Content Security Policy has to allow it. Returns its own undo. */
  adoptStyles(css: string): () => void;
}

interface Closable {
  close(): void;
}

const nothing = (): void => {};

export function browserDevtoolsPage(): DevtoolsPage {
  const page = typeof window === 'undefined' ? undefined : window;
  const doc = typeof document === 'undefined' ? undefined : document;
  let ownId: Promise<string | undefined> | undefined;
  return {
    onOffline(listener) {
      page?.addEventListener?.('offline', listener);
      return () => page?.removeEventListener?.('offline', listener);
    },
    pretendOffline() {
      if (!page) return nothing;
      const { navigator } = page;
      const own = Object.getOwnPropertyDescriptor(navigator, 'onLine');
      const get = (): boolean => false;
      Object.defineProperty(navigator, 'onLine', { configurable: true, get });
      page.dispatchEvent(new Event('offline'));
      return () => {
        if (Object.getOwnPropertyDescriptor(navigator, 'onLine')?.get === get) {
          if (own) Object.defineProperty(navigator, 'onLine', own);
          else Reflect.deleteProperty(navigator, 'onLine');
        }
        if (navigator.onLine) page.dispatchEvent(new Event('online'));
      };
    },
    blockSockets(host, open) {
      const shape = typeof WebSocket === 'undefined' ? undefined : WebSocket.prototype;
      const own = shape && Object.getOwnPropertyDescriptor(shape, 'onopen');
      let undo = nothing;
      // Convex keeps the constructor that it found when it began, and hangs its handlers on each socket as it makes it
      // (web_socket_manager.ts, `connect`, convex 1.25 and 1.48): closed then, a socket fails as one without a network does.
      if (shape && own?.set) {
        const { set } = own;
        const refuse = function (this: WebSocket, handler: unknown): void {
          Reflect.apply(set, this, [handler]);
          if (hostOf(this.url) === host) this.close();
        };
        Object.defineProperty(shape, 'onopen', { ...own, set: refuse });
        undo = () => {
          if (Object.getOwnPropertyDescriptor(shape, 'onopen')?.set === refuse) {
            Object.defineProperty(shape, 'onopen', own);
          }
        };
      }
      for (const socket of open) socket.close();
      return undo;
    },
    async heldLocks(prefix, nonce) {
      const locks = page?.navigator?.locks;
      if (!locks?.query) return [];
      try {
        // A page does not know its own id, but it knows a lock that nobody else can have.
        const mine = `${prefix}/devtools/${nonce}`;
        ownId ??= Promise.resolve(
          locks.request(mine, async () => {
            const { held = [] } = await locks.query();
            return held.find(({ name }) => name === mine)?.clientId;
          }),
        );
        const [id, { held = [] }] = await Promise.all([ownId, locks.query()]);
        return held.flatMap(({ name = '', clientId }) =>
          name.startsWith(`${prefix} `) ? [{ name, isMine: clientId === id }] : [],
        );
      } catch {
        return []; // refused to a sandboxed frame
      }
    },
    async copy(text) {
      try {
        await page?.navigator?.clipboard.writeText(text);
        return page !== undefined;
      } catch {
        return false;
      }
    },
    adoptStyles(css) {
      // Safari 16.4 and later; before that the panel has no look, and works.
      if (!doc?.adoptedStyleSheets || typeof CSSStyleSheet === 'undefined') return nothing;
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      doc.adoptedStyleSheets = [...doc.adoptedStyleSheets, sheet];
      return () => {
        doc.adoptedStyleSheets = doc.adoptedStyleSheets.filter((each) => each !== sheet);
      };
    },
  };
}

function hostOf(url: string): string | undefined {
  try {
    return new URL(url).host;
  } catch {
    return undefined;
  }
}
