import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClerkEmulator } from '../../packages/clerk-convex-emulators/src/clerk/createClerkEmulator.ts';
import type { ClerkEmulator } from '../../packages/clerk-convex-emulators/src/clerk/types.ts';
import type { Fault } from '../../packages/clerk-convex-emulators/src/faults/fault.ts';
import { launchChromium, newRealisticContext } from '../support/chromium.ts';

// What a cross-origin page in Chromium sees of each fault, and which network error DevTools shows for it.

let browser: Browser;
let context: BrowserContext;
let page: Page;
let clerk: ClerkEmulator;
let app: ClerkEmulator;
let networkErrors: string[];

beforeAll(async () => {
  [browser, clerk, app] = await Promise.all([launchChromium(), createClerkEmulator(), createClerkEmulator()]);
  context = await newRealisticContext(browser);
  page = await context.newPage();
  page.on('requestfailed', (request) => networkErrors.push(request.failure()?.errorText ?? ''));
  // Any page of another origin will do.
  await page.goto(`${app.url}/__emulator/log`);
});
afterAll(async () => {
  await browser.close();
  await Promise.all([clerk.close(), app.close()]);
});
beforeEach(() => {
  networkErrors = [];
});
afterEach(() => clerk.reset());

/** What the page sees of a request. */
function see(): Promise<string> {
  return page.evaluate(async (url) => {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(1500), credentials: 'include' });
      const text = await response.text();
      return `${response.status} ${text.startsWith('{') ? 'json' : text.slice(0, 24)}`;
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    }
  }, `${clerk.url}/v1/environment`);
}

describe('faults as Chromium sees them', () => {
  const rows: ReadonlyArray<[name: string, action: Fault['action'], page: RegExp, network: RegExp | undefined]> = [
    ['reset', 'reset', /^TypeError: Failed to fetch$/, /ERR_CONNECTION_RESET/],
    ['close', 'close', /^TypeError: Failed to fetch$/, /ERR_EMPTY_RESPONSE/],
    ['hang', 'hang', /^TimeoutError/, /ERR_ABORTED/],
    ['truncate', 'truncate', /^TypeError/, /ERR_(CONNECTION_RESET|CONTENT_LENGTH_MISMATCH)/],
    ['garbage', 'garbage', /^200 .this is not JSON/, undefined],
    ['500', { type: 'status', status: 500 }, /^500 json$/, undefined],
    ['502 of the edge', { type: 'status', status: 502 }, /^502 <!DOCTYPE html>/, undefined],
    [
      '429 without CORS headers',
      { type: 'status', status: 429, cors: false },
      /^TypeError: Failed to fetch$/,
      /ERR_FAILED/,
    ],
    ['a delay', { type: 'delay', delayMs: 100 }, /^200 json$/, undefined],
    ['a slow body', { type: 'slow_body', durationMs: 200 }, /^200 json$/, undefined],
    ['an unknown shape', 'unknown_shape', /^200 json$/, undefined],
  ];
  it.each(rows)('%s', async (_name, action, expectedPage, expectedNetwork) => {
    clerk.faults.add({ action });
    expect(await see()).toMatch(expectedPage);
    if (expectedNetwork) await expect.poll(() => networkErrors.join()).toMatch(expectedNetwork);
    else expect(networkErrors).toEqual([]);
    expect(clerk.faults.fired).toBeGreaterThan(0);
  });

  it('a reset on a reused connection is tried again by Chromium, so once is not enough to be seen', async () => {
    expect(await see()).toBe('200 json');
    const fault = clerk.faults.add({ times: 1, action: 'reset' });
    expect([await see(), fault.fired]).toEqual(['200 json', 1]);
  });

  it('Retry-After can be read across origins only when it is exposed', async () => {
    clerk.faults.add({ action: { type: 'status', status: 429, headers: { 'retry-after': '7' } } });
    const read = () =>
      page.evaluate(
        (url) => fetch(url).then(({ headers }) => [headers.get('retry-after'), headers.has('date')]),
        `${clerk.url}/v1/environment`,
      );
    expect(await read()).toEqual(['7', true]);
    clerk.configure({ exposeHeaders: false });
    expect(await read()).toEqual([null, false]);
  });
});
