import type { Preloaded } from 'convex/react';
import type { ArgsAndOptions, FunctionReference, FunctionReturnType } from 'convex/server';
import { type Clock, monotonicClock } from '../../core/clock.ts';
import { invalidOption } from '../../core/errors.ts';
import type { AuthFailure } from '../../core/failure.ts';
import { isFunctionError } from './convexAnswer.ts';
import { didNotRun } from './didNotRun.ts';
import { getServerToken } from './getServerToken.ts';
import { insistWithin } from './insistWithin.ts';
import { type RequestBudget, startRequestBudget } from './requestBudget.ts';

/** The part of Clerk's `auth` that is used. */
type ServerAuth = () => Promise<{
  readonly userId?: string | null;
  readonly sessionClaims?: Readonly<Record<string, unknown>> | null;
  readonly getToken: (options?: { readonly template?: string }) => Promise<string | null>;
}>;

/** Options of `createServerConvex`. */
export interface ServerConvexOptions {
  /**
   * Clerk's `auth` of `@clerk/nextjs/server`. Left out, every call is anonymous. It is called for each call of a function,
   * which makes the page dynamic, as it does anywhere.
   */
  readonly auth?: ServerAuth | undefined;
  /** As in `getServerToken`. @defaultValue the session token with Clerk's Convex integration, else `'convex'` */
  readonly template?: string | null | undefined;
  /** URL of the deployment. @defaultValue `NEXT_PUBLIC_CONVEX_URL`, which convex/nextjs reads */
  readonly url?: string | undefined;
  /**
   * How long one call may take, its token and its attempts included, in milliseconds.
   * @defaultValue 8_000: below the 10 s after which many a platform ends a function
   */
  readonly budgetMs?: number | undefined;
  /** The time, for tests. @defaultValue the system's */
  readonly clock?: Clock | undefined;
}

/** Options of one call. */
export interface ServerCallOptions {
  /** A budget that several calls share; `budgetMs` is then not consulted. */
  readonly budget?: RequestBudget | undefined;
  /** A token that is at hand, in place of Clerk's. Null: anonymous. */
  readonly token?: string | null | undefined;
}

type Args<Fn extends FunctionReference<'query' | 'mutation' | 'action'>> = ArgsAndOptions<Fn, ServerCallOptions>;

/** `fetchQuery` and its kin of convex/nextjs, with Clerk's token, and with patience that ends. */
export interface ServerConvex {
  /** Repeated whenever the network or the server fails. */
  fetchQuery<Query extends FunctionReference<'query'>>(
    query: Query,
    ...args: Args<Query>
  ): Promise<FunctionReturnType<Query>>;
  /** As `fetchQuery`; for `usePreloadedQuery` in a client component. */
  preloadQuery<Query extends FunctionReference<'query'>>(query: Query, ...args: Args<Query>): Promise<Preloaded<Query>>;
  /** Sent again only when it is certain that it has not run, or that what it did was undone. */
  fetchMutation<Mutation extends FunctionReference<'mutation'>>(
    mutation: Mutation,
    ...args: Args<Mutation>
  ): Promise<FunctionReturnType<Mutation>>;
  /** Sent again only when it is certain that it has not begun. */
  fetchAction<Action extends FunctionReference<'action'>>(
    action: Action,
    ...args: Args<Action>
  ): Promise<FunctionReturnType<Action>>;
}

/** How long an attempt at a query is waited for before the next begins, in milliseconds; what may run once is waited for. */
const queryTimeoutMs = 3_000;

type Kind = 'query' | 'mutation' | 'action';
type Name = 'fetchQuery' | 'preloadQuery' | 'fetchMutation' | 'fetchAction';
/** convex/nextjs as it is called here: its types say less through a name that is only known at run time. */
type Caller = (fn: unknown, args: unknown, options: unknown) => Promise<never>;

/**
 * Convex on a Next.js server. Where Clerk or Convex does not answer, a call is repeated within its time, and then throws the last error
 * as it came. Convex's package is loaded at the first call, so that a middleware which imports this entry has nothing of it.
 * @throws AuthResilienceError `invalid_option`
 */
export function createServerConvex(options: ServerConvexOptions = {}): ServerConvex {
  const { auth, template, url, budgetMs = 8_000, clock = monotonicClock } = options;
  if (auth !== undefined && typeof auth !== 'function') throw invalidOption('auth', auth, 'Clerk’s auth');
  startRequestBudget(budgetMs, clock); // says now what is wrong with it

  const call =
    (name: Name, kind: Kind) =>
    async (fn: unknown, args: unknown = {}, own: ServerCallOptions = {}): Promise<never> => {
      const budget = own.budget ?? startRequestBudget(budgetMs, clock);
      const token = own.token === undefined ? await tokenOf(budget) : own.token;
      const convex = await import('convex/nextjs');
      const send = convex[name] as unknown as Caller;
      const sent = { ...(token && { token }), ...(url !== undefined && { url }) };
      return insistWithin(() => send(fn, args, sent), {
        budget,
        clock,
        attemptTimeoutMs: kind === 'query' ? queryTimeoutMs : Infinity,
        mayRepeat: (error, failure) => (kind === 'query' ? isOutage(error, failure) : didNotRun(error, kind)),
      });
    };

  async function tokenOf(budget: RequestBudget): Promise<string | null> {
    if (!auth) return null;
    const { getToken, sessionClaims } = await auth();
    return getServerToken({ getToken, sessionClaims, template, budget, clock });
  }

  return {
    fetchQuery: call('fetchQuery', 'query'),
    preloadQuery: call('preloadQuery', 'query'),
    fetchMutation: call('fetchMutation', 'mutation'),
    fetchAction: call('fetchAction', 'action'),
  };
}

/** A query has no effect, so it is enough that trying again is of use; a function's own error will be the same again. */
const isOutage = (error: unknown, failure: AuthFailure): boolean =>
  !isFunctionError(error) && (failure.kind !== 'unknown' || didNotRun(error, 'mutation'));
