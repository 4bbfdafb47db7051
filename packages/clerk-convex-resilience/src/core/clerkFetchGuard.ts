import { browserConnectivity, type Connectivity } from './connectivity.ts';
import { safely } from './events.ts';
import {
  type ClerkFetchGuard,
  type ClerkFetchGuardOptions,
  type FetchTarget,
  installClerkFetchGuard,
} from './installClerkFetchGuard.ts';

export type { ClerkClientSnapshot } from './clerkAnswers.ts';
export type { ClerkFetchGuard, ClerkFetchGuardOptions, FetchTarget } from './installClerkFetchGuard.ts';
export { installClerkFetchGuard } from './installClerkFetchGuard.ts';

/** Kept on the object whose `fetch` is wrapped, under a name that all copies of this library share: they wrap it once. */
const key = Symbol.for('clerk-convex-resilience/fetch-guard@1');

type Target = FetchTarget & { [key]?: Shared };

interface Shared {
  readonly guard: ClerkFetchGuard;
  readonly users: Set<ClerkFetchGuardOptions>;
}

export interface RetainedGuard {
  readonly guard: ClerkFetchGuard;
  /** Takes the guard off with the last one who lets go of it. */
  release(): void;
}

/**
 * The guard of this realm: installed by the first who asks, removed with the last. The first one's `clock`,
 * `connectivity` and `policy` count; everybody's `connectivity` wakes it, everybody's `onEvent` is called, and one `enabled`
 * that says no turns it off.
 * @throws AuthResilienceError `invalid_option`
 */
export function retainClerkFetchGuard(options: ClerkFetchGuardOptions = {}): RetainedGuard {
  const target: Target = options.target ?? globalThis;
  const shared = target[key] ?? install(target, options);
  // A copy: the same options given twice are two users. One whose listener throws takes nothing from the others.
  const user = { ...options, onEvent: safely(options.onEvent) };
  shared.users.add(user);
  return {
    guard: shared.guard,
    release() {
      if (!shared.users.delete(user)) return;
      // Not at once: StrictMode and hot reload let go and ask again in the same turn, and what the guard knows must last.
      void Promise.resolve().then(() => {
        if (shared.users.size > 0 || target[key] !== shared) return;
        delete target[key];
        shared.guard.uninstall();
      });
    },
  };
}

function install(target: Target, options: ClerkFetchGuardOptions): Shared {
  const users = new Set<ClerkFetchGuardOptions>();
  const isOn = ({ enabled = true }: ClerkFetchGuardOptions): boolean =>
    typeof enabled === 'function' ? enabled() : enabled;
  const page = options.connectivity ?? browserConnectivity();
  const onWake: Connectivity['onWake'] = (listener) => {
    const undos = [...users].map(({ connectivity = page }) => connectivity.onWake(listener));
    return () => {
      for (const undo of undos) undo();
    };
  };
  const guard = installClerkFetchGuard({
    ...options,
    connectivity: Object.assign(Object.create(page) as Connectivity, { onWake }),
    enabled: () => [...users].every(isOn),
    onEvent: (event) => {
      for (const { onEvent } of users) onEvent?.(event);
    },
  });
  const shared: Shared = { guard, users };
  Object.defineProperty(target, key, { value: shared, configurable: true });
  return shared;
}
