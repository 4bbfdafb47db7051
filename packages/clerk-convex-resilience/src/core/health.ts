// eslint-disable-next-line no-restricted-imports -- a type alone: what a finding says is the diagnosis's own
import type { ReportedFinding } from '../diagnosis/findings.ts';
import type { AuthFailure } from './failure.ts';
import type { Trouble } from './tokenMachine.ts';

/** How a user's sign-in is doing, as one word and what is true then. */
export type AuthHealth =
  /**
   * Not known yet: Clerk is loading, or the last session is being restored. Not a sign-out. `failure`: Clerk's own script
   * cannot be loaded, and is being tried for again (`not_loaded`, known below an all-in-one provider); or Clerk refuses this
   * page (`misconfigured`), and has to be loaded anew when that is mended.
   */
  | ({ readonly status: 'starting'; readonly failure?: AuthFailure } & Diagnosed)
  /** The app has no usable configuration. */
  | ({ readonly status: 'unconfigured'; readonly problems: readonly ConfigProblem[] } & Diagnosed)
  /** `failure`: nobody signed out here; Clerk ended the session (`session_ended`) or blocked the account (`account_blocked`). */
  | { readonly status: 'signed_out'; readonly failure?: AuthFailure }
  /** Signed in, and Convex has confirmed it. `since`: milliseconds since the epoch. */
  | { readonly status: 'healthy'; readonly since: number }
  /** Signed in; a token cannot be had at the moment, and is being tried for again. So it is for the moment that another organisation takes. */
  | ({
      readonly status: 'recovering';
      readonly failure: AuthFailure;
      readonly since: number;
      readonly attempt: number;
      /** Milliseconds since the epoch; null: at this moment. */
      readonly nextAttemptAt: number | null;
      readonly signedIn: true;
    } & Diagnosed)
  /** Waiting will not help: somebody has to change something. It is still tried, seldom, so that the change is noticed. */
  | ({ readonly status: 'blocked'; readonly failure: AuthFailure; readonly since: number } & Diagnosed);

interface Diagnosed {
  /**
   * What was found to be wrong, the worst first. Looked for when something is refused, by code that is loaded then: absent
   * until it has come, and where nothing was found. In production, codes alone: nothing of what was seen and expected.
   */
  readonly findings?: readonly ReportedFinding[];
}

/** A setting that is missing or malformed. */
export interface ConfigProblem {
  /** The prop: `publishableKey`, `convexUrl`. */
  readonly option: string;
  /** What is wrong, for programs: the code of its finding. */
  readonly code?: ReportedFinding['code'];
  /** What is wrong and what to do, for a developer; in production its code alone. Holds no secret. */
  readonly message: string;
}

const kindsForAPerson = new Set<AuthFailure['kind']>(['misconfigured', 'account_blocked']);

/**
 * Is waiting pointless until somebody changes something? A 401 is not of these: whether the session is over is for Clerk
 * to say, and while Clerk says that it lives, its next token may be had at once.
 */
export const needsAPerson = ({ kind }: AuthFailure): boolean => kindsForAPerson.has(kind);

/** What Convex says of the identity: since when, in milliseconds since the epoch. */
export type IdentityState =
  | { readonly status: 'none' }
  | { readonly status: 'confirmed'; readonly since: number }
  /** Convex had confirmed it, and has given it up. The client is armed anew. */
  | { readonly status: 'lost'; readonly since: number };

const identityLost: AuthFailure = { kind: 'server', retryable: true, source: 'convex', code: 'identity_lost' };

/** Derives the health of a signed-in user from what is known. `findings`: of the trouble. */
export function deriveHealth(
  trouble: Trouble | null,
  identity: IdentityState,
  findings: readonly ReportedFinding[] = [],
): AuthHealth {
  if (trouble) {
    const { failure, since, attempts, nextAttemptAt } = trouble;
    const known = { failure, since, ...(findings.length > 0 && { findings }) };
    return needsAPerson(failure)
      ? { status: 'blocked', ...known }
      : { status: 'recovering', ...known, attempt: attempts || 1, nextAttemptAt, signedIn: true };
  }
  switch (identity.status) {
    case 'none':
      return { status: 'starting' };
    case 'confirmed':
      return { status: 'healthy', since: identity.since };
    case 'lost': {
      const { since } = identity;
      return { status: 'recovering', failure: identityLost, since, attempt: 1, nextAttemptAt: null, signedIn: true };
    }
    default:
      identity satisfies never;
      return { status: 'starting' };
  }
}
