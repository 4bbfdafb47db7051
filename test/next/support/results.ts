import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Side } from './prepareApp.ts';
import { sides, type Version } from './versions.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const kept = join(root, '.cache/next-results');

interface Result {
  readonly situation: string;
  readonly seen: Readonly<Record<Side, string>>;
}

/** What was seen of one pair of versions in one file of tests. */
interface Part {
  readonly part: string;
  readonly where: string;
  readonly results: Result[];
}

/** Plays both sides at once, each on emulators of its own, and keeps what came of it for the table. */
export function createResults(part: string, version: Version) {
  const results: Result[] = [];
  return {
    async compare(situation: string, play: (side: Side) => Promise<string>): Promise<Partial<Record<Side, string>>> {
      const seen = Object.fromEntries(await Promise.all(sides.map(async (side) => [side, await play(side)] as const)));
      results.push({ situation, seen: { ours: '', plain: '', ...seen } });
      return seen as Partial<Record<Side, string>>;
    },
    /** Prints the table; with NEXT_WRITE it goes to docs/next-compared.md, with what earlier runs have kept. */
    async close(): Promise<void> {
      const mine: Part = { part, where: version.label, results };
      console.log(tableOf([mine]));
      if (!process.env.NEXT_WRITE) return;
      await mkdir(kept, { recursive: true });
      const file = join(kept, `${part}-${version.id}.json`);
      // A run may play some of the rows alone (`-t`): the others stay as they were seen before.
      const before = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Part).results : [];
      const others = before.filter(({ situation }) => !results.some((result) => result.situation === situation));
      await writeFile(file, JSON.stringify({ ...mine, results: [...others, ...results] }));
      const files = (await readdir(kept)).sort();
      const parts = await Promise.all(
        files.map(async (file) => JSON.parse(await readFile(join(kept, file), 'utf8')) as Part),
      );
      await writeFile(join(root, 'docs/next-compared.md'), documentOf(parts));
    },
  };
}

function documentOf(parts: readonly Part[]): string {
  const names = [...new Set(parts.map(({ part }) => part))];
  const labels = [...new Set(parts.map(({ where }) => where))].sort().reverse();
  const date = new Date().toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
  const sections = names.map((name) => `## ${name}\n\n${tableOf(parts.filter(({ part }) => part === name))}\n`);
  return `# Next.js, with the library and without

\`examples/next-app\` beside the same app as Clerk's and Convex's guides have it (\`test/next/plain\`), each on emulators of Clerk
and Convex, in Chromium. Last written on ${date} by \`NEXT=all NEXT_WRITE=1 pnpm test:next\`, which can be run pair by pair (\`NEXT=next15-clerk6\`) and fails where the library's side does other than it
should. Versions: ${labels.join('; ')}. A line for each different outcome: "all" is all versions that the situation was played on; one that is missing was not played, or not to its end.

The word of the header in its order: \`loading\` is \`<AuthLoading>\`, \`in\` is \`<Authenticated>\`, \`out\` is \`<Unauthenticated>\`.

${sections.join('\n')}`;
}

/** A line for each outcome, with the versions that have it. */
function tableOf(parts: readonly Part[]): string {
  const lines = ['| situation | versions | with the library | plain |', '| --- | --- | --- | --- |'];
  const situations = new Set(parts.flatMap(({ results }) => results.map(({ situation }) => situation)));
  for (const situation of situations) {
    const outcomes = new Map<string, string[]>();
    let count = 0;
    for (const { where, results } of parts)
      for (const { seen } of results.filter((result) => result.situation === situation)) {
        // How long the page waits is drawn by lot.
        const [ours, plain] = [seen.ours, seen.plain].map((text) =>
          cell(text).replace(/again in \d+ sec/, 'again in … sec'),
        );
        const outcome = `${ours} | ${plain}`;
        outcomes.set(outcome, [...(outcomes.get(outcome) ?? []), short(where)]);
        count++;
      }
    for (const [outcome, where] of outcomes)
      lines.push(`| ${situation} | ${where.length === count && count > 1 ? 'all' : where.join(', ')} | ${outcome} |`);
  }
  return lines.join('\n');
}

const cell = (text: string) => text.replaceAll('|', '\\|');
const short = (label: string) => label.replace(/Next\.js (\d+)\S*, @clerk\/nextjs (\d+)\S*/, '$1 / $2');
