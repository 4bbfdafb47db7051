import {
  anyApi,
  type DataModelFromSchemaDefinition,
  defineSchema,
  type GenericActionCtx,
  type GenericDataModel,
  type GenericMutationCtx,
  internalMutationGeneric,
  type MutationBuilder,
} from 'convex/server';
import { type GenericId, v } from 'convex/values';
import { expectTypeOf } from 'vitest';
import { clerkWebhookAction } from './clerkWebhookAction.ts';
import { clerkWebhookFunctions } from './clerkWebhookFunctions.ts';
import { clerkWebhookTables } from './clerkWebhookTables.ts';
import type { OwnUserFields, UsersTableName } from './dataModel.ts';
import { storeUser } from './storeUser.ts';
import { type UserFields, usersTable } from './usersTable.ts';

const schema = defineSchema({
  users: usersTable({ plan: v.optional(v.string()) }).index('by_plan', ['plan']),
  members: usersTable(),
  ...clerkWebhookTables,
});
type Model = DataModelFromSchemaDefinition<typeof schema>;
declare const ctx: GenericMutationCtx<Model>;
declare const internalMutation: MutationBuilder<Model, 'internal'>;

// The tables that were made with usersTable, and no other.
expectTypeOf<UsersTableName<Model>>().toEqualTypeOf<'users' | 'members'>();
expectTypeOf<OwnUserFields<Model, 'users'>>().toEqualTypeOf<{ plan?: string }>();
expectTypeOf<keyof Model['members']['document']>().toEqualTypeOf<keyof UserFields | '_id' | '_creationTime'>();

// The id is of the table that was chosen.
expectTypeOf(storeUser(ctx)).resolves.toEqualTypeOf<GenericId<'users'>>();
expectTypeOf(storeUser(ctx, { table: 'members' })).resolves.toEqualTypeOf<GenericId<'members'>>();
// @ts-expect-error there is no such table of users
void storeUser(ctx, { table: 'clerkSessions' });

// The app's own fields are its own, with its types.
void storeUser(ctx, { fields: ({ nickname }, row) => (row?.plan || !nickname ? {} : { plan: nickname }) });
// @ts-expect-error a plan is a text
void storeUser(ctx, { fields: () => ({ plan: 7 }) });
// @ts-expect-error what the library keeps is not the app's to write
void storeUser(ctx, { fields: () => ({ clerkId: 'user_1' }) });

// An app without generated types has them all.
declare const untyped: GenericMutationCtx<GenericDataModel>;
expectTypeOf(storeUser(untyped, { table: 'people', fields: () => ({ anything: 1 }) })).resolves.toExtend<string>();
clerkWebhookFunctions(internalMutationGeneric, { table: 'people' });

const functions = clerkWebhookFunctions(internalMutation, {
  fields: ({ username }) => (username ? { plan: username } : {}),
});
expectTypeOf<keyof typeof functions>().toEqualTypeOf<'claim' | 'finish' | 'fail' | 'apply'>();
// @ts-expect-error a plan is a text
clerkWebhookFunctions(internalMutation, { fields: () => ({ plan: 7 }) });
declare const withoutTables: MutationBuilder<Pick<Model, 'users'>, 'internal'>;
// @ts-expect-error the schema has no clerkWebhookTables
clerkWebhookFunctions(withoutTables);

clerkWebhookAction(anyApi.clerk as never, {
  on: (ctx: GenericActionCtx<Model>) => ({
    'user.created': ({ data }) => {
      expectTypeOf(ctx).toEqualTypeOf<GenericActionCtx<Model>>();
      expectTypeOf(data.first_name).toEqualTypeOf<string | null>();
    },
  }),
});
