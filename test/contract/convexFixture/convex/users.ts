import { mutation, query } from './_generated/server';

export const me = query({
  args: {},
  handler: async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? null,
});

export const store = mutation({
  args: {},
  handler: async (ctx) => {
    const identity = await ctx.auth.getUserIdentity();
    console.log('users:store called', { hasIdentity: identity !== null });
    if (!identity) throw new Error('Not authenticated');
    return ctx.db.insert('users', { name: identity.name ?? 'Somebody', tokenIdentifier: identity.tokenIdentifier });
  },
});
