import { systemClock } from './clock.ts';
import { browserConnectivity, type Connectivity, type WakeReason } from './connectivity.ts';
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
  /** Begins a use. Returns its own undo. */
  use(user: ClerkFetchGuardOptions): () => void;
  isUsed(): boolean;
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
  const undo = shared.use(user);
  let isReleased = false;
  // Not at once: a provider retains it where React lets no listener set a state.
  void Promise.resolve().then(() => {
    if (!isReleased) user.onEvent({ at: (options.clock ?? systemClock).now(), type: 'guard_installed' });
  });
  return {
    guard: shared.guard,
    release() {
      if (isReleased) return;
      isReleased = true;
      undo();
      // Not at once: StrictMode and hot reload let go and ask again in the same turn, and what the guard knows must last.
      void Promise.resolve().then(() => {
        if (shared.isUsed() || target[key] !== shared) return;
        delete target[key];
        shared.guard.uninstall();
      });
    },
  };
}

function install(target: Target, options: ClerkFetchGuardOptions): Shared {
  const users = new Set<ClerkFetchGuardOptions>();
  const isOn = ({ enabled = true }: ClerkFetchGuardOptions): boolean => {
    try {
      return typeof enabled === 'function' ? enabled() : enabled;
    } catch {
      return true; // one flag that cannot be read hides no other
    }
  };
  const page = options.connectivity ?? browserConnectivity();
  /** Everybody's signals, of those too who come while somebody listens. */
  const listeners = new Set<(reason: WakeReason) => void>();
  const listening = new Map<ClerkFetchGuardOptions, () => void>();
  const tell = (reason: WakeReason): void => {
    for (const listener of [...listeners]) listener(reason);
  };
  function listen(): void {
    for (const user of users)
      if (listeners.size > 0 && !listening.has(user)) listening.set(user, (user.connectivity ?? page).onWake(tell));
    for (const [user, undo] of listening) {
      if (listeners.size > 0 && users.has(user)) continue;
      listening.delete(user);
      undo();
    }
  }
  const onWake: Connectivity['onWake'] = (listener) => {
    listeners.add(listener);
    listen();
    return () => {
      listeners.delete(listener);
      listen();
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
  const shared: Shared = {
    guard,
    use(user) {
      users.add(user);
      listen();
      return () => {
        users.delete(user);
        listen();
      };
    },
    isUsed: () => users.size > 0,
  };
  Object.defineProperty(target, key, { value: shared, configurable: true });
  return shared;
}
