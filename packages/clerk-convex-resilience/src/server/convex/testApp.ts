import {
  anyApi,
  type DataModelFromSchemaDefinition,
  defineSchema,
  type FunctionReference,
  httpRouter,
  internalMutationGeneric,
  type MutationBuilder,
  mutationGeneric,
} from 'convex/server';
import { v } from 'convex/values';
import { convexTest } from 'convex-test';
import { deliveryRequest, secret, type TestDelivery } from '../webhooks/testDelivery.ts';
import { type ClerkWebhookActionOptions, clerkWebhookAction } from './clerkWebhookAction.ts';
import {
  type ClerkWebhookFunctionsOptions,
  type ClerkWebhookReferences,
  clerkWebhookFunctions,
} from './clerkWebhookFunctions.ts';
import { clerkWebhookTables } from './clerkWebhookTables.ts';
import { type StoreUserOptions, storeUser } from './storeUser.ts';
import { usersTable } from './usersTable.ts';

// A convex/ folder for tests, on convex-test.

const schema = defineSchema({
  users: usersTable({ plan: v.optional(v.string()) }),
  members: usersTable(),
  ...clerkWebhookTables,
});
type Model = DataModelFromSchemaDefinition<typeof schema>;

interface TestAppOptions {
  readonly store?: StoreUserOptions<Model, 'users' | 'members'>;
  readonly functions?: ClerkWebhookFunctionsOptions<Model, 'users' | 'members'>;
  readonly action?: ClerkWebhookActionOptions<Model>;
}

/** Deploys it. */
export function createTestApp({ store, functions, action }: TestAppOptions = {}) {
  const http = httpRouter();
  const handler = clerkWebhookAction<Model>(anyApi.clerk as never, { secrets: secret, logger: null, ...action });
  http.route({ path: '/webhooks/clerk', method: 'POST', handler });
  const mutation = mutationGeneric as MutationBuilder<Model, 'public'>;
  const modules: Record<string, object> = {
    '/convex/_generated/api.js': {},
    '/convex/clerk.js': clerkWebhookFunctions(internalMutationGeneric as MutationBuilder<Model, 'internal'>, functions),
    '/convex/http.js': { default: http },
    '/convex/users.js': {
      store: mutation({ args: {}, handler: (ctx) => storeUser(ctx, { logger: null, ...store }) }),
    },
  };
  const app = convexTest(
    schema,
    Object.fromEntries(Object.entries(modules).map(([path, module]) => [path, async () => module])),
  );
  return {
    /** Calls `users:store` with these claims, or without an identity. */
    store: (claims: { subject: string; issuer: string; name?: string; email?: string } | null): Promise<string> =>
      (claims ? app.withIdentity({ ...claims, tokenIdentifier: `${claims.issuer}|${claims.subject}` }) : app).mutation(
        anyApi.users?.store as FunctionReference<'mutation', 'public', Record<string, never>, string>,
        {},
      ),
    /** What comes of a delivery. */
    async deliver(delivery: TestDelivery): Promise<[number, string]> {
      const request = deliveryRequest(delivery);
      const response = await app.fetch('/webhooks/clerk', {
        method: 'POST',
        headers: request.headers,
        body: await request.text(),
      });
      return [response.status, ((await response.json()) as { code: string }).code];
    },
    /** Runs what a delivery runs in its turn, without asking whether it is. */
    apply: ({ body = '' }: TestDelivery) =>
      app.mutation(anyApi.clerk?.apply as ClerkWebhookReferences['apply'], { event: body }),
    /** The rows of a table, without what Convex adds. */
    rows: (table: keyof typeof schema.tables) =>
      app.run(async ({ db }) => {
        const rows = await db.query(table).collect();
        return rows.map(({ _id, _creationTime, ...row }) => row as Record<string, unknown>);
      }),
    run: app.run,
  };
}
