import { defineTable } from 'convex/server';
import { v } from 'convex/values';

/** What `isOutdated` compares, in a table and in arguments. */
export const versionValidator = v.object({
  object: v.string(),
  updatedAt: v.number(),
  eventAt: v.number(),
  deleted: v.boolean(),
});

/** Tables that the webhooks need: `defineSchema({ users: usersTable(), ...clerkWebhookTables })`. */
export const clerkWebhookTables = {
  /** What was delivered, by `svix-id`. Rows go by themselves after two weeks. */
  clerkWebhookDeliveries: defineTable({
    deliveryId: v.string(),
    state: v.union(
      v.object({ status: v.literal('handled') }),
      v.object({ status: v.literal('claimed'), token: v.string(), until: v.number() }),
    ),
    expiresAt: v.number(),
  })
    .index('by_deliveryId', ['deliveryId'])
    .index('by_expiresAt', ['expiresAt']),

  /** Which version of each object was applied. Those of sessions go by themselves after two weeks without an event. */
  clerkWebhookObjects: defineTable({
    object: v.string(),
    applied: v.union(versionValidator, v.null()),
    claim: v.union(v.object({ token: v.string(), until: v.number() }), v.null()),
    expiresAt: v.optional(v.number()),
  })
    .index('by_object', ['object'])
    .index('by_expiresAt', ['expiresAt']),

  /** Clerk's sessions, as the events `session.*` tell them. Rows stay. */
  clerkSessions: defineTable({
    sessionId: v.string(),
    /** Whose it is: `clerkId` of a row of the users. */
    clerkId: v.string(),
    /** Clerk's word: `active`, `pending`, `ended`, `removed`, `revoked`, … */
    status: v.string(),
    // Milliseconds, of Clerk's clock.
    createdAt: v.optional(v.number()),
    updatedAt: v.number(),
    lastActiveAt: v.optional(v.number()),
    /** When it has ended, was removed or revoked. */
    endedAt: v.optional(v.number()),
  })
    .index('by_sessionId', ['sessionId'])
    .index('by_clerkId', ['clerkId']),
};
