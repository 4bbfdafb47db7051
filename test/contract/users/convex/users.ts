import { storeUser } from 'clerk-convex-resilience/convex';
import { mutationGeneric, queryGeneric } from 'convex/server';
import { v } from 'convex/values';

// Kept by the process, not by the database: what fails there is rolled back.
const broken = { times: 0, until: 0, asNobody: 0 };

/** `store` fails so many times, or for so many milliseconds; or has no identity so many times, as a call that came without a token. */
export const breakStore = mutationGeneric({
  args: { times: v.optional(v.number()), forMs: v.optional(v.number()), asNobody: v.optional(v.number()) },
  handler: (_, { times = 0, forMs = 0, asNobody = 0 }) => {
    Object.assign(broken, { times, until: Date.now() + forMs, asNobody });
    return null;
  },
});

export const store = mutationGeneric({
  args: {},
  handler: (ctx) => {
    if (Date.now() < broken.until || broken.times-- > 0) throw new Error('The database is busy');
    const auth = broken.asNobody-- > 0 ? { getUserIdentity: () => Promise.resolve(null) } : ctx.auth;
    return storeUser({ ...ctx, auth }, { issuer: process.env.EXPECTED_ISSUER });
  },
});

/** Everything that is in the table. */
export const rows = queryGeneric({ args: {}, handler: (ctx) => ctx.db.query('users').collect() });
