import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConvexEmulator } from '../../packages/clerk-convex-emulators/src/convex/createConvexEmulator.ts';
import type { ConvexEmulator } from '../../packages/clerk-convex-emulators/src/convex/types.ts';
import { launchChromium } from '../support/chromium.ts';
import { clientVersions } from './convexFixture/clients.ts';
import { createIssuer, type Issuer } from './convexFixture/createIssuer.ts';
import { servePage } from './convexFixture/servePage.ts';

// The real ConvexReactClient in a real browser, oldest and newest.

const dir = fileURLToPath(new URL('./convexFixture/convex', import.meta.url));
let browser: Browser;
let issuer: Issuer;
let emulator: ConvexEmulator;
beforeAll(async () => {
  [browser, issuer] = await Promise.all([launchChromium(), createIssuer()]);
  emulator = await createConvexEmulator({ dir, env: { CLERK_JWT_ISSUER_DOMAIN: issuer.url } });
});
afterAll(async () => {
  await browser.close();
  await emulator.close();
  await issuer.close();
});

describe.each(clientVersions)('ConvexReactClient %s', (version) => {
  let server: Awaited<ReturnType<typeof servePage>>;
  const contexts: BrowserContext[] = [];
  beforeAll(async () => {
    server = await servePage(version);
  });
  afterAll(() => server.close());
  beforeEach(() => emulator.reset());
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });

  async function open({ tokens = [] }: { tokens?: string[] } = {}): Promise<Page> {
    const context = await browser.newContext();
    contexts.push(context);
    const page = await context.newPage();
    await page.addInitScript(`window.convexPage = ${JSON.stringify({ convexUrl: emulator.url, tokens })}`);
    await page.goto(server.url);
    return page;
  }
  const shows = (page: Page, id: string) => expect.poll(() => page.textContent(`#${id}`), { interval: 10 });
  const send = async (body: string) => {
    const response = await fetch(`${emulator.url}/api/mutation`, {
      method: 'POST',
      body: JSON.stringify({ path: 'messages:sendAnonymously', args: { body } }),
    });
    expect(await response.json()).toMatchObject({ status: 'success' });
  };

  it('shows in one browser what another one writes', async () => {
    const [first, second] = await Promise.all([open(), open()]);
    await shows(first, 'count').toBe('0');
    await shows(second, 'count').toBe('0');
    await first.click('#increment');
    await shows(second, 'count').toBe('1');
    await second.click('#increment');
    await shows(first, 'count').toBe('2');
  });

  it('never shows an optimistic update twice', async () => {
    const page = await open();
    await shows(page, 'count').toBe('0');
    await page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      const count = document.getElementById('count') as HTMLElement;
      new MutationObserver(() => seen.push(count.textContent ?? '')).observe(count, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
    for (let i = 0; i < 10; i++) await page.click('#increment');
    await shows(page, 'count').toBe('10');
    await expect.poll(() => emulator.runs.filter(({ path }) => path === 'counters:increment').length).toBe(10);
    await page.waitForTimeout(100);
    const seen = (await page.evaluate('window.seen')) as string[];
    expect(seen).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
  });

  it('pages through messages, and a page stays whole when one is written', async () => {
    for (const body of ['1', '2', '3', '4', '5']) await send(body);
    const page = await open();
    await shows(page, 'messages').toBe('5 4');
    await page.click('#more');
    await shows(page, 'messages').toBe('5 4 3 2');
    await page.click('#more');
    await shows(page, 'messages').toBe('5 4 3 2 1');
    await shows(page, 'status').toBe('Exhausted');
    await page.click('#send');
    await shows(page, 'messages').toBe('sent 5 4 3 2 1');
    emulator.faults.add({ action: 'drop_sockets' });
    await send('7');
    await shows(page, 'messages').toBe('7 sent 5 4 3 2 1');
  });

  it('is signed in with a token, and stays so after an AuthError', async () => {
    const tokens = await Promise.all(Array.from({ length: 4 }, () => issuer.mint()));
    const page = await open({ tokens });
    await shows(page, 'auth').toBe('authenticated');
    await shows(page, 'me').toBe('user_1');
    await expect.poll(() => emulator.authentications.length).toBe(2);
    emulator.faults.add({ action: 'auth_error' });
    await expect
      .poll(() => emulator.authentications.map(({ kind }) => kind))
      .toEqual(['accepted', 'accepted', 'auth_error', 'accepted']);
    await shows(page, 'me').toBe('user_1');
    expect(await page.evaluate('window.fetches')).toBe(3);
  });
});
