import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { jsonOf } from '../jsonOf.ts';
import { type ExpectedPlain, isPlainFailing, problemsOf } from '../problemsOf.ts';
import type { Row, SideResult } from '../Row.ts';
import { timelineOf } from './timelineOf.ts';

export interface ReportOptions {
  folder: string;
  rows: readonly Row[];
  expected: ExpectedPlain;
  seed: number;
  /** What was played: read before anything was, because a run may change files (`--update-expected`). */
  commit: string;
  /** The browsers with their versions. */
  engines: readonly string[];
  seconds: number;
}

type ReportedRow = ReturnType<typeof reportedRow>;
interface Report {
  readonly report: {
    readonly seed: number;
    readonly commit: string;
    readonly engines: readonly string[];
    readonly seconds: number;
  };
  readonly rows: readonly ReportedRow[];
}

/**
 * Writes `report.json` and a page of it that needs nothing else, `report.html`. What is there already of the same seed and commit stays: the whole may
 * be played in parts, and engine by engine.
 */
export async function writeReport({
  folder,
  rows,
  expected,
  seed,
  commit,
  engines,
  seconds,
}: ReportOptions): Promise<void> {
  const played = rows.map((row) => reportedRow(row, expected));
  const before = await readFile(join(folder, 'report.json'), 'utf8').then(
    (text): Report => JSON.parse(text),
    () => undefined, // the first one
  );
  const kept = before?.report.commit === commit && before.report.seed === seed ? before : undefined;
  const isPlayed = new Set(played.map(keyOf));
  const reported = [...(kept?.rows.filter((row) => !isPlayed.has(keyOf(row))) ?? []), ...played];
  const report = {
    seed,
    commit,
    engines: [...new Set([...(kept?.report.engines ?? []), ...engines])],
    packages: versions(),
    seconds: seconds + (kept?.report.seconds ?? 0),
    rows: reported.length,
    failed: reported.filter(({ problems }) => problems.length > 0).length,
    plainPlayed: reported.filter(({ plainFails }) => plainFails !== undefined).length,
    plainFails: reported.filter(({ plainFails }) => plainFails).length,
    compared: reported.filter(({ comparison }) => comparison?.plainMs.some((ms) => ms !== null)).length,
    slower: reported.filter(({ comparison }) => comparison && comparison.plainMs.length > 1 && comparison.isSlower)
      .length,
  };
  await mkdir(folder, { recursive: true });
  // A row a line: a change shows in a diff as the rows that it changed.
  const lines = reported.map((row) => JSON.stringify(row)).join(',\n');
  const json = `{"report":${JSON.stringify(report)},"rows":[\n${lines}\n]}\n`;
  await writeFile(join(folder, 'report.json'), json);
  const page = await readFile(new URL('./report.html', import.meta.url), 'utf8');
  await writeFile(
    join(folder, 'report.html'),
    page.replace('"DATA"', () => json.replaceAll('</', '<\\/')),
  );
}

const keyOf = ({ engine, scenario, clerk }: ReportedRow): string => `${engine} ${scenario} ${clerk}`;

const reportedRow = (row: Row, expected: ExpectedPlain) => ({
  ...jsonOf(row),
  says: row.scenario.says,
  problems: problemsOf(row, expected),
  ...(row.results.plain?.ok && { plainFails: isPlainFailing(row.results.plain) }),
  timelines: { ...timeline('plain', row.results.plain), ...timeline('resilient', row.results.resilient) },
});

const timeline = (side: 'plain' | 'resilient', result: SideResult | undefined) =>
  result?.ok ? { [side]: timelineOf(result.recording) } : {};

function versions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const { devDependencies } = require('../../../package.json') as { devDependencies: Record<string, string> };
  const names = ['@clerk/clerk-js', 'clerk-js-v6', '@clerk/clerk-react', '@clerk/react', 'convex', 'react', 'react-18'];
  return Object.fromEntries(names.map((name) => [name, (devDependencies[name] ?? '').replace(/^npm:.*@/, '')]));
}
