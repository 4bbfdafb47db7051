import { queryGeneric } from 'convex/server';

/** Who the server says the caller is; null for nobody. */
export const me = queryGeneric({
  args: {},
  handler: async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? null,
});
