import { defineSchema, defineTable } from 'convex/server';
import { v } from 'convex/values';

export default defineSchema({
  users: defineTable({
    tokenIdentifier: v.string(),
    name: v.string(),
    email: v.optional(v.string()),
  }).index('by_token', ['tokenIdentifier']),
  messages: defineTable({
    body: v.string(),
    author: v.string(),
    authorId: v.string(),
    /** Slug of the organisation that was active when it was sent. */
    organization: v.optional(v.string()),
  }),
});
