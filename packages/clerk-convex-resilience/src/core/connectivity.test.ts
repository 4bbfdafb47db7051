// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { browserConnectivity, browserPage } from './connectivity.ts';

afterEach(() => vi.restoreAllMocks());

/** As a browser that is told to keep nothing. */
function block(...kinds: readonly ('localStorage' | 'sessionStorage')[]): void {
  for (const kind of kinds)
    vi.spyOn(window, kind, 'get').mockImplementation(() => {
      throw new DOMException('blocked', 'SecurityError');
    });
}

/** The storage that the tabs share takes nothing more. */
function fill(): void {
  vi.spyOn(Storage.prototype, 'setItem').mockImplementationOnce(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
}

describe('browserConnectivity', () => {
  it('reads the first cookie whose name matches, with its value whole', () => {
    Object.defineProperty(document, 'cookie', { value: 'other=1; __session_abc=a=b', configurable: true });
    const page = browserConnectivity();
    expect(page.readCookie(/^__session(_|$)/)).toBe('a=b');
    expect(page.readCookie(/^nothing$/)).toBeUndefined();
  });

  it('has no cookie, and forgets none, in a frame that may read none', () => {
    Object.defineProperty(document, 'cookie', {
      get() {
        throw new DOMException("The document is sandboxed and lacks the 'allow-same-origin' flag.", 'SecurityError');
      },
      configurable: true,
    });
    expect(browserConnectivity().readCookie(/./)).toBeUndefined();
    expect(() => browserPage().forget(/./)).not.toThrow();
    Reflect.deleteProperty(document, 'cookie'); // jsdom's own
  });

  it('wakes on online, on pageshow and when the page becomes visible, until it is undone', () => {
    const page = browserConnectivity();
    const seen: string[] = [];
    const undo = page.onWake((reason) => seen.push(reason));
    const fire = (): void => {
      window.dispatchEvent(new Event('online'));
      window.dispatchEvent(new Event('pageshow'));
      document.dispatchEvent(new Event('visibilitychange'));
    };
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    fire();
    expect(seen).toEqual(['online', 'pageshow']);
    expect(page.isHidden()).toBe(true);
    Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true });
    fire();
    expect(seen.slice(2)).toEqual(['online', 'pageshow', 'visible']);
    undo();
    fire();
    expect(seen).toHaveLength(5);
  });

  it('keeps texts, hears those of other tabs, and lives without storage', () => {
    const page = browserConnectivity();
    page.store('key', 'text');
    expect(page.stored('key')).toBe('text');
    const seen: unknown[] = [];
    const undo = page.onStored((...change) => seen.push(change));
    window.dispatchEvent(new Event('pageshow'));
    expect(seen).toEqual([]);
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    expect(seen.splice(0)).toEqual([[null, null, true]]);
    window.dispatchEvent(new StorageEvent('storage', { key: 'key', newValue: null }));
    undo();
    window.dispatchEvent(new StorageEvent('storage', { key: 'key', newValue: 'x' }));
    expect(seen).toEqual([['key', null]]);
    page.store('key', null);
    expect(page.stored('key')).toBeNull();
    block('localStorage', 'sessionStorage');
    page.store('key', 'text');
    expect(page.stored('key')).toBeNull();
  });

  it('tells everybody else on the page what it stores, also where nothing can be stored, until that is undone', async () => {
    const [one, two] = [browserConnectivity(), browserConnectivity()];
    const byOne: unknown[] = [];
    const byTwo: unknown[] = [];
    const undoOne = one.onStored((...change) => byOne.push(change));
    const undo = two.onStored((...change) => byTwo.push(change));
    block('localStorage', 'sessionStorage');
    one.store('key', 'text');
    expect(byTwo).toEqual([]);
    await Promise.resolve();
    two.store('key', null);
    await Promise.resolve();
    expect([byOne, byTwo]).toEqual([[['key', null]], [['key', 'text']]]);
    one.store('key', 'later');
    undo();
    undoOne();
    await Promise.resolve();
    expect(byTwo).toHaveLength(1);
  });

  it.each(['full', 'blocked'])(
    'keeps a text for this tab where the storage of all is %s, until that has room',
    (how) => {
      window.localStorage.setItem('key', 'before');
      if (how === 'full') fill();
      else block('localStorage');
      browserConnectivity().store('key', 'text');
      expect(browserConnectivity().stored('key')).toBe('text');
      vi.restoreAllMocks();
      browserConnectivity().store('key', 'later');
      expect([window.localStorage.getItem('key'), window.sessionStorage.getItem('key')]).toEqual(['later', null]);
      browserConnectivity().store('key', null);
      expect(browserConnectivity().stored('key')).toBeNull();
    },
  );

  it('forgets the cookies and the stored texts whose names match, and no other', () => {
    Reflect.deleteProperty(document, 'cookie'); // jsdom's own
    for (const name of ['__session_x', 'theme']) {
      // biome-ignore lint/suspicious/noDocumentCookie: the way a page keeps it
      document.cookie = `${name}=1;path=/`;
      window.localStorage.setItem(name, '1');
      window.sessionStorage.setItem(name, '1');
    }
    browserPage().forget(/^__session/);
    expect(document.cookie).toBe('theme=1');
    expect([Object.keys(window.localStorage), Object.keys(window.sessionStorage)]).toEqual([['theme'], ['theme']]);
    window.localStorage.clear();
    window.sessionStorage.clear();
  });

  it('tells of rejections that nobody handled, until it is undone', () => {
    const seen: unknown[] = [];
    const undo = browserPage().onRejection((reason) => seen.push(reason));
    const fire = (reason: string): boolean =>
      window.dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason }));
    fire('first');
    undo();
    fire('second');
    expect(seen).toEqual(['first']);
  });

  it('speaks on a channel that is closed while the page is put away', async () => {
    const heard: unknown[] = [];
    const page = browserConnectivity();
    const other = page.openChannel('test', (data) => heard.push(data));
    const channel = page.openChannel('test', () => heard.push('its own'));
    const post = async (data: unknown): Promise<void> => {
      channel.post(data);
      await new Promise((resolve) => setTimeout(resolve, 50));
    };
    await post('first');
    window.dispatchEvent(new Event('pagehide'));
    await post('nobody hears');
    window.dispatchEvent(new Event('pageshow'));
    await post('again');
    channel.close();
    await post('closed');
    window.dispatchEvent(new Event('pageshow'));
    await post('still closed');
    other.close();
    expect(heard).toEqual(['first', 'again']);
  });

  it('is alone where a channel is refused', () => {
    vi.stubGlobal('BroadcastChannel', function refuse() {
      throw new DOMException('opaque origin', 'SecurityError');
    });
    const channel = browserConnectivity().openChannel('test', () => {});
    expect(() => channel.post('text')).not.toThrow();
    channel.close();
    vi.unstubAllGlobals();
  });

  describe('takeLock', () => {
    const withLocks = (locks: unknown): void => {
      Object.defineProperty(navigator, 'locks', { value: locks, configurable: true });
    };
    afterEach(() => withLocks(undefined));

    /** As `navigator.locks`, as far as it is used. */
    function createLocks() {
      const held = new Map<string, unknown>();
      return {
        held,
        async request(name: string, options: LockOptions, callback: (lock: Lock | null) => unknown) {
          expect(options).toEqual({ ifAvailable: true });
          if (held.has(name)) return callback(null);
          held.set(name, true);
          await callback({ name, mode: 'exclusive' });
          held.delete(name);
        },
      };
    }

    it('has one holder at a time, until it is given back', async () => {
      const locks = createLocks();
      withLocks(locks);
      const page = browserConnectivity();
      const giveBack = await page.takeLock('turn');
      expect(giveBack).toBeTypeOf('function');
      expect(await page.takeLock('turn')).toBeNull();
      giveBack?.();
      giveBack?.();
      await Promise.resolve();
      expect(await page.takeLock('turn')).toBeTypeOf('function');
    });

    it('is given back by a page that is put away', async () => {
      const locks = createLocks();
      withLocks(locks);
      await browserConnectivity().takeLock('turn');
      expect(locks.held.size).toBe(1);
      window.dispatchEvent(new Event('pagehide'));
      await Promise.resolve();
      expect(locks.held.size).toBe(0);
    });

    it.each([
      ['missing', undefined],
      ['refused', { request: () => Promise.reject(new DOMException('opaque origin', 'SecurityError')) }],
    ])('lets everybody through where locks are %s', async (_, locks) => {
      withLocks(locks);
      const page = browserConnectivity();
      expect(await page.takeLock('turn')).toBeTypeOf('function');
      expect(await page.takeLock('turn')).toBeTypeOf('function');
    });
  });
});
