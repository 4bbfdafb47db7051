import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, CDPSession, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noAccident } from '../../../scripts/noAccident.mjs';
import { launchChromium } from '../../support/chromium.ts';
import { stopEmulatingFocus } from '../../support/stopEmulatingFocus.ts';
import type { Seen } from '../sessions/page/pageSettings.ts';
import { type Rig, type RigOptions, withRig } from '../sessions/Rig.ts';
import { type PageServer, servePages } from '../sessions/servePages.ts';

// What tabs that know of each other meet at worst: one that is lost while the others wait for it, and a browser that lets
// them know nothing.

let browser: Browser;
let server: PageServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), servePages()]);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** Any request of clerk-js; its script stays reachable. */
const frontendApi = '/v1/';

type Two = readonly [Page, Page];
const playTwo = (
  options: Pick<RigOptions, 'major' | 'withoutTabApis'>,
  play: (rig: Rig, tabs: Two) => Promise<void>,
): Promise<void> =>
  withRig({ browser, server, side: 'all-in-one', ...options }, async (rig) => {
    const tabs: Two = [await rig.openTab(), await rig.openTab()];
    for (const tab of tabs) await rig.signedIn(tab);
    await sleep(1_500); // Convex asks for a second token at once (authentication_manager.ts, convex 1.48)
    await play(rig, tabs);
  });

/** Asks clerk-js for a token that nobody has: `ok`, or what became of it instead. Answered when the outage is over. */
const freshToken = (page: Page): Promise<string> =>
  page
    .evaluate(() => {
      interface ClerkJs {
        session: { getToken(options: object): Promise<string | null> };
      }
      const { session } = Reflect.get(window, 'Clerk') as ClerkJs;
      return session.getToken({ template: 'convex', skipCache: true }).then((token) => (token ? 'ok' : 'null'), String);
    })
    .catch(String);

const isWell = ({ convex, health }: Seen) => convex === 'authenticated' && health === 'healthy';
const isOut = ({ convex, health }: Seen) => convex === 'signed_out' && health === 'signed_out';

async function neverOut(rig: Rig, page: Page): Promise<void> {
  await rig.shows(page, 'that all is well', isWell);
  const seen = await rig.seen(page);
  // Since it was signed in: a page begins as one that loads.
  const from = seen.findIndex(isWell);
  expect(seen.slice(from).filter(({ convex }) => convex !== 'authenticated')).toEqual([]);
}

/**
 * Nothing of the page runs, and a Web Lock that it holds stays held. Chromium's own freezer spares a tab with a lock
 * (CannotFreezeReason in freezing_policy.cc), DevTools spares none. While Playwright emulates the focus, DevTools says that
 * it is done, and nothing is frozen (Chromium 156).
 */
async function freeze(page: Page, devtools: CDPSession): Promise<() => Promise<unknown>> {
  await stopEmulatingFocus(page);
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
  return () => devtools.send('Page.setWebLifecycleState', { state: 'active' });
}

async function crash(page: Page, devtools: CDPSession): Promise<void> {
  const crashed = page.waitForEvent('crash');
  devtools.send('Page.crash').catch(() => {}); // nobody is left to answer
  await crashed;
}

/** The locks of the library that are held, in any tab of this one's browser. */
const locksHeld = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const { held } = await navigator.locks.query();
    return (held ?? []).filter(({ name }) => name?.startsWith('clerk-convex-resilience')).length;
  });

/** Three seconds for the longest wait of a young outage, and each time four for the word of the one that asks; and as much again. */
const recoveryMs = 14_000;

/** Both tabs are in an outage, and one of them has a request under way that nobody answers: the one that asks. */
async function inAnOutage(rig: Rig, tabs: Two) {
  const underWay = new Set<Request>();
  const failed = new Set<Page>();
  const sent: Page[] = [];
  const pageOf = (request: Request): Page => request.frame().page();
  rig.context.on('request', (request) => {
    if (!request.url().includes(frontendApi)) return;
    underWay.add(request);
    sent.push(pageOf(request));
  });
  rig.context.on('requestfinished', (request) => underWay.delete(request));
  rig.context.on('requestfailed', (request) => {
    if (underWay.delete(request)) failed.add(pageOf(request));
  });
  const sessions = await Promise.all(tabs.map((tab) => rig.context.newCDPSession(tab))); // each takes a while
  const closed = rig.clerk.faults.add({ match: frontendApi, action: 'close' });
  const answers = tabs.map(freshToken);
  await rig.until('each tab to find out for itself', () => tabs.every((tab) => failed.has(tab)));
  closed.remove();
  const hang = rig.clerk.faults.add({ match: frontendApi, times: 1, action: 'hang' });
  const outage = rig.clerk.faults.add({ match: frontendApi, action: 'close' });
  await rig.until('a request to hang', () => hang.fired > 0);
  await sleep(200); // until those that were closed have failed
  const [asking] = underWay;
  const leader = asking ? pageOf(asking) : expect.fail('No request was under way.');
  const follower = tabs.find((tab) => tab !== leader) as Page;
  const answerOf = (page: Page) => Promise.race([answers[tabs.indexOf(page)], sleep(recoveryMs, 'still waiting')]);
  return {
    leader,
    follower,
    devtools: sessions[tabs.indexOf(leader)] as CDPSession,
    outage,
    answerOf,
    sentBy: (page: Page) => sent.filter((by) => by === page).length,
  };
}

describe.concurrent('of two tabs in an outage', () => {
  it('the other goes on and recovers when the one that asks freezes with its lock, and that one does when it thaws', () =>
    playTwo({ major: 6 }, async (rig, tabs) => {
      const { leader, follower, devtools, answerOf, outage, sentBy } = await inAnOutage(rig, tabs);
      const thaw = await freeze(leader, devtools);
      const before = sentBy(follower);
      expect(await locksHeld(follower)).toBe(1);
      await rig.until('the other to ask', () => sentBy(follower) > before, recoveryMs);
      expect(await leader.evaluate(() => document.hidden)).toBe(true);
      outage.remove();
      expect(await answerOf(follower)).toBe('ok');
      await neverOut(rig, follower);
      expect(await locksHeld(follower)).toBe(1); // awake, it would have given it back after four seconds
      await thaw();
      expect(await answerOf(leader)).toBe('ok');
      await neverOut(rig, leader);
      await rig.until('the lock to be given back', async () => (await locksHeld(follower)) === 0);
      expect(rig.problems).toEqual([]);
    }));

  it('the other goes on and recovers when the one that asks crashes', () =>
    playTwo({ major: 5 }, async (rig, tabs) => {
      const { leader, follower, devtools, answerOf, outage, sentBy } = await inAnOutage(rig, tabs);
      await crash(leader, devtools);
      const before = sentBy(follower);
      await rig.until('the other to ask', () => sentBy(follower) > before, recoveryMs);
      outage.remove();
      expect(await answerOf(follower)).toBe('ok');
      await neverOut(rig, follower);
      expect(await locksHeld(follower)).toBe(0);
      expect(rig.problems).toEqual([]);
    }));
});

// clerk-js does without them too: it takes turns by localStorage, and no other tab hears of a sign-out (SafeLock and
// core/clerk, 5.128.0 and 6.40.0). Nothing of it differs between them, so that each row has one of the majors.
describe.concurrent('without Web Locks and BroadcastChannel', () => {
  const play = (major: 5 | 6, run: (rig: Rig, tabs: Two) => Promise<void>) =>
    playTwo({ major, withoutTabApis: true }, async (rig, tabs) => {
      const there = () => ['locks' in navigator, 'BroadcastChannel' in window];
      for (const tab of tabs) expect(await tab.evaluate(there)).toEqual([false, false]);
      await run(rig, tabs);
      expect(rig.problems).toEqual([]);
    });

  it('two tabs recover from an outage, and nobody is signed out', () =>
    play(6, async (rig, tabs) => {
      const outage = rig.clerk.faults.add({ match: frontendApi, action: 'close' });
      const answers = tabs.map(freshToken);
      await sleep(4_000);
      expect(outage.fired).toBeGreaterThan(2);
      outage.remove();
      const inTime = answers.map((answer) => Promise.race([answer, sleep(recoveryMs, 'still waiting')]));
      expect(await Promise.all(inTime)).toEqual(['ok', 'ok']);
      for (const tab of tabs) {
        await neverOut(rig, tab);
        // By the library: clerk-js tries again, too.
        expect(await tab.evaluate(() => window.contractPage.recovered)).toContain('tokens');
      }
    }));

  it('two tabs are signed out in an outage, after a reload too, and the session is revoked later', () =>
    play(5, async (rig, tabs) => {
      const { sessionId, userId } = rig.user as NonNullable<Rig['user']>;
      const outage = rig.clerk.faults.add({ match: frontendApi, action: 'close' });
      await tabs[0].evaluate(() => void window.contractPage.signOut());
      for (const tab of tabs) await rig.shows(tab, 'the sign-out', isOut, 5_000);
      await sleep(500);
      const outAt = Date.now();
      await tabs[1].reload({ waitUntil: 'commit' });
      await rig.shows(tabs[1], 'the sign-out after a reload', isOut);
      expect(outage.fired).toBeGreaterThan(0);
      expect(rig.clerk.isSessionActive(sessionId)).toBe(true);
      outage.remove();
      await rig.until('the session to be revoked', () => !rig.clerk.isSessionActive(sessionId), 30_000);
      await sleep(1_000);
      for (const tab of tabs) expect(isOut((await rig.now(tab)) as Seen)).toBe(true);
      expect(rig.ranAs(userId, outAt), noAccident).toEqual([]);
    }));
});
