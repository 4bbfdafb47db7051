import { everyone } from '../core/signOutMark.ts';
import type { ClerkAuth } from './clerkTypes.ts';

/** Who the user is to Convex. `starting` is "not known yet", never "nobody". */
export type AuthPhase = 'starting' | 'signed_in' | 'signed_out';

export interface PhaseEvidence {
  /** Clerk's last word that was a word: clerk-js 6 drops `isLoaded` during a sign-out and while it changes sessions. */
  readonly auth: Pick<ClerkAuth, 'isLoaded' | 'isSignedIn' | 'sessionId'>;
  /** The sessions that the user has signed out of in this browser, and that Clerk's server may not know of yet. */
  readonly signedOutOf: ReadonlySet<string>;
  /** The session that the browser's cookie names, which may be a newer one. Looked at before Clerk has loaded. */
  readonly sessionInCookie: string | undefined;
  /** Was somebody signed in on this page? */
  readonly wasSignedIn: boolean;
  /** `clerk.status`: `degraded` when the page loaded without an answer from Clerk's server, and after a token that failed. */
  readonly clerkStatus: string | undefined;
  /** Clerk's server has answered since, and there is no session to restore. */
  readonly nothingToRestore: boolean;
}

export function derivePhase(evidence: PhaseEvidence): AuthPhase {
  const { auth, signedOutOf } = evidence;
  const sessionId = auth.sessionId ?? (auth.isLoaded ? undefined : evidence.sessionInCookie);
  if (signedOutOf.size > 0 && (!sessionId || signedOutOf.has(sessionId))) return 'signed_out';
  if (signedOutOf.has(everyone)) return 'signed_out';
  if (!auth.isLoaded) return 'starting';
  if (auth.isSignedIn) return 'signed_in';
  return isUnread(evidence) ? 'starting' : 'signed_out';
}

/** clerk-js boots with an empty client when it cannot read the real one, and never asks again (5.128 and 6.40). */
const isUnread = ({ auth, wasSignedIn, clerkStatus, nothingToRestore }: PhaseEvidence): boolean =>
  auth.isLoaded && !auth.isSignedIn && !wasSignedIn && clerkStatus === 'degraded' && !nothingToRestore;

/**
 * Is there perhaps a session to restore? Not before a sign-out is confirmed: then the one that is left, of several accounts, is
 * found too. Until then the page shows what the user asked for.
 */
export const mayRestore = (evidence: PhaseEvidence, isSignOutPending: boolean): boolean =>
  isUnread(evidence) && !isSignOutPending;
