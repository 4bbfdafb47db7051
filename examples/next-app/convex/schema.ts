import { clerkWebhookTables, usersTable } from 'clerk-convex-resilience/convex';
import { defineSchema, defineTable } from 'convex/server';
import { v } from 'convex/values';

export default defineSchema({
  users: usersTable(),
  ...clerkWebhookTables,
  messages: defineTable({
    body: v.string(),
    author: v.string(),
    authorId: v.string(),
    /** Slug of the organisation that was active when it was sent. */
    organization: v.optional(v.string()),
  }),
});
