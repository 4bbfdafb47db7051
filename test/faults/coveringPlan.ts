import { createRandom, shuffled } from '../support/random.ts';
import { clerkMajors } from './buildPage.ts';
import { type Lasts, lastings, type When, whens } from './Combination.ts';
import { type FaultId, faultIds } from './faultKinds.ts';
import { feasibleLasts, whyInfeasible } from './infeasible.ts';
import type { Setup } from './Scenario.ts';

/** One row of the covering set: what happens, and in which setup. */
export interface PlannedStep extends PlannedSetup {
  readonly when: When;
  readonly fault: FaultId;
  readonly lasts: Lasts;
}
/** The dimensions that do not change while a page lives. */
type PlannedSetup = Pick<Setup, 'clerk' | 'mode' | 'react' | 'strict'>;

/** How long faults last in the covering set; the longer ones have rows of their own. */
const plannedLastings = ['once', 'three_times', '10s'] as const satisfies readonly Lasts[];

const setups: readonly PlannedSetup[] = clerkMajors.flatMap((clerk) =>
  (['template', 'integration'] as const).flatMap((mode) =>
    ([18, 19] as const).flatMap((react) => [true, false].map((strict) => ({ clerk, mode, react, strict }))),
  ),
);

/**
 * Lives of one page each, that together meet every fault in every moment once, and every other pair of dimensions somewhere: a Latin square,
 * in which each life goes through every moment with a fault of its own in each. The sign-out comes last.
 */
export function coveringPlan(seed: number): PlannedStep[][] {
  // Which setup a life has is left to chance: some seeds leave a pair out, and the next is tried then.
  for (let salt = 0; salt < 1_000; salt++) {
    const plan = planOf(createRandom(seed * 1_000 + salt));
    if (uncoveredPairs(plan).length === 0) return plan;
  }
  throw new Error(`No covering plan was found for the seed ${seed}.`);
}

function planOf(random: () => number): PlannedStep[][] {
  const faults = shuffled(random, faultIds);
  const moments = shuffled(
    random,
    whens.filter((when) => when !== 'sign_out'),
  );
  const lives = [...shuffled(random, setups), ...shuffled(random, setups)].slice(0, faults.length);
  // Half of the faults hit once: those take the least time.
  const spread: ReadonlyArray<(typeof plannedLastings)[number]> = [
    'once',
    '10s',
    'once',
    'three_times',
    'once',
    'once',
    'three_times',
    'once',
    '10s',
    'three_times',
  ];
  return lives.map((setup, life) =>
    [...moments, 'sign_out' as const].flatMap((when, column) => {
      const row = (life + 3 * column) % faults.length;
      const fault = faults[row] as FaultId;
      if (whyInfeasible(when, fault) !== undefined) return [];
      const lasts = feasibleLasts(when, fault, spread[(row + 3 * column) % spread.length] as Lasts);
      return [{ ...setup, when, fault, lasts }];
    }),
  );
}

const dimensions = {
  fault: faultIds,
  when: whens,
  lasts: lastings.filter((lasts) => (plannedLastings as readonly Lasts[]).includes(lasts)),
  clerk: clerkMajors,
  mode: ['template', 'integration'],
  react: [18, 19],
  strict: [true, false],
} as const;
type Dimension = keyof typeof dimensions;

const canMeet = (fault: FaultId, b: Dimension, y: unknown): boolean =>
  b === 'when'
    ? whyInfeasible(y as When, fault) === undefined
    : b !== 'lasts' || whens.some((when) => whyInfeasible(when, fault, y as Lasts) === undefined);

/** Pairs of values of two dimensions that can meet and do not: `fault=closed when=sleep`. */
export function uncoveredPairs(plan: ReadonlyArray<readonly PlannedStep[]>): string[] {
  const names = Object.keys(dimensions) as Dimension[];
  const met = new Set<string>();
  const pair = (a: Dimension, x: unknown, b: Dimension, y: unknown) => `${a}=${x} ${b}=${y}`;
  for (const step of plan.flat())
    for (const [i, a] of names.entries()) for (const b of names.slice(i + 1)) met.add(pair(a, step[a], b, step[b]));
  return names.flatMap((a, i) =>
    names.slice(i + 1).flatMap((b) =>
      dimensions[a].flatMap((x: unknown) =>
        dimensions[b].flatMap((y: unknown) => {
          const isPossible = a !== 'fault' || canMeet(x as FaultId, b, y);
          return isPossible && !met.has(pair(a, x, b, y)) ? [pair(a, x, b, y)] : [];
        }),
      ),
    ),
  );
}
