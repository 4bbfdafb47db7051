import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { documentOf, missingIn, readResults, tableFile } from '../next/support/comparedTable.ts';
import { notPlayed } from '../next/support/notPlayed.ts';
import { situations } from '../next/support/situations.ts';

// docs/next-compared.md is what test/next/results holds, and they hold every situation with every pair of versions.

const all = await readResults();

it('is the table of the results: `tsx test/next/writeCompared.ts` makes it anew', async () => {
  expect(documentOf(all)).toBe(await readFile(tableFile, 'utf8'));
});

it('has every situation with every pair of versions in every mode, but for what is known not to have been played', () => {
  expect(missingIn(all)).toEqual(notPlayed);
});

it('has both sides of each, and each in the order of the list', () => {
  for (const { part, results } of all) {
    const list: readonly string[] = situations[part];
    expect(results.map(({ situation }) => situation)).toEqual(
      list.filter((name) => results.some(({ situation }) => situation === name)),
    );
    for (const { seen, situation } of results) expect([seen.ours, seen.plain], situation).not.toContain('');
  }
});

it('says of each what was played, and when', () => {
  for (const { commit, date, versions } of all.flatMap(({ results }) => results)) {
    expect(commit).toMatch(/^[\da-f]{40}$/);
    expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(Object.values(versions).join()).toMatch(/^\d+\.\d+\.\d+,\d+\.\d+\.\d+$/);
  }
});
