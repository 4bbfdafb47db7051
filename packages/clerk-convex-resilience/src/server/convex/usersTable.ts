import { defineTable, type TableDefinition } from 'convex/server';
import { type Infer, type ObjectType, type PropertyValidators, type VObject, v } from 'convex/values';

const userFields = {
  /** Clerk's id, `user_…`: what the row is found by. One row has it. */
  clerkId: v.string(),
  /** As `ctx.auth.getUserIdentity()` tells it. Absent until the first login, if a webhook came first and no issuer is known. */
  tokenIdentifier: v.optional(v.string()),
  /** The primary e-mail address. */
  email: v.optional(v.string()),
  /** First and last name. */
  name: v.optional(v.string()),
  imageUrl: v.optional(v.string()),
  /** Clerk's own time of the profile, in milliseconds. Absent while nothing has told it. */
  updatedAt: v.optional(v.number()),
  /** When Clerk has deleted the user, in milliseconds. The row stays, without e-mail, name and picture. */
  deletedAt: v.optional(v.number()),
};
const userObject = v.object(userFields);

/** The fields that this library keeps in the app's table of users. */
export type UserFields = Infer<typeof userObject>;

type Fields<Own extends PropertyValidators> = Own & typeof userFields;

/** The table that `usersTable` makes. */
export type UsersTable<Own extends PropertyValidators = Record<never, never>> = TableDefinition<
  VObject<ObjectType<Fields<Own>>, Fields<Own>>,
  { by_clerkId: ['clerkId', '_creationTime']; by_tokenIdentifier: ['tokenIdentifier', '_creationTime'] }
>;

/**
 * The table of users, with the app's own fields, and indexes `by_clerkId` and `by_tokenIdentifier`. More of them:
 * `usersTable({ plan: v.optional(v.string()) }).index('by_email', ['email'])`. Own fields are best optional: the first that
 * is known of a user may be a webhook.
 */
export function usersTable(): UsersTable;
export function usersTable<Own extends PropertyValidators>(own: Own): UsersTable<Own>;
// Two signatures: `Own` would otherwise be taken from where the table goes to, and be any fields.
export function usersTable(own?: PropertyValidators): unknown {
  const fields: PropertyValidators = { ...own, ...userFields };
  return defineTable(fields).index('by_clerkId', ['clerkId']).index('by_tokenIdentifier', ['tokenIdentifier']);
}
