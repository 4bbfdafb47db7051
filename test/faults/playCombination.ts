import type { Combination, Lasts, When } from './Combination.ts';
import { type Aim, type FaultId, type FaultKind, faultKinds, isMomentary } from './faultKinds.ts';
import { recoveryBound } from './recoveryBound.ts';
import type { Scenario } from './Scenario.ts';
import type { Stage } from './Stage.ts';

/** What a person takes for "at once", with room for a busy machine: a click shows within 20 ms where nothing else runs. */
export const atOnceMs = 500;

/** How a scenario is watched: alone and unhurried, or as one step of many in a life. */
export interface Pace {
  readonly settle: { readonly atLeastMs: number; readonly atMostMs: number };
  /** How much longer than counted a fault that is to hit three times is waited for. */
  readonly spentWithinMs: number;
}

export const unhurried: Pace = { settle: { atLeastMs: 6_000, atMostMs: 30_000 }, spentWithinMs: 40_000 };
export const inPassing: Pace = { settle: { atLeastMs: 700, atMostMs: 40_000 }, spentWithinMs: 15_000 };

const anyRequest = / (\/__clerk)?\/v1\//;
/** clerk-js's script too; the keys that Convex verifies tokens with stay reachable. */
const anyRequestOrScript = / (\/__clerk)?\/(v1|npm)\//;
const tokenRequest = /^POST \S*\/sessions\/[^/ ]+\/tokens/;

const counts: Partial<Record<Lasts, number>> = { once: 1, three_times: 3 };
const durations: Partial<Record<Lasts, number>> = { '10s': 10_000, '45s': 45_000, '210s': 210_000 };
const momentaryGapMs = 2_000;

/** A row of the matrix as a scenario. */
export function combinationScenario(combination: Combination, id: string, pace: Pace): Scenario {
  const { when, fault, lasts } = combination;
  const row = {
    id,
    when,
    fault,
    lasts,
    says: `${moments[when].says}: ${faultKinds[fault].says} (${lasts.replace('_', ' ')}).`,
    play: (stage: Stage) => playCombination(stage, combination, pace),
  };
  return when === 'sign_out'
    ? { ...row, realEnd: true, outWithinMs: atOnceMs }
    : { ...row, realEnd: false, recoversWithinMs: recoveryBound(row) };
}

async function playCombination(stage: Stage, { when, fault, lasts }: Combination, pace: Pace): Promise<void> {
  const kind: FaultKind = faultKinds[fault];
  const moment = moments[when];
  await stage.ready();
  await moment.before?.(stage);
  stage.observe();

  const times = counts[lasts];
  const breakNow = (): Promise<void> => {
    // Of a fault that hits so many requests, the first must not be spent on one that nobody waits for.
    const match = (times !== undefined && moment.countedAim) || moment.aim;
    const socketStands = moment.socketStands ?? false;
    return breakAt(stage, fault, kind, { match, socketStands, ...(times !== undefined && { times }) }, moment);
  };
  await moment.during(stage, fault, breakNow);

  const since = Date.now();
  if (isMomentary(fault)) await again(stage, fault, lasts);
  await stage.struck(pace.spentWithinMs);
  if (times !== undefined) await stage.mostlySpent(pace.spentWithinMs);
  const left = (durations[lasts] ?? 0) - (Date.now() - since);
  if (left > 0) await stage.pause(left);
  await stage.mend();
  // After a long outage a fifth of it may pass until somebody asks again.
  const isLong = (durations[lasts] ?? 0) > 30_000;
  const bound = recoveryBound({ when, fault, lasts });
  if (when === 'sign_out') {
    await stage.removed({ waitMs: Math.max(15_000, isLong ? bound : 0) });
    await stage.reload({ waitMs: 10_000 });
    await stage.pause(1_500);
    return;
  }
  const { atLeastMs, atMostMs } = pace.settle;
  await stage.settle({ atLeastMs, atMostMs: Math.max(atMostMs, isLong ? bound : 0) });
  await moment.after?.(stage);
}

async function breakAt(stage: Stage, fault: FaultId, kind: FaultKind, aim: Aim, moment: Moment): Promise<void> {
  // A page that loads would not get its own script either: there Clerk alone is out of reach.
  if (fault === 'disconnected' && !moment.loads) return stage.goOffline();
  if (isMomentary(fault)) await stage.socketOpen();
  if (fault === 'auth_error' && moment.loads) await stage.identified();
  if (fault === 'auth_error')
    return stage.takeIdentityBack((nth) => stage.break(kind.breakage(aim), { isRepeated: nth > 1 }));
  await stage.break(kind.breakage(aim));
}

/** A fault of one moment that lasts comes again. */
async function again(stage: Stage, fault: FaultId, lasts: Lasts): Promise<void> {
  const times = counts[lasts] ?? Math.floor((durations[lasts] ?? 0) / momentaryGapMs);
  for (let i = 1; i < times; i++) {
    await stage.pause(momentaryGapMs);
    await stage.socketOpen();
    const breakAgain = () =>
      stage.break(faultKinds[fault].breakage({ match: anyRequest, socketStands: true }), { isRepeated: true });
    await (fault === 'auth_error' ? stage.takeIdentityBack(breakAgain) : breakAgain());
  }
}

interface Moment {
  readonly says: string;
  /** What of Clerk a fault hits that needs any request. */
  readonly aim: RegExp;
  /** The same for a fault that hits so many requests. @defaultValue `aim` */
  readonly countedAim?: RegExp;
  /** A socket to Convex stands when the fault comes. */
  readonly socketStands?: true;
  /** The page is loaded in it. */
  readonly loads?: true;
  readonly before?: (stage: Stage) => Promise<void>;
  /** Brings the moment about, and the fault at its right place in it. */
  readonly during: (stage: Stage, fault: FaultId, breakNow: () => Promise<void>) => Promise<void>;
  readonly after?: (stage: Stage) => Promise<void>;
}

/** A fault of one moment needs what it hits to be there: the page is loaded first, and it comes as soon as that is. */
const whileLoading =
  (load: (stage: Stage) => Promise<void>): Moment['during'] =>
  async (stage, fault, breakNow) => {
    if (!isMomentary(fault)) await breakNow();
    await load(stage);
    if (isMomentary(fault)) await breakNow();
  };
const leave = (stage: Stage) => stage.leave();
const sleepMs = 5_000;

const moments: Readonly<Record<When, Moment>> = {
  before_clerk_js: {
    says: 'The page is loaded, and clerk-js comes by script',
    aim: anyRequestOrScript,
    loads: true,
    before: leave,
    during: whileLoading((stage) => stage.reload({ clerkJs: 'script', entry: 'bound' })),
  },
  while_clerk_loads: {
    says: 'The page is loaded with clerk-js in it',
    aim: anyRequest,
    loads: true,
    before: leave,
    during: whileLoading((stage) => stage.reload()),
  },
  first_token: {
    says: 'The page is loaded and asks for its first token',
    aim: tokenRequest,
    loads: true,
    before: leave,
    during: whileLoading((stage) => stage.reload()),
  },
  scheduled_refresh: {
    says: 'A token falls due',
    socketStands: true,
    aim: anyRequest,
    countedAim: tokenRequest,
    before: (stage) => stage.justBeforeRefresh(),
    during: (_stage, _fault, breakNow) => breakNow(),
  },
  re_authentication: {
    says: 'Convex has taken the identity back and waits for a token',
    aim: anyRequest,
    countedAim: tokenRequest,
    during: async (stage, fault, breakNow) => {
      if (!isMomentary(fault)) await breakNow();
      await stage.takeIdentityBack();
      if (!isMomentary(fault)) return;
      await stage.pause(500); // Convex's client closes its socket at an AuthError, until it has a token
      await breakNow();
    },
  },
  org_switch: {
    says: 'The user goes to another organisation',
    socketStands: true,
    aim: anyRequest,
    during: async (stage, _fault, breakNow) => {
      await breakNow();
      await stage.switchOrganization();
    },
    after: (stage) => stage.organizationSwitched(),
  },
  sleep: {
    says: 'The machine sleeps, wakes, and gets its network later',
    socketStands: true,
    aim: anyRequest,
    countedAim: tokenRequest,
    before: (stage) => stage.justBeforeRefresh(),
    during: async (stage, _fault, breakNow) => {
      const awake = stage.freeze(sleepMs);
      awake.catch(() => {}); // awaited below: until then it may fail with the network, which must not end the whole bench
      await stage.pause(300);
      await breakNow();
      await awake;
    },
  },
  bfcache: {
    says: 'The user comes back to the page with the back button',
    aim: anyRequest,
    countedAim: tokenRequest,
    before: async (stage) => {
      await stage.justBeforeRefresh();
      await stage.prepareToWander();
    },
    during: async (stage, fault, breakNow) => {
      await stage.wander();
      if (!isMomentary(fault)) await breakNow();
      await stage.pause(2_000);
      await stage.comeBack();
      if (isMomentary(fault)) await breakNow();
    },
  },
  hidden: {
    says: 'The page is in a hidden tab when a token falls due',
    socketStands: true,
    aim: anyRequest,
    countedAim: tokenRequest,
    before: async (stage) => {
      await stage.hide();
      await stage.justBeforeRefresh();
    },
    during: (_stage, _fault, breakNow) => breakNow(),
    after: (stage) => stage.show(),
  },
  sign_out: {
    says: 'The user signs out',
    socketStands: true,
    aim: anyRequest,
    during: async (stage, fault, breakNow) => {
      await breakNow();
      // Nothing of a sign-out asks for a token or sends one: it is caught on the way to one.
      const { needs } = faultKinds[fault];
      if (needs === 'token' || needs === 'authenticate') {
        if (fault !== 'auth_error') await stage.takeIdentityBack();
        await stage.struck(5_000);
      }
      await stage.signOut({ waitMs: 5_000 });
    },
  },
};
