import { queryGeneric } from 'convex/server';

/** Whom Convex takes the caller for. */
export const whoami = queryGeneric({
  args: {},
  handler: async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? null,
});
