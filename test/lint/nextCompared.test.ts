import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { documentOf, readResults, tableFile } from '../next/support/comparedTable.ts';
import { type Part, situations } from '../next/support/situations.ts';
import { ids } from '../next/support/versionIds.ts';

// docs/next-compared.md is what test/next/results holds, and they hold every situation with every pair of versions.

const all = await readResults();

it('is the table of the results: `tsx test/next/writeCompared.ts` makes it anew', async () => {
  expect(documentOf(all)).toBe(await readFile(tableFile, 'utf8'));
});

it.each(ids)('has every situation with %s, on both sides, in every mode', (id) => {
  for (const part of Object.keys(situations) as Part[]) {
    const of = all.filter((results) => results.part === part && results.id === id);
    const played = of.flatMap(({ results }) => results);
    expect(
      played.map(({ situation }) => situation),
      part,
    ).toEqual([...situations[part]]);
    for (const { seen, situation } of played) {
      expect(seen.ours, situation).not.toBe('');
      expect(seen.plain, situation).not.toBe('');
    }
  }
});

it('says of each what was played, and when', () => {
  for (const { commit, date, versions } of all.flatMap(({ results }) => results)) {
    expect(commit).toMatch(/^[\da-f]{40}$/);
    expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(Object.values(versions).join()).toMatch(/^\d+\.\d+\.\d+,\d+\.\d+\.\d+$/);
  }
});
