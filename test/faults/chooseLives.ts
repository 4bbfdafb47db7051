import type { Engine } from './BrowserSeat.ts';
import { clerkMajors } from './buildPage.ts';
import { lastings } from './Combination.ts';
import { feasiblePairs, whyInfeasible } from './infeasible.ts';
import type { Life } from './Life.ts';
import {
  combinationLife,
  coveringLives,
  isCovering,
  longLives,
  matrixLives,
  matrixSample,
  namedLives,
  randomLives,
} from './lives.ts';
import type { BenchOptions } from './options.ts';
import type { Outcome } from './outcome.ts';
import type { ExpectedPlain } from './problemsOf.ts';
import { sides } from './sides.ts';

const randomCount = 4;
const sampleSize = 12;

/**
 * What plain comes to where a scenario says no more than other tests of every change do: the covering set has the faults that
 * pass, and `test/contract/sessions` has sign-outs, in outages with two tabs, and revocations.
 */
const toldElsewhere: ReadonlySet<string> = new Set(['recovers', 'ends', 'signed_in_again'] satisfies Outcome[]);

/** What is to be played, on which sides. */
export function chooseLives(options: BenchOptions, expected: ExpectedPlain): Life[] {
  const chosen = ofSuite(options, expected)
    .filter(({ id, setup }) => (options.only?.test(id) ?? true) && options.majors.includes(setup.clerk))
    .map((life) => ({ ...life, sides: life.sides.filter((side) => options.sides.includes(side)) }))
    .filter(({ sides }) => sides.length > 0);
  if (chosen.length === 0) {
    const { seed, schedules } = options;
    const ids = [...new Set(ofSuite({ suite: 'default', seed, schedules }, expected).map(({ id }) => id))];
    throw new Error(
      `Nothing matches --only ${options.only?.source}. There are ${ids.join(', ')}, and <when>/<fault>/<lasts>.`,
    );
  }
  return chosen;
}

/** What of it an engine plays: all, or the covering set alone where it is played beside Chromium. */
export const livesFor = (engine: Engine, { engines }: Pick<BenchOptions, 'engines'>, chosen: readonly Life[]): Life[] =>
  chosen.filter(({ id }) => engines.length === 1 || engine === 'chromium' || isCovering(id));

function ofSuite(
  { suite, seed, schedules, only }: Pick<BenchOptions, 'suite' | 'seed' | 'schedules' | 'only'>,
  expected: ExpectedPlain,
): Life[] {
  const covering = coveringLives(seed);
  const random = randomLives(schedules, randomCount);
  switch (suite) {
    case 'brief':
    case 'quick': {
      const named = namedLives(({ quick }) => quick);
      const telling = named.filter(({ id, setup }) => !toldElsewhere.has(expected[id]?.[setup.clerk] ?? ''));
      const sample = matrixSample(seed, sampleSize, (id, clerk) => expected[id]?.[clerk] !== undefined);
      const plainAlone = sample.map((life) => ({ ...life, sides: ['plain'] as const }));
      return suite === 'brief'
        ? [...underOneMajor(telling), ...covering, ...random]
        : [...named, ...covering, ...random, ...plainAlone];
    }
    case 'matrix':
      return [...namedLives(() => true), ...matrixLives(), ...longLives(), ...coveringLives(seed, sides), ...random];
    case 'default':
      // Any combination can be asked for; unasked, that would take hours.
      return [
        ...namedLives(() => true),
        ...coveringLives(seed, only ? sides : ['resilient']),
        ...random,
        ...(only ? everyCombination() : []),
      ];
    default:
      return suite satisfies never;
  }
}

/** Each scenario under one major of those that it has, the majors in turn. */
function underOneMajor(named: readonly Life[]): Life[] {
  const ids = [...new Set(named.map(({ id }) => id))];
  return ids.flatMap((id, at) => {
    const ofId = named.filter((life) => life.id === id);
    return ofId.slice(at % ofId.length).slice(0, 1);
  });
}

const everyCombination = (): Life[] =>
  feasiblePairs.flatMap((pair) =>
    lastings
      .filter((lasts) => whyInfeasible(pair.when, pair.fault, lasts) === undefined)
      .flatMap((lasts) => clerkMajors.map((clerk) => combinationLife({ ...pair, lasts }, clerk))),
  );
