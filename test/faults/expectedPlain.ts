import { readFile, writeFile } from 'node:fs/promises';
import type { ExpectedPlain } from './problemsOf.ts';
import type { Row } from './Row.ts';

const file = new URL('./expected-plain.json', import.meta.url);

export async function readExpectedPlain(): Promise<ExpectedPlain> {
  return JSON.parse(await readFile(file, 'utf8'));
}

/** Writes what plain came to in these rows; what it says of other rows stays. */
export async function writeExpectedPlain(rows: readonly Row[], before: ExpectedPlain): Promise<ExpectedPlain> {
  const expected: Record<string, Record<string, string>> = structuredClone(before) as Record<
    string,
    Record<string, string>
  >;
  for (const row of rows) {
    const outcomes = outcomesOfPlain(row);
    if (outcomes !== '') expected[row.scenario.id] = { ...expected[row.scenario.id], [row.setup.clerk]: outcomes };
  }
  await writeFile(file, `${JSON.stringify(expected, null, 2)}\n`);
  return expected;
}

/** What plain came to in a row, in each of its runs; nothing where it was not played. */
export function outcomesOfPlain({ results, again = [] }: Row): string {
  const outcomes = [results, ...again].flatMap(({ plain }) => (plain?.ok ? [plain.outcome] : []));
  return [...new Set(outcomes)].join(' or ');
}
