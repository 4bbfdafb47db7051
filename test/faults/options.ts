import { parseArgs } from 'node:util';
import { type ClerkMajor, clerkMajors } from './buildPage.ts';
import type { Scenario } from './Scenario.ts';
import { type Side, sides } from './sides.ts';

export interface BenchOptions {
  readonly json: boolean;
  readonly updateExpected: boolean;
  readonly scenarios: readonly Scenario[];
  readonly majors: readonly ClerkMajor[];
  readonly sides: readonly Side[];
  readonly concurrency: number;
  readonly seed: number;
  /** Folder that gets everything that was seen of each run, as JSON. */
  readonly trace?: string;
}

export const usage = `Usage: pnpm bench:faults [options]

  --quick             only the scenarios that every change must pass
  --json              one JSON array on stdout instead of a table
  --only <regexp>     only the scenarios whose id matches
  --clerk <5|6>       only that major of clerk-js
  --side <side>       only plain, or only resilient
  --concurrency <n>   browsers at once (default 12)
  --seed <n>          seed of Math.random in the pages (default 1)
  --trace <folder>    writes all that was seen of each run there
  --update-expected   writes what plain came to into test/faults/expected-plain.json`;

/** Reads the command line. Throws with a message for people. */
export function readOptions(args: readonly string[], all: readonly Scenario[]): BenchOptions {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'), // package managers hand it on
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      only: { type: 'string' },
      clerk: { type: 'string' },
      side: { type: 'string' },
      concurrency: { type: 'string', default: '12' },
      seed: { type: 'string', default: '1' },
      trace: { type: 'string' },
      'update-expected': { type: 'boolean', default: false },
    },
  });
  const only = values.only === undefined ? undefined : new RegExp(values.only);
  const scenarios = all.filter(({ id, quick }) => (!values.quick || quick) && (only?.test(id) ?? true));
  if (scenarios.length === 0)
    throw new Error(
      `No scenario's id matches --only ${values.only}. There are: ${all.map(({ id }) => id).join(', ')}.`,
    );
  return {
    json: values.json,
    updateExpected: values['update-expected'],
    scenarios,
    majors: oneOf('--clerk', values.clerk, clerkMajors),
    sides: oneOf('--side', values.side, sides),
    concurrency: whole('--concurrency', values.concurrency, 1),
    seed: whole('--seed', values.seed, 0),
    ...(values.trace !== undefined && { trace: values.trace }),
  };
}

function oneOf<T extends string | number>(option: string, value: string | undefined, all: readonly T[]): readonly T[] {
  if (value === undefined) return all;
  const chosen = all.filter((one) => String(one) === value);
  if (chosen.length === 0) throw new Error(`${option} ${value}: expected ${all.join(' or ')}.`);
  return chosen;
}

function whole(option: string, value: string, least: number): number {
  const n = Number(value);
  if (!Number.isInteger(n) || n < least)
    throw new Error(`${option} ${value}: expected a whole number of ${least} or more.`);
  return n;
}
