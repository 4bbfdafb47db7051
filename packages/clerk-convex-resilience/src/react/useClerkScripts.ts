import { useEffect, useMemo, useRef, useState } from 'react';
import { systemClock } from '../core/clock.ts';
import { browserConnectivity } from '../core/connectivity.ts';
import { type AuthEvent, safely } from '../core/events.ts';
import type { AuthFailure } from '../core/failure.ts';
import { resolvePolicy, retryPolicies } from '../core/policy.ts';
import type { ClerkScripts } from './ClerkScriptsContext.ts';
import type { ConvexClerkProviderOptions } from './ConvexClerkProvider.tsx';
import { insistOnScripts, type ScriptLoading } from './insistOnScripts.ts';

/** Loads Clerk's scripts again when they fail, until Clerk has loaded. */
export function useClerkScripts(props: ConvexClerkProviderOptions, isLoaded: boolean): ClerkScripts {
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const [failure, setFailure] = useState<AuthFailure | null>(null);
  const loading = useRef<ScriptLoading | null>(null);
  useEffect(() => {
    if (isLoaded) return;
    const tell = safely((event) => latest.current.onEvent?.(event));
    const insisting = insistOnScripts({
      clock: systemClock,
      connectivity: browserConnectivity(),
      policy: resolvePolicy(latest.current.policy, retryPolicies.session),
      report(body) {
        const event = { at: systemClock.now(), ...body } as AuthEvent;
        tell(event);
        if (latest.current.debug) console.debug(`[clerk-convex-resilience] ${event.type}`, event);
      },
      onFailure: setFailure,
    });
    loading.current = insisting;
    return insisting.stop;
  }, [isLoaded]);
  return useMemo(() => ({ failure, retry: () => loading.current?.retry() }), [failure]);
}
