import { v } from 'convex/values';
import { mutation, query } from './_generated/server';
import { organization } from './organization';

/** The newest fifty messages, newest first. Public: a visitor may read. */
export const list = query({
  args: {},
  handler: (ctx) => ctx.db.query('messages').order('desc').take(50),
});

export const send = mutation({
  args: { body: v.string() },
  handler: async (ctx, { body }) => {
    const identity = await ctx.auth.getUserIdentity();
    if (!identity) throw new Error('Not authenticated');
    const text = body.trim();
    if (!text) throw new Error('A message cannot be empty');
    const slug = organization(identity);
    return ctx.db.insert('messages', {
      body: text,
      author: identity.name ?? identity.email ?? 'Somebody',
      authorId: identity.tokenIdentifier,
      ...(slug && { organization: slug }),
    });
  },
});
