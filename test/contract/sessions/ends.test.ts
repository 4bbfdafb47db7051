import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from 'clerk-convex-emulators';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { noAccident } from '../../../scripts/noAccident.mjs';
import { launchChromium } from '../../support/chromium.ts';
import { bothMajors, inTurn, takeTurns } from '../../support/inTurn.ts';
import { propsOf, type Rig, type RigOptions, withRig } from './Rig.ts';
import { type PageServer, servePages } from './servePages.ts';

// Rows wait more than they compute.
vi.setConfig({ maxConcurrency: 8 });

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
const tokenLifeMs = 30_000;
const outageMs = 3_000;
/** How long the page may take to ask, and to learn of it. */
const marginMs = 3_000;
/** What Convex was already doing when the page learned of the end. */
const underWayMs = 300;

type Side = RigOptions['side'];
const play = <T>(major: 5 | 6, side: Side, run: (rig: Rig, user: NonNullable<Rig['user']>) => Promise<T>): Promise<T> =>
  withRig({ browser, server, side, major }, (rig) => run(rig, rig.user as NonNullable<Rig['user']>));

/** Clerk is asked for a token now, as it is at the latest after one token life. Does not wait for the answer. */
const askForToken = (page: Page): Promise<void> =>
  page.evaluate(() => {
    interface ClerkJs {
      session?: { getToken(options: object): Promise<unknown> } | null;
    }
    const { session } = Reflect.get(window, 'Clerk') as ClerkJs;
    void session?.getToken({ skipCache: true }).catch(() => {});
  });

/** Cookies and stored texts of clerk-js, of both majors. */
const isOfClerk = (name: string | undefined): boolean =>
  /clerk|^__(session|client)/i.test(name ?? '') && !/^clerk-convex-resilience/.test(name ?? '');

const isOut = ({ convex, health }: { convex: string; health?: string }) =>
  convex === 'signed_out' && (health ?? 'signed_out') === 'signed_out';

/** Nothing runs as the user once the page has shown that the session is over. */
async function staysOut(rig: Rig, page: Page, userId: string): Promise<void> {
  await sleep(underWayMs);
  const outAt = Date.now();
  expect(await page.evaluate(() => window.contractPage.post())).toMatch(/Not authenticated/);
  await sleep(1_000);
  expect(rig.ranAs(userId, outAt), noAccident).toEqual([]);
  expect(await rig.now(page)).toMatchObject({ convex: 'signed_out' });
}

/** Sign-outs that Clerk carried out. */
const delivered = ({ clerk }: Rig) =>
  clerk.log.filter(
    ({ method, path, status, fault }) =>
      (/\/sessions\/\w+\/(remove|end)$/.test(path) || (method === 'DELETE' && path.startsWith('/v1/client'))) &&
      status === 200 &&
      !fault,
  );

const bannedAnswer: Fault['action'] = {
  type: 'status',
  status: 403,
  json: { errors: [{ code: 'user_banned', message: 'User banned', meta: {} }] },
};
const ends: readonly [what: string, end: (rig: Rig, sessionId: string) => void][] = [
  ['revoked', ({ clerk }, sessionId) => clerk.revokeSession(sessionId)],
  ['expired', ({ clerk }, sessionId) => clerk.expireSession(sessionId)],
  ['of a user who is banned', ({ clerk }) => clerk.banUser('ada@example.com')],
  [
    'of a user who is banned, which its tokens are answered with',
    ({ clerk }) => {
      clerk.banUser('ada@example.com');
      clerk.faults.add({ match: '/tokens', action: bannedAnswer });
    },
  ],
  ['of a user who is deleted', ({ clerk }) => clerk.deleteUser('ada@example.com')],
];

/** What becomes of Clerk, and the major under which it is played in the drop-in. */
const outages: readonly [what: string, action: Fault['action'], dropIn?: 5 | 6][] = [
  ['closes every connection', 'close', 6],
  ['hangs', 'hang'],
  ['answers 500', { type: 'status', status: 500 }, 5],
];

describe.concurrent.each([5, 6] as const)('under clerk-js %i a session', (major) => {
  const itInTurn = takeTurns(major);
  // The first, as it waits the longest.
  itInTurn('of a user who is banned is over within one token life, though nobody asks', () =>
    play(major, 'all-in-one', async (rig, { userId }) => {
      const page = await rig.openTab();
      await rig.signedIn(page);
      await sleep(1_500); // Convex asks for a second token at once (authentication_manager.ts, convex 1.48)
      rig.clerk.banUser('ada@example.com');
      await rig.shows(page, 'the end', isOut, tokenLifeMs + marginMs);
      await staysOut(rig, page, userId);
    }),
  );

  // In the drop-in and in plain the first of them is enough: that an end is one there too.
  const endsOfSides = [
    ...ends.map(([what, end]) => [what, 'all-in-one', end] as const),
    ...ends
      .slice(0, 1)
      .flatMap(([what, end]) => (['drop-in', 'plain'] as const).map((side) => [what, side, end] as const)),
  ];
  it.each(inTurn(endsOfSides, major))('%s is over with the first answer of Clerk (%s)', (_, side, end) =>
    play(major, side, async (rig, { sessionId, userId }) => {
      const page = await rig.openTab();
      await rig.signedIn(page);
      end(rig, sessionId);
      await askForToken(page);
      await rig.shows(page, 'the end', isOut, tokenLifeMs);
      await staysOut(rig, page, userId);
    }),
  );

  it('that has ended leads to the sign-in page, and from there back to this page', () =>
    withRig(
      {
        browser,
        server,
        side: 'drop-in',
        major,
        way: (clerk) => ({ clerk: { ...propsOf(clerk, major), signInUrl: '/sign-in' } }),
      },
      async (rig) => {
        const page = await rig.openTab();
        await rig.signedIn(page);
        await page.evaluate(() => history.replaceState(null, '', '/notes?folder=7#today'));
        const here = page.url();
        rig.clerk.revokeSession(rig.user?.sessionId ?? '');
        await askForToken(page);
        await rig.shows(page, 'the end', isOut, tokenLifeMs);
        await page.evaluate(() => window.contractPage.signIn());
        await page.waitForURL(({ pathname }) => pathname === '/sign-in');
        const { hash } = new URL(page.url());
        expect(new URLSearchParams(hash.slice(hash.indexOf('?'))).get('redirect_url')).toBe(here);
      },
    ));

  it.each(inTurn(ends, major))('%s in an outage is over with the first answer after it', (_, end) =>
    play(major, 'all-in-one', async (rig, { sessionId, userId }) => {
      const page = await rig.openTab();
      await rig.signedIn(page);
      const fault = rig.clerk.faults.add({ match: frontendApi, action: 'close' });
      end(rig, sessionId);
      await askForToken(page);
      await sleep(outageMs);
      expect(await rig.now(page)).toMatchObject({ convex: 'authenticated' });
      expect(fault.fired).toBeGreaterThan(0);
      fault.remove();
      await rig.shows(page, 'the end', isOut, tokenLifeMs);
      await staysOut(rig, page, userId);
    }),
  );

  const outagesOfSides = outages.flatMap(([what, action, dropIn]) => [
    ...(dropIn !== major || bothMajors ? [[what, 'all-in-one', action] as const] : []),
    ...(dropIn === major ? [[what, 'drop-in', action] as const] : []),
  ]);
  it.each(outagesOfSides)(
    'that is signed out of while Clerk %s is over in both tabs, after a reload too, and revoked later (%s)',
    (_, side, action) =>
      play(major, side, async (rig, { sessionId, userId }) => {
        const tabs = [await rig.openTab(), await rig.openTab()];
        for (const tab of tabs) await rig.signedIn(tab);
        const [first, second] = tabs as [Page, Page];
        const api = (tab: Page) => tab.evaluate(() => window.contractPage.api());
        expect(await api(second)).toEqual({ getToken: 'user', createAuthFetch: 'user' });
        const fault = rig.clerk.faults.add({ match: frontendApi, action });
        await first.evaluate(() => void window.contractPage.signOut());
        for (const tab of tabs) await rig.shows(tab, 'the sign-out', isOut, 5_000);
        // Clerk's own hands out what it has in its cache, as it has not been told.
        expect(await api(second)).toEqual({ getToken: 'user', createAuthFetch: 'nobody' });
        await staysOut(rig, second, userId);
        const out = Date.now();
        const reloaded = async () => {
          for (const tab of tabs) await tab.reload({ waitUntil: 'commit' });
          for (const tab of tabs) await rig.shows(tab, 'the sign-out after a reload', isOut);
          await sleep(1_000);
          for (const tab of tabs) {
            const seen = (await rig.seen(tab)).map(({ convex }) => convex);
            expect(seen).not.toContain('authenticated');
          }
        };
        await reloaded();
        expect(fault.fired).toBeGreaterThan(0);
        expect(rig.clerk.isSessionActive(sessionId)).toBe(true);
        fault.remove();
        await rig.until('the session to be revoked', () => !rig.clerk.isSessionActive(sessionId), 30_000);
        await reloaded();
        // Once; and once more where a page was reloaded between Clerk's answer and its own note of it.
        expect(delivered(rig).length).toBeGreaterThan(0);
        expect(delivered(rig).length).toBeLessThanOrEqual(tabs.length);
        expect(rig.ranAs(userId, out), noAccident).toEqual([]);
      }),
  );

  itInTurn(
    'that is reset in an outage leaves nothing of Clerk’s in the browser, all of the app’s, and is revoked later',
    () =>
      play(major, 'all-in-one', async (rig, { sessionId, userId }) => {
        const page = await rig.openTab();
        await rig.signedIn(page);
        await page.evaluate(() => {
          localStorage.setItem('draft', 'mine');
          // biome-ignore lint/suspicious/noDocumentCookie: Firefox has no Cookie Store API
          document.cookie = 'theme=dark';
        });
        const kept = () =>
          page.evaluate(() => [
            ...document.cookie.split('; ').map((cookie) => cookie.split('=')[0]),
            ...Object.keys(localStorage),
            ...Object.keys(sessionStorage),
          ]);
        expect((await kept()).filter(isOfClerk)).toContain('__session');
        const fault = rig.clerk.faults.add({ match: frontendApi, action: 'close' });
        await page.evaluate(() => window.contractPage.reset());
        expect((await kept()).filter(isOfClerk)).toEqual([]);
        expect(await kept()).toEqual(expect.arrayContaining(['draft', 'theme']));
        await rig.shows(page, 'the sign-out', isOut, 5_000);
        const out = Date.now();
        await page.reload({ waitUntil: 'commit' });
        await rig.shows(page, 'the sign-out after a reload', isOut);
        expect(rig.clerk.isSessionActive(sessionId)).toBe(true);
        fault.remove();
        await rig.until('the session to be revoked', () => !rig.clerk.isSessionActive(sessionId), 30_000);
        await sleep(1_000);
        expect((await rig.seen(page)).map(({ convex }) => convex)).not.toContain('authenticated');
        expect(rig.ranAs(userId, out), noAccident).toEqual([]);
      }),
  );

  const loadedInAnOutage = async (rig: Rig): Promise<[Page, ReturnType<Rig['clerk']['faults']['add']>]> => {
    const fault = rig.clerk.faults.add({ match: frontendApi, action: { type: 'status', status: 500 } });
    const page = await rig.openTab();
    await rig.shows(page, 'Clerk that is degraded', ({ clerk }) => clerk === 'degraded');
    expect(await page.evaluate(() => window.contractPage.signOut())).toBeNull();
    return [page, fault];
  };

  it.each(inTurn(['afterwards', 'after a reload'], major))(
    'that is signed out of before it is known, as Clerk was down when the page was loaded, is revoked %s',
    (when) =>
      play(major, 'all-in-one', async (rig, { sessionId, userId }) => {
        const [page, fault] = await loadedInAnOutage(rig);
        await rig.shows(page, 'the sign-out', isOut, 5_000);
        expect(rig.clerk.isSessionActive(sessionId)).toBe(true);
        if (when === 'after a reload') {
          await page.reload({ waitUntil: 'commit' });
          await rig.shows(page, 'the sign-out after a reload', isOut);
        }
        fault.remove();
        await rig.until('the session to be revoked', () => !rig.clerk.isSessionActive(sessionId), 30_000);
        await sleep(1_000);
        const [shown = [], asUser] = [await rig.seen(page), rig.ranAs(userId)];
        expect([shown.map(({ convex }) => convex), asUser]).toEqual([
          expect.not.arrayContaining(['authenticated']),
          [],
        ]);
        expect(await rig.now(page)).toMatchObject({ convex: 'signed_out', health: 'signed_out' });
      }),
  );

  itInTurn('that is signed out of before it is known is there after a reload in plain', () =>
    play(major, 'plain', async (rig, { sessionId }) => {
      const [page, fault] = await loadedInAnOutage(rig);
      fault.remove();
      await page.reload();
      await rig.signedIn(page);
      expect(rig.clerk.isSessionActive(sessionId)).toBe(true);
    }),
  );

  itInTurn('that is signed out of while Clerk closes every connection is back after a reload in plain', () =>
    play(major, 'plain', async (rig, { sessionId }) => {
      const page = await rig.openTab();
      await rig.signedIn(page);
      const fault = rig.clerk.faults.add({ match: frontendApi, action: 'close' });
      const signedOut = page.evaluate(() => window.contractPage.signOut());
      await Promise.race([signedOut, sleep(outageMs)]);
      expect(fault.fired).toBeGreaterThan(0);
      await page.reload({ waitUntil: 'commit' }); // or what clerk-js still has under way would end the session after all
      fault.remove();
      await page.goto(rig.url);
      await rig.signedIn(page);
      expect(rig.clerk.isSessionActive(sessionId)).toBe(true);
    }),
  );
});
