import { storeUser } from 'clerk-convex-resilience/convex';
import { mutation, query } from './_generated/server';
import { organization } from './organization';

/** Called after each sign-in: keeps a row for the user. */
export const store = mutation({ args: {}, handler: (ctx) => storeUser(ctx) });

/** Who the server says you are; null for a visitor. */
export const me = query({
  args: {},
  handler: async (ctx) => {
    const identity = await ctx.auth.getUserIdentity();
    if (!identity) return null;
    const user = await ctx.db
      .query('users')
      .withIndex('by_tokenIdentifier', (q) => q.eq('tokenIdentifier', identity.tokenIdentifier))
      .unique();
    return {
      subject: identity.subject,
      name: user?.name ?? identity.name ?? null,
      email: user?.email ?? identity.email ?? null,
      organization: organization(identity),
    };
  },
});

/** Who is in the table: the newest fifty. Public, so that it tells no e-mail address and none of Clerk's ids. */
export const list = query({
  args: {},
  handler: async (ctx) => {
    const users = await ctx.db.query('users').order('desc').take(50);
    return users
      .filter(({ deletedAt }) => deletedAt === undefined)
      .map(({ _id, _creationTime, name, imageUrl, updatedAt }) => ({
        id: _id,
        name: name ?? 'Somebody',
        imageUrl: imageUrl ?? null,
        updatedAt: updatedAt ?? _creationTime,
      }));
  },
});
