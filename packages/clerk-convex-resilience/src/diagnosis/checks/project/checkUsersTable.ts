import { onProject } from './onProject.ts';
import { fileOf, tell } from './tell.ts';

/** Functions use a table `users` that the schema does not have. Without a schema, Convex makes tables as they are used. */
export const checkUsersTable = onProject(({ source, convexFolder }) => {
  const [at] = source.usesUsersTable;
  if (at === undefined || !source.tables || source.tables.includes('users')) return [];
  const file = convexFolder === undefined ? fileOf(at) : `${convexFolder}/schema.ts`;
  return [tell('USERS_TABLE_MISSING', { file }, at)];
});
