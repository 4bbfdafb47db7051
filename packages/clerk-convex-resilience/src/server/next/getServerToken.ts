import { type Clock, monotonicClock } from '../../core/clock.ts';
import { invalidOption } from '../../core/errors.ts';
import { isForConvex } from '../../core/jwt.ts';
import { insistWithin } from './insistWithin.ts';
import { type RequestBudget, startRequestBudget } from './requestBudget.ts';

/** Options of `getServerToken`. */
export interface ServerTokenOptions {
  /** Clerk's, of `await auth()`. */
  readonly getToken: (options?: { readonly template?: string }) => Promise<string | null>;
  /** Clerk's, of `await auth()`. Only consulted where no `template` is named. */
  readonly sessionClaims?: Readonly<Record<string, unknown>> | null | undefined;
  /**
   * The JWT template. `null` for the session token itself, which comes with the request, and asks nobody.
   * @defaultValue the session token where `sessionClaims` say that it is for Convex, as Clerk's Convex integration makes it; else `'convex'`
   */
  readonly template?: string | null | undefined;
  /**
   * How long it may take with all its attempts, in milliseconds. Not consulted when `budget` is given. A visitor waits for the
   * page meanwhile, so it is shorter than a browser's: Clerk answers in about 100 ms, and three or four attempts fit in.
   * @defaultValue 5_000
   */
  readonly budgetMs?: number | undefined;
  /** A budget that was started for the whole request: `startRequestBudget(8_000)`. */
  readonly budget?: RequestBudget | undefined;
  /** The time, for tests. @defaultValue the system's */
  readonly clock?: Clock | undefined;
}

/** How long one attempt is waited for before the next begins, in milliseconds. */
const attemptTimeoutMs = 2_000;

/**
 * Clerk's token for Convex on a server, `getServerToken(await auth())`: asks again while Clerk's Backend API does not answer, within the request's time. Null means what
 * it does in Clerk: nobody is signed in. When the time is spent, or asking again is of no use (no such template, the
 * session is over), it throws Clerk's error as it came: `guardAction` and `classifyAuthError` know them.
 * @throws AuthResilienceError `invalid_option`
 */
export async function getServerToken(options: ServerTokenOptions): Promise<string | null> {
  const { getToken, sessionClaims, clock = monotonicClock } = options;
  const { template = isForConvex(sessionClaims) ? null : 'convex' } = options;
  if (typeof getToken !== 'function') throw invalidOption('getToken', getToken, 'a function, as Clerk’s getToken');
  const budget = options.budget ?? startRequestBudget(options.budgetMs ?? 5_000, clock);
  return insistWithin(() => (template === null ? getToken() : getToken({ template })), {
    budget,
    attemptTimeoutMs,
    clock,
    mayRepeat: (_, { kind }) => kind !== 'unknown',
  });
}
