import { v } from 'convex/values';
import { mutation, query } from './_generated/server';

export const get = query({
  args: { name: v.string() },
  handler: async (ctx, { name }) => {
    const counter = await ctx.db
      .query('counters')
      .withIndex('by_name', (q) => q.eq('name', name))
      .unique();
    return counter?.value ?? 0;
  },
});

export const increment = mutation({
  args: { name: v.string() },
  handler: async (ctx, { name }) => {
    const counter = await ctx.db
      .query('counters')
      .withIndex('by_name', (q) => q.eq('name', name))
      .unique();
    if (counter) await ctx.db.patch(counter._id, { value: counter.value + 1 });
    else await ctx.db.insert('counters', { name, value: 1 });
    return (counter?.value ?? 0) + 1;
  },
});

/** Says so: a line of the log is the moment between the commit and the answer. */
export const incrementLoudly = mutation({
  args: { name: v.string() },
  handler: async (ctx, { name }) => {
    console.log('incrementing', name);
    await ctx.db.insert('counters', { name, value: 1 });
    return name;
  },
});

export const environment = query({
  args: {},
  handler: () => ({ greeting: process.env.GREETING ?? null, home: process.env.HOME ?? null }),
});
