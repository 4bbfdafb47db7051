import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findingCodes } from 'clerk-convex-resilience/diagnosis';
import { expect, test } from 'vitest';

// The table of docs/diagnosis.md: which code the doctor finds, the app names and a log tells. What the tests have is what counts.

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));
const read = (file: string): string => readFileSync(path(file), 'utf8');
const all = (folder: string, isOne = (name: string) => name.endsWith('.ts')): string =>
  readdirSync(path(folder))
    .filter(isOne)
    .map((name) => read(folder + name))
    .join('\n');
const quoted = (text: string): readonly string[] => findingCodes.filter((code) => text.includes(`'${code}'`));

const [, table = ''] = read('docs/diagnosis.md').split('## What is found, and by whom');
const rows = [
  ...table.matchAll(/^\| (?!wrong|---)[^|]+ \| (?<doctor>`[^|]+) \| (?<app>[^|]+) \| (?<log>[^|]+) \|$/gm),
].map(({ groups = {} }) => {
  const codes = groups.doctor?.match(/[A-Z_]{4,}/g) ?? [];
  const meant = (cell = '-') => (/^(?:yes|all)$/.test(cell) ? codes : (cell.match(/[A-Z_]{4,}/g) ?? []));
  return { doctor: codes, app: meant(groups.app), log: meant(groups.log) };
});
const column = (name: 'doctor' | 'app' | 'log') => rows.flatMap((row) => row[name]).sort();

test('has every code once, and each of them is made wrong for the doctor', () => {
  expect(column('doctor')).toEqual([...findingCodes].sort());
  expect([...quoted(all('test/doctor/mutations/'))].sort()).toEqual([...findingCodes].sort());
});

test('says of the app what is played in Chromium', () => {
  const played = quoted(all('test/contract/diagnosis/', (name) => name.endsWith('.ts') && name !== 'stories.test.ts'));
  expect(column('app')).toEqual([...played].sort());
});

test('says of a log what is read in one', () => {
  const folder = 'packages/clerk-convex-resilience/src/diagnosis/checks/log/';
  const told = all(folder);
  const known = findingCodes.filter((code) => told.includes(`'${code}'`) || told.includes(`\n  ${code}: `));
  expect(column('log')).toEqual([...known].sort());
});
