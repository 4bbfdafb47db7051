import { execFileSync } from 'node:child_process';
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
  /** The browsers with their versions. */
  engines: readonly string[];
  seconds: number;
}

/** Writes `report.json` and a page of it that needs nothing else, `report.html`. */
export async function writeReport({ folder, rows, expected, seed, engines, seconds }: ReportOptions): Promise<void> {
  const reported = rows.map((row) => ({
    ...jsonOf(row),
    says: row.scenario.says,
    problems: problemsOf(row, expected),
    ...(row.results.plain?.ok && { plainFails: isPlainFailing(row.results.plain) }),
    timelines: { ...timeline('plain', row.results.plain), ...timeline('resilient', row.results.resilient) },
  }));
  const report = {
    seed,
    commit: commit(),
    engines,
    packages: versions(),
    seconds,
    rows: reported.length,
    failed: reported.filter(({ problems }) => problems.length > 0).length,
    plainPlayed: reported.filter(({ plainFails }) => plainFails !== undefined).length,
    plainFails: reported.filter(({ plainFails }) => plainFails).length,
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

const timeline = (side: 'plain' | 'resilient', result: SideResult | undefined) =>
  result?.ok ? { [side]: timelineOf(result.recording) } : {};

function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  try {
    const changed = git('status', '--porcelain', '--', 'packages', 'test/faults') !== '';
    return `${git('rev-parse', '--short=12', 'HEAD')}${changed ? ' with changes' : ''}`;
  } catch {
    return 'unknown';
  }
}

function versions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const { devDependencies } = require('../../../package.json') as { devDependencies: Record<string, string> };
  const names = ['@clerk/clerk-js', 'clerk-js-v6', '@clerk/clerk-react', '@clerk/react', 'convex', 'react', 'react-18'];
  return Object.fromEntries(names.map((name) => [name, (devDependencies[name] ?? '').replace(/^npm:.*@/, '')]));
}
