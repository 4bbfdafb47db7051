import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { signInWithTicket } from '../contract/clerkPage/clerkContract.ts';
import { type PageServer, servePage } from '../contract/clerkPage/servePage.ts';
import { clientVersions } from '../contract/convexFixture/clients.ts';
import { convexContract } from '../contract/convexFixture/convexContract.ts';
import { launchChromium, newRealisticContext } from '../support/chromium.ts';
import { readKeys } from './keys.ts';
import { liveClerk } from './liveClerk.ts';

// Tokens come from a page in which the test user is signed in: only Clerk can mint them.
let browser: Browser;
let server: PageServer;
let page: Page;
let subject: string;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), servePage()]);
  const clerk = await liveClerk(readKeys());
  page = await (await newRealisticContext(browser)).newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(server.url({ providerProps: clerk.providerProps(6), load: clerk.load, show: 'nothing' }, 6));
  await page.waitForFunction(() => window.page?.auth.isLoaded);
  await signInWithTicket(page, await clerk.createTicket());
  await page.waitForFunction(() => window.page.auth.isSignedIn);
  subject = (await page.evaluate(() => window.page.auth.userId)) ?? '';
});
afterAll(async () => {
  await page.evaluate(() => window.page.clerk.signOut());
  await browser.close();
  await server.close();
});

describe.each(clientVersions)('convex %s on a real deployment', (version) => {
  convexContract(
    version,
    () => ({
      url: readKeys().convexUrl,
      siteUrl: readKeys().convexSiteUrl,
      subject,
      mintToken: () =>
        page.evaluate(async () => (await window.page.auth.getToken({ template: 'convex', skipCache: true })) ?? ''),
    }),
    { slack: 4 },
  );
});
