import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { fileOf, type Result, type Results, resultsFolder, tableOf, writeTable } from './comparedTable.ts';
import { failedSides } from './expectSeen.ts';
import type { Mode } from './openStage.ts';
import type { Side } from './prepareApp.ts';
import type { Row } from './rows.ts';
import { type Part, type Situation, situations } from './situations.ts';
import { sides, type Version } from './versions.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Plays both sides at once, each on emulators of its own, and keeps what came of it for the table. */
export function createResults(part: Part, version: Version) {
  const results: Result[] = [];
  const what = whatIsPlayed();
  let written: Promise<void> = Promise.resolve();
  return {
    async compare(
      { name: situation, ...stated }: Pick<Row, 'ours' | 'plain'> & { readonly name: Situation },
      mode: Mode,
      play: (side: Side) => Promise<string>,
    ): Promise<Partial<Record<Side, string>>> {
      const seen: Partial<Record<Side, string>> = Object.fromEntries(
        await Promise.all(sides.map(async (side) => [side, await play(side)] as const)),
      );
      const failed = failedSides(seen, stated, version, mode);
      results.push({
        situation,
        seen: { ours: '', plain: '', ...seen },
        ...(failed.length > 0 && { failed: Object.fromEntries(failed.map((side) => [side, true])) }),
        ...what,
        versions: version.versions,
      });
      // One after the other, and each at once: a run that is cut short has played what it has played.
      if (process.env.NEXT_WRITE) written = written.then(() => write({ part, id: version.id, results: [...results] }));
      return seen;
    },
    /** Prints the table; with NEXT_WRITE what was seen is in test/next/results and docs/next-compared.md. */
    async close(): Promise<void> {
      console.log(tableOf([{ part, id: version.id, results }]));
      await written;
    },
  };
}

/** Of a row that was played before the last result counts. */
async function write({ part, id, results }: Results): Promise<void> {
  await mkdir(resultsFolder, { recursive: true });
  const file = fileOf(part, id);
  const before = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Results).results : [];
  const others = before.filter(({ situation }) => !results.some((mine) => mine.situation === situation));
  const known: readonly string[] = situations[part];
  const sorted = [...results, ...others]
    .filter(({ situation }) => known.includes(situation))
    .sort((a, b) => known.indexOf(a.situation) - known.indexOf(b.situation));
  // In one move: another file of tests may be reading it for the table.
  await writeFile(`${file}.part`, `${JSON.stringify({ part, id, results: sorted }, null, 2)}\n`);
  await rename(`${file}.part`, file);
  await writeTable();
}

/** The last commit of what is played, and the day; with `+` where files of it were changed since. */
function whatIsPlayed(): Pick<Result, 'commit' | 'date'> {
  const git = (...args: string[]) => execFileSync('git', [...args, '--', ...played], { cwd: root, encoding: 'utf8' });
  const changed = git('status', '--porcelain').trim() === '' ? '' : '+';
  return { commit: git('log', '-1', '--format=%H').trim() + changed, date: new Date().toISOString().slice(0, 10) };
}

/** The library, and the apps on both sides. */
const played = ['packages/clerk-convex-resilience/src', 'examples/next-app', 'test/next/plain'];
