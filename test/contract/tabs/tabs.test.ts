import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { noAccident } from '../../../scripts/noAccident.mjs';
import { launchChromium } from '../../support/chromium.ts';
import { majorsIn } from '../../support/inTurn.ts';
import { tokenLifeSeconds } from '../healthy/observe.ts';
import { Rig } from '../healthy/Rig.ts';
import { type PageServer, servePages } from '../healthy/servePages.ts';

const majors = majorsIn(1);
const sides = ['plain', 'resilient'] as const;
const outageMs = 20_000;

interface Outcome {
  /** Requests to Clerk in the outage, of all tabs together, counted by the server. */
  readonly requests: number;
  /** After the mend, in milliseconds, until the last tab was authenticated and healthy again. */
  readonly recoveredAfterMs: number;
  readonly unmounts: number;
  /** Of this library: locks that were asked for in the outage, and what is left after it. */
  readonly locksTaken: number;
  readonly left: readonly string[];
  readonly problems: readonly string[];
}

interface SignedOut {
  /** The most sign-outs that were under way at one moment, and how many there were after both tabs had heard of it. */
  readonly atOnce: number;
  readonly attempts: number;
  readonly revoked: boolean;
  readonly states: readonly (string | null)[];
  readonly runsAsUser: number;
  readonly mark: string | null;
}

let browser: Browser;
let server: PageServer;
const rigs: Rig[] = [];
const outcomes = new Map<string, Outcome>();
const signedOut = new Map<number, SignedOut>();

const toClerk = (rig: Rig, from: number, until = Infinity) =>
  rig.clerk.log.filter(
    ({ at, path, method }) => at >= from && at < until && path.startsWith('/v1/') && method !== 'OPTIONS',
  );
const ours = (names: readonly string[]): string[] => names.filter((name) => name.startsWith('clerk-convex-resilience'));

/** Clerk is closed across a refresh; in the midst of it the tab that asks is closed, before it is answered. */
async function playOutage(rig: Rig): Promise<Outcome> {
  const tabs = await Promise.all(Array.from({ length: 4 }, () => rig.openTab()));
  await Promise.all(tabs.map((page) => rig.signedIn(page)));
  const underWay = new Set<Request>();
  rig.context.on('request', (request) => void (request.url().includes('/v1/') && underWay.add(request)));
  rig.context.on('requestfinished', (request) => underWay.delete(request));
  rig.context.on('requestfailed', (request) => underWay.delete(request));

  const from = Date.now();
  let fault = rig.clerk.faults.add({ match: '/v1/', action: 'close' });
  await sleep(outageMs * 0.6);
  expect(fault.fired).toBeGreaterThan(0);
  fault.remove();
  // One request is left without an answer: its tab is the one that asks.
  const hang = rig.clerk.faults.add({ match: '/v1/', times: 1, action: 'hang' });
  fault = rig.clerk.faults.add({ match: '/v1/', action: 'close' });
  await rig.until('a request to hang', () => hang.fired > 0);
  // Those that were closed have failed soon, and the browser may say late that one has begun.
  const [asking] = await vi.waitUntil(() => underWay.size === 1 && [...underWay], { timeout: 15_000, interval: 50 });
  const leader = asking?.frame().page() ?? expect.fail('No request was under way.');
  const left = tabs.filter((page) => page !== leader);
  await leader.close();
  await sleep(from + outageMs - Date.now());
  const requests = toClerk(rig, from).length;
  fault.remove();
  const mended = Date.now();

  const accepted = rig.convex.authentications.length;
  const isPlain = rig.options.settings.side === 'plain';
  await Promise.all(
    left.map(async (page) => {
      const healthy = isPlain
        ? page.locator('#state-0', { hasText: 'authenticated' })
        : page.locator('.health', { hasText: '"healthy"' });
      await healthy.waitFor({ timeout: 60_000, state: 'attached' });
    }),
  );
  await rig.until('each tab to be accepted again', () => rig.convex.authentications.length >= accepted + left.length);
  const recoveredAfterMs = Date.now() - mended;
  await sleep(1_500);
  const looks = await Promise.all(left.map((page) => rig.look(page)));
  const locks = await left[0]?.evaluate(() => navigator.locks.query());
  const counts = await Promise.all(left.map((page) => rig.counts(page)));
  return {
    requests,
    recoveredAfterMs,
    unmounts: counts.reduce((sum, each) => sum + (each['unmounts of authenticated'] ?? 0), 0),
    locksTaken: looks.reduce((sum, { opened }) => sum + ours(opened.locks.map(({ what }) => what)).length, 0),
    left: ours([
      ...[...(locks?.held ?? []), ...(locks?.pending ?? [])].map(({ name }) => name ?? ''),
      ...looks.flatMap(({ channels }) => channels.map(({ what }) => what)),
    ]),
    problems: rig.problems,
  };
}

/** A request of a page, by the clock that all tabs share: what a browser tells of two tabs comes in no order. */
interface Sent {
  readonly url: string;
  readonly method: string;
  readonly begunAt: number;
  /** Infinity as long as it is under way. */
  endedAt: number;
}

declare global {
  interface Window {
    sent: Sent[];
  }
}

/** Runs in the page, before all else. */
function recordRequests(): void {
  window.sent = [];
  const send = window.fetch;
  window.fetch = (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
    const request: Sent = { url, method, begunAt: Date.now(), endedAt: Infinity };
    window.sent.push(request);
    return send(input, init).finally(() => {
      request.endedAt = Date.now();
    });
  };
}

const isSignOut = ({ url, method }: Sent): boolean =>
  /\/v1\/client(\/sessions)?(\/sess_\w+\/(remove|end))?\?/.test(url) &&
  (/_method=DELETE/.test(url) || method === 'DELETE' || /\/(remove|end)\?/.test(url));

/** The most that were under way at one moment. */
const mostAtOnce = (all: readonly Sent[]): number =>
  Math.max(
    0,
    ...all.map(({ begunAt }) => all.filter((each) => each.begunAt <= begunAt && begunAt < each.endedAt).length),
  );

/** Two tabs, a sign-out in one of them while Clerk is closed, the mend, and a reload of both. */
async function playSignOut(rig: Rig): Promise<SignedOut> {
  const [first, second, ...others] = rig.context.pages();
  if (!first || !second) throw new Error('It takes two tabs.');
  await Promise.all(others.map((page) => page.close()));
  const fault = rig.clerk.faults.add({ match: '/v1/', action: 'close' });
  const runs = rig.convex.runs.length;
  await first.evaluate(() => window.healthyPage.signOut());
  const isOut = (page: Page) => page.locator('#state-0', { hasText: 'signed_out' }).waitFor({ state: 'attached' });
  await Promise.all([isOut(first), isOut(second)]);
  await sleep(4_000);
  fault.remove();
  await rig.until('the session to be ended', () => !rig.clerk.isSessionActive(rig.user.sessionId));
  await sleep(1_000);
  const sent = (await Promise.all([first, second].map((page) => page.evaluate(() => window.sent)))).flat();
  const signOuts = sent.filter(isSignOut);
  const mark = await second.evaluate(() => localStorage.getItem('clerk-convex-resilience:signed-out'));
  await Promise.all([first.reload(), second.reload()]);
  await Promise.all([isOut(first), isOut(second)]);
  const states = await Promise.all([first, second].map((page) => page.locator('#state-0').textContent()));
  const runsAsUser = rig.convex.runs.slice(runs).filter(({ identity }) => identity !== null).length;
  const revoked = !rig.clerk.isSessionActive(rig.user.sessionId);
  return { atOnce: mostAtOnce(signOuts), attempts: signOuts.length, revoked, states, runsAsUser, mark };
}

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), servePages()]);
  await Promise.all(
    majors.flatMap((major) =>
      sides.map(async (side) => {
        const rig = await Rig.open({ browser, server, settings: { side, major }, tokenLifeSeconds });
        await rig.context.addInitScript(recordRequests);
        rigs.push(rig);
        const outcome = await playOutage(rig);
        outcomes.set(`${side} ${major}`, outcome);
        console.log(`${rig.name}, 4 tabs, closed ${outageMs / 1_000} s: ${JSON.stringify(outcome)}`);
        if (side === 'resilient') signedOut.set(major, await playSignOut(rig));
      }),
    ),
  );
}, 180_000);

afterAll(async () => {
  await Promise.all(rigs.map((rig) => rig.close()));
  await browser?.close();
  server?.close();
});

describe.each(majors)('four tabs of one browser under clerk-js %i, while Clerk is closed across a refresh', (major) => {
  const outcomeOf = (side: (typeof sides)[number]) => outcomes.get(`${side} ${major}`) as Outcome;

  it('ask as one tab would, after each has found out for itself', () => {
    // The shortest waits of the policy add up to 19 requests of one tab; four that do not know of each other send 32 or more.
    // In so short an outage plain's ladder sends about as many: 17 to 26, and takes 4 to 5 times as long to recover.
    expect(outcomeOf('resilient').requests).toBeGreaterThan(4);
    expect(outcomeOf('resilient').requests).toBeLessThanOrEqual(19 + 2 * 4);
    expect(outcomeOf('plain').requests).toBeGreaterThan(4);
  });

  it('recover, though the one that asked last was closed in the midst of it, and nobody is signed out', () => {
    expect(outcomeOf('resilient').unmounts, noAccident).toBe(0);
    expect(outcomeOf('resilient').problems).toEqual([]);
    expect(outcomeOf('resilient').recoveredAfterMs).toBeLessThan(30_000);
  });

  it('take turns with Web Locks, and hold none and no channel afterwards', () => {
    expect(outcomeOf('resilient').locksTaken).toBeGreaterThan(4);
    expect(outcomeOf('resilient').left).toEqual([]);
  });

  it('carry out a sign-out one at a time, and stay out after a reload', () => {
    const { attempts, ...outcome } = signedOut.get(major) as SignedOut;
    expect(attempts).toBeGreaterThan(1);
    expect(outcome).toEqual({
      atOnce: 1,
      revoked: true,
      states: ['signed_out', 'signed_out'],
      runsAsUser: 0,
      mark: null,
    });
  });
});
