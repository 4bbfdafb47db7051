import { defineSchema, defineTable } from 'convex/server';
import { v } from 'convex/values';

export default defineSchema({
  users: defineTable({ name: v.string(), tokenIdentifier: v.string() }).index('by_token', ['tokenIdentifier']),
  messages: defineTable({ body: v.string(), author: v.string() }),
  counters: defineTable({ name: v.string(), value: v.number() }).index('by_name', ['name']),
});
