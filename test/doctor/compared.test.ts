import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { singleCases } from './cases.ts';
import { next } from './projects/next.ts';

test('the comparison with Clerk’s doctor has a row for each mistake, and each is named (pnpm exec tsx test/doctor/compare.ts)', () => {
  const text = readFileSync(new URL('../../docs/doctor-compared.md', import.meta.url), 'utf8');
  const cases = singleCases().filter(({ project, expected }) => project === next && expected.size > 0);
  const missing = cases.filter(
    ({ mutations: [mutation], expected }) =>
      !text.includes(`\n| ${mutation?.name} | ${[...expected].map((code) => `\`${code}\``).join(', ')} | `),
  );
  expect(missing.map(({ name }) => name)).toEqual([]);
  expect(text).toContain(`**Of ${cases.length} mistakes, clerk-convex-doctor names ${cases.length} by their code`);
});
