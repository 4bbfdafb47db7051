import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { stopEmulatingFocus } from '../../support/stopEmulatingFocus.ts';
import { isOfLibrary } from './moduleAt.ts';
import type { Rig, TracedLook } from './Rig.ts';
import { type Tally, tally } from './tally.ts';

/**
 * Short, so that Convex asks for a new token every ten seconds (with 30 s, every twenty: twice the time for as many lives); above the 17 s below which
 * clerk-js 6 refreshes no token ahead. `HEALTHY_TOKEN_SECONDS=60` makes them live as long as Clerk's.
 */
export const tokenLifeSeconds = Number(process.env.HEALTHY_TOKEN_SECONDS ?? 20);

/** How often Convex asks for a new token: ten seconds before the old one expires (`authRefreshTokenLeewaySeconds` of convex 1.48). */
export const refreshSeconds = tokenLifeSeconds - 10;

/** What was counted of one rig while nothing was wrong: both tabs together. */
export interface Observation {
  /** Scheduled refreshes that Convex accepted, of each tab (their mean). */
  readonly lives: number;
  /** Requests to Clerk by class, ids left out. */
  readonly requests: Tally;
  readonly authenticates: Tally;
  readonly runs: Tally;
  /** Commits, renders, mounts and unmounts. */
  readonly react: Tally;
  readonly channels: Tally;
  readonly locks: Tally;
  /** What the tabs held at moments without a request under way. */
  readonly rests: readonly TracedLook[];
}

/**
 * Opens two tabs in each rig and takes Playwright's own focus emulation away, so that one of them has the focus and the other is hidden. In
 * step, and half a refresh apart: clerk-js 6 hands tokens from tab to tab, and refreshes more or less often according to
 * how far apart its tabs got theirs.
 */
export async function openTabs(rigs: readonly Rig[]): Promise<{ rig: Rig; tabs: Page[] }[]> {
  const opened = rigs.map((rig) => ({ rig, tabs: [] as Page[] }));
  for (let i = 0; i < 2; i++) {
    const halfARefresh = sleep(refreshSeconds * 500);
    await Promise.all(
      opened.map(async ({ rig, tabs }) => {
        const page = await rig.openTab();
        await rig.signedIn(page);
        await stopEmulatingFocus(page);
        tabs.push(page);
      }),
    );
    await halfARefresh;
  }
  return opened;
}

/** Observes the rigs side by side, over the same time and through the same focus and visibility changes. */
export async function observe(rigs: readonly { rig: Rig; tabs: readonly Page[] }[], lives: number) {
  const from = Date.now();
  const before = await Promise.all(rigs.map(({ rig, tabs }) => count(rig, tabs)));
  const rests = rigs.map((): TracedLook[] => []);
  const livesOf = ({ rig, tabs }: (typeof rigs)[number]) =>
    rig.convex.authentications.filter(({ at, kind }) => at >= from && kind === 'accepted').length / tabs.length;

  const enough = () => rigs.every((each) => livesOf(each) >= lives);
  for (let step = 0; !enough(); step++) {
    if (Date.now() - from > (lives * refreshSeconds * 1.2 + 10) * 1_000)
      throw new Error('The tabs refresh too slowly.');
    await Promise.all(
      rigs.map(async ({ rig, tabs }, i) => {
        const [shown, other] = step % 2 === 0 ? tabs : [...tabs].reverse();
        if (!shown || !other) throw new Error('It takes two tabs.');
        await shown.bringToFront();
        await Promise.all([isHidden(shown, false), isHidden(other, true)]);
        await sleep(2_000);
        for (const page of tabs) rests[i]?.push(await atRest(rig, page));
      }),
    );
    await sleep(1_500);
  }

  const after = await Promise.all(rigs.map(({ rig, tabs }) => count(rig, tabs)));
  const until = Date.now();
  const during = ({ at }: { at: number }) => at >= from && at <= until;
  return rigs.map(({ rig, tabs }, i): Observation => {
    const accepted = rig.convex.authentications.filter(during);
    return {
      lives: livesOf({ rig, tabs }),
      requests: tally(
        rig.clerk.log.filter((entry) => during(entry) && entry.path.startsWith('/v1/') && entry.method !== 'OPTIONS'),
        ({ method, path }) => `${method} ${path.replace(/(sess|client|user)_\w+/g, '*')}`,
      ),
      authenticates: tally(accepted, ({ kind }) => kind),
      runs: tally(rig.convex.runs.filter(during), ({ path, identity }) => `${path}${identity ? '' : ' as nobody'}`),
      react: minus(after[i]?.react ?? {}, before[i]?.react ?? {}),
      channels: minus(after[i]?.channels ?? {}, before[i]?.channels ?? {}),
      locks: minus(after[i]?.locks ?? {}, before[i]?.locks ?? {}),
      rests: rests[i] ?? [],
    };
  });
}

async function count(rig: Rig, tabs: readonly Page[]) {
  const all = await Promise.all(tabs.map(async (page) => [await rig.counts(page), await rig.look(page)] as const));
  const looks = all.map(([, look]) => look);
  const react: Record<string, number> = {};
  for (const [counts] of all) for (const [name, n] of Object.entries(counts)) react[name] = (react[name] ?? 0) + n;
  return {
    react,
    channels: tally(
      looks.flatMap(({ opened }) => opened.channels),
      ({ what }) => what,
    ),
    locks: tally(
      looks.flatMap(({ opened }) => opened.locks),
      ({ what }) => what,
    ),
  };
}

/**
 * A look at a moment when no request to Clerk has been under way for a while. On a busy machine a page may not have taken an answer yet that the browser has
 * had for long: a timer of the library that is there once is looked for again, and one that is at rest is there each time.
 */
async function atRest(rig: Rig, page: Page): Promise<TracedLook> {
  for (let looks = 1; ; ) {
    await rig.until('a moment without a request', () => rig.quietSince(page) + 500 < Date.now());
    const look = await rig.look(page);
    if (rig.quietSince(page) >= Date.now()) continue;
    if (looks++ === 3 || !look.timers.some(({ module }) => isOfLibrary(module))) return look;
    await sleep(500);
  }
}

/** Waits until the page says so itself. */
async function isHidden(page: Page, hidden: boolean): Promise<void> {
  await page.waitForFunction((so) => document.hidden === so, hidden, { polling: 50 });
}

function minus(after: Tally, before: Tally): Tally {
  return Object.fromEntries(Object.entries(after).map(([name, n]) => [name, n - (before[name] ?? 0)]));
}
