import { mutationGeneric, queryGeneric } from 'convex/server';
import { v } from 'convex/values';

/** Read inside `<Authenticated>`. Never throws, so that an anonymous run shows as a run and not as a crash of the page. */
export const list = queryGeneric({
  args: {},
  handler: (ctx) => ctx.db.query('messages').order('desc').take(20),
});

export const post = mutationGeneric({
  args: { body: v.string() },
  handler: async (ctx, { body }) => {
    const identity = await ctx.auth.getUserIdentity();
    if (!identity) throw new Error('Not authenticated');
    await ctx.db.insert('messages', { body, author: identity.subject });
  },
});
