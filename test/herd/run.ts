/** `pnpm bench:herd [--json] [--seed <n>]`: what each policy asks of the server and of the user. Virtual time; deterministic. */
import { parseArgs } from 'node:util';
import { type Failure, policies } from './policies.ts';
import { type Herd, simulateHerd } from './simulateHerd.ts';
import { simulateOne } from './simulateOne.ts';

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== '--'), // package managers hand it on
  options: { json: { type: 'boolean', default: false }, seed: { type: 'string', default: '42' } },
});
const seed = Number(values.seed);

const cells: readonly (Omit<Herd, 'seed' | 'clients'> & { name: string })[] = [
  { name: 'A', onset: 'spread', down: 'server', sheds: true },
  { name: 'B', onset: 'at_once', down: 'server', sheds: true },
  { name: 'C', onset: 'spread', down: 'network', sheds: true },
  { name: 'D', onset: 'at_once', down: 'server', sheds: false },
];
const sizes = [10_000, 100_000];
const outages = [
  ['10 s', 10_000],
  ['30 s', 30_000],
  ['5 min', 300_000],
  ['30 min', 1_800_000],
] as const;
const failures: readonly Failure[] = ['network', 'down', 'shed'];

const herd = policies.map((policy) => ({
  policy: policy.name,
  cells: cells.flatMap(({ name, ...cell }) =>
    sizes.map((clients) => ({ name, clients, ...simulateHerd(policy, { ...cell, clients, seed }) })),
  ),
}));
const curve = failures.flatMap((failure) =>
  policies.map((policy) => ({
    failure,
    policy: policy.name,
    outages: outages.map(([name, ms]) => ({ name, ...simulateOne(policy, failure, ms, seed) })),
  })),
);

const short = (seconds: number): string => (seconds === Infinity ? 'never' : seconds.toFixed(1));
const line = (cellsOfLine: readonly string[]): string => `| ${cellsOfLine.join(' | ')} |`;
const rule = (width: number): string => line(Array.from({ length: width }, () => '---'));

function print(): string {
  const heads = cells.flatMap(({ name }) => sizes.map((size) => `${name} ${size / 1_000}k`));
  const names = outages.map(([name]) => `${name}: requests, back after mean / p95`);
  return [
    'Seconds from the end of a 30 s outage until 99 % have an answer, or the share that has none after 300 s.',
    'A: tokens fall due one after the other. B: all at once. C: a network outage that ends with `online`. D: B, and the server sheds nothing.',
    '',
    line(['policy', ...heads]),
    rule(heads.length + 1),
    ...herd.map(({ policy, cells: results }) =>
      line([
        policy,
        ...results.map(({ p99, never }) => (p99 === Infinity ? `${Math.ceil(never * 100)} %` : short(p99))),
      ]),
    ),
    ...failures.flatMap((failure) => [
      '',
      `One user, no wake signal, every attempt fails: ${failure}. Requests during the outage; seconds from its end to the next attempt.`,
      '',
      line(['policy', ...names]),
      rule(names.length + 1),
      ...curve
        .filter((row) => row.failure === failure)
        .map(({ policy, outages: results }) =>
          line([policy, ...results.map((one) => `${one.requests.toFixed(1)}, ${short(one.mean)} / ${short(one.p95)}`)]),
        ),
    ]),
  ].join('\n');
}

process.stdout.write(`${values.json ? JSON.stringify({ seed, herd, curve }, null, 1) : print()}\n`);
