import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launchChromium, newRealisticContext } from '../../support/chromium.ts';
import type { PageSettings } from './pageSettings.ts';
import { type PageServer, servePage } from './servePage.ts';

type Cookies = Parameters<BrowserContext['addCookies']>[0];
export type ClerkPages = ReturnType<typeof clerkPages>;

/** The page of this folder, with clerk-js of one major, for the tests of a describe block. `slack`: how much further away Clerk is. */
export function clerkPages(major: 5 | 6, { slack = 1 } = {}) {
  let browser: Browser;
  let server: PageServer;
  let context: BrowserContext | undefined;
  let problems: string[] = [];

  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(), servePage()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  // Chromium 156 once did not close one within two minutes; in the end the whole browser is closed.
  afterEach(() => Promise.race([context?.close(), sleep(15_000)]));

  const loaded = (page: Page) =>
    page.waitForFunction(() => window.page?.auth.isLoaded, null, { timeout: 30_000 * slack });
  return {
    major,
    url: (settings: PageSettings) => server.url(settings, major),
    /** Opens it in a fresh browser profile and waits until clerk-js has loaded. */
    async open(settings: PageSettings, cookies: Cookies = []): Promise<Page> {
      context = await newRealisticContext(browser);
      await context.addCookies(cookies);
      const page = await context.newPage();
      page.setDefaultTimeout(20_000 * slack);
      problems = [];
      page.on('pageerror', (error) => problems.push(String(error)));
      await page.goto(server.url(settings, major));
      await loaded(page);
      return page;
    },
    /** What went wrong in the page that was opened last. */
    problems: () => problems,
    loaded,
    signedIn: (page: Page) => page.waitForFunction(() => window.page?.auth.isSignedIn),
    signedOut: (page: Page) => page.waitForFunction(() => window.page?.auth.isSignedIn === false),
  };
}
