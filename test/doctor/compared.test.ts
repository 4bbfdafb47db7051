import { readFileSync } from 'node:fs';
import { findingCodes } from 'clerk-convex-resilience/diagnosis';
import { expect, test } from 'vitest';
import { singleCases } from './cases.ts';
import { next } from './projects/next.ts';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const text = read('docs/doctor-compared.md');

test('the comparison with Clerk’s doctor has a row for each mistake, and each is named (pnpm exec tsx test/doctor/compare.ts)', () => {
  const cases = singleCases().filter(({ project, expected }) => project === next && expected.size > 0);
  const missing = cases.filter(
    ({ mutations: [mutation], expected }) =>
      !text.includes(`\n| ${mutation?.name} | ${[...expected].map((code) => `\`${code}\``).join(', ')} | `),
  );
  expect(missing.map(({ name }) => name)).toEqual([]);
  expect(text).toContain(`**Of ${cases.length} mistakes, clerk-convex-doctor names ${cases.length} by their code`);
});

test('its sums are those of its rows', () => {
  const rows = text.split('| made wrong |')[1]?.match(/^\| .+ \| `[A-Z_`, ]+ \| .+ \|$/gm) ?? [];
  const clerks = rows.map((row) => row.split(' | ').at(-1)?.replace(/ \|$/, ''));
  const inFiles = clerks.filter((told) => told !== 'not asked');
  const noticed = inFiles.filter((told) => told !== 'nothing');
  expect(text).toContain(`**Of ${rows.length} mistakes`);
  expect(text.replaceAll('\n', ' ')).toContain(
    `${inFiles.length} of them are in the project's files; \`clerk doctor\` says something of ${noticed.length} of those.`,
  );
});

test('the README counts the findings', () => {
  expect(read('README.md')).toContain(`[${findingCodes.length} findings](docs/findings/README.md)`);
});
