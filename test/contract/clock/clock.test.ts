import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noAccident } from '../../../scripts/noAccident.mjs';
import { launchChromium } from '../../support/chromium.ts';
import { type Major, majorsIn } from '../../support/inTurn.ts';
import { Rig } from '../healthy/Rig.ts';
import { type PageServer, servePages } from '../healthy/servePages.ts';

const sides = ['plain', 'resilient'] as const;
type Side = (typeof sides)[number];

// Above the 17 s below which clerk-js 6 refreshes no token ahead; Convex asks for another ten seconds before the end.
const tokenLifeSeconds = 20;
const watchedMs = 14_000;
// clerk-js asks on its own interval: in the same stretch of time one page may so see two more than another.
const phase = 2;

/** Which clock is off, and by how much this device is ahead of Clerk's. */
const rows = [
  { what: 'a device that is two minutes ahead', deviceMs: 120_000, clerkSeconds: 0, aheadMs: 120_000 },
  { what: 'a device that is two minutes behind', deviceMs: -120_000, clerkSeconds: 0, aheadMs: -120_000 },
  { what: 'a Clerk that is two minutes ahead', deviceMs: 0, clerkSeconds: 120, aheadMs: -120_000 },
] as const;

/** What the page's code takes for the time. Timers run as they do. */
const setClock = (byMs: number): string => `
  const RealDate = Date;
  Date = class Date extends RealDate {
    constructor(...args) { if (args.length > 0) super(...args); else super(RealDate.now() + ${byMs}); }
    static now() { return RealDate.now() + ${byMs}; }
  };
`;

let browser: Browser;
let server: PageServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), servePages()]);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

async function open(side: Side, major: Major, deviceMs: number, clerkSeconds: number): Promise<[Rig, Page]> {
  const rig = await Rig.open({ browser, server, settings: { side, major }, tokenLifeSeconds });
  if (deviceMs !== 0) await rig.context.addInitScript({ content: setClock(deviceMs) });
  rig.clerk.configure({ clockSkewSeconds: clerkSeconds });
  const page = await rig.openTab();
  await rig.signedIn(page);
  return [rig, page];
}

/** What happened in a page while it was left alone. */
async function watch(rig: Rig, page: Page) {
  const from = Date.now();
  const ofKind = (kind: string) =>
    rig.convex.authentications.filter((event) => event.at >= from && event.kind === kind).length;
  await sleep(watchedMs);
  await rig.until('a refresh', () => ofKind('accepted') > 0);
  const counts = await rig.counts(page);
  const requests = rig.clerk.log.filter(
    ({ at, method, path }) => at >= from && at < from + watchedMs && method === 'POST' && /\/tokens\b/.test(path),
  );
  return {
    tokens: requests.length,
    refreshed: ofKind('accepted'),
    refused: ofKind('refused'),
    asNobody: rig.convex.runs.filter(({ identity }) => identity === null).length,
    unmounts: counts['unmounts of authenticated'] ?? 0,
    events: await page.evaluate(() => [...window.healthyPage.events]),
    problems: rig.problems,
  };
}
type Watched = Awaited<ReturnType<typeof watch>>;

const offsetsIn = (events: readonly string[]): number[] =>
  events.flatMap((text) => {
    const event = JSON.parse(text) as { type?: string; offsetMs?: number };
    return event.type === 'clock_skew_detected' ? [event.offsetMs ?? Number.NaN] : [];
  });

describe('a wrong clock', () => {
  const seen = new Map<string, Watched>();
  const keyOf = (what: string, major: Major, side: Side) => `${what} ${major} ${side}`;

  beforeAll(async () => {
    const combinations = rows.flatMap((row, at) =>
      majorsIn(at).flatMap((major) => sides.map((side) => ({ row, major, side }))),
    );
    await Promise.all(
      combinations.map(async ({ row, major, side }) => {
        const [rig, page] = await open(side, major, row.deviceMs, row.clerkSeconds);
        try {
          seen.set(keyOf(row.what, major, side), await watch(rig, page));
        } finally {
          await rig.close();
        }
      }),
    );
    if (process.env.CLOCK_PRINT) {
      for (const [key, { events, ...counted }] of seen) console.log(key, JSON.stringify(counted), offsetsIn(events));
    }
  });

  describe.each(rows.map((row, at) => ({ ...row, at })))('$what', ({ what, aheadMs, at }) => {
    it.each(majorsIn(at))(
      'signs nobody out and costs no request more than plain under clerk-js %i, and is told once',
      (major) => {
        const plain = seen.get(keyOf(what, major, 'plain')) as Watched;
        const ours = seen.get(keyOf(what, major, 'resilient')) as Watched;
        expect(ours.tokens).toBeLessThanOrEqual(plain.tokens + phase);
        expect(ours.refreshed).toBeGreaterThan(0);
        expect([ours.asNobody, ours.unmounts], noAccident).toEqual([0, 0]);
        expect({ ...ours, tokens: 0, refreshed: 0, events: [] }).toEqual({
          tokens: 0,
          refreshed: 0,
          refused: 0,
          asNobody: 0,
          unmounts: 0,
          events: [],
          problems: [],
        });
        const offsets = offsetsIn(ours.events);
        expect(offsets).toHaveLength(1);
        expect(offsets[0]).toBeGreaterThan(aheadMs - 3_000);
        expect(offsets[0]).toBeLessThan(aheadMs + 3_000);
        expect((offsets[0] ?? 0) % 1_000).toBeCloseTo(0);
      },
    );
  });
});

describe.concurrent.each(majorsIn(1))(
  'while Convex refuses each fresh token because of the clocks, under clerk-js %i',
  (major) => {
    /** Clerk's clock falls behind Convex's by more than a token lives, for six seconds. */
    async function refuse(side: Side, meanwhile: (rig: Rig, page: Page) => Promise<void>): Promise<void> {
      const [rig, page] = await open(side, major, 0, 0);
      try {
        const accepted = () => rig.convex.authentications.filter(({ kind }) => kind === 'accepted').length;
        await rig.until('the second token that Convex asks for at once', () => accepted() > 1);
        rig.clerk.configure({ clockSkewSeconds: -120 });
        rig.convex.faults.add({ action: 'auth_error' });
        // Ours tries a doubtful token over HTTP first.
        await rig.until(
          'a refusal',
          () =>
            rig.convex.authentications.some(({ kind }) => kind === 'refused') ||
            rig.convex.log.some(({ path, status }) => path === '/api/query' && status === 401),
        );
        await sleep(4_000);
        await meanwhile(rig, page);
        const before = accepted();
        rig.clerk.configure({ clockSkewSeconds: 0 });
        if (side === 'plain') await sleep(6_000);
        else {
          await rig.until('a token to be accepted', () => accepted() > before);
          await page.locator('.health', { hasText: '"healthy"' }).waitFor({ state: 'attached' });
        }
        const state = await page.locator('#state-0').textContent();
        expect(state).toBe(side === 'plain' ? 'signed_out' : 'authenticated');
      } finally {
        await rig.close();
      }
    }

    it('plain: signs the user out for good', async () => {
      await refuse('plain', async (_rig, page) => {
        await page.locator('#state-0', { hasText: 'signed_out' }).waitFor({ state: 'attached' });
      });
    });

    it('keeps the user in, says that it is the clock, and recovers when that is mended', async () => {
      await refuse('resilient', async (rig, page) => {
        const told = page.locator('.health', { hasText: 'clock_skew' });
        await told.waitFor({ state: 'attached' });
        const health = await told.textContent();
        expect(JSON.parse(health ?? '')).toMatchObject({ status: 'recovering', failure: { kind: 'clock_skew' } });
        expect((await rig.counts(page))['unmounts of authenticated'] ?? 0, noAccident).toBe(0);
      });
    });
  },
);
