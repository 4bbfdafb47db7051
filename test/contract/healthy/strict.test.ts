import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { noAccident } from '../../../scripts/noAccident.mjs';
import { launchChromium } from '../../support/chromium.ts';
import { takeTurns } from '../../support/inTurn.ts';
import { isOfLibrary } from './moduleAt.ts';
import { Rig, type TracedLook } from './Rig.ts';
import { type PageServer, servePages } from './servePages.ts';
import { differences, tally } from './tally.ts';

// React's StrictMode mounts everything twice in a development build: so does this page.

const sides = ['plain', 'resilient'] as const;
type Side = (typeof sides)[number];
type PerSide<T> = Readonly<Record<Side, T>>;

let browser: Browser;
let server: PageServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), servePages('development')]);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

describe.concurrent.each([5, 6] as const)('under clerk-js %i in StrictMode', (major) => {
  const itInTurn = takeTurns(major);
  /** Does the same in plain and in ours, side by side, each in a browser of its own. */
  async function inBoth<T>(providers: number, play: (rig: Rig, page: Page) => Promise<T>): Promise<PerSide<T>> {
    const [plain, resilient] = await Promise.all(
      sides.map(async (side) => {
        const rig = await Rig.open({ browser, server, settings: { side, major, providers, strict: true } });
        try {
          const page = await rig.openTab();
          await rig.signedIn(page, providers);
          return await play(rig, page);
        } finally {
          await rig.close();
        }
      }),
    );
    return { plain: plain as T, resilient: resilient as T };
  }

  itInTurn('signs in without a request, a run as nobody or an error more than plain', async () => {
    const seen = await inBoth(1, async (rig, page) => {
      await started(rig);
      return factsOf(rig, page);
    });
    expectNoMoreThanPlain(seen);
    expect(seen.resilient.asNobody, noAccident).toEqual([]);
  });

  itInTurn('is signed in again when it is unmounted and mounted while a token is on its way', async () => {
    const seen = await inBoth(1, async (rig, page) => {
      await started(rig);
      rig.clerk.faults.add({ match: '/tokens/convex', action: { type: 'delay', delayMs: 1_500 } });
      // Convex asks for a fresh token as soon as it is mounted and confirmed, which is then on its way for a while.
      await remount(page);
      await tokenOnItsWay(rig);
      await page.evaluate(() => window.healthyPage.show(0));
      await sleep(500);
      const asked = tokenRequests(rig);
      await page.evaluate(() => window.healthyPage.show(1));
      // And once more, so quickly that the answer to the first comes to the second (unless the machine is very busy).
      await rig.until('one more token to be asked for', () => tokenRequests(rig) > asked);
      await rig.signedIn(page);
      await remount(page);
      await rig.signedIn(page);
      await sleep(4_500);
      return { ...(await factsOf(rig, page)), posted: await page.evaluate(() => window.healthyPage.post()) };
    });
    expectNoMoreThanPlain(seen, { scheduled: 1 });
    expect(seen.resilient.posted).toBe('ok');
  });

  itInTurn('asks for nothing more once it is unmounted, though a request hangs', async () => {
    const { plain, resilient } = await inBoth(1, async (rig, page) => {
      await started(rig);
      rig.clerk.faults.add({ match: '/tokens/convex', action: 'hang' });
      await remount(page);
      await tokenOnItsWay(rig);
      await page.evaluate(() => window.healthyPage.show(0));
      const asked = tokenRequests(rig);
      await sleep(10_000); // a second attempt would come after three
      return { more: tokenRequests(rig) - asked, left: await rig.look(page), problems: [...rig.problems] };
    });
    expect(resilient.more).toBeLessThanOrEqual(plain.more);
    expectNothingLeft(resilient.left);
    expect(resilient.problems).toEqual([]);
  });

  itInTurn('serves two Convex clients under two providers, and leaves nothing behind after the last', async () => {
    const seen = await inBoth(2, async (rig, page) => {
      await started(rig, 2);
      const facts = await factsOf(rig, page);
      await page.evaluate(() => window.healthyPage.show(1));
      const one = await settled(rig, page);
      const posted = await page.evaluate(() => window.healthyPage.post());
      await page.evaluate(() => window.healthyPage.show(0));
      const none = await settled(rig, page);
      const signOut = await page.evaluate(() => String(Reflect.get(window, 'Clerk')?.signOut));
      await page.evaluate(() => window.healthyPage.unmountAll());
      const nothing = await settled(rig, page);
      return { ...facts, one, posted, none, signOut, nothing, problems: [...rig.problems] };
    });
    const { plain, resilient: ours } = seen;
    expectNoMoreThanPlain(seen);
    expect(ours.asNobody, noAccident).toEqual([]);
    // The last provider still needs the guard ...
    expect(ours.one.fetchIsNative).toBe(false);
    expect(ours.posted).toBe('ok');
    // ... and takes everything along.
    expectNothingLeft(ours.none);
    expectNothingLeft(ours.nothing);
    expect(differences(heldBy(ours.none), heldBy(plain.none))).toEqual([]);
    expect(differences(heldBy(ours.nothing), heldBy(plain.nothing))).toEqual([]);
    expect(ours.signOut).toBe(plain.signOut);
  });
});

interface Facts {
  readonly tokenRequests: number;
  readonly tokensAtOnce: number;
  /** Requests that were sent beside one that had not answered for three seconds, as happens on a busy machine. */
  readonly hedged: number;
  readonly authenticates: number;
  /** Functions that ran without an identity. */
  readonly asNobody: readonly string[];
  readonly sockets: ReturnType<Rig['sockets']>;
  readonly problems: readonly string[];
  readonly errors: readonly string[];
}

const tokenRequests = (rig: Rig): number =>
  rig.clerk.log.filter(({ method, path }) => method === 'POST' && path.endsWith('/tokens/convex')).length;

const accepted = (rig: Rig): number => rig.convex.authentications.filter(({ kind }) => kind === 'accepted').length;

const factsOf = async (rig: Rig, page: Page): Promise<Facts> => ({
  tokenRequests: tokenRequests(rig),
  tokensAtOnce: rig.tokensAtOnce,
  hedged: await page.evaluate(
    () => window.healthyPage.events.filter((event) => event.includes('request_hedged')).length,
  ),
  authenticates: accepted(rig),
  asNobody: rig.convex.runs.filter(({ identity }) => identity === null).map(({ path }) => path),
  sockets: rig.sockets(),
  problems: [...rig.problems],
  errors: rig.printed.filter((line) => line.startsWith('error:')),
});

/** `scheduled`: refreshes that may fall into our stay and not into plain's, where it takes as long as Convex waits between two. */
function expectNoMoreThanPlain({ plain, resilient }: PerSide<Facts>, { scheduled = 0 } = {}): void {
  expect(resilient.tokenRequests).toBeGreaterThan(0);
  expect(resilient.tokenRequests).toBeLessThanOrEqual(plain.tokenRequests + resilient.hedged);
  expect(resilient.tokensAtOnce).toBeLessThanOrEqual(1 + resilient.hedged);
  expect(resilient.sockets).toEqual(plain.sockets);
  expect(resilient.authenticates).toBeLessThanOrEqual(plain.authenticates + scheduled);
  expect(resilient.problems).toEqual([]);
  expect(resilient.errors).toEqual([]);
}

const tokenOnItsWay = (rig: Rig): Promise<void> =>
  rig.until('a request for a token to be under way', () =>
    rig.clerk.log.some(({ path, status }) => path.endsWith('/tokens/convex') && status === undefined),
  );

/** Until Convex has accepted the first token of each provider, and the second that it asks for at once; and what more would come. */
async function started(rig: Rig, providers = 1): Promise<void> {
  await rig.until('Convex to accept two tokens', () => accepted(rig) >= 2 * providers);
  await sleep(2_000);
}

async function remount(page: Page): Promise<void> {
  await page.evaluate(() => window.healthyPage.show(0));
  await page.evaluate(() => window.healthyPage.show(1));
}

/** What the page holds when it has come to rest after a change. */
async function settled(rig: Rig, page: Page): Promise<TracedLook> {
  await sleep(500);
  return rig.look(page);
}

function expectNothingLeft({ timers, observers, listeners, channels, locks, fetchIsNative }: TracedLook): void {
  expect(
    [...timers, ...observers, ...listeners, ...channels, ...locks].filter(({ module }) => isOfLibrary(module)),
  ).toEqual([]);
  expect(fetchIsNative).toBe(true);
}

const heldBy = ({ listeners, channels }: TracedLook) => tally([...listeners, ...channels], ({ what }) => what);
