import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Part, type Situation, situations } from './situations.ts';
import { ids, type VersionId } from './versionIds.ts';

// docs/next-compared.md, made of test/next/results: what was seen, of which commit, with which versions, and when.

const root = fileURLToPath(new URL('../../..', import.meta.url));
export const resultsFolder = join(root, 'test/next/results');
export const tableFile = join(root, 'docs/next-compared.md');

export interface Result {
  readonly situation: Situation;
  readonly seen: Readonly<Record<'ours' | 'plain', string>>;
  /** The sides that did other than the row said on that day; absent where both did as it said. */
  readonly failed?: Readonly<Partial<Record<'ours' | 'plain', true>>>;
  /** The last that changed the library or one of the apps; with `+` where it was not all of it. */
  readonly commit: string;
  readonly date: string;
  readonly versions: Readonly<Record<'next' | '@clerk/nextjs', string>>;
}

/** What was seen of one pair of versions in one part of the table. */
export interface Results {
  readonly part: Part;
  readonly id: VersionId;
  readonly results: readonly Result[];
}

export const fileOf = (part: Part, id: VersionId): string =>
  join(resultsFolder, `${part.replace(' ', '-')}-${id}.json`);

export async function readResults(): Promise<readonly Results[]> {
  const files = (await readdir(resultsFolder)).filter((file) => file.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (file) => JSON.parse(await readFile(join(resultsFolder, file), 'utf8')) as Results),
  );
}

export const writeTable = async (): Promise<void> => writeFile(tableFile, documentOf(await readResults()));

export function documentOf(all: readonly Results[]): string {
  const sections = (Object.keys(situations) as Part[]).map(
    (part) => `## ${part}\n\n${tableOf(all.filter((results) => results.part === part))}\n`,
  );
  const missing = missingIn(all);
  return `# Next.js, with the library and without

\`examples/next-app\` beside the same app as Clerk's and Convex's guides have it (\`test/next/plain\`), each on emulators of Clerk
and Convex, in Chromium. Played by \`NEXT=all NEXT_WRITE=1 pnpm test:next\`, which can be run pair by pair (\`NEXT=next15-clerk6\`) and fails where a side does other than the row says; such a cell is marked "failed" here. What was seen is in
\`test/next/results\`, and this page is made of it: a line for each different outcome. "all" is Next.js 16 and 15, each with @clerk/nextjs 7 and 6, and 15.2.8, the oldest that is accepted, with 7; "16 / 7" is one of these. The last column has the day and the commit that was played (before 19a5206 the one that wrote the result down). The library's side of 16 / 7 is played anew by each run of CI, as far as its rows are in the gate.

The word of the header in its order: \`loading\` is \`<AuthLoading>\`, \`in\` is \`<Authenticated>\`, \`out\` is \`<Unauthenticated>\`.

${sections.join('\n')}${missing.length === 0 ? '' : `\n## Not played\n\n${missing.map((each) => `- ${each}\n`).join('')}`}`;
}

/** What has no result: `next dev, next15-clerk6`, or, where some of these have one, `next dev, next15-clerk6: …` for each. */
export function missingIn(all: readonly Results[]): readonly string[] {
  return ids.flatMap((id) =>
    (Object.keys(situations) as Part[]).flatMap((part) => {
      const of = all.filter((results) => results.part === part && results.id === id).flatMap(({ results }) => results);
      const missing = situations[part].filter((situation) => !of.some((result) => result.situation === situation));
      const name = `${part}, ${id}`;
      return of.length === 0 ? [name] : missing.map((situation) => `${name}: ${situation}`);
    }),
  );
}

/** A line for each outcome, with the versions that have it. */
export function tableOf(all: readonly Results[]): string {
  const lines = ['| situation | versions | with the library | plain | played on |', '| --- | --- | --- | --- | --- |'];
  const names = new Set(all.flatMap(({ results }) => results.map(({ situation }) => situation)));
  for (const situation of ofTheList(names)) {
    const outcomes = new Map<string, { id: VersionId; result: Result }[]>();
    for (const { id, results } of all)
      for (const result of results.filter((each) => each.situation === situation)) {
        const outcome = `${cell(result, 'ours')} | ${cell(result, 'plain')}`;
        outcomes.set(outcome, [...(outcomes.get(outcome) ?? []), { id, result }]);
      }
    for (const [outcome, seen] of outcomes)
      lines.push(
        `| ${situation} | ${whereOf(seen.map(({ id }) => id))} | ${outcome} | ${whenOf(seen.map(({ result }) => result))} |`,
      );
  }
  return lines.join('\n');
}

/** In the order of the list, whatever order they were played in. */
const ofTheList = (names: ReadonlySet<Situation>): readonly Situation[] =>
  [...new Set(Object.values(situations).flat())].filter((situation) => names.has(situation));

const whereOf = (seen: readonly VersionId[]): string =>
  seen.length === ids.length
    ? 'all'
    : ids
        .filter((id) => seen.includes(id))
        .map((id) => id.replace(/^next([\d.]+)-clerk(\d+)$/, '$1 / $2'))
        .join(', ');

const whenOf = (results: readonly Result[]): string =>
  [...new Set(results.map(({ date, commit }) => `${date} ${commit.slice(0, 7)}${commit.endsWith('+') ? '+' : ''}`))]
    .sort()
    .join(', ');

// How long a page waits is drawn by lot.
const cell = ({ seen, failed }: Result, side: 'ours' | 'plain'): string =>
  (failed?.[side] ? '**failed:** ' : '') +
  seen[side].replaceAll('|', '\\|').replace(/again in \d+ sec\w*/, 'again in … s');
