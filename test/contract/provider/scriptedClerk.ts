import type { ClerkAuth } from 'clerk-convex-resilience';
import { useSyncExternalStore } from 'react';

/** What a test makes Clerk say. `getToken` is asked each time; the rest is state. */
export interface ScriptedClerk {
  readonly useAuth: () => ClerkAuth;
  set(next: Partial<Omit<ClerkAuth, 'getToken'>>): void;
  /** Answers the next calls of getToken; afterwards `tokens` does. */
  readonly script: Array<() => Promise<string | null>>;
  tokens: (auth: ClerkAuth, options: Parameters<ClerkAuth['getToken']>[0]) => Promise<string | null>;
  readonly calls: Array<{ skipCache: boolean | undefined; template: string | undefined }>;
}

/** Clerk's `useAuth` by script: for orders of events that the real one does not produce on demand. */
export function createScriptedClerk(tokens: ScriptedClerk['tokens']): ScriptedClerk {
  const listeners = new Set<() => void>();
  const clerk: ScriptedClerk = {
    script: [],
    calls: [],
    tokens,
    set(next) {
      auth = { ...auth, ...next };
      for (const listener of [...listeners]) listener();
    },
    useAuth: () =>
      useSyncExternalStore(
        (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        () => auth,
      ),
  };
  let auth: ClerkAuth = {
    isLoaded: false,
    isSignedIn: undefined,
    sessionId: undefined,
    orgId: undefined,
    orgRole: undefined,
    sessionClaims: undefined,
    getToken: (options) => {
      clerk.calls.push({ skipCache: options.skipCache, template: options.template });
      const next = clerk.script.shift();
      return next ? next() : clerk.tokens(auth, options);
    },
  };
  return clerk;
}
