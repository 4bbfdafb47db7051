import { paginationOptsValidator } from 'convex/server';
import { ConvexError, v } from 'convex/values';
import { api, internal } from './_generated/api';
import { action, internalMutation, mutation, query } from './_generated/server';
import { requireUser } from './helpers/requireUser';

export const list = query({ args: {}, handler: (ctx) => ctx.db.query('messages').order('desc').take(100) });

export const page = query({
  args: { paginationOpts: paginationOptsValidator },
  handler: (ctx, { paginationOpts }) => ctx.db.query('messages').order('desc').paginate(paginationOpts),
});

export const send = mutation({
  args: { body: v.string() },
  handler: async (ctx, { body }) => ctx.db.insert('messages', { body, author: await requireUser(ctx) }),
});

export const sendAnonymously = mutation({
  args: { body: v.string() },
  handler: (ctx, { body }) => ctx.db.insert('messages', { body, author: 'nobody' }),
});

export const remove = mutation({
  args: { id: v.id('messages') },
  handler: (ctx, { id }) => ctx.db.delete(id),
});

export const insertInternally = internalMutation({
  args: { body: v.string() },
  handler: (ctx, { body }) => ctx.db.insert('messages', { body, author: 'the scheduler' }),
});

export const sendLater = mutation({
  args: { body: v.string(), delayMs: v.number() },
  handler: async (ctx, { body, delayMs }) => {
    await ctx.scheduler.runAfter(delayMs, internal.messages.insertInternally, { body });
  },
});

export const scheduleAndFail = mutation({
  args: { body: v.string() },
  handler: async (ctx, { body }) => {
    await ctx.scheduler.runAfter(0, internal.messages.insertInternally, { body });
    throw new Error('after all, no');
  },
});

export const sendViaAction = action({
  args: { body: v.string() },
  handler: async (ctx, { body }): Promise<string> => `${await ctx.runMutation(api.messages.sendAnonymously, { body })}`,
});

export const refuse = mutation({
  args: {},
  handler: () => {
    throw new ConvexError({ code: 'refused', count: 3 });
  },
});

export const large = query({
  args: { size: v.number() },
  handler: (_ctx, { size }) => 'é'.repeat(size),
});
