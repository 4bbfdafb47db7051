import { mutation, query } from './_generated/server';
import { organization } from './organization';

/** Called after each sign-in: keeps a row for the user, found by who signed the token and for whom. */
export const store = mutation({
  args: {},
  handler: async (ctx) => {
    const identity = await ctx.auth.getUserIdentity();
    console.log('users:store called', { hasIdentity: identity !== null });
    if (!identity) throw new Error('Not authenticated');
    const { tokenIdentifier, email } = identity;
    const profile = { name: identity.name ?? email ?? 'Somebody', ...(email && { email }) };

    const user = await ctx.db
      .query('users')
      .withIndex('by_token', (q) => q.eq('tokenIdentifier', tokenIdentifier))
      .unique();
    if (!user) return ctx.db.insert('users', { tokenIdentifier, ...profile });
    if (user.name !== profile.name || user.email !== profile.email) await ctx.db.patch(user._id, profile);
    return user._id;
  },
});

/** Who the server says you are; null for a visitor. */
export const me = query({
  args: {},
  handler: async (ctx) => {
    const identity = await ctx.auth.getUserIdentity();
    if (!identity) return null;
    const user = await ctx.db
      .query('users')
      .withIndex('by_token', (q) => q.eq('tokenIdentifier', identity.tokenIdentifier))
      .unique();
    return {
      subject: identity.subject,
      name: user?.name ?? identity.name ?? null,
      email: user?.email ?? identity.email ?? null,
      organization: organization(identity),
    };
  },
});
