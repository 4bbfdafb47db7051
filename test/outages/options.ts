import { parseArgs } from 'node:util';
import { type ClerkMajor, clerkMajors } from '../faults/buildPage.ts';
import { type Side, sides } from '../faults/sides.ts';
import { type OutageKind, outageKinds } from './outages.ts';

export interface OutagesOptions {
  readonly json: boolean;
  readonly seconds: readonly number[];
  readonly tabs: readonly number[];
  readonly kinds: readonly OutageKind[];
  readonly majors: readonly ClerkMajor[];
  readonly sides: readonly Side[];
  readonly factor: number;
  readonly runs: number;
  readonly concurrency: number;
  readonly seed: number;
}

export const usage = `Usage: pnpm bench:outages [options]

  --json              one JSON array on stdout instead of a table
  --minutes <n,n>     how long the outages last (default 5,30)
  --tabs <n,n>        how many tabs are open (default 1,4)
  --kind <k,k>        of ${Object.keys(outageKinds).join(', ')} (default all)
  --clerk <5|6>       only that major of clerk-js
  --side <side>       only plain, or only resilient
  --speed <n>         how many times as fast time passes (default 30; 1: as it does)
  --runs <n>          how often each is played; the median counts (default 1)
  --concurrency <n>   browsers at once (default 4)
  --seed <n>          seed of Math.random in the pages (default 1)`;

/** Reads the command line. Throws with a message for people. */
export function readOptions(args: readonly string[]): OutagesOptions {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'), // package managers hand it on
    options: {
      json: { type: 'boolean', default: false },
      minutes: { type: 'string', default: '5,30' },
      tabs: { type: 'string', default: '1,4' },
      kind: { type: 'string', default: Object.keys(outageKinds).join(',') },
      clerk: { type: 'string', default: clerkMajors.join(',') },
      side: { type: 'string', default: sides.join(',') },
      speed: { type: 'string', default: '30' },
      runs: { type: 'string', default: '1' },
      concurrency: { type: 'string', default: '4' },
      seed: { type: 'string', default: '1' },
    },
  });
  return {
    json: values.json,
    seconds: numbers('--minutes', values.minutes, 0.1).map((minutes) => minutes * 60),
    tabs: numbers('--tabs', values.tabs, 1),
    kinds: some('--kind', values.kind, Object.keys(outageKinds) as OutageKind[]),
    majors: some('--clerk', values.clerk, clerkMajors),
    sides: some('--side', values.side, sides),
    factor: one('--speed', values.speed, 1),
    runs: one('--runs', values.runs, 1),
    concurrency: one('--concurrency', values.concurrency, 1),
    seed: one('--seed', values.seed, 0),
  };
}

function some<T extends string | number>(option: string, value: string, all: readonly T[]): readonly T[] {
  const asked = value.split(',');
  const unknown = asked.filter((name) => !all.some((each) => String(each) === name));
  if (unknown.length > 0) throw new Error(`${option} ${value}: expected ${all.join(', ')}.`);
  return all.filter((each) => asked.includes(String(each)));
}

function numbers(option: string, value: string, least: number): readonly number[] {
  return value.split(',').map((each) => {
    const n = Number(each);
    if (!(n >= least)) throw new Error(`${option} ${value}: expected numbers of ${least} or more.`);
    return n;
  });
}

const one = (option: string, value: string, least: number): number => numbers(option, value, least)[0] ?? least;
