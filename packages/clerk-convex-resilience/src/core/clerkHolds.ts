import type { GuardedRequest } from './events.ts';

/** How long the failure of a request is kept from clerk-js: for good, until a moment, or not at all. */
export type Hold =
  | 'while_transient'
  | 'not'
  | {
      readonly until: number;
      /** How long it may take when nothing of it has failed: slow is not down. @defaultValue `until` */
      readonly unfailedUntil?: number;
    };

/** The limits, in milliseconds, where there is one. */
export const holdLimits = {
  /** clerk-js then uses its snapshot; without a limit its load takes 35 s. */
  environmentMs: 5_000,
  /** Without a snapshot it goes on without any, for good, and its components never show; its own tries take 35 s. */
  onlyEnvironmentMs: 35_000,
  /** `setActive` awaits it. */
  touchMs: 3_000,
  /** A GET /client that failed at page load with a session cookie: clerk-js's fallback then waits up to 7 s more for a token. */
  loadWithCookieMs: 2_000,
  /** GET /client at page load without one, or one that has not failed: clerk-js gives up at 7 s by itself, and stays degraded. */
  loadMs: 6_000,
  /** A sign-out is not retried here, but clerk-js cannot end one that hangs. */
  signOutMs: 6_000,
} as const;

/** Cookies that say "a session was active here", with and without the suffix of the instance. */
export const sessionCookie = /^__session(_|$)/;

/** clerk-js's snapshot of the environment, and until when it counts, in milliseconds since the epoch (SafeLocalStorage, 5.128.0 and 6.40.0). */
export const environmentSnapshot = { key: '__clerk_environment', expires: /"exp":(\d+)}$/ } as const;

export interface HoldFacts {
  /** When this request was asked for, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** Nobody can be reached, and clerk-js has no snapshot of the environment. */
  readonly environmentIsMissed: boolean;
  /** clerk-js carries a signal in it, or says that it repeats it: both belong to its load (core/clerk initClient, fapiClient, 5.128.0 and 6.40.0). */
  readonly ofLoad: boolean;
  /** A live session was answered 401 and the like: clerk-js asks GET /client whether it is over. */
  readonly inDoubt: boolean;
  /** Several sessions are signed in: another tab's sign-out of one makes clerk-js ask about all, and names none. */
  readonly hasOthers: boolean;
  /** Another tab signed out. */
  readonly signOutAnnounced: boolean;
  /** GET /client was answered. */
  readonly loaded: boolean;
  /** When the one budget of the page load is spent, for what has failed and for what is only slow. */
  readonly load: { readonly until: number; readonly unfailedUntil: number };
}

/** The table: by what clerk-js would do with the failure. */
export function holdOf(kind: GuardedRequest, facts: HoldFacts): Hold {
  switch (kind) {
    case 'tokens':
    // clerk-js asks once, and its load ends with status `error` when that fails (devBrowser setup, 5.128.0 and 6.40.0).
    case 'dev_browser':
      return 'while_transient';
    case 'touch':
      return { until: facts.startedAt + holdLimits.touchMs };
    case 'environment':
      return {
        until: facts.startedAt + (facts.environmentIsMissed ? holdLimits.onlyEnvironmentMs : holdLimits.environmentMs),
      };
    case 'client':
      return holdOfClient(facts);
    case 'sign_out':
    case 'other':
      return 'not';
    default:
      kind satisfies never;
      return 'not';
  }
}

function holdOfClient({ startedAt, ofLoad, inDoubt, hasOthers, signOutAnnounced, loaded, load }: HoldFacts): Hold {
  // clerk-js signs out when this fails with 403 or 500 (core/clerk, handleUnauthenticated, also after another tab's sign-out).
  if (inDoubt || (loaded && hasOthers)) return 'while_transient';
  if (loaded || signOutAnnounced) return 'not';
  // clerk-js reads the client in the background after a degraded load, and gives that up for good after eleven tries.
  return !ofLoad && startedAt >= load.until ? 'while_transient' : load;
}
