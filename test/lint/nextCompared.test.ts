import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { documentOf, missingIn, readResults, tableFile, tableOf } from '../next/support/comparedTable.ts';
import { notPlayed } from '../next/support/notPlayed.ts';
import { situations } from '../next/support/situations.ts';

// docs/next-compared.md is what test/next/results holds, and they hold every situation with every pair of versions.

const all = await readResults();

it('is the table of the results: `tsx test/next/writeCompared.ts` makes it anew', async () => {
  expect(documentOf(all)).toBe(await readFile(tableFile, 'utf8'));
});

it('marks a side that did other than its row says', () => {
  const result = all[0]?.results[0];
  if (!result) throw new Error('no results');
  const seen = { ours: 'signed out', plain: '500' };
  const table = tableOf([
    { part: 'keys', id: 'next16-clerk7', results: [{ ...result, seen, failed: { ours: true } }] },
  ]);
  expect(table).toContain('| **failed:** signed out | 500 |');
  const failed = all.flatMap(({ results }) => results).flatMap((each) => Object.keys(each.failed ?? {}));
  expect(documentOf(all).split('**failed:** ')).toHaveLength(failed.length + 1);
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
