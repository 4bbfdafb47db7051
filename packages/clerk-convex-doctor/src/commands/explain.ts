import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { docsUrlOf, type FindingCode, findingCodes } from 'clerk-convex-resilience/diagnosis';
import { CannotRun } from '../cannotRun.ts';
import { groupOf, groups } from '../groups.ts';
import { labels } from '../print/labels.ts';
import { pageLines } from '../print/pageLines.ts';
import type { Call } from './settings.ts';

/** `explain <CODE>`: the catalogue's page. Without a code: all codes. */
export async function explain({ terminal, flags }: Call, given: string | undefined): Promise<number> {
  const { colors } = terminal;
  if (given === undefined) {
    for (const group of groups) {
      terminal.line(colors.bold(labels[flags.lang ?? 'en'].groups[group]));
      for (const code of findingCodes) if (groupOf({ code }) === group) terminal.line(`  ${code}`);
    }
    return 0;
  }
  const code = codeFrom(given);
  const page = await readPage(code);
  if (page === undefined)
    throw new CannotRun(`The page of ${code} is not installed here. Read it at ${docsUrlOf(code)}`);
  for (const line of pageLines(page, flags.lang ?? 'en', colors)) terminal.line(line);
  terminal.line();
  terminal.line(colors.dim(docsUrlOf(code)));
  return 0;
}

/** A code, however it is spelled: `jwt-template-missing`. Throws with the nearest where there is no such. */
function codeFrom(given: string): FindingCode {
  const name = given
    .trim()
    .toUpperCase()
    .replaceAll(/[\s-]+/g, '_');
  const code = findingCodes.find((known) => known === name);
  if (code) return code;
  const words = name.split('_').filter((word) => word.length > 2);
  const near = findingCodes.filter((known) => words.some((word) => known.includes(word))).slice(0, 8);
  const list = near.length > 0 ? ` Did you mean ${near.join(', ')}?` : '';
  throw new CannotRun(`There is no finding "${given}".${list} \`clerk-convex-doctor explain\` lists all.`);
}

/** The pages come with the library: its `dist/findings/`. */
async function readPage(code: FindingCode): Promise<string | undefined> {
  try {
    const manifest = createRequire(import.meta.url).resolve('clerk-convex-resilience/package.json');
    return await readFile(join(dirname(manifest), 'dist', 'findings', `${code}.md`), 'utf8');
  } catch {
    return undefined;
  }
}
