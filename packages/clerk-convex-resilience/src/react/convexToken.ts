import { isForConvex, readClaims } from '../core/jwt.ts';
import type { ClerkAuth } from './clerkTypes.ts';

/**
 * Asks Clerk for the token that is meant for Convex. Clerk's Convex integration puts the audience on the session token;
 * without it a JWT template does. What `sessionClaims` says of that may be older than the last change in Clerk's dashboard,
 * so the tokens themselves decide, and what they said is remembered.
 */
export function createConvexToken(): (auth: ClerkAuth, fresh: boolean) => Promise<string | null> {
  let learnt: boolean | null = null;
  return async ({ getToken, sessionClaims }, fresh) => {
    if (learnt ?? isForConvex(sessionClaims)) {
      const token = await getToken({ skipCache: fresh });
      if (!token || isForConvex(readClaims(token))) return token;
      learnt = false;
    }
    try {
      return await getToken({ template: 'convex', skipCache: fresh });
    } catch (error) {
      if ((error as { status?: unknown } | null)?.status !== 404) throw error;
      // What this throws is not caught: as long as a network keeps it, nothing is known to be missing.
      const token = await getToken({ skipCache: fresh });
      if (!token || !isForConvex(readClaims(token))) throw error;
      learnt = true;
      return token;
    }
  };
}
