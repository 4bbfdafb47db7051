import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { en } from 'clerk-convex-resilience/locales/en';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createServer } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startPair } from '../../scripts/demo/emulatorPair.ts';
import { launchChromium, newRealisticContext } from '../support/chromium.ts';
import { signIn } from './signIn.ts';
import { type RunningDemo, startDemo } from './startDemo.ts';

const example = fileURLToPath(new URL('../../examples/vite-app', import.meta.url));
const password = 'correct-horse-battery';
/** Of AuthErrorHandler. */
const showAfterMs = 2_000;
let browser: Browser;
let contexts: BrowserContext[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()));
  contexts = [];
});

async function openPage(url: string): Promise<Page> {
  const context = await newRealisticContext(browser, { viewport: { width: 1280, height: 900 } });
  contexts.push(context);
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** For whoever wants to look at it: E2E_SCREENSHOTS names the folder. */
async function picture(page: Page, name: string): Promise<void> {
  const dir = process.env.E2E_SCREENSHOTS;
  if (!dir) return;
  await mkdir(dir, { recursive: true });
  await page.screenshot({ path: `${dir}/${name}.png` });
}

/** Eight seconds without a network do Clerk 6 no harm: it tries for 15 s before it says that it is offline. */
const outages = {
  5: {
    button: 'Drop the network',
    plain: /Signed out after.*only a reload helps/s,
    ours: /Still signed in.*recovered/s,
  },
  6: {
    button: 'Sign out in an outage',
    plain: /Still signed in|Signed in again|Stuck/,
    ours: /Signed out after .*as it should be.*stays that way/s,
  },
};

describe.each([5, 6] as const)('the demo on Clerk %i', (clerk) => {
  let demo: RunningDemo;
  beforeAll(async () => {
    demo = await startDemo(clerk);
  });
  afterAll(async () => {
    expect(await demo.stop()).toBe(0);
  });

  it('says how to sign in, and that faults are there', () => {
    expect(demo.output()).toMatch(/Sign in\s+ada@example\.com\s+correct-horse-battery/);
    expect(demo.output()).toMatch(/Faults .*\/__emulator\/faults/);
  });

  it('lets a person sign in, post to others who see it live, switch the organisation and sign out', async () => {
    const ada = await openPage(demo.app);
    const grace = await openPage(demo.app);
    await Promise.all([signIn(ada, 'ada@example.com', password), signIn(grace, 'grace@example.com', password)]);
    expect(await ada.getByTestId('who-am-i').textContent()).toContain('Ada Lovelace');

    await ada.getByLabel('Message', { exact: true }).fill('The engine weaves patterns');
    await ada.getByRole('button', { name: 'Post' }).click();
    const seen = grace.getByRole('listitem').filter({ hasText: 'The engine weaves patterns' });
    await seen.waitFor();
    expect(await seen.textContent()).toContain('Ada Lovelace');
    await picture(ada, `app-clerk${clerk}`);

    await ada.getByRole('button', { name: /organization switcher/i }).click();
    // A menu item in Clerk 5, a button in Clerk 6.
    const organization = { name: /Analytical Engines/ };
    await ada.getByRole('menuitem', organization).or(ada.getByRole('button', organization)).click();
    await ada.getByTestId('who-am-i').filter({ hasText: 'analytical-engines' }).waitFor();

    // Both are in the table, once each.
    await ada.getByRole('link', { name: 'People' }).click();
    const people = ada.getByRole('list', { name: 'People' }).getByRole('listitem');
    await people.filter({ hasText: 'Grace Hopper' }).waitFor();
    await expect
      .poll(async () => (await people.locator('strong').allTextContents()).toSorted())
      .toEqual(['Ada Lovelace', 'Grace Hopper']);
    await picture(ada, `people-clerk${clerk}`);
    await ada.getByRole('link', { name: 'Messages' }).click();

    await ada.getByRole('button', { name: 'Sign out' }).click();
    await ada.getByTestId('signed-out').waitFor();
    await ada.waitForURL(({ hash }) => hash === ''); // Clerk leads to `afterSignOutUrl`
    await ada.reload();
    await ada.getByTestId('signed-out').waitFor();
    expect(await grace.getByTestId('who-am-i').textContent()).toContain('Grace Hopper');
  });

  it('tells a person that there is no network, moves nothing in the page for it, and lets them sign out', async () => {
    const page = await openPage(demo.app);
    await signIn(page, 'ada@example.com', password);
    const notices = await watchNotices(page);
    const answers = receivedFrames(page);
    const banner = page.locator('.ccr-root');
    const convex = /\(Clerk\) or (\S+) \(Convex\)/.exec(demo.output())?.[1] ?? '';
    /** Chromium leaves a WebSocket that is open alone when it goes offline. */
    const goOffline = async (): Promise<void> => {
      await page.context().setOffline(true);
      await fetch(convex, { method: 'POST', body: JSON.stringify({ action: 'drop_sockets' }) });
    };

    const brokenAt = Date.now();
    await goOffline();
    await banner.getByText(en.offline).waitFor();
    await picture(page, `offline-clerk${clerk}`);
    expect(await page.getByTestId('who-am-i').textContent()).toContain('Ada Lovelace');

    const mendedAt = Date.now();
    await page.context().setOffline(false);
    await banner.getByText(en.back_online).waitFor();
    await picture(page, `back-online-clerk${clerk}`);
    await expect.poll(() => banner.textContent()).toBe('');

    const { shown, moved } = await notices();
    // Convex's client may wait for a moment before it opens its socket again.
    const titles = shown.map(({ title }) => title).filter((title) => title !== en.recovering);
    expect(titles).toEqual([en.offline, en.back_online, '']);
    const shownAt = (wanted: string): number => shown.find(({ title }) => title === wanted)?.at ?? Number.NaN;
    const [offline, over] = [shownAt(en.offline), shownAt(en.back_online)];
    const answeredAt = answers.find((at) => at > mendedAt) ?? Number.NaN;
    const times = { shownAfterMs: offline - brokenAt, goneAfterMs: over - answeredAt };
    console.log(`the demo, clerk-js ${clerk}: ${JSON.stringify(times)}`);
    expect(times.shownAfterMs).toBeGreaterThan(showAfterMs - 100);
    expect(times.goneAfterMs).toBeLessThan(500);
    // Chromium's own measure of what moved in the page.
    expect(moved).toBe(0);

    await goOffline();
    await banner.getByText(en.offline).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByTestId('signed-out').waitFor();
  });

  it('shows in the lab, by itself and within seconds, what the library is for', async () => {
    const lab = await openPage(`${demo.lab}`);
    await verdict(lab, 'plain', /Signed out after \d/, 'bad');
    await picture(lab, `lab-during-clerk${clerk}`);
    await verdict(lab, 'plain', /only a reload helps/, 'bad');
    await verdict(lab, 'ours', /Still signed in.*failed requests, recovered/s, 'good');
    await picture(lab, `lab-after-clerk${clerk}`);
    expect(await timeline(lab, 'plain')).toMatch(/signed in.*signed out/);
    expect(await timeline(lab, 'ours')).toMatch(/signed in.*refreshing.*signed in/);
    expect((await timeline(lab, 'ours')).split('refreshing')[1]).not.toContain('signed out');

    // Apart: what one side lost, the other keeps.
    const sessions = (await lab.context().cookies()).filter(({ name }) => name === '__session');
    expect(sessions.map(({ domain }) => domain)).toContain('ours.app.localhost');
    expect(new Set(sessions.map(({ value }) => value)).size).toBe(sessions.length);
  });

  const { button, plain, ours } = outages[clerk];
  it(`tells the two sides apart: ${button}`, async () => {
    const lab = await openPage(`${demo.lab}?auto=0`);
    await lab.getByText('Both are signed in').waitFor();
    await lab.getByRole('button', { name: button }).click();
    await lab.getByText('Everything is reachable again').waitFor();
    await verdict(lab, 'ours', ours, 'good');
    await verdict(lab, 'plain', plain, 'bad');
  });
});

// In this file, one after another: dev servers that start at the same moment share a folder of prebundled packages.
describe('the example app', () => {
  it('says which settings are missing instead of failing', async () => {
    // No .env file of a developer counts here.
    const server = await createServer({
      configFile: `${example}/vite.config.ts`,
      envDir: `${example}/src`,
      logLevel: 'silent',
      server: { port: 0 },
    });
    try {
      await server.listen();
      const page = await openPage(server.resolvedUrls?.local[0] ?? '');
      const text = await page.getByTestId('setup-needed').textContent();
      expect(text).toContain('VITE_CLERK_PUBLISHABLE_KEY');
      expect(text).toContain('VITE_CONVEX_URL');
    } finally {
      await server.close();
    }
  });

  it('runs on the Clerk and the Convex that the environment names, and then has no lab', async () => {
    const pair = await startPair(`${example}/convex`, 60);
    const demo = await startDemo(5, {
      VITE_CLERK_PUBLISHABLE_KEY: pair.clerk.publishableKey,
      VITE_CLERK_PROXY_URL: pair.clerk.url.replace('127.0.0.1', 'localhost'),
      VITE_CONVEX_URL: pair.convex.url,
    });
    try {
      expect(demo.output()).toContain('Faults are not available');
      expect(demo.output()).not.toContain('/__emulator/');
      const page = await openPage(demo.app);
      await page.getByRole('listitem').filter({ hasText: 'Welcome' }).waitFor();
      await page.goto(`${demo.app}lab`);
      await page.getByText('The lab needs the emulators').waitFor();
    } finally {
      await demo.stop();
      await pair.close();
    }
  });
});

const verdict = (lab: Page, side: 'plain' | 'ours', text: RegExp, tone: string) =>
  lab.locator(`[data-testid="verdict-${side}"][data-tone="${tone}"]`).filter({ hasText: text }).waitFor();

/** Notes in the page which titles the handler shows, and by how much the page's content moved (CLS) from now on. */
async function watchNotices(page: Page) {
  await page.evaluate(() => {
    const seen = { shown: [] as Array<{ at: number; title: string }>, moved: 0 };
    Object.assign(window, { seen });
    const root = document.querySelector('.ccr-root') as Element;
    const main = document.querySelector('main') as Element;
    new MutationObserver(() => {
      const title = root.querySelector('.ccr-title')?.textContent ?? '';
      if (seen.shown.at(-1)?.title !== title) seen.shown.push({ at: Date.now(), title });
    }).observe(root, { childList: true, subtree: true, characterData: true });
    // Without `buffered`: what has moved while the page loaded is not the handler's doing.
    new PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries() as LayoutShift[]) {
        // Not what moves in the banner, as its text changes, nor in the header, whose badge says that it reconnects.
        if (sources.some(({ node }) => node && (main.contains(node) || node.contains(main)))) seen.moved += value;
      }
    }).observe({ type: 'layout-shift' });
  });
  interface LayoutShift extends PerformanceEntry {
    readonly value: number;
    readonly sources: ReadonlyArray<{ readonly node: Node | null }>;
  }
  type Seen = {
    readonly shown: ReadonlyArray<{ readonly at: number; readonly title: string }>;
    readonly moved: number;
  };
  return () => page.evaluate(() => (window as unknown as { seen: Seen }).seen);
}

/** When the page heard from a server on a WebSocket that is opened from now on. */
function receivedFrames(page: Page): number[] {
  const at: number[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', () => at.push(Date.now())));
  return at;
}

/** What the timeline says to a screen reader. */
const timeline = async (lab: Page, side: 'plain' | 'ours') =>
  (await lab.getByTestId(`side-${side}`).locator('figcaption').textContent()) ?? '';
