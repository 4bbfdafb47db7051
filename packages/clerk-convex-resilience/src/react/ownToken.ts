import { AuthResilienceError } from '../core/errors.ts';
import { readClaims } from '../core/jwt.ts';
import type { ClerkAuth } from './clerkTypes.ts';

type AskForToken = (auth: ClerkAuth, fresh: boolean) => Promise<string | null>;

/**
 * How often in a row another organisation's token is sent back before it is taken. A switch is over in moments; but one whose
 * touch failed leaves clerk-js 6.40 in the new organisation and `useAuth` in the old one until Clerk's server is heard again.
 */
const patience = 3;

/**
 * Sends back a token that is not of the session and the organisation that the app shows. Clerk mints for whatever is active
 * when it is asked: `setActive` names the next session and organisation long before `useAuth` tells of them, in an outage by
 * all of it (clerk-js 5.128 and 6.40, Clerk#setActive). Asked again, it is told apart.
 */
export function createOwnToken(ask: AskForToken): AskForToken {
  let others = 0;
  return async (auth, fresh) => {
    let isTemplate = false;
    const getToken: ClerkAuth['getToken'] = (options) => {
      isTemplate = options.template !== undefined;
      return auth.getToken(options);
    };
    const token = await ask({ ...auth, getToken }, fresh);
    const claims = token ? readClaims(token) : null;
    if (!claims) return token;
    const { sub, org_id } = claims;
    // A template may call something else so.
    const sid = isTemplate && !/^sess_/.test(`${claims.sid}`) ? undefined : claims.sid;
    const isOthers = differs(sid, auth.sessionId) || differs(sub, auth.userId);
    // `o` in version 2 of Clerk's session tokens. What a template leaves out says nothing; a session token names it or has none.
    const organization = (claims.o as { readonly id?: string } | undefined)?.id ?? org_id;
    const isElsewhere =
      sid && !isTemplate ? (organization ?? null) !== (auth.orgId ?? null) : differs(organization, auth.orgId);
    if (isOthers || (isElsewhere && others++ < patience)) {
      throw new AuthResilienceError('session_changed', 'Clerk minted this token for another session or organisation.');
    }
    others = 0;
    return token;
  };
}

const differs = (claim: string | undefined, shown: string | null | undefined): boolean =>
  claim !== undefined && typeof shown === 'string' && claim !== shown;
