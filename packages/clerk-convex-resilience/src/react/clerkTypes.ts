/**
 * What this library uses of Clerk, structurally: the types of @clerk/clerk-react 5 and @clerk/react 6 are not assignable to
 * each other (their `has` differs), and both of them are assignable to these.
 */

/** What Clerk's `useAuth()` answers, as far as it is used. */
export interface ClerkAuth {
  readonly isLoaded: boolean;
  readonly isSignedIn: boolean | undefined;
  readonly sessionId: string | null | undefined;
  readonly userId?: string | null | undefined;
  readonly orgId: string | null | undefined;
  readonly orgRole: string | null | undefined;
  readonly sessionClaims: Readonly<Record<string, unknown>> | null | undefined;
  readonly getToken: (options: { template?: 'convex'; skipCache?: boolean }) => Promise<string | null>;
}

/** Clerk's `useAuth` hook. */
export type UseClerkAuth = () => ClerkAuth;

/** The Clerk object (`useClerk()`, `window.Clerk`), as far as it is used. Every part may be missing: it is another package's. */
export interface ClerkLike {
  readonly loaded?: boolean;
  readonly publishableKey?: string;
  /** Of clerk-js. */
  readonly version?: string | undefined;
  /** `degraded` and `error` since clerk-js 5.60. */
  readonly status?: string;
  readonly session?: { readonly id: string; readonly status?: string } | null | undefined;
  readonly client?: ClerkClientLike | null | undefined;
  /** `updatedAt` is one millisecond after the epoch in the stand-in of a load in an outage (createClientFromJwt, 5.128.0 and 6.40.0). */
  readonly user?: { readonly updatedAt?: Date | null; reload?: () => Promise<unknown> } | null | undefined;
  /** Calls back when the session or the user changes. Returns its own undo. */
  addListener?: (listener: () => void) => () => void;
  signOut?: (...args: never[]) => Promise<unknown>;
  redirectToSignIn?: () => Promise<unknown>;
  setActive?: (options: { session: string }) => Promise<unknown>;
}

interface ClerkClientLike {
  readonly lastActiveSessionId?: string | null;
  readonly sessions?: ReadonlyArray<{
    readonly id: string;
    readonly status?: string;
    readonly remove?: () => Promise<unknown>;
  }>;
  reload?: () => Promise<unknown>;
}
