import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { fileOf, type Result, type Results, resultsFolder, tableOf, writeTable } from './comparedTable.ts';
import type { Side } from './prepareApp.ts';
import { type Part, type Situation, situations } from './situations.ts';
import { sides, type Version } from './versions.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Plays both sides at once, each on emulators of its own, and keeps what came of it for the table. */
export function createResults(part: Part, version: Version) {
  const results: Result[] = [];
  const played = whatIsPlayed();
  return {
    async compare(situation: Situation, play: (side: Side) => Promise<string>): Promise<Partial<Record<Side, string>>> {
      const seen = Object.fromEntries(await Promise.all(sides.map(async (side) => [side, await play(side)] as const)));
      results.push({ situation, seen: { ours: '', plain: '', ...seen }, ...played, versions: version.versions });
      return seen as Partial<Record<Side, string>>;
    },
    /** Prints the table; with NEXT_WRITE it goes to test/next/results and docs/next-compared.md. */
    async close(): Promise<void> {
      console.log(tableOf([{ part, id: version.id, results }]));
      if (!process.env.NEXT_WRITE) return;
      await mkdir(resultsFolder, { recursive: true });
      const file = fileOf(part, version.id);
      // A run may play some of the rows alone (`-t`): the others stay as they were seen before.
      const before = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Results).results : [];
      const all = [
        ...results,
        ...before.filter(({ situation }) => !results.some((mine) => mine.situation === situation)),
      ];
      const known: readonly string[] = situations[part];
      const sorted = all
        .filter(({ situation }) => known.includes(situation))
        .sort((a, b) => known.indexOf(a.situation) - known.indexOf(b.situation));
      await writeFile(file, `${JSON.stringify({ part, id: version.id, results: sorted }, null, 2)}\n`);
      await writeTable();
    },
  };
}

/** The commit of what is played, and the day. What the runs themselves write is no change of it. */
function whatIsPlayed(): Pick<Result, 'commit' | 'date'> {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', 'packages', 'examples', 'scripts', 'test', ':!test/next/results');
  return {
    commit: `${git('rev-parse', 'HEAD')}${changed === '' ? '' : '+'}`,
    date: new Date().toISOString().slice(0, 10),
  };
}
