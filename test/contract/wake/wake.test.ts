import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchChromium } from '../../support/chromium.ts';
import { majorsIn } from '../../support/inTurn.ts';
import { stopEmulatingFocus } from '../../support/stopEmulatingFocus.ts';
import { type Rig, type RigOptions, withRig } from '../sessions/Rig.ts';
import { type PageServer, servePages } from '../sessions/servePages.ts';

// Clerk gives out no token for Convex, and is mended without a word just after an attempt has failed: the next is some seconds away, or a signal
// brings it at once. How much at once in how many runs, the rows `wake_*` of the fault bench say.

vi.setConfig({ maxConcurrency: 3 }); // each row has two browsers

/** The token that Convex asks for. */
const convexToken = 'POST /v1/client/sessions/*/tokens/convex';
/**
 * A second is promised, and 0.1 to 0.4 s are usual; 0.8 s were seen on a machine that was starting other browsers. Without the signal it would be 2.6 s at least, as the
 * attempt before it has just failed.
 */
const atOnceMs = 2_000;

let browser: Browser;
let server: PageServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), servePages()]);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

interface Signal {
  readonly name: string;
  /** Before the outage, and at its end: that what comes next is a change. */
  readonly prepare: (page: Page) => Promise<unknown>;
  readonly beforeMend?: (page: Page) => Promise<unknown>;
  readonly give: (page: Page) => Promise<unknown>;
}

const signals: readonly Signal[] = [
  {
    name: 'the browser says that it is online',
    prepare: async () => {},
    beforeMend: (page) => page.context().setOffline(true),
    give: (page) => page.context().setOffline(false),
  },
  {
    name: 'the tab is shown',
    prepare: async (page) => {
      await stopEmulatingFocus(page);
      const other = await page.context().newPage();
      await stopEmulatingFocus(other);
      await other.bringToFront();
      await page.waitForFunction(() => document.hidden, undefined, { polling: 50 });
    },
    give: (page) => page.bringToFront(),
  },
  {
    // One that does come back has lost its socket besides, which is Convex's client to open: `wake_pageshow` of the bench.
    name: 'the page says that it is back from the back/forward cache',
    prepare: async () => {},
    give: (page) => page.evaluate(() => void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))),
  },
];

/** How long after the signal Convex had accepted a new token, in milliseconds. */
const backAfter = (side: RigOptions['side'], major: 5 | 6, { prepare, beforeMend, give }: Signal): Promise<number> =>
  withRig({ browser, server, side, major, clerkOptions: { tokenLifeSeconds: 60 } }, async (rig) => {
    const page = await rig.openTab();
    await rig.signedIn(page);
    await rig.until('Convex to ask for a second token', () => accepted(rig).length > 1);
    await prepare(page);
    const outage = rig.clerk.faults.add({ match: convexToken, action: 'close' });
    await askedAnew(rig, outage);
    // Ours waits for 0.3, 0.9, 2.7 and then 3 s; clerk-js for 3 s and then 4.7 s.
    const failures = side === 'plain' ? 2 : 4;
    await rig.until('attempts to fail', () => outage.fired >= failures);
    const failed = outage.fired;
    await rig.until('another attempt to fail', () => outage.fired > failed);
    await beforeMend?.(page);
    outage.remove();
    const signalAt = Date.now();
    await give(page);
    const back = () => accepted(rig).find(({ at }) => at >= signalAt);
    await rig.until('a new token to be accepted', () => back() !== undefined, 30_000);
    expect(rig.problems).toEqual([]);
    return (back()?.at ?? Infinity) - signalAt;
  });

const accepted = ({ convex }: Rig) => convex.authentications.filter(({ kind }) => kind === 'accepted');

/** Convex takes the identity back, so that it asks now; once more where its client was confirming a token (`onAuthError`, convex 1.48). */
async function askedAnew(rig: Rig, outage: { readonly fired: number }): Promise<void> {
  for (let tries = 0; tries < 3 && outage.fired === 0; tries++) {
    rig.convex.faults.add({ action: 'auth_error' });
    for (const end = Date.now() + 2_000; outage.fired === 0 && Date.now() < end; ) await sleep(50);
  }
}

describe.concurrent.each(signals)('when Clerk is well again and $name', (signal) => {
  for (const major of majorsIn(signals.indexOf(signal))) {
    it(`the user has a token at once, and not so in plain (clerk-js ${major})`, async () => {
      const [ours, first] = await Promise.all([backAfter('drop-in', major, signal), backAfter('plain', major, signal)]);
      // An attempt of plain's that was due at that moment is chance, and seldom comes twice.
      const plain = first > atOnceMs ? first : await backAfter('plain', major, signal);
      console.log(`${signal.name}, clerk-js ${major}: back after ${ours} ms, plain ${plain} ms`);
      expect(ours).toBeLessThan(atOnceMs);
      expect(plain).toBeGreaterThan(atOnceMs);
    });
  }
});
