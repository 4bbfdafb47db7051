// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { browserDevtoolsPage } from './devtoolsPage.ts';

afterEach(() => vi.unstubAllGlobals());

describe('pretendOffline', () => {
  it('is heard and seen by the page, and gone without a trace', () => {
    const heard: string[] = [];
    const hear = ({ type }: Event): void => void heard.push(`${type} ${navigator.onLine}`);
    for (const type of ['online', 'offline']) window.addEventListener(type, hear);
    const undo = browserDevtoolsPage().pretendOffline();
    expect(navigator.onLine).toBe(false);
    undo();
    expect(heard).toEqual(['offline false', 'online true']);
    expect(Object.getOwnPropertyDescriptor(navigator, 'onLine')).toBeUndefined();
    for (const type of ['online', 'offline']) window.removeEventListener(type, hear);
  });

  it('says nothing of being online where the browser is not, and leaves what somebody put there', () => {
    const offline = { configurable: true, get: () => false };
    Object.defineProperty(navigator, 'onLine', offline);
    const online = vi.fn();
    window.addEventListener('online', online);
    browserDevtoolsPage().pretendOffline()();
    expect(online).not.toHaveBeenCalled();
    expect(Object.getOwnPropertyDescriptor(navigator, 'onLine')?.get).toBe(offline.get);
    Reflect.deleteProperty(navigator, 'onLine');
    window.removeEventListener('online', online);
  });
});

describe('blockSockets', () => {
  class FakeSocket {
    closed = 0;
    handler: unknown = null;
    constructor(readonly url: string) {}
    get onopen() {
      return this.handler;
    }
    set onopen(handler) {
      this.handler = handler;
    }
    close() {
      this.closed++;
    }
  }
  /** As Convex makes one. */
  const open = (url: string): FakeSocket => Object.assign(new FakeSocket(url), { onopen: () => {} });

  it('closes the sockets that are open, and each that is made for the host, until it is undone', () => {
    vi.stubGlobal('WebSocket', FakeSocket);
    const before = Object.getOwnPropertyDescriptor(FakeSocket.prototype, 'onopen');
    const there = open('wss://a.convex.cloud/api/sync');
    const undo = browserDevtoolsPage().blockSockets('a.convex.cloud', [there]);
    expect(there.closed).toBe(1);
    const next = open('wss://a.convex.cloud/api/sync');
    expect([next.closed, typeof next.onopen]).toEqual([1, 'function']);
    expect(open('wss://elsewhere.test/').closed).toBe(0);
    expect(open('nonsense').closed).toBe(0);
    undo();
    expect(open('wss://a.convex.cloud/api/sync').closed).toBe(0);
    expect(Object.getOwnPropertyDescriptor(FakeSocket.prototype, 'onopen')).toEqual(before);
  });

  it('closes what is open where there are no sockets to block', () => {
    vi.stubGlobal('WebSocket', undefined);
    const socket = { close: vi.fn() };
    browserDevtoolsPage().blockSockets('a.convex.cloud', [socket])();
    expect(socket.close).toHaveBeenCalledTimes(1);
  });
});

describe('heldLocks', () => {
  const stubLocks = (locks: unknown): void => {
    Object.defineProperty(navigator, 'locks', { configurable: true, value: locks });
  };
  afterEach(() => Reflect.deleteProperty(navigator, 'locks'));

  it("knows this page's own from those of other tabs", async () => {
    const held = [
      { name: 'ours https://clerk.test', clientId: 'me' },
      { name: 'ours https://clerk.test tokens', clientId: 'other' },
      { name: "somebody's", clientId: 'me' },
    ];
    const request = vi.fn(async (name: string, callback: () => Promise<unknown>) => {
      held.push({ name, clientId: 'me' });
      const answer = await callback();
      held.pop();
      return answer;
    });
    stubLocks({ query: async () => ({ held: [...held] }), request });
    const page = browserDevtoolsPage();
    const wanted = [
      { name: 'ours https://clerk.test', isMine: true },
      { name: 'ours https://clerk.test tokens', isMine: false },
    ];
    expect(await page.heldLocks('ours', 0.5)).toEqual(wanted);
    expect(await page.heldLocks('ours', 0.5)).toEqual(wanted);
    expect(request).toHaveBeenCalledTimes(1);
  });

  it('knows of none where there are none, or where they are refused', async () => {
    stubLocks(undefined);
    expect(await browserDevtoolsPage().heldLocks('ours', 0.5)).toEqual([]);
    const refused = () => Promise.reject(new DOMException('no', 'SecurityError'));
    stubLocks({ query: refused, request: refused });
    expect(await browserDevtoolsPage().heldLocks('ours', 0.5)).toEqual([]);
  });
});

describe('the rest of the page', () => {
  it('copies, and says so when it could not', async () => {
    const writeText = vi.fn(async (_: string) => {});
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } });
    expect(await browserDevtoolsPage().copy('text')).toBe(true);
    expect(writeText).toHaveBeenCalledWith('text');
    writeText.mockRejectedValue(new Error('not allowed'));
    expect(await browserDevtoolsPage().copy('text')).toBe(false);
    Reflect.deleteProperty(navigator, 'clipboard');
    expect(await browserDevtoolsPage().copy('text')).toBe(false);
  });

  it('hears that the browser is offline until it is undone', () => {
    const heard = vi.fn();
    const undo = browserDevtoolsPage().onOffline(heard);
    window.dispatchEvent(new Event('offline'));
    undo();
    window.dispatchEvent(new Event('offline'));
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('adopts a style sheet beside those that are there, and takes it away alone', () => {
    const others = [{}];
    class Sheet {
      text = '';
      replaceSync(text: string) {
        this.text = text;
      }
    }
    vi.stubGlobal('CSSStyleSheet', Sheet);
    Object.defineProperty(document, 'adoptedStyleSheets', { configurable: true, writable: true, value: others });
    const undo = browserDevtoolsPage().adoptStyles('p {}');
    expect(document.adoptedStyleSheets).toMatchObject([{}, { text: 'p {}' }]);
    undo();
    expect(document.adoptedStyleSheets).toEqual(others);
    Reflect.deleteProperty(document, 'adoptedStyleSheets');
    expect(() => browserDevtoolsPage().adoptStyles('p {}')()).not.toThrow();
  });

  it('does nothing where there is no page', async () => {
    for (const name of ['window', 'document', 'WebSocket']) vi.stubGlobal(name, undefined);
    const page = browserDevtoolsPage();
    page.pretendOffline()();
    page.onOffline(() => {})();
    page.adoptStyles('p {}')();
    expect(await page.heldLocks('ours', 0.5)).toEqual([]);
    expect(await page.copy('text')).toBe(false);
  });
});
