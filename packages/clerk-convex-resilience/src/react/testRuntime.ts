import type { AuthHealth } from '../core/health.ts';
import { createTestClock, type TestClock } from '../core/testClock.ts';
import { createTestConnectivity, type TestConnectivity } from '../core/testConnectivity.ts';
import type { AuthRuntime } from './authRuntime.ts';

/** A runtime whose health a test says, with the actions that were called. */
export interface TestRuntime extends AuthRuntime {
  readonly clock: TestClock;
  readonly connectivity: TestConnectivity;
  set(health: AuthHealth): void;
  status: string | undefined;
  readonly calls: string[];
  readonly subscribers: number;
  /** What `retry` answers. */
  retried: Promise<void>;
}

export function createTestRuntime(first: AuthHealth = { status: 'healthy', since: 0 }): TestRuntime {
  const listeners = new Set<() => void>();
  let health = first;
  const called =
    (name: string): (() => Promise<void>) =>
    () => {
      runtime.calls.push(name);
      return name === 'retry' ? runtime.retried : Promise.resolve();
    };
  const connectivity = createTestConnectivity();
  const runtime: TestRuntime = {
    clock: createTestClock(),
    connectivity,
    page: connectivity,
    calls: [],
    status: 'ready',
    retried: Promise.resolve(),
    set(next) {
      health = next;
      for (const listener of [...listeners]) listener();
    },
    get subscribers() {
      return listeners.size;
    },
    health: () => health,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clerkStatus: () => runtime.status,
    retry: called('retry'),
    signOut: called('signOut'),
    signIn: called('signIn'),
    resetLocalAuth: called('resetLocalAuth'),
  } as Partial<TestRuntime> as TestRuntime; // the rest is the provider's
  return runtime;
}
