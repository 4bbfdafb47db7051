'use client';
import { type ReactNode, useEffect, useInsertionEffect, useRef, useState, useSyncExternalStore } from 'react';
import { retainClerkFetchGuard } from '../core/clerkFetchGuard.ts';
import { systemClock } from '../core/clock.ts';
import { browserConnectivity } from '../core/connectivity.ts';
import { type AuthEvent, type AuthEventBody, safely } from '../core/events.ts';
import type { AuthFailure } from '../core/failure.ts';
import { createEventLog } from '../core/milestones.ts';
import { resolvePolicy, retryPolicies } from '../core/policy.ts';
import type { ReportedFinding } from '../diagnosis/findings.ts';
import { type ClerkScripts, ClerkScriptsContext } from './ClerkScriptsContext.ts';
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
  const [scripts] = useState(createScripts);
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
    if (scripts.hasLoaded()) return;
    const tell = safely((event) => latest.current.onEvent?.(event));
    const log = safely(createEventLog(() => latest.current));
    const report = (body: AuthEventBody): void => {
      const event = { at: systemClock.now(), ...body } as AuthEvent;
      tell(event);
      log(event);
      scripts.report(event);
    };
    const connectivity = browserConnectivity();
    let isLooking = false;
    const ended = new AbortController();
    const logger = () => latest.current.logger ?? console;
    const insisting = insistOnScripts({
      clock: systemClock,
      connectivity,
      policy: resolvePolicy(latest.current.policy, retryPolicies.session),
      uiUrl: latest.current.uiUrl,
      report,
      onFailure(failure, src) {
        scripts.onFailure(failure);
        if (!failure || !src || isLooking || scripts.findings().length > 0) return;
        isLooking = true;
        const isStillMissing = (): boolean => scripts.failure() !== null;
        void import('./findBlockedScript.ts')
          .then((it) =>
            it.findBlockedScript({
              src,
              connectivity,
              clock: systemClock,
              report,
              logger,
              development: () => latest.current.development,
              isStillMissing,
              signal: ended.signal,
            }),
          )
          .then(scripts.onFound)
          .catch(() => {}) // not loaded: at the next failure
          .finally(() => {
            isLooking = false;
          });
      },
    });
    scripts.use(insisting);
    return () => {
      insisting.stop();
      ended.abort();
    };
  }, [scripts]);
  return <ClerkScriptsContext.Provider value={scripts}>{isReady && children}</ClerkScriptsContext.Provider>;
}

/** Apart from React's state, so that a failure renders only who asks for it. */
function createScripts(): ClerkScripts & {
  hasLoaded(): boolean;
  use(loading: ScriptLoading): void;
  onFailure(failure: AuthFailure | null): void;
  onFound(findings: readonly ReportedFinding[]): void;
  report(event: AuthEvent): void;
} {
  let failure: AuthFailure | null = null;
  let findings: readonly ReportedFinding[] = [];
  let loading: ScriptLoading | null = null;
  let hasLoaded = false;
  const listeners = new Set<() => void>();
  const watchers = new Set<(event: AuthEvent) => void>();
  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };
  return {
    failure: () => failure,
    findings: () => findings,
    hasLoaded: () => hasLoaded,
    use(next) {
      loading = next;
    },
    onFailure(next) {
      failure = next;
      if (!failure) findings = [];
      tell();
    },
    onFound(next) {
      if (!failure || next.length === 0 || findings.length > 0) return;
      findings = next;
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onEvent(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    report(event) {
      for (const watcher of watchers) watcher(event);
    },
    retry: () => loading?.retry(),
    onLoaded() {
      hasLoaded = true;
      loading?.stop();
    },
  };
}
