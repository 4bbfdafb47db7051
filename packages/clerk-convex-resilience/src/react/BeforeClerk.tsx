'use client';
import { type ReactNode, useEffect, useInsertionEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { retainClerkFetchGuard } from '../core/clerkFetchGuard.ts';
import { systemClock } from '../core/clock.ts';
import { browserConnectivity } from '../core/connectivity.ts';
import { type AuthEvent, safely } from '../core/events.ts';
import type { AuthFailure } from '../core/failure.ts';
import { createEventLog } from '../core/milestones.ts';
import { resolvePolicy, retryPolicies } from '../core/policy.ts';
import { ClerkScriptsContext } from './ClerkScriptsContext.ts';
import type { ConvexClerkProviderOptions } from './ConvexClerkProvider.tsx';
import { insistOnScripts, type ScriptLoading } from './insistOnScripts.ts';

const never = (): (() => void) => () => {};

/**
 * Renders Clerk's provider when what stands in front of clerk-js is in place: the guard of its requests, and who loads its
 * scripts again. That takes one commit, because a tree that suspends runs no effect, and the clerk-js in it asks all the
 * same. What a server has rendered is shown at once.
 */
export function BeforeClerk({
  options,
  uiUrl,
  children,
}: {
  options: ConvexClerkProviderOptions;
  uiUrl: string | undefined;
  children: ReactNode;
}): ReactNode {
  const isServerRendered = useSyncExternalStore(
    never,
    () => false,
    () => true,
  );
  const [isReady, setReady] = useState(isServerRendered);
  const [failure, setFailure] = useState<AuthFailure | null>(null);
  const scripts = useRef<ScriptLoading | null>(null);
  const hasLoaded = useRef(false);
  const latest = useRef({ ...options, uiUrl });
  useInsertionEffect(() => {
    latest.current = { ...options, uiUrl };
  });
  useInsertionEffect(() => {
    const { guardRequests = true, policy } = latest.current;
    if (guardRequests === false) return;
    // Its events go to the provider below, which retains the same guard.
    return retainClerkFetchGuard({ enabled: guardRequests, ...(policy && { policy }) }).release;
  }, []);
  useEffect(() => {
    // eslint-disable-next-line react-hooks/set-state-in-effect -- what was put in place is an effect: only now may Clerk follow
    setReady(true);
    if (hasLoaded.current) return;
    const tell = safely((event) => latest.current.onEvent?.(event));
    const log = safely(createEventLog(() => latest.current));
    const insisting = insistOnScripts({
      clock: systemClock,
      connectivity: browserConnectivity(),
      policy: resolvePolicy(latest.current.policy, retryPolicies.session),
      uiUrl: latest.current.uiUrl,
      report(body) {
        const event = { at: systemClock.now(), ...body } as AuthEvent;
        tell(event);
        log(event);
      },
      onFailure: setFailure,
    });
    scripts.current = insisting;
    return insisting.stop;
  }, []);
  const context = useMemo(
    () => ({
      failure,
      retry: () => scripts.current?.retry(),
      onLoaded() {
        hasLoaded.current = true;
        scripts.current?.stop();
      },
    }),
    [failure],
  );
  return <ClerkScriptsContext.Provider value={context}>{isReady && children}</ClerkScriptsContext.Provider>;
}
