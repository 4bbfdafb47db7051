import type { AuthFailure } from './failure.ts';
import type { Trouble } from './tokenMachine.ts';

/** How a user's sign-in is doing, as one word and what is true then. */
export type AuthHealth =
  /** Not known yet: Clerk is loading, or the last session is being restored. Not a sign-out. */
  | { readonly status: 'starting' }
  /** The app has no usable configuration. */
  | { readonly status: 'unconfigured'; readonly problems: readonly ConfigProblem[] }
  | { readonly status: 'signed_out' }
  /** Signed in, and Convex has confirmed it. `since`: milliseconds since the epoch. */
  | { readonly status: 'healthy'; readonly since: number }
  /** Signed in; a token cannot be had at the moment, and is being tried for again. */
  | {
      readonly status: 'recovering';
      readonly failure: AuthFailure;
      readonly since: number;
      readonly attempt: number;
      /** Milliseconds since the epoch; null: at this moment. */
      readonly nextAttemptAt: number | null;
      readonly signedIn: true;
    }
  /** Waiting will not help: somebody has to change something. It is still tried, seldom, so that the change is noticed. */
  | { readonly status: 'blocked'; readonly failure: AuthFailure; readonly since: number };

/** A setting that is missing or malformed. */
export interface ConfigProblem {
  /** The prop: `publishableKey`, `convexUrl`. */
  readonly option: string;
  /** What is wrong and what to do, for a developer. Holds no secret. */
  readonly message: string;
}

const kindsForAPerson = new Set<AuthFailure['kind']>(['misconfigured', 'account_blocked']);

/**
 * Is waiting pointless until somebody changes something? A 401 is not of these: whether the session is over is for Clerk
 * to say, and while Clerk says that it lives, its next token may be had at once.
 */
export const needsAPerson = ({ kind }: AuthFailure): boolean => kindsForAPerson.has(kind);

/** Derives the health of a signed-in user from what is known. `confirmedAt`: when Convex confirmed the identity; null: not yet. */
export function deriveHealth(trouble: Trouble | null, confirmedAt: number | null): AuthHealth {
  if (!trouble) return confirmedAt === null ? { status: 'starting' } : { status: 'healthy', since: confirmedAt };
  const { failure, since, attempts, nextAttemptAt } = trouble;
  return needsAPerson(failure)
    ? { status: 'blocked', failure, since }
    : { status: 'recovering', failure, since, attempt: attempts, nextAttemptAt, signedIn: true };
}
