import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, it } from 'vitest';
import { noAccident } from '../../../scripts/noAccident.mjs';
import type { Engine } from '../../support/engines/Engine.ts';
import { engineNamesFor } from '../../support/engines/engineNamesFor.ts';
import { openEngine } from '../../support/engines/openEngine.ts';
import { majorsIn } from '../../support/inTurn.ts';
import { freshlyAccepted, outcomeOf, type Verdict } from '../../support/page/outcomeOf.ts';
import { type PageServer, servePage } from '../../support/page/servePage.ts';
import type { CallResult, ClerkMajor, PageRecord, Side } from '../../support/page/settings.ts';
import { type EngineUser, openUser, tokenLifeSeconds } from './openUser.ts';

// The real clerk-js 5 and 6 and the real Convex client in each engine, in plain ConvexProviderWithClerk and in ours. A
// refresh falls due while Clerk is closed and, where the engine can, the browser offline; then Convex takes the identity
// back; then the page is loaded while Clerk is closed.

const outageMs = 6_000;
const unharmed = { anonymousRuns: 0, unmounts: 0, unhandledRejections: 0 };
const ofOurs = { ...unharmed, outcome: 'recovers' };

let page: PageServer;
beforeAll(async () => {
  page = await servePage();
});
afterAll(() => page?.close());

const users = engineNamesFor().flatMap((name, at) => majorsIn(at).map((major) => [name, major] as const));

it.concurrent.for(users)(
  'the user stays signed in through outages, an AuthError and a page load in %s with clerk-js %i',
  async ([name, major], { expect }) => {
    const engine = await openEngine(name);
    try {
      const [plain, ours] = await Promise.all([play(engine, major, 'plain'), play(engine, major, 'resilient')]);
      console.log(`${name}, clerk-js ${major}: plain ${JSON.stringify(plain)}, ours ${JSON.stringify(ours)}`);
      for (const verdict of [ours.refresh, ours.load]) expect(verdict, noAccident).toMatchObject(unharmed);
      expect(ours).toMatchObject({ refresh: ofOurs, backAfterAuthError: true, load: ofOurs });
      expect(plain.load.anonymousRuns).toBeGreaterThan(0);
      // clerk-js 5 says that there is no token while the browser is offline, and Convex never asks again.
      if (engine.can.offline && major === 5) expect(plain.refresh.outcome).toBe('signed_out');
    } finally {
      await engine.close();
    }
  },
);

interface Played {
  /** What became of the user in the outage around a refresh, and in the one around a page load. */
  readonly refresh: Verdict;
  readonly load: Verdict;
  /** Whether Convex accepted a token again after it had taken the identity back. */
  readonly backAfterAuthError: boolean;
}

/** One user's bad day on one side. */
async function play(engine: Engine, major: ClerkMajor, side: Side): Promise<Played> {
  const user = await openUser(engine, page);
  try {
    return await playDay({ engine, user, major, side });
  } finally {
    await user.close();
  }
}

interface Stage {
  engine: Engine;
  user: EngineUser;
  major: ClerkMajor;
  side: Side;
}

async function playDay({ engine, user, major, side }: Stage): Promise<Played> {
  const { clerk, convex, profile } = user;
  const records: PageRecord[] = [];
  const until = async (ms: number, isSo: () => boolean): Promise<boolean> => {
    for (const end = Date.now() + ms; !isSo(); await sleep(100)) {
      if (Date.now() > end) return false;
      records.push(...((await profile.told()) as PageRecord[]));
    }
    return true;
  };
  const logs = () => ({ clerkLog: clerk.log, authentications: convex.authentications });
  const load = () => user.load({ major, side });
  const lastAccepted = () => convex.authentications.findLast(({ kind }) => kind === 'accepted')?.at ?? 0;

  interface Outage {
    /** Happens at once after Clerk was closed, and at once after it was opened. */
    readonly begin: () => Promise<unknown>;
    readonly end?: () => Promise<unknown>;
    /** Has it hit what it is there for? It lasts until it has. */
    readonly isFelt: (requestsHit: number) => boolean;
  }
  /** Closes Clerk for a while. */
  async function outage({ begin, end = async () => {}, isFelt }: Outage): Promise<Verdict> {
    const from = Date.now();
    const closed = clerk.faults.add({ action: 'close' });
    await begin();
    await sleep(from + outageMs - Date.now());
    if (!(await until(20_000, () => isFelt(closed.fired)))) throw new Error('The outage hit nothing.');
    closed.remove();
    const mendedAt = Date.now();
    await end();
    await until(side === 'plain' ? 12_000 : 30_000, () => freshlyAccepted(logs(), from) !== undefined);
    await sleep(500);
    const watchedUntil = Date.now();
    const call = await profile.evaluate<CallResult>('post(5_000)');
    records.push(...((await profile.told()) as PageRecord[]));
    return outcomeOf({
      ...logs(),
      from,
      until: watchedUntil,
      brokenAt: from,
      mendedAt,
      page: records,
      runs: convex.runs,
      call,
    });
  }

  await load();
  if (!(await until(30_000, () => records.some(({ kind }) => kind === 'me'))))
    throw new Error(`The user was not signed in: ${JSON.stringify(records)}`);
  // Convex fetches a second token at once (authentication_manager.ts, convex 1.48)
  await until(20_000, () => convex.authentications.filter(({ kind }) => kind === 'accepted').length > 1);
  const refreshAt = () => lastAccepted() + (tokenLifeSeconds - 10) * 1_000;
  while (refreshAt() - 1_000 > Date.now()) await sleep(refreshAt() - 1_000 - Date.now());

  const setOffline = async (offline: boolean) => {
    if (!engine.can.offline) return;
    await profile.setOffline(offline);
    if ((await profile.evaluate<boolean>('navigator.onLine')) === offline)
      throw new Error(`The browser should be ${offline ? 'offline' : 'online'}, and is not.`);
  };
  const refresh = await outage({
    begin: () => setOffline(true),
    end: () => setOffline(false),
    // No request leaves a browser that is offline, so Clerk's server sees none: a refresh is due, and does not come.
    isFelt: (requestsHit) => refreshAt() + 2_000 < Date.now() && (engine.can.offline || requestsHit > 0),
  });

  let backAfterAuthError = false;
  // Convex ignores an AuthError that meets a confirmation on its way (authentication_manager.ts, convex 1.48): then again.
  for (let tries = 0; tries < 3 && !backAfterAuthError; tries++) {
    const refusedAt = Date.now();
    convex.faults.add({ action: 'auth_error' });
    backAfterAuthError = await until(4_000, () => lastAccepted() > refusedAt);
  }
  return { refresh, backAfterAuthError, load: await outage({ begin: load, isFelt: (requestsHit) => requestsHit > 0 }) };
}
