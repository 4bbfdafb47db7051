import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import type { Engine, Tab } from '../../support/engines/Engine.ts';
import { engineNamesFor } from '../../support/engines/engineNamesFor.ts';
import { openEngine } from '../../support/engines/openEngine.ts';
import { pageStart } from '../../support/engines/pageStart.ts';

// What the other tests take for granted of each engine's driver. A call takes a second or two, or hangs: then soon again.
vi.setConfig({ testTimeout: 45_000 });

let server: Server;
let sockets: WebSocketServer;
let url: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    const start = request.url?.startsWith('/bare') ? '' : `<script>${pageStart}</script>`;
    response.end(`<!doctype html>${start}<script>
      addEventListener('pageshow', ({ persisted }) => window.tell?.({ path: location.pathname, persisted }));
    </script><pre id="cookies">${request.headers.cookie ?? 'none'}</pre>`);
  });
  sockets = new WebSocketServer({ server });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  sockets.close();
  server.closeAllConnections();
  server.close();
});

const cookies = [{ name: '__client', value: 'of-ada', domain: '127.0.0.1', path: '/', httpOnly: true }];
const cookiesIn = (tab: Tab) => tab.evaluate<string>('document.querySelector("#cookies").textContent');

describe.each(engineNamesFor())('%s', (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine(name);
  });
  afterAll(() => engine?.close());

  it('gives each profile its own cookies, also to its other tabs, and hides the automation from the page', async () => {
    const [ada, nobody] = await Promise.all([engine.open(cookies), engine.open()]);
    await Promise.all([ada.goto(url), nobody.goto(url)]);
    const other = await ada.openTab();
    await other.goto(url);
    expect(await Promise.all([ada, other, nobody].map(cookiesIn))).toEqual([
      '__client=of-ada',
      '__client=of-ada',
      'none',
    ]);
    expect(await ada.evaluate('[navigator.webdriver, document.cookie]')).toEqual([false, '']);
    await other.close();
    expect(await ada.evaluate('1 + 1')).toBe(2);
    await expect(nobody.goto(`${url}/bare`)).rejects.toThrow('pageStart');
    await Promise.all([ada.close(), nobody.close()]);
  });

  it('awaits what it evaluates, and lets other calls through meanwhile', async () => {
    const tab = await engine.open();
    await tab.goto(url);
    const slow = tab.evaluate('new Promise((resolve) => { window.settle = resolve; })');
    await tab.evaluate('settle({ of: "both" })');
    expect(await slow).toEqual({ of: 'both' });
    await expect(tab.evaluate('Promise.reject(new Error("of the page"))')).rejects.toThrow('of the page');
    await tab.close();
  });

  it('hands over once what pages tell, also those that are gone or come back from the back/forward cache', async () => {
    const tab = await engine.open();
    const all: unknown[] = [];
    const collect = async () => {
      all.push(...(await tab.told()));
      return all;
    };
    await tab.goto(`${url}/first`);
    await tab.evaluate('void tell({ last: "words" })');
    await tab.goto(`${url}/second`);
    // A page that has just been put away is a moment late in Firefox 153 on a busy machine.
    await expect.poll(collect).toHaveLength(3);
    expect(all).toEqual(
      expect.arrayContaining([
        { path: '/first', persisted: false },
        { last: 'words' },
        { path: '/second', persisted: false },
      ]),
    );
    await tab.back();
    await expect.poll(collect).toHaveLength(4);
    expect(engine.can.bfcache).toBe(true);
    expect(all[3]).toEqual({ path: '/first', persisted: true });
    await tab.close();
  });

  it('keeps a page whose socket is open for the back button, or does not, as it says', async () => {
    const tab = await engine.open();
    await tab.goto(`${url}/first`);
    await tab.evaluate(
      'new Promise((resolve) => { window.socket = new WebSocket(location.origin.replace("http", "ws")); socket.onopen = resolve; }).then(() => 0)',
    );
    await tab.goto(`${url}/second`);
    await tab.back();
    const shows: unknown[] = [];
    await expect.poll(async () => shows.push(...(await tab.told())) && shows.length).toBe(3);
    expect(shows[2]).toEqual({ path: '/first', persisted: engine.can.bfcacheWithSocket });
    await tab.close();
  });

  it('does what it says it can: takes the network away, and hides the window', async () => {
    const tab = await engine.open();
    await tab.goto(url);
    const reach = () =>
      tab.evaluate<[string, boolean]>(
        `fetch('/').then(() => 'reached', () => 'failed').then((how) => [how, navigator.onLine])`,
      );
    if (engine.can.offline) {
      await tab.setOffline(true);
      expect(await reach()).toEqual(['failed', false]);
      await tab.setOffline(false);
    } else await expect(tab.setOffline(true)).rejects.toThrow('engine.can.offline');
    expect(await reach()).toEqual(['reached', true]);
    const hidden = () => tab.evaluate('document.hidden');
    if (engine.can.hidden) {
      await tab.setHidden(true);
      await expect.poll(hidden).toBe(true);
      await tab.setHidden(false);
    } else await expect(tab.setHidden(true)).rejects.toThrow('engine.can.hidden');
    await expect.poll(hidden).toBe(false);
    if (engine.can.cdp) {
      if (!tab.page) throw new Error('It has no page.');
      await (await tab.page.context().newCDPSession(tab.page)).send('Network.enable');
    }
    await tab.close();
  });
});
