import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PageServer, servePage } from '../faults/servePage.ts';
import { sides } from '../faults/sides.ts';
import { playOutage } from '../outages/playOutage.ts';
import { launchChromium } from '../support/chromium.ts';

let browser: Browser;
let page: PageServer;

beforeAll(async () => {
  [browser, page] = await Promise.all([launchChromium(), servePage()]);
});

afterAll(async () => {
  await browser?.close();
  page?.close();
});

it('an outage of five minutes, twenty times as fast, costs Clerk about as many requests as plain, and no session', async () => {
  const play = (side: (typeof sides)[number]) =>
    playOutage({
      browser,
      pageUrl: page.url,
      clerk: 5,
      side,
      kind: 'closed',
      seconds: 300,
      tabs: 1,
      factor: 20,
      loadMs: 30_000,
      seed: 1,
    });
  const [plain, ours] = await Promise.all(sides.map(play));
  expect(plain).toMatchObject({ states: ['signed_out'], recoveredAfterMs: null });
  expect(ours?.recoveredAfterMs).not.toBeNull();
  // 27 or 28, and 28. A machine that is busy for a tenth of a second is a server that is slow for two, and is asked once more.
  expect(ours?.requests).toBeGreaterThan(10);
  expect(ours?.requests).toBeLessThanOrEqual((plain?.requests ?? 0) + 8);
});
