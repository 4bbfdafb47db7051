import { parseArgs } from 'node:util';
import { type Engine, engines } from './BrowserSeat.ts';
import { type ClerkMajor, clerkMajors } from './buildPage.ts';
import { type Side, sides } from './sides.ts';

export interface BenchOptions {
  /** Which lives: what every change must pass, the long command's, or all but the long ones. */
  readonly suite: 'brief' | 'quick' | 'matrix' | 'default';
  readonly json: boolean;
  readonly updateExpected: boolean;
  readonly only?: RegExp;
  /** In this order. With more than one, the others than Chromium play the covering set alone. */
  readonly engines: readonly Engine[];
  readonly majors: readonly ClerkMajor[];
  readonly sides: readonly Side[];
  readonly concurrency: number;
  readonly seed: number;
  /** Seed of the random schedules. */
  readonly schedules: number;
  /** How often a row is played on both sides in which ours came back later than plain. */
  readonly runs: number;
  /** Folder that gets everything that was seen of each run, as JSON. */
  readonly trace?: string;
  /** Folder that gets the report. */
  readonly report?: string;
}

export const usage = `Usage: pnpm bench:faults [options]

  --quick             the quick scenarios on both sides, the covering set and random schedules on ours, and a sample of
                      the matrix on plain
  --brief             what every change must pass: the same without that sample, and without the scenarios that other
                      tests tell: plain is known to recover (the covering set has their faults) or somebody signs out
                      (test/contract/sessions)
  --matrix            all of it: every fault in every moment on both sides, faults of 45 s, real outages of 210 s
  --report <folder>   writes report.json and report.html there; adds to what is there of the same seed and commit
  --json              one JSON array on stdout instead of a table
  --only <regexp>     only the lives whose id matches: a scenario, life_01, random/1/1, or <when>/<fault>/<lasts>
  --engine <name>     chromium (default), firefox or webkit; all: Chromium, and the covering set in the other two
  --clerk <5|6>       only that major of clerk-js
  --side <side>       only plain, or only resilient
  --concurrency <n>   browsers at once (default 16)
  --seed <n>          seed of the covering set, of the random schedules and of Math.random in the pages (default 1)
  --schedules <n>     seed of the random schedules alone (default the seed): other faults, and all else as it was
  --runs <n>          plays a row of a wake signal, or in which ours came back later than plain, until there are n runs
                      of each (default 1)
  --trace <folder>    writes all that was seen of each run there
  --update-expected   writes what plain came to into test/faults/expected-plain.json`;

/** Reads the command line. Throws with a message for people. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'), // package managers hand it on
    options: {
      quick: { type: 'boolean', default: false },
      brief: { type: 'boolean', default: false },
      matrix: { type: 'boolean', default: false },
      report: { type: 'string' },
      json: { type: 'boolean', default: false },
      only: { type: 'string' },
      engine: { type: 'string', default: 'chromium' },
      clerk: { type: 'string' },
      side: { type: 'string' },
      concurrency: { type: 'string', default: '16' },
      seed: { type: 'string', default: '1' },
      schedules: { type: 'string' },
      runs: { type: 'string', default: '1' },
      trace: { type: 'string' },
      'update-expected': { type: 'boolean', default: false },
    },
  });
  const [suite = 'default', ...more] = (['brief', 'quick', 'matrix'] as const).filter((name) => values[name]);
  if (more.length > 0) throw new Error(`--${[suite, ...more].join(', --')}: expected one of them.`);
  return {
    suite,
    json: values.json,
    updateExpected: values['update-expected'],
    engines: oneOf('--engine', values.engine === 'all' ? undefined : values.engine, engines, 'all'),
    majors: oneOf('--clerk', values.clerk, clerkMajors),
    sides: oneOf('--side', values.side, sides),
    concurrency: whole('--concurrency', values.concurrency, 1),
    seed: whole('--seed', values.seed, 0),
    schedules: whole('--schedules', values.schedules ?? values.seed, 0),
    runs: whole('--runs', values.runs, 1),
    ...(values.only !== undefined && { only: new RegExp(values.only) }),
    ...(values.trace !== undefined && { trace: values.trace }),
    ...(values.report !== undefined && { report: values.report }),
  };
}

function oneOf<T extends string | number>(
  option: string,
  value: string | undefined,
  all: readonly T[],
  ...otherwise: readonly string[]
): readonly T[] {
  if (value === undefined) return all;
  const chosen = all.filter((one) => String(one) === value);
  if (chosen.length === 0) throw new Error(`${option} ${value}: expected ${[...all, ...otherwise].join(' or ')}.`);
  return chosen;
}

function whole(option: string, value: string, least: number): number {
  const n = Number(value);
  if (!Number.isInteger(n) || n < least)
    throw new Error(`${option} ${value}: expected a whole number of ${least} or more.`);
  return n;
}
