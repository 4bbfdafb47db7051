import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noAccident } from '../../../scripts/noAccident.mjs';
import { launchChromium } from '../../support/chromium.ts';
import { isOfLibrary } from './moduleAt.ts';
import { type Observation, observe, openTabs, refreshSeconds, tokenLifeSeconds } from './observe.ts';
import { Rig, type Traced } from './Rig.ts';
import { type PageServer, servePages } from './servePages.ts';
import { differences, excess, tally } from './tally.ts';

/** How many refreshes of each tab are watched: ten seconds each. `HEALTHY_PRINT=1` prints what was counted. */
const lives = Number(process.env.HEALTHY_LIVES ?? 10);

// Ours may do less than plain, and more by no more than these, which are far from one more in each token life of each tab: twenty.

// clerk-js looks for a refresh on its own interval, and Convex ten seconds after the last: each tab in its own phase. In a
// stretch of time that is the same for all, one tab may so see one more of each than another. There are two tabs.
const phase = 2;

// The session token is refreshed by whichever tab finds it old, and the other takes it over; a touch brings one too: 9 to 17 in ten lives. clerk-js asks for a lock at each look,
// every five seconds and what that look takes.
const sessionToken = 'POST /v1/client/sessions/*/tokens';
const lookPhase = 8;

// clerk-js 6 refreshes Convex's token in the background besides, 17 s before it expires, unless the other tab has handed it
// a newer one: that depends on milliseconds (29 to 39 requests in ten lives, of which Convex asked for 20; six apart at most).
const convexToken = 'POST /v1/client/sessions/*/tokens/convex';
const backgroundPhase = 8;

// A tab that is put in front does not always tell the page that it has the focus, which is when clerk-js touches the session: two to eleven
// times in eleven changes, on a busy machine, for either side. That each tab was hidden and shown is asked of the page itself.
const touch = 'POST /v1/client/sessions/*/touch';
const touchPhase = 10;

const majors = [5, 6] as const;
const sides = ['plain', 'resilient'] as const;

let browser: Browser;
let server: PageServer;
const rigs: Rig[] = [];
const observations = new Map<Rig, Observation>();

beforeAll(
  async () => {
    [browser, server] = await Promise.all([launchChromium(), servePages()]);
    rigs.push(
      ...(await Promise.all(
        majors.flatMap((major) =>
          sides.map((side) => Rig.open({ browser, server, settings: { side, major }, tokenLifeSeconds })),
        ),
      )),
    );
    const opened = await openTabs(rigs);
    const seen = await observe(opened, lives);
    for (const [i, { rig }] of opened.entries()) observations.set(rig, seen[i] as Observation);
  },
  90_000 + lives * refreshSeconds * 1_200,
);

afterAll(async () => {
  await Promise.all(rigs.map((rig) => rig.close()));
  await browser?.close();
  server?.close();
});

describe.each(majors)('a healthy session in two tabs under clerk-js %i, beside plain', (major) => {
  const rigOf = (side: (typeof sides)[number]): Rig => {
    const rig = rigs.find(({ options: { settings } }) => settings.side === side && settings.major === major);
    if (!rig) throw new Error(`There is no rig of ${side}.`);
    return rig;
  };
  const seenOf = (side: (typeof sides)[number]) => observations.get(rigOf(side)) as Observation;
  const both = () => ({ ours: seenOf('resilient'), plain: seenOf('plain') });

  it(`lasts ${lives} token lives`, () => {
    const { ours, plain } = both();
    if (process.env.HEALTHY_PRINT) {
      for (const side of [ours, plain]) console.log(JSON.stringify({ ...side, rests: side.rests.length }, null, 1));
    }
    for (const side of [ours, plain]) expect(side.lives).toBeGreaterThanOrEqual(lives);
  });

  it('sends Clerk no more requests of any class', () => {
    const { ours, plain } = both();
    const slack = (name: string): number =>
      ({ [sessionToken]: lookPhase, [convexToken]: major === 5 ? phase : backgroundPhase, [touch]: touchPhase })[
        name
      ] ?? phase;
    expect(excess(ours.requests, plain.requests, slack)).toEqual([]);
    const [touches = 0, plainTouches = 0] = [ours.requests[touch], plain.requests[touch]];
    expect(Math.min(touches, plainTouches)).toBeGreaterThan(0); // so the focus did change
  });

  it('authenticates no more often, and runs no function more often', () => {
    const { ours, plain } = both();
    expect(excess(ours.authenticates, plain.authenticates, () => phase)).toEqual([]);
    expect(excess(ours.runs, plain.runs, () => phase)).toEqual([]);
    expect(Object.keys(ours.authenticates)).toEqual(['accepted']);
  });

  // Without it the server knows no session, and a mutation that is sent again after a lost answer runs twice.
  it('introduces each of its sockets to Convex', () => {
    for (const side of sides) expect(rigOf(side).sockets()).toEqual({ opened: 2, introduced: 2 });
  });

  it('renders and commits no more often, and its own health never', () => {
    const { ours, plain } = both();
    const { 'commits of useAuthHealth': ofHealth, ...react } = ours.react;
    // Each answer with a session is an update for `useAuth`, in plain too.
    const updates = ({ requests }: Observation) => (requests[sessionToken] ?? 0) + (requests[touch] ?? 0);
    const slack = phase + Math.max(0, updates(ours) - updates(plain));
    expect(excess(react, plain.react, () => slack)).toEqual([]);
    expect(ofHealth).toBe(0);
    expect(react['renders of useConvexAuth']).toBe(0);
  });

  it('opens no channel and asks for no lock of its own', () => {
    const { ours, plain } = both();
    expect(differences(ours.channels, plain.channels)).toEqual([]);
    expect(excess(ours.locks, plain.locks, () => lookPhase)).toEqual([]);
    for (const { channels, locks, opened } of ours.rests) {
      expect(ownOf([...channels, ...locks, ...opened.channels, ...opened.locks])).toEqual([]);
    }
  });

  it('holds no timer and observes nothing while it rests', () => {
    const { ours, plain } = both();
    expect(ours.rests.flatMap(({ timers, observers }) => ownOf([...timers, ...observers]))).toEqual([]);
    // What the library makes others hold would show in all of them together.
    const held = ({ rests }: Observation) => rests.reduce((sum, { timers }) => sum + timers.length, 0) / rests.length;
    expect(held(ours) - held(plain)).toBeLessThan(1);
  });

  // docs/decisions/0022-two-listeners.md says why.
  it('leaves two listeners on the page, which hear of a sign-out in another tab, and no other', () => {
    const { ours, plain } = both();
    for (const { listeners } of ours.rests)
      expect(ownOf(listeners).toSorted()).toEqual(['window pageshow', 'window storage']);
    const ofOthers = ({ rests }: Observation) =>
      tally(
        (rests.at(-1)?.listeners ?? []).filter(({ module }) => !isOfLibrary(module)),
        ({ what }) => what,
      );
    expect(differences(ofOthers(ours), ofOthers(plain))).toEqual([]);
  });

  it('unmounts nothing, runs nothing as nobody and prints nothing of its own', () => {
    const rig = rigOf('resilient');
    expect(seenOf('resilient').react['unmounts of authenticated'] ?? 0, noAccident).toBe(0);
    expect(seenOf('resilient').react['mounts of authenticated']).toBe(0);
    // Since the first load, not only while it rested.
    expect(
      rig.convex.runs.filter(({ identity }) => identity === null),
      noAccident,
    ).toEqual([]);
    expect(rig.problems).toEqual([]);
    expect(rig.printed.filter((line) => !line.includes('Clerk has been loaded with development keys'))).toEqual([]);
  });
});

const ownOf = (all: readonly Traced[]): string[] =>
  all.filter(({ module }) => isOfLibrary(module)).map(({ what }) => what);
