import type { BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { stopEmulatingFocus } from '../support/stopEmulatingFocus.ts';
import type { BrowserSeat, Profile, ProfileOptions } from './BrowserSeat.ts';
import { failRequestsOf } from './failRequestsOf.ts';
import type { PageRecord } from './page/bridge.ts';

interface ChromiumFinder {
  findOrInstallChromium(options: { say: (line: string) => void }): Promise<string>;
}

/** What Playwright switches off, and users have: without these a page is never hidden, throttled or kept for going back. */
const playwrightOddities = [
  '--disable-back-forward-cache',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/** Starts the Chromium that the tests use. */
export async function openChromiumSeat(say: (line: string) => void): Promise<BrowserSeat> {
  const finder: ChromiumFinder = await import(new URL('../../scripts/chromium.mjs', import.meta.url).href);
  const browser = await launchChromium(await finder.findOrInstallChromium({ say }), {
    ignoreDefaultArgs: playwrightOddities,
  });
  return {
    engine: 'chromium',
    version: browser.version(),
    can: { failRequests: true, offline: true, hide: true, keepPages: true },
    openProfile: async (options) => createProfile(await browser.newContext(), options),
    close: () => browser.close(),
  };
}

async function createProfile(context: BrowserContext, { cookies, onReport }: ProfileOptions): Promise<Profile> {
  await context.addCookies(cookies.map((cookie) => ({ ...cookie })));
  const page = await context.newPage();
  await context.exposeFunction('benchReport', (record: PageRecord) => onReport(record));
  const aborted: number[] = [];
  const offline: number[] = [];
  let isOffline = false;
  page.on('requestfailed', (request) => {
    if (isOffline && request.failure()?.errorText === 'net::ERR_INTERNET_DISCONNECTED') offline.push(Date.now());
  });
  let inFront: Page | undefined;
  return {
    get failedRequests() {
      return [...aborted, ...offline];
    },
    goto: async (url) => {
      await page.goto(url, { waitUntil: 'commit' });
    },
    goBack: async () => {
      await page.goBack({ waitUntil: 'commit' });
    },
    evaluate: (expression) => page.evaluate(expression),
    clearCookies: (name) => context.clearCookies({ name }),
    close: () => context.close().catch(() => {}),
    setOffline: async (to) => {
      isOffline = to;
      await context.setOffline(to);
    },
    failRequests: failRequestsOf(context, aborted),
    hide: async () => {
      await stopEmulatingFocus(page);
      inFront = await context.newPage();
      await inFront.bringToFront();
    },
    show: async () => {
      await inFront?.close();
      await page.bringToFront();
    },
  };
}
