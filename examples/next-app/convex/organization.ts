import type { UserIdentity } from 'convex/server';

/**
 * Slug of the active organisation: `org_slug` of a JWT template, or `o.slg` of Clerk's own session token (version 2).
 */
export const organization = (identity: UserIdentity): string | null => {
  const { org_slug: fromTemplate, o: fromSession } = identity;
  if (typeof fromTemplate === 'string' && fromTemplate) return fromTemplate;
  if (typeof fromSession !== 'object' || fromSession === null || !('slg' in fromSession)) return null;
  return typeof fromSession.slg === 'string' ? fromSession.slg : null;
};
