import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ClerkEmulatorOptions } from 'clerk-convex-emulators';
import { ConvexHttpClient } from 'convex/browser';
import { makeFunctionReference } from 'convex/server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { noAccident } from '../../../scripts/noAccident.mjs';
import { launchChromium } from '../../support/chromium.ts';
import { type Rig, withRig } from '../sessions/Rig.ts';
import { type PageServer, servePages } from '../sessions/servePages.ts';

// The user's own record in the app's table, with the real clients: `useUserSync` beside the pattern that Convex documents.

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
let browser: Browser;
let server: PageServer;
let serverOfReact18: PageServer;
beforeAll(async () => {
  [browser, server, serverOfReact18] = await Promise.all([
    launchChromium(),
    servePages(path('./page')),
    servePages(path('./page'), 18),
  ]);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
  serverOfReact18?.close();
});

interface Broken {
  readonly times?: number;
  readonly forMs?: number;
  readonly asNobody?: number;
}
const breakStore = makeFunctionReference<'mutation', { [Each in keyof Broken]: Broken[Each] }, null>(
  'users:breakStore',
);
interface UserRow {
  readonly _id: string;
  readonly clerkId: string;
  readonly tokenIdentifier?: string;
  readonly email?: string;
  readonly name?: string;
}
const rowsOf = makeFunctionReference<'query', Record<string, never>, readonly UserRow[]>('users:rows');
const two: ClerkEmulatorOptions = {
  multiSession: true,
  users: [{ emailAddress: 'ada@example.com' }, { emailAddress: 'bob@example.com' }],
};
const setActive = (page: Page, session: string): Promise<unknown> =>
  page.evaluate(
    (id) => (Reflect.get(window, 'Clerk') as { setActive(to: unknown): Promise<unknown> }).setActive({ session: id }),
    session,
  );

/** What came of it: what the page shows in the end, and what is in the table. */
interface Ending {
  readonly state: string;
  readonly seen: readonly string[];
  readonly rows: readonly UserRow[];
  /** Calls of `users:store`, and how many of them under no identity. */
  readonly calls: number;
  readonly asNobody: number;
}

interface Row {
  readonly name: string;
  readonly major: 5 | 6;
  readonly clerkOptions?: ClerkEmulatorOptions;
  readonly issuer?: string;
  /** The page is of React 18, in StrictMode. */
  readonly react18?: true;
  /** Who the user is in the end, where that has changed. */
  readonly renamed?: string;
  /** What clerk-js itself leaves uncaught. */
  readonly tolerated?: RegExp;
  /** Breaks something, has the page, and does what is to be done on it. */
  play(rig: Rig, http: ConvexHttpClient): Promise<Page>;
  /** How long until nothing more comes of it, in milliseconds. */
  readonly restMs: number;
  readonly ours: (ending: Ending, rig: Rig) => void;
  /** What becomes of a user of the documented pattern: the sign-in page or "loading" for ever, without a row; a row of before; or it does as well. */
  readonly plain: 'signed_out' | 'loading' | 'outdated' | 'stored';
}

const stored = ({ state, rows }: Ending, rig: Rig, name = 'Ada'): void => {
  const clerkId = rig.user?.userId;
  const profile = { email: 'ada@example.com', name };
  expect(rows).toMatchObject([{ clerkId, tokenIdentifier: `${rig.clerk.issuer}|${clerkId}`, ...profile }]);
  expect(rows).toHaveLength(1);
  expect(state).toBe(`ready ${rows[0]?._id}`);
};

const plainEnding = ({ state, rows }: Ending, { renamed }: Row): string =>
  rows.length === 0 ? state : renamed && rows[0]?.name !== renamed ? 'outdated' : 'stored';

const whenItFails = (howLong: string, major: Row['major'], broken: Broken, restMs: number): Row => ({
  name: `when it fails ${howLong}`,
  major,
  async play(rig, http) {
    await http.mutation(breakStore, broken);
    return rig.openTab();
  },
  restMs,
  ours: stored,
  plain: 'loading',
});

/** Clerk boots with the stand-in of a user, made from the cookie. */
const whenOnlyTheCookieIsThere = (major: Row['major']): Row => ({
  name: `when Clerk ${major} knows no more of the user than a cookie says`,
  major,
  async play(rig) {
    const page = await rig.openTab();
    await rig.until('the user to be stored', async () =>
      /^ready/.test((await page.locator('#state').textContent()) ?? ''),
    );
    rig.clerk.faults.add({ match: 'GET /v1/client', action: { type: 'status', status: 500 } });
    await page.reload();
    return page;
  },
  restMs: 8_000,
  ours(ending, rig) {
    stored(ending, rig);
    expect(ending.calls).toBe(2);
    // The second call waited for the user himself.
    const asked = rig.clerk.log.find(({ path }) => path === '/v1/me');
    expect(rig.convex.runs.findLast(({ path }) => path === 'users:store')?.at).toBeGreaterThan(asked?.at ?? Infinity);
  },
  plain: 'stored',
});

const table: readonly Row[] = [
  {
    name: 'when Clerk refuses the first token, and cannot be asked why',
    major: 5,
    async play(rig) {
      const refused = rig.clerk.faults.add({
        match: '/tokens',
        action: { type: 'status', status: 401 },
        times: 1,
        afterMs: 500,
      });
      const page = await rig.openTab();
      await rig.until('Clerk to refuse', () => refused.fired > 0);
      rig.clerk.faults.add({ match: 'GET /v1/client', action: { type: 'status', status: 500 }, forMs: 6_000 });
      return page;
    },
    restMs: 12_000,
    ours: stored,
    plain: 'signed_out',
  },
  whenItFails('once', 6, { times: 1 }, 5_000),
  whenItFails('for ten seconds', 5, { forMs: 11_000 }, 17_000),
  whenItFails('once, for it finds no identity', 6, { asNobody: 1 }, 5_000),
  {
    name: 'when Convex trusts another issuer',
    major: 6,
    issuer: 'https://clerk.elsewhere.example',
    play: (rig) => rig.openTab(),
    restMs: 6_000,
    ours({ state, rows, calls }) {
      expect(state).toMatch(/ failed misconfigured$/);
      expect([rows, calls]).toEqual([[], 0]);
    },
    plain: 'signed_out',
  },
  {
    name: 'when the account is switched during the call',
    major: 5,
    clerkOptions: two,
    async play(rig) {
      const bob = rig.clerk.signInBrowser('bob@example.com', { clientId: rig.user?.clientId ?? '' });
      rig.convex.faults.add({ match: 'MESSAGE Mutation', action: { type: 'delay', delayMs: 2_000 }, times: 1 });
      const page = await rig.openTab();
      await rig.until('the call', () => rig.convex.faults.fired === 1);
      expect(bob.sessionId).not.toBe(rig.user?.sessionId);
      await setActive(page, rig.user?.sessionId ?? '');
      return page;
    },
    restMs: 6_000,
    ours({ state, rows, seen }, rig) {
      const mine = rows.filter(({ clerkId }) => clerkId === rig.user?.userId);
      expect([mine.length, new Set(rows.map(({ clerkId }) => clerkId)).size]).toEqual([1, rows.length]);
      expect(state).toBe(`ready ${mine[0]?._id}`);
      expect(seen.filter((text) => text.startsWith('ready'))).toEqual([state]);
    },
    plain: 'stored',
  },
  {
    name: 'when the user signs out during the call',
    major: 6,
    async play(rig) {
      rig.convex.faults.add({ match: 'MESSAGE Mutation', action: { type: 'delay', delayMs: 2_000 }, times: 1 });
      const page = await rig.openTab();
      await rig.until('the call', () => rig.convex.faults.fired === 1);
      await page.evaluate('void Clerk.signOut(() => {})');
      return page;
    },
    restMs: 5_000,
    ours({ state, seen, asNobody }) {
      expect(asNobody, noAccident).toBe(0);
      expect(state).toBe('signed_out idle');
      expect(seen.filter((text) => text.startsWith('ready'))).toEqual([]);
    },
    plain: 'stored',
  },
  whenOnlyTheCookieIsThere(5),
  whenOnlyTheCookieIsThere(6),
  {
    name: 'when the profile changes',
    major: 6,
    async play(rig) {
      const page = await rig.openTab();
      await rig.until('the user to be stored', async () =>
        /^ready/.test((await page.locator('#state').textContent()) ?? ''),
      );
      await page.evaluate(`Clerk.user.update({ firstName: 'Augusta' }).then(() => {})`);
      return page;
    },
    restMs: 6_000,
    renamed: 'Augusta',
    ours(ending, rig) {
      stored(ending, rig, 'Augusta');
      expect(ending.calls).toBe(2);
    },
    plain: 'outdated', // it is not called again
  },
  {
    name: 'when the mutation expects another Clerk instance',
    major: 5,
    async play(rig) {
      const env = { CLERK_JWT_ISSUER_DOMAIN: rig.clerk.issuer, EXPECTED_ISSUER: 'https://clerk.elsewhere.example' };
      await rig.convex.push({ env });
      return rig.openTab();
    },
    restMs: 6_000,
    ours({ state, rows, calls }) {
      expect([state, rows, calls]).toEqual(['authenticated failed misconfigured', [], 1]);
    },
    plain: 'loading',
  },
  {
    name: 'when Clerk cannot be reached at the first login',
    major: 6,
    async play(rig) {
      const closed = rig.clerk.faults.add({ match: '/v1/', action: 'close' });
      const page = await rig.openTab();
      // Counted from there: a busy machine is late with the page, and plain lives through a shorter one.
      await rig.until('Clerk to be asked', () => closed.fired > 0);
      await sleep(8_000);
      closed.remove();
      return page;
    },
    restMs: 10_000,
    ours: stored,
    plain: 'signed_out',
  },
  {
    name: 'when the browser is offline at the first login',
    major: 5,
    async play(rig) {
      // The page is there before the network goes.
      const asked = rig.clerk.faults.add({ match: '/v1/', action: { type: 'delay', delayMs: 60_000 } });
      const page = await rig.openTab();
      await rig.until('Clerk to be asked', () => asked.fired > 0);
      await rig.context.setOffline(true);
      asked.remove();
      await sleep(6_000);
      await rig.context.setOffline(false);
      return page;
    },
    restMs: 10_000,
    ours: stored,
    plain: 'loading',
    // Parts of clerk-js, for components that this page does not have.
    tolerated: /ChunkLoadError/,
  },
  {
    name: 'when two tabs are opened at once',
    major: 6,
    async play(rig) {
      const [page, other] = await Promise.all([rig.openTab(), rig.openTab()]);
      await rig.until('the other tab to be ready', async () =>
        /^ready/.test((await other.locator('#state').textContent()) ?? ''),
      );
      return page;
    },
    restMs: 4_000,
    ours(ending, rig) {
      stored(ending, rig);
      expect(ending.calls).toBe(2);
    },
    plain: 'stored',
  },
  { ...whenItFails('once, under React 18 in StrictMode', 5, { times: 1 }, 5_000), react18: true },
];

it('the documented pattern fails its user in as many situations as docs/users.md says', () => {
  const failing = table.filter(({ plain }) => plain !== 'stored');
  expect([failing.length, table.length]).toEqual([10, 15]);
});

describe.concurrent('the user’s own record', () => {
  describe.each(table.map((row) => [row.name, row] as const))('%s', (_, row) => {
    it.each(['plain', 'drop-in'] as const)('%s', (side) =>
      withRig(
        {
          browser,
          server: row.react18 ? serverOfReact18 : server,
          ...(row.react18 && { url: `${serverOfReact18.url}?strict` }),
          side,
          major: row.major,
          convexDir: path('./convex'),
          ...(row.issuer && { issuer: row.issuer }),
          ...(row.clerkOptions && { clerkOptions: row.clerkOptions }),
        },
        async (rig) => {
          const http = new ConvexHttpClient(rig.convex.url, { logger: false });
          const page = await row.play(rig, http);
          const look = async (): Promise<Ending> => {
            const calls = rig.convex.runs.filter((run) => run.path === 'users:store');
            const seen = await page.evaluate(() => window.usersPage.seen);
            return {
              state: seen.at(-1) ?? '',
              seen,
              rows: await http.query(rowsOf, {}),
              calls: calls.length,
              asNobody: calls.filter(({ identity }) => identity === null).length,
            };
          };
          if (side === 'plain') {
            await sleep(row.restMs);
            // A busy machine may take longer to come to it.
            return vi.waitFor(async () => expect(plainEnding(await look(), row)).toBe(row.plain), {
              timeout: 20_000,
              interval: 250,
            });
          }
          // As soon as it is so, and then still.
          await vi.waitFor(async () => row.ours(await look(), rig), { timeout: row.restMs + 20_000, interval: 250 });
          await sleep(2_000);
          const ending = await look();
          row.ours(ending, rig);
          const problems = rig.problems.filter((problem) => !row.tolerated?.test(problem));
          expect(ending.asNobody, noAccident).toBe(0);
          expect(problems).toEqual([]);
        },
      ),
    );
  });
});
