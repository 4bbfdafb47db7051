import { type Clock, systemClock } from '../core/clock.ts';
import { browserPage } from '../core/connectivity.ts';
import type { AuthHealth } from '../core/health.ts';
import type { AuthView } from '../react/AuthRuntimeContext.ts';

/** What a script says of the world. */
export interface ScriptedAuthState {
  readonly health: AuthHealth;
  /** `clerk.status`. */
  readonly clerkStatus: 'loading' | 'ready' | 'degraded' | 'error';
  /** The browser's own word. */
  readonly isOnline: boolean;
}

export type ScriptedAuthCall = 'retry' | 'signOut' | 'signIn' | 'resetLocalAuth' | 'reload';

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
  readonly calls: readonly ScriptedAuthCall[];
  readonly subscribers: number;
}

export function createScript(options: ScriptedAuthOptions): Script {
  const { clock = systemClock, onCall, health, clerkStatus = 'ready', isOnline = true } = options;
  let state: ScriptedAuthState = { health: health ?? { status: 'healthy', since: clock.now() }, clerkStatus, isOnline };
  const listeners = new Set<() => void>();
  const calls: ScriptedAuthCall[] = [];
  const called = (call: ScriptedAuthCall) => async (): Promise<void> => {
    calls.push(call);
    await onCall?.(call);
  };
  const reload = called('reload');
  return {
    view: {
      clock,
      connectivity: { isOnline: () => state.isOnline },
      page: { onRejection: browserPage().onRejection, reload: () => void reload() },
      facade: { isHeld: () => false }, // or PublicReads would open a client of its own, on a real network
      clerkStatus: () => state.clerkStatus,
      health: () => state.health,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
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
    calls,
    get subscribers() {
      return listeners.size;
    },
  };
}
