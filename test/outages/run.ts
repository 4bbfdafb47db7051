import type { ClerkMajor } from '../faults/buildPage.ts';
import { createPool } from '../faults/createPool.ts';
import { servePage } from '../faults/servePage.ts';
import type { Side } from '../faults/sides.ts';
import { launchChromium } from '../support/chromium.ts';
import { readOptions, usage } from './options.ts';
import type { OutageKind } from './outages.ts';
import { type OutageResult, playOutage } from './playOutage.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);

interface Row {
  readonly kind: OutageKind;
  readonly clerk: ClerkMajor;
  readonly seconds: number;
  readonly tabs: number;
}

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const options = readOptions(process.argv.slice(2));
  const rows: Row[] = options.seconds.flatMap((seconds) =>
    options.tabs.flatMap((tabs) =>
      options.kinds.flatMap((kind) => options.majors.map((clerk) => ({ kind, clerk, seconds, tabs }))),
    ),
  );
  const [page, browser] = await Promise.all([servePage(), launchChromium()]);
  const inPool = createPool(options.concurrency);
  const played = new Map<Row, Partial<Record<Side, (OutageResult | string)[]>>>();
  try {
    const { factor } = options;
    await Promise.all(
      rows.flatMap((row) =>
        options.sides.flatMap((side) =>
          Array.from({ length: options.runs }, (_, run) =>
            inPool(async () => {
              const seed = options.seed + run;
              const result = await playOutage({ ...row, side, browser, pageUrl: page.url, factor, seed }).catch(String);
              const results = played.get(row) ?? {};
              played.set(row, results);
              results[side] = [...(results[side] ?? []), result];
              const word = typeof result === 'string' ? result : `${result.requests} requests`;
              say(`${row.kind} ${row.seconds} s, ${row.tabs} tabs, clerk-js ${row.clerk} ${side}: ${word}`);
            }),
          ),
        ),
      ),
    );
  } finally {
    await browser.close();
    page.close();
  }
  const lines = rows.map((row) => ({ ...row, factor: options.factor, ...summaryOf(played.get(row) ?? {}) }));
  process.stdout.write(`${options.json ? JSON.stringify(lines, null, 1) : tableOf(lines)}\n`);
  const failed = [...played.values()].flatMap((sides) => Object.values(sides).flat()).filter(isError);
  return failed.length === 0 ? 0 : 1;
}

const isError = (result: OutageResult | string): result is string => typeof result === 'string';
const isResult = (result: OutageResult | string): result is OutageResult => !isError(result);

const summaryOf = (results: Partial<Record<Side, (OutageResult | string)[]>>) =>
  Object.fromEntries(
    Object.entries(results).map(([side, all]) => {
      const seen = all.filter(isResult);
      return [
        side,
        {
          requests: median(seen.map(({ requests }) => requests)),
          recoveredAfterMs: median(seen.map((one) => one.recoveredAfterMs ?? Infinity)),
          states: seen.flatMap(({ states }) => states),
          byPath: seen[0]?.byPath,
          at: seen[0]?.at,
          errors: all.filter(isError),
        },
      ];
    }),
  ) as Partial<Record<Side, Summary>>;

interface Summary {
  readonly requests: number;
  readonly recoveredAfterMs: number;
  readonly states: readonly string[];
  readonly errors: readonly string[];
}

const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? NaN;

function tableOf(lines: readonly (Row & Partial<Record<Side, Summary>>)[]): string {
  const head = [
    '| outage | kind | clerk-js | tabs | requests plain | ours | ratio | back after plain | ours |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  const back = (side: Summary | undefined): string =>
    side === undefined || Number.isNaN(side.recoveredAfterMs)
      ? '?'
      : Number.isFinite(side.recoveredAfterMs)
        ? `${(side.recoveredAfterMs / 1_000).toFixed(1)} s`
        : `never (${[...new Set(side.states)].join(', ')})`;
  const cells = lines.map(({ kind, clerk, seconds, tabs, plain, resilient }) => [
    `${seconds / 60} min`,
    kind,
    clerk,
    tabs,
    plain?.requests ?? '?',
    resilient?.requests ?? '?',
    plain && resilient ? (resilient.requests / plain.requests).toFixed(2) : '?',
    back(plain),
    back(resilient),
  ]);
  return [...head, ...cells.map((line) => `| ${line.join(' | ')} |`)].join('\n');
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  },
);
