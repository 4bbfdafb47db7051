import { readClaims } from 'clerk-convex-resilience/diagnosis';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { user } from '../../scripts/demo/emulatorPair.ts';
import { launchChromium, newRealisticContext } from '../support/chromium.ts';
import { signIn } from './signIn.ts';
import { type RunningDemo, startDemo } from './startDemo.ts';

// The smoke test to run after updates of Clerk's, Convex's or this library's packages, against a deployment of the example app:
//   PREVIEW_URL=https://… PREVIEW_EMAIL=… PREVIEW_PASSWORD=… pnpm test:e2e preview
// Without PREVIEW_URL it runs against the demo on this machine.
let at: { readonly url: string; readonly email: string; readonly password: string };
let demo: RunningDemo | undefined;
let browser: Browser;

beforeAll(async () => {
  const { PREVIEW_URL: url, PREVIEW_EMAIL: email, PREVIEW_PASSWORD: password } = process.env;
  if (url) {
    if (!email || !password) {
      throw new Error(
        'PREVIEW_URL is set, but PREVIEW_EMAIL or PREVIEW_PASSWORD is not: set them to those of a test user, who signs in with a password.',
      );
    }
    at = { url, email, password };
  } else {
    demo = await startDemo(6);
    at = { url: demo.app, email: user.emailAddress, password: user.password };
  }
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

it('keeps a person signed in over a reload and longer than a token lives, and signs them out', async () => {
  const context = await newRealisticContext(browser, { viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    const tokens = expiries(page);
    await page.goto(at.url);
    await signIn(page, at.email, at.password);
    const whoAmI = page.getByTestId('who-am-i');
    const person = await whoAmI.textContent();

    await page.reload();
    await whoAmI.waitFor();
    expect(await whoAmI.textContent()).toBe(person);

    await expect.poll(() => tokens.length).toBeGreaterThan(0);
    // The newest of those that it has, so that afterwards it must have another.
    const held = Math.max(...tokens);
    while (Date.now() < held + 3_000) {
      expect(await page.getByTestId('signed-out').count()).toBe(0);
      await page.waitForTimeout(500);
    }
    expect(Math.max(...tokens)).toBeGreaterThan(held);
    // A query that is asked anew, by the server's answer and not by what is still on the screen.
    await page.reload();
    await whoAmI.waitFor();
    expect(await whoAmI.textContent()).toBe(person);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByTestId('signed-out').waitFor();
    await page.reload();
    await page.getByTestId('signed-out').waitFor();
    expect(await whoAmI.count()).toBe(0);
  } finally {
    await context.close();
  }
});

/** When each token that Clerk gives the page ends, in milliseconds since the epoch by this clock. */
function expiries(page: Page): readonly number[] {
  const ends: number[] = [];
  page.on('response', (response) => {
    if (response.status() !== 200 || !/\/client\/sessions\/\w+\/tokens/.test(response.url())) return;
    const receivedAt = Date.now();
    void response.json().then(
      ({ jwt }: { readonly jwt?: string }) => {
        const { exp, iat } = (jwt && readClaims(jwt)) || {};
        // Its life, since the server's clock may be another.
        if (typeof exp === 'number' && typeof iat === 'number') ends.push(receivedAt + (exp - iat) * 1_000);
      },
      () => undefined, // the page has gone on
    );
  });
  return ends;
}
