import type { FunctionReference, GenericDataModel, MutationBuilder, RegisteredMutation } from 'convex/server';
import { v } from 'convex/values';
import { clerkIssuer } from '../../config/clerkIssuer.ts';
import type { WebhookClaim } from '../webhooks/store.ts';
import { applyEvent } from './applyEvent.ts';
import type {
  DefaultUsersTable,
  LibraryDataModel,
  OwnUserFields,
  UsersTableName,
  WithWebhookTables,
} from './dataModel.ts';
import type { ClerkUser } from './userRules.ts';
import {
  type ClaimArgs,
  claimArgs,
  type TicketArgs,
  ticketArgs,
  type WebhookStoreReferences,
  webhookStoreMutations,
} from './webhookStore.ts';

/** Options of `clerkWebhookFunctions`. */
export interface ClerkWebhookFunctionsOptions<
  DataModel extends GenericDataModel,
  Table extends UsersTableName<DataModel>,
> {
  /**
   * The table, made with `usersTable`.
   * @defaultValue 'users'
   */
  readonly table?: Table | undefined;
  /**
   * The Frontend API URL of the Clerk instance, for `tokenIdentifier` of a user who has not signed in yet.
   * @defaultValue `CLERK_JWT_ISSUER_DOMAIN`, else `CLERK_FRONTEND_API_URL` of the deployment; else the first login fills it in
   */
  readonly issuer?: string | undefined;
  /**
   * The app's own fields, from Clerk's user. Written together with the profile; one that is undefined is taken away. A
   * deletion leaves them alone.
   */
  readonly fields?: ((user: ClerkUser) => OwnUserFields<DataModel, Table>) | undefined;
}

/** The internal mutations behind `clerkWebhookAction`. */
export type ClerkWebhookFunctions = {
  readonly claim: RegisteredMutation<'internal', ClaimArgs, Promise<WebhookClaim>>;
  readonly finish: RegisteredMutation<'internal', TicketArgs, Promise<null>>;
  readonly fail: RegisteredMutation<'internal', TicketArgs, Promise<null>>;
  readonly apply: RegisteredMutation<'internal', { event: string }, Promise<null>>;
};

/** The same, as an app's `internal.clerk` names them. */
export interface ClerkWebhookReferences extends WebhookStoreReferences {
  readonly apply: FunctionReference<'mutation', 'internal', { event: string }, null>;
}

/**
 * The internal mutations that webhooks need, for a file `convex/clerk.ts`:
 * `export const { claim, finish, fail, apply } = clerkWebhookFunctions(internalMutation)`, with `internalMutation` of
 * `_generated/server` and `clerkWebhookTables` in the schema.
 */
export function clerkWebhookFunctions<
  DataModel extends GenericDataModel,
  Table extends UsersTableName<DataModel> = DefaultUsersTable<DataModel>,
>(
  internalMutation: MutationBuilder<DataModel, 'internal'> & WithWebhookTables<DataModel>,
  options: ClerkWebhookFunctionsOptions<DataModel, Table> = {},
): ClerkWebhookFunctions {
  const { table = 'users', issuer, fields } = options;
  const mutation = internalMutation as unknown as MutationBuilder<LibraryDataModel, 'internal'>;
  return {
    claim: mutation({ args: claimArgs, handler: ({ db }, request) => webhookStoreMutations.claim(db, request) }),
    finish: mutation({ args: ticketArgs, handler: ({ db }, ticket) => webhookStoreMutations.finish(db, ticket) }),
    fail: mutation({ args: ticketArgs, handler: ({ db }, ticket) => webhookStoreMutations.fail(db, ticket) }),
    // As text: metadata may have keys that Convex takes in no value ($…, _…, letters beyond ASCII).
    apply: mutation({
      args: { event: v.string() },
      handler: ({ db }, { event }) => applyEvent(db, JSON.parse(event), { table, issuer: clerkIssuer(issuer), fields }),
    }),
  };
}
