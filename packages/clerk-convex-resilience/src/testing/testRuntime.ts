import type { AuthHealth } from '../core/health.ts';
import { createTestClock, type TestClock } from '../core/testClock.ts';
import { createTestConnectivity, type TestConnectivity } from '../core/testConnectivity.ts';
import type { AuthView } from '../react/AuthRuntimeContext.ts';
import { createScript, type Script } from './createScript.ts';

/** A scripted runtime on a page that a test moves by hand: for this library's own tests. */
export interface TestRuntime extends AuthView, Pick<Script, 'calls' | 'subscribers'> {
  readonly clock: TestClock;
  readonly connectivity: TestConnectivity;
  readonly script: Script;
  set(health: AuthHealth): void;
  /** What `retry` answers, and `signOut`. */
  retried: Promise<void>;
  signedOut: Promise<void>;
}

export function createTestRuntime(health: AuthHealth = { status: 'healthy', since: 0 }): TestRuntime {
  const clock = createTestClock();
  const connectivity = createTestConnectivity();
  const script = createScript({
    health,
    clock,
    onCall: (call) => (call === 'retry' ? runtime.retried : call === 'signOut' ? runtime.signedOut : undefined),
  });
  const runtime: TestRuntime = {
    ...script.view,
    clock,
    connectivity,
    page: connectivity,
    script,
    calls: script.calls,
    get subscribers() {
      return script.subscribers;
    },
    set: (next) => script.set({ health: next }),
    retried: Promise.resolve(),
    signedOut: Promise.resolve(),
  };
  return runtime;
}
