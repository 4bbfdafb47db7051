import { mutationGeneric, queryGeneric } from 'convex/server';

/** As Convex's guide to storing users has it, with the line that somebody adds who looks for the cause. */
export const store = mutationGeneric({
  args: {},
  handler: async (ctx) => {
    const identity = await ctx.auth.getUserIdentity();
    console.log('users:store called', { hasIdentity: identity !== null });
    if (identity === null) throw new Error('Not authenticated');
    return ctx.db.insert('users', { name: identity.name ?? 'Anonymous', tokenIdentifier: identity.tokenIdentifier });
  },
});

export const list = queryGeneric({ args: {}, handler: (ctx) => ctx.db.query('users').collect() });
