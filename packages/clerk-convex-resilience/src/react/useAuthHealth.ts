'use client';
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import { AuthResilienceError } from '../core/errors.ts';
import type { AuthHealth, ConfigProblem } from '../core/health.ts';
import { AuthRuntimeContext } from './AuthRuntimeContext.ts';
import { ClerkScriptsContext } from './ClerkScriptsContext.ts';

/** What is missing, where an all-in-one provider has rendered its fallback. */
export const ConfigProblemsContext = createContext<readonly ConfigProblem[] | null>(null);

export type AuthHealthWithActions = AuthHealth & {
  /** Tries for a token now instead of waiting. Does nothing where nobody waits. Never throws. */
  readonly retry: () => void;
  /**
   * Signs out: here at once, at Clerk's as soon as it can be reached, also after a reload. Resolves when Clerk has been
   * asked once, whatever came of it.
   */
  readonly signOut: () => Promise<void>;
};

const starting: AuthHealth = { status: 'starting' };
const noSubscription = (): (() => void) => () => {};

/**
 * How the user's sign-in is doing. Renders again when that changes, and never on the healthy path.
 * @throws AuthResilienceError `missing_provider` when there is no provider of this library above
 */
export function useAuthHealth(): AuthHealthWithActions {
  const runtime = useContext(AuthRuntimeContext);
  const problems = useContext(ConfigProblemsContext);
  const scripts = useContext(ClerkScriptsContext);
  if (!runtime && !problems) {
    throw new AuthResilienceError(
      'missing_provider',
      'useAuthHealth was called outside of ConvexClerkProvider. Render it above this component.',
    );
  }
  const health = useSyncExternalStore(
    runtime?.subscribe ?? noSubscription,
    runtime?.health ?? (() => starting),
    () => starting,
  );
  return useMemo(
    () => ({
      ...(runtime || !problems ? health : { status: 'unconfigured' as const, problems }),
      ...(health.status === 'starting' && scripts?.failure && { failure: scripts.failure }),
      retry() {
        runtime?.retry();
        scripts?.retry();
      },
      signOut: () => runtime?.signOut() ?? Promise.resolve(),
    }),
    [runtime, problems, scripts, health],
  );
}
