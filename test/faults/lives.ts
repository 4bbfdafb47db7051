import { createRandom, shuffled } from '../support/random.ts';
import { type ClerkMajor, clerkMajors } from './buildPage.ts';
import { type Combination, idOf, type Lasts, type When, whens } from './Combination.ts';
import { coveringPlan } from './coveringPlan.ts';
import { type FaultId, faultIds, isMomentary } from './faultKinds.ts';
import { feasibleLasts, feasiblePairs, whyInfeasible } from './infeasible.ts';
import type { Life } from './Life.ts';
import { combinationScenario, inPassing, unhurried } from './playCombination.ts';
import { randomLife } from './randomSchedule.ts';
import type { Setup } from './Scenario.ts';
import { type NamedScenario, scenarios } from './scenarios.ts';
import { type Side, sides } from './sides.ts';

/** What an app has today that did not think about it: all else is as Clerk and Convex make it. */
const usual = {
  mode: 'template',
  react: 19,
  strict: false,
  clerkJs: 'bundled',
  rtt: 50,
  refreshAfterSeconds: 20, // Convex's default leeway of 10 s, and tokens that live for 30
} as const satisfies Omit<Setup, 'clerk'>;

/** In a life a refresh comes often, so that none is waited for long, but not so often that the façade makes Convex wait: eight are free, and one more in ten seconds, which lasts for two minutes without a load. */
const oftenSeconds = 6;

/** Scenarios with a name, each in a browser of its own, on both sides. */
export const namedLives = (isAsked: (scenario: NamedScenario) => boolean): Life[] =>
  scenarios.filter(isAsked).flatMap((scenario) => {
    const { id, takesSeconds, rtt = usual.rtt, clerkJs = usual.clerkJs } = scenario;
    const { refreshAfterSeconds = usual.refreshAfterSeconds } = scenario;
    return clerkMajors.map((clerk) => ({
      id,
      setup: { ...usual, clerk, rtt, clerkJs, refreshAfterSeconds },
      steps: [scenario],
      sides,
      takesSeconds,
    }));
  });

/** The covering set: many steps in one page, of ours alone or of plain too. */
export const coveringLives = (seed: number, on: readonly Side[] = ['resilient']): Life[] =>
  coveringPlan(seed).map((steps, i) => {
    const id = `life_${String(i + 1).padStart(2, '0')}`;
    const [first] = steps;
    if (!first) throw new Error('A life of no steps was planned.');
    const { clerk, mode, react, strict } = first;
    return {
      id,
      setup: { ...usual, clerk, mode, react, strict, refreshAfterSeconds: oftenSeconds },
      steps: steps.map((step) => combinationScenario(step, `${id}/${idOf(step)}`, inPassing)),
      sides: on,
      plainIsLoadedAnew: true as const,
      takesSeconds:
        10 + steps.reduce((sum, { lasts, fault }) => sum + secondsOf(lasts) + (/hang|late/.test(fault) ? 15 : 8), 0),
    };
  });

/** Whether a life of this id is one of the covering set. */
export const isCovering = (id: string): boolean => id.startsWith('life_');

/** One combination in a browser of its own, on both sides. */
export const combinationLife = (combination: Combination, clerk: ClerkMajor): Life => {
  const id = idOf(combination);
  return {
    id,
    setup: { ...usual, clerk },
    steps: [combinationScenario(combination, id, unhurried)],
    sides,
    takesSeconds: 35 + secondsOf(combination.lasts),
  };
};

/** How long the faults of the full matrix last, in turn. */
const inTurn = ['once', '10s', 'three_times'] as const satisfies readonly Lasts[];

/** Every fault in every moment, on both sides; majors and lengths in turn. */
export const matrixLives = (): Life[] =>
  feasiblePairs.map(({ when, fault }, i) =>
    combinationLife(
      { when, fault, lasts: feasibleLasts(when, fault, inTurn[(i + Math.floor(i / 3)) % 3] as Lasts) },
      clerkMajors[i % 2] as ClerkMajor,
    ),
  );

const otherMoments = whens.filter((when) => when !== 'scheduled_refresh');

/** A fault that can meet the moment, another one for each: those that last by themselves, as an outage does. */
function faultFor(when: When, nth: number): FaultId {
  const possible = faultIds.filter((fault) => !isMomentary(fault) && whyInfeasible(when, fault) === undefined);
  return possible[(5 * nth) % possible.length] as FaultId;
}

/**
 * What lasts long, in a browser of its own, on both sides: every fault for 45 s across a refresh; 45 s in every other moment, with each major;
 * 210 s, which is longer than clerk-js tries, across a refresh with each major and in every other moment, majors in turn. Nothing is accelerated.
 */
export const longLives = (): Life[] => [
  ...faultIds.map((fault, i) =>
    combinationLife({ when: 'scheduled_refresh', fault, lasts: '45s' }, clerkMajors[i % 2] as ClerkMajor),
  ),
  ...otherMoments.flatMap((when, i) =>
    clerkMajors.map((clerk, k) => combinationLife({ when, fault: faultFor(when, 2 * i + k), lasts: '45s' }, clerk)),
  ),
  ...clerkMajors.map((clerk) => combinationLife({ when: 'scheduled_refresh', fault: 'closed', lasts: '210s' }, clerk)),
  ...otherMoments.map((when, i) =>
    combinationLife({ when, fault: faultFor(when, i + 3), lasts: '210s' }, clerkMajors[i % 2] as ClerkMajor),
  ),
];

/** Random schedules, in setups in turn. */
export const randomLives = (seed: number, count: number): Life[] =>
  Array.from({ length: count }, (_, n) => {
    const clerk = clerkMajors[n % 2] as ClerkMajor;
    const mode = n % 4 < 2 ? 'template' : 'integration';
    return randomLife(seed, n + 1, { ...usual, clerk, mode, strict: n % 3 === 0, refreshAfterSeconds: oftenSeconds });
  });

/** A few rows of the matrix, others for each seed: plain must still come to what is committed. */
export const matrixSample = (
  seed: number,
  count: number,
  isKnown: (id: string, clerk: ClerkMajor) => boolean,
): Life[] =>
  shuffled(
    createRandom(seed),
    matrixLives().filter(({ id, setup }) => isKnown(id, setup.clerk)),
  ).slice(0, count);

const secondsOf = (lasts: Lasts): number => ({ once: 0, three_times: 5, '10s': 10, '45s': 45, '210s': 210 })[lasts];
