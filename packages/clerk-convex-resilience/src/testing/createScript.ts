import { type Clock, systemClock } from '../core/clock.ts';
import { browserPage, browserSignals } from '../core/connectivity.ts';
import type { AuthEvent } from '../core/events.ts';
import type { AuthHealth } from '../core/health.ts';
import { retryPolicies } from '../core/policy.ts';
import type { TokenState } from '../core/tokenMachine.ts';
import type { AuthView } from '../react/AuthRuntimeContext.ts';
import type { AuthInspection } from '../react/authRuntime.ts';

/** What a script says of the world. */
export interface ScriptedAuthState {
  readonly health: AuthHealth;
  /** `clerk.status`. */
  readonly clerkStatus: 'loading' | 'ready' | 'degraded' | 'error';
  /** The browser's own word. */
  readonly isOnline: boolean;
  /** What the token says that is held, for `AuthDevtools`; null: none is held. */
  readonly claims: Readonly<Record<string, unknown>> | null;
}

export type ScriptedAuthCall = 'retry' | 'signOut' | 'signIn' | 'resetLocalAuth' | 'reload' | 'expire';

export interface ScriptedAuthOptions extends Partial<ScriptedAuthState> {
  /**
   * What the components go by: `createTestClock()` for a test that says what time it is.
   * @defaultValue the real one
   */
  readonly clock?: Clock | undefined;
  /**
   * A person, or your code, asked for this. What it returns is waited for, as for Clerk's answer. Nothing else happens: say
   * with `set` what came of it.
   */
  readonly onCall?: ((call: ScriptedAuthCall) => Promise<void> | void) | undefined;
}

/** What the components below a provider take, by script. */
export interface Script {
  readonly view: AuthView;
  /** Something has changed. What is not named stays as it is. */
  set(change: Partial<ScriptedAuthState>): void;
  state(): ScriptedAuthState;
  report(event: AuthEvent): void;
  readonly calls: readonly ScriptedAuthCall[];
  readonly subscribers: number;
}

export function createScript(options: ScriptedAuthOptions): Script {
  const { clock = systemClock, onCall, health, clerkStatus = 'ready', isOnline = true, claims = null } = options;
  let state: ScriptedAuthState = {
    health: health ?? { status: 'healthy', since: clock.now() },
    clerkStatus,
    isOnline,
    claims,
  };
  const listeners = new Set<() => void>();
  const eventListeners = new Set<(event: AuthEvent) => void>();
  const calls: ScriptedAuthCall[] = [];
  const called = (call: ScriptedAuthCall) => async (): Promise<void> => {
    calls.push(call);
    await onCall?.(call);
  };
  const reload = called('reload');
  const expire = called('expire');
  return {
    view: {
      clock,
      connectivity: { ...browserSignals(), isOnline: () => state.isOnline },
      policy: retryPolicies.session,
      page: { onRejection: browserPage().onRejection, reload: () => void reload() },
      facade: { rearm: () => void expire(), isHeld: () => false }, // or PublicReads would open a client of its own, on a real network
      source: { refused() {} },
      signOuts: { pending: () => new Set() },
      clerkStatus: () => state.clerkStatus,
      health: () => state.health,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      onEvent(listener) {
        eventListeners.add(listener);
        return () => eventListeners.delete(listener);
      },
      report(event) {
        for (const listener of [...eventListeners]) listener({ at: clock.now(), ...event } as AuthEvent);
      },
      logger: () => console,
      development: () => undefined,
      profile: () => (isSignedIn(state.health) ? { sessionId: 'scripted', updatedAt: undefined } : null),
      onProfile: () => () => {},
      reloadProfile: () => Promise.resolve(),
      renewToken: () => Promise.resolve(),
      inspect: () => inspectionOf(state),
      retry: called('retry'),
      signOut: called('signOut'),
      signIn: called('signIn'),
      resetLocalAuth: called('resetLocalAuth'),
    },
    set(change) {
      state = { ...state, ...change };
      for (const listener of [...listeners]) listener();
    },
    state: () => state,
    report(event) {
      for (const listener of [...eventListeners]) listener(event);
    },
    calls,
    get subscribers() {
      return listeners.size;
    },
  };
}

const isSignedIn = ({ status }: AuthHealth): boolean => ['healthy', 'recovering', 'blocked'].includes(status);

/** What a runtime in that health would know. */
function inspectionOf({ health, claims }: ScriptedAuthState): AuthInspection {
  const nothing = { nextId: 2, session: '', open: [], aheadMs: null, newestIat: 0, refused: [] };
  const known = { ...nothing, last: claims && unsigned(claims) };
  const since = 'since' in health ? health.since : 0;
  switch (health.status) {
    case 'unconfigured':
    case 'signed_out':
      return { phase: 'signed_out', identity: { status: 'none' }, token: { ...known, status: 'ended' }, guard: null };
    case 'starting': {
      const token: TokenState = { ...known, status: 'requesting', doubtful: false, trouble: null, fresh: false };
      return { phase: 'starting', identity: { status: 'none' }, token, guard: null };
    }
    case 'healthy': {
      const token: TokenState = { ...known, status: 'idle', doubtful: false, trouble: null };
      return { phase: 'signed_in', identity: { status: 'confirmed', since }, token, guard: null };
    }
    case 'recovering':
    case 'blocked': {
      const { attempt: attempts, nextAttemptAt } =
        health.status === 'recovering' ? health : { attempt: 1, nextAttemptAt: null };
      const trouble = { failure: health.failure, since, attempts, nextAttemptAt };
      const attempt = { id: 1, session: '', fresh: true };
      const token: TokenState = { ...known, status: 'waiting', doubtful: false, fresh: true, attempt, trouble };
      return { phase: 'signed_in', identity: { status: 'confirmed', since }, token, guard: null };
    }
    default:
      health satisfies never;
      return { phase: 'starting', identity: { status: 'none' }, token: { ...known, status: 'ended' }, guard: null };
  }
}

/** A token with these claims that nobody has signed. */
const unsigned = (claims: Readonly<Record<string, unknown>>): string =>
  `.${btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(claims))))}.`;
