import { expect, it } from 'vitest';
import type { SourceEvidence } from '../../evidence.ts';
import { checkUsersTable } from './checkUsersTable.ts';
import { cleanProject, withSource } from './testProject.ts';

const usesUsersTable = ['packages/backend/convex/users.ts:9', 'packages/backend/convex/clerk.ts:3'];
const findingsIn = (source: Partial<SourceEvidence>) => {
  const clean = { ...cleanProject(), convexFolder: 'packages/backend/convex' };
  return checkUsersTable({ project: withSource(clean, source) });
};

it.each<[string, Partial<SourceEvidence>, boolean]>([
  ['that the schema has', { usesUsersTable, tables: ['users'] }, false],
  ['that the schema does not have', { usesUsersTable, tables: ['user', 'messages'] }, true],
  ['that an empty schema does not have', { usesUsersTable, tables: [] }, true],
  ['that nobody uses', { usesUsersTable: [], tables: [] }, false],
])('a table %s', (_name, source, isMissing) => {
  expect(findingsIn(source)).toEqual(
    isMissing
      ? [expect.objectContaining({ args: { file: 'packages/backend/convex/schema.ts' }, at: usesUsersTable[0] })]
      : [],
  );
});

it('needs no table where there is no schema', () => {
  const { tables: _, ...source } = cleanProject().source;
  expect(checkUsersTable({ project: { ...cleanProject(), source: { ...source, usesUsersTable } } })).toEqual([]);
});
