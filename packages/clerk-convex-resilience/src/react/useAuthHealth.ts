'use client';
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import { AuthResilienceError } from '../core/errors.ts';
import type { AuthFailure } from '../core/failure.ts';
import type { AuthHealth, ConfigProblem } from '../core/health.ts';
import type { ReportedFinding } from '../diagnosis/findings.ts';
import { AuthRuntimeContext, type AuthView } from './AuthRuntimeContext.ts';
import { type ClerkScripts, ClerkScriptsContext } from './ClerkScriptsContext.ts';

/** What is missing, where an all-in-one provider has rendered its fallback. */
export const ConfigProblemsContext = createContext<readonly ConfigProblem[] | null>(null);
/** The findings of those problems, when they have been loaded. */
export const ConfigFindingsContext = createContext<readonly ReportedFinding[] | undefined>(undefined);

/** What a person can do about it. The same functions at each render, safe at any time; none of their promises rejects. */
export interface AuthHealthActions {
  /**
   * Tries for a token now instead of waiting, or as soon as Clerk's `Retry-After` allows. Resolves when that attempt is
   * answered, at once where nobody waits.
   */
  readonly retry: () => Promise<void>;
  /**
   * Signs out: here at once, at Clerk's as soon as it can be reached, also after a reload. Resolves when Clerk has been
   * asked once, whatever came of it.
   */
  readonly signOut: () => Promise<void>;
  /** Leads to the sign-in page that Clerk is configured with, and from there back to this page. */
  readonly signIn: () => Promise<void>;
  /**
   * For a sign-in that is stuck, in place of "clear your cookies": signs out as `signOut` does, and forgets what this browser
   * keeps of Clerk's. Reload the page when it has resolved, which takes a second at most: what clerk-js holds in memory is gone then.
   */
  readonly resetLocalAuth: () => Promise<void>;
}

export type AuthHealthWithActions = AuthHealth & AuthHealthActions;

/**
 * How the user's sign-in is doing. Renders again when that changes, and never on the healthy path.
 *
 * With `select`, renders again only when what it answers is another (`Object.is`): `useAuthHealth((h) => h.status)`.
 * @throws AuthResilienceError `missing_provider` when there is no provider of this library above
 */
export function useAuthHealth(): AuthHealthWithActions;
export function useAuthHealth<T>(select: (health: AuthHealthWithActions) => T): T;
export function useAuthHealth(select: (health: AuthHealthWithActions) => unknown = whole): unknown {
  const view = useHealthView('useAuthHealth was called');
  const read = useMemo(() => once(select), [select]);
  return useSyncExternalStore(
    view.subscribe,
    () => read(view.health()),
    () => read(view.atFirst),
  );
}

/** The health and the actions, without rendering when they change. */
export function useHealthView(what: string): HealthView {
  const runtime = useContext(AuthRuntimeContext);
  const problems = useContext(ConfigProblemsContext);
  const findings = useContext(ConfigFindingsContext);
  const scripts = useContext(ClerkScriptsContext);
  if (!runtime && !problems) {
    throw new AuthResilienceError(
      'missing_provider',
      `${what} outside of ConvexClerkProvider. Render that above this component.`,
    );
  }
  return useMemo(
    () => createView(runtime, problems && { problems, ...(findings && { findings }) }, scripts),
    [runtime, problems, findings, scripts],
  );
}

export interface HealthView {
  subscribe(listener: () => void): () => void;
  health(): AuthHealthWithActions;
  readonly atFirst: AuthHealthWithActions;
  readonly actions: AuthHealthActions;
}

/** One answer for one health, so that a `select` that makes an object does not render for ever. */
function once(select: (health: AuthHealthWithActions) => unknown): (health: AuthHealthWithActions) => unknown {
  let last: { readonly health: AuthHealthWithActions; readonly answer: unknown } | null = null;
  return (health) => {
    if (last?.health !== health) last = { health, answer: select(health) };
    return last.answer;
  };
}

const whole = (health: AuthHealthWithActions): unknown => health;
const starting: AuthHealth = { status: 'starting' };
const done = (): Promise<void> => Promise.resolve();

/** The health of everything above a component, with the actions. */
function createView(
  runtime: AuthView | null,
  unusable: Omit<Extract<AuthHealth, { status: 'unconfigured' }>, 'status'> | null,
  scripts: ClerkScripts | null,
): HealthView {
  const actions: AuthHealthActions = {
    retry() {
      scripts?.retry();
      return runtime?.retry() ?? done();
    },
    signOut: runtime?.signOut ?? done,
    signIn: () => runtime?.signIn().catch(() => {}) ?? done(),
    resetLocalAuth: runtime?.resetLocalAuth ?? done,
  };
  const unconfigured = !runtime && unusable ? ({ status: 'unconfigured', ...unusable } as const) : null;
  const atFirst = { ...(unconfigured ?? starting), ...actions };
  let seen: { readonly health: AuthHealth; readonly failure: AuthFailure | null; readonly findings: unknown } | null =
    null;
  let joined: AuthHealthWithActions = atFirst;
  return {
    actions,
    atFirst,
    subscribe(listener) {
      const undo = [runtime?.subscribe(listener), scripts?.subscribe(listener)];
      return () => {
        for (const stop of undo) stop?.();
      };
    },
    health() {
      const health = unconfigured ?? runtime?.health() ?? starting;
      const failure = (health.status === 'starting' && scripts?.failure()) || null;
      const findings = failure && scripts?.findings();
      if (seen?.health === health && seen.failure === failure && seen.findings === findings) return joined;
      seen = { health, failure, findings };
      joined = { ...health, ...(failure && { failure }), ...(findings?.length && { findings }), ...actions };
      return joined;
    },
  };
}
