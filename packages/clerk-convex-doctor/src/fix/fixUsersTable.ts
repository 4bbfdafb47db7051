import { posix } from 'node:path';
import type { ObjectExpression } from '../gather/files/syntax/parseSource.ts';
import { parseFaultless, propertyNames, schemaObject, withImport, withProperty } from './edit.ts';
import { type Fixer, hasLibrary, installFirst } from './planFixes.ts';

const library = 'clerk-convex-resilience/convex';

/** Gives the schema a table `users`, or makes a schema. One that is not plainly written out is left alone. */
export const fixUsersTable: Fixer = async (report, draft) => {
  const finding = report.findings.find(({ code }) => code === 'USERS_TABLE_MISSING');
  const folder = report.evidence.project?.convexFolder;
  if (!finding || folder === undefined) return [];
  const file = posix.join(folder, 'schema.ts');
  if (!hasLibrary(report)) return [installFirst(`The table \`users\` in ${file}`)];
  const text = (await draft.read(file)) ?? '';
  if (text.trim() === '') {
    if ((await draft.read(posix.join(folder, 'schema.js'))) !== undefined)
      return [byHand(posix.join(folder, 'schema.js'))];
    await draft.write(file, schema, finding.code);
    return [];
  }
  const changed = withUsersTable(text);
  if (changed === null) return [byHand(file)];
  await draft.write(file, changed, finding.code);
  return [];
};

const byHand = (file: string): string =>
  `Add the table to ${file} yourself, which is written so that it is not surely understood: import { usersTable } from '${library}', and in defineSchema({ … }) the line \`users: usersTable(),\`.`;

const schema = `import { usersTable } from '${library}';
import { defineSchema } from 'convex/server';

export default defineSchema({
  users: usersTable(),
});
`;

/** The schema with the table in it; null where it cannot be put there surely. */
export const withUsersTable = (text: string): string | null =>
  withTable(text, 'users', 'users: usersTable()', 'usersTable');

/** A property in the schema's object, and the name that it needs of the library. */
export function withTable(text: string, name: string, property: string, imported: string): string | null {
  const object = objectOf(text);
  if (!object || propertyNames(object).some((known) => known === name || known === '...')) return null;
  const withTheImport = withImport(text, imported, library);
  const moved = withTheImport === null ? null : objectOf(withTheImport);
  if (withTheImport === null || !moved) return null;
  const changed = withProperty(withTheImport, moved, property);
  const result = objectOf(changed);
  return result && propertyNames(result).includes(name) ? changed : null;
}

function objectOf(text: string): ObjectExpression | null {
  const program = parseFaultless(text);
  return program && schemaObject(program);
}
