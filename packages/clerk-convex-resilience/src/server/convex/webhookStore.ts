import type { FunctionReference, GenericActionCtx, GenericDataModel } from 'convex/server';
import { type ObjectType, v } from 'convex/values';
import { systemClock } from '../../core/clock.ts';
import type { WebhookClaim, WebhookStore, WebhookStoreRows } from '../webhooks/store.ts';
import { webhookStoreRules } from '../webhooks/storeRules.ts';
import { versionValidator } from './clerkWebhookTables.ts';
import type { LibraryDatabase } from './dataModel.ts';

const version = v.union(versionValidator, v.null());
export const claimArgs = { deliveryId: v.string(), version, leaseMs: v.number() };
export const ticketArgs = { deliveryId: v.string(), version, token: v.string(), outdated: v.boolean() };
export type ClaimArgs = ObjectType<typeof claimArgs>;
export type TicketArgs = ObjectType<typeof ticketArgs>;

/** The three calls of the store, as an app's `internal.clerk` names them. */
export interface WebhookStoreReferences {
  readonly claim: FunctionReference<'mutation', 'internal', ClaimArgs, WebhookClaim>;
  readonly finish: FunctionReference<'mutation', 'internal', TicketArgs, null>;
  readonly fail: FunctionReference<'mutation', 'internal', TicketArgs, null>;
}

/** The store for a `createClerkWebhookHandler` in an HTTP action of the app's own. `clerkWebhookAction` has it. */
export const createConvexWebhookStore = (
  ctx: Pick<GenericActionCtx<GenericDataModel>, 'runMutation'>,
  { claim, finish, fail }: WebhookStoreReferences,
): WebhookStore => ({
  claim: (request) => ctx.runMutation(claim, request),
  finish: async (ticket) => void (await ctx.runMutation(finish, ticket)),
  fail: async (ticket) => void (await ctx.runMutation(fail, ticket)),
});

/** Svix delivers for 28 hours; what somebody resends by hand comes within days. */
const keptMs = 14 * 24 * 3_600_000;
/**
 * In one claim of five, ten rows are dropped: more than were added, so that old rows go without a cron job. In every claim,
 * two at the same time would conflict over the same rows.
 */
const dropping = { share: 0.2, rows: 10 };

/** The bodies of the three mutations. */
export const webhookStoreMutations = {
  async claim(db: LibraryDatabase, request: ClaimArgs): Promise<WebhookClaim> {
    const now = systemClock.now();
    const token = `${now.toString(36)}-${systemClock.random().toString(36).slice(2)}`;
    const kept = await read(db, request);
    const { answer, rows } = webhookStoreRules.claim(kept.rows, request, { now, token });
    await kept.write(rows);
    if (answer.status === 'claimed' && systemClock.random() < dropping.share) await dropExpired(db, request, now);
    return answer;
  },
  async finish(db: LibraryDatabase, ticket: TicketArgs): Promise<null> {
    const kept = await read(db, ticket);
    await kept.write(webhookStoreRules.finish(kept.rows, ticket));
    return null;
  },
  async fail(db: LibraryDatabase, ticket: TicketArgs): Promise<null> {
    const kept = await read(db, ticket);
    await kept.write(webhookStoreRules.fail(kept.rows, ticket));
    return null;
  },
};

export const findObject = (db: LibraryDatabase, object: string) =>
  db
    .query('clerkWebhookObjects')
    .withIndex('by_object', (q) => q.eq('object', object))
    .unique();

/** Those of sessions may go. That of a user stays, since it is what makes a deletion final; so does what only the app handles. */
const expires = (object: string): boolean => object.startsWith('session:');
export const objectExpiry = (object: string): { readonly expiresAt?: number } =>
  expires(object) ? { expiresAt: systemClock.now() + keptMs } : {};

/** The two rows, and what writes back the ones that have changed. */
async function read(db: LibraryDatabase, { deliveryId, version }: Pick<ClaimArgs, 'deliveryId' | 'version'>) {
  const delivery = await db
    .query('clerkWebhookDeliveries')
    .withIndex('by_deliveryId', (q) => q.eq('deliveryId', deliveryId))
    .unique();
  const object = version && (await findObject(db, version.object));
  const rows: WebhookStoreRows = {
    delivery: delivery?.state ?? null,
    object: object && { applied: object.applied, claim: object.claim },
  };
  // A delivery that waits for its turn asks again and again: what the rules leave as it is costs no write.
  const write = async (next: WebhookStoreRows): Promise<void> => {
    if (next.delivery !== rows.delivery) {
      const row = next.delivery && { deliveryId, state: next.delivery, expiresAt: systemClock.now() + keptMs };
      if (!delivery) row && (await db.insert('clerkWebhookDeliveries', row));
      else if (row) await db.replace(delivery._id, row);
      else await db.delete(delivery._id);
    }
    if (version && next.object && next.object !== rows.object) {
      const row = { object: version.object, ...next.object, ...objectExpiry(version.object) };
      if (object) await db.replace(object._id, row);
      else await db.insert('clerkWebhookObjects', row);
    }
  };
  return { rows, write };
}

/** Of each table that the claim adds to. */
async function dropExpired(db: LibraryDatabase, { version }: ClaimArgs, now: number): Promise<void> {
  const deliveries = await db
    .query('clerkWebhookDeliveries')
    .withIndex('by_expiresAt', (q) => q.lt('expiresAt', now))
    .take(dropping.rows);
  for (const { _id } of deliveries) await db.delete(_id);
  if (!version || !expires(version.object)) return;
  const objects = await db
    .query('clerkWebhookObjects')
    // What stays has no time, which an index sorts before all times.
    .withIndex('by_expiresAt', (q) => q.gt('expiresAt', 0).lt('expiresAt', now))
    .take(dropping.rows);
  for (const { _id } of objects) await db.delete(_id);
}
