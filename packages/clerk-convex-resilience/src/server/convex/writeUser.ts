import { compareValues, type Value } from 'convex/values';
import type { LibraryDatabase, UserDocument } from './dataModel.ts';
import type { UserChange } from './userRules.ts';
import type { UserFields } from './usersTable.ts';

/** The row of a user. There is at most one: whoever makes one has looked for it in the same transaction. */
export const findUser = (db: LibraryDatabase, table: string, clerkId: string): Promise<UserDocument | null> =>
  db
    .query(table as 'users')
    .withIndex('by_clerkId', (q) => q.eq('clerkId', clerkId))
    .unique();

/** Writes what differs, and nothing when nothing does: each write runs every query that has read the row. */
export async function writeUser(
  db: LibraryDatabase,
  table: string,
  row: UserDocument | null,
  change: UserChange,
): Promise<{ readonly id: UserDocument['_id']; readonly outcome: 'created' | 'updated' | 'unchanged' }> {
  if (!row) return { id: await db.insert(table as 'users', change as UserFields), outcome: 'created' };
  const before = row as unknown as Record<string, Value | undefined>;
  const changed = Object.entries(change).filter(([field, value]) => compareValues(before[field], value) !== 0);
  if (changed.length > 0) await db.patch(row._id, Object.fromEntries(changed));
  return { id: row._id, outcome: changed.length > 0 ? 'updated' : 'unchanged' };
}
