import { describe, expect, it } from 'vitest';
import type { AuthHealth } from './health.ts';
import { createNoticeWatch } from './noticeWatch.ts';
import { createTestClock } from './testClock.ts';
import { createTestConnectivity } from './testConnectivity.ts';

/** A watch of a user whose health and socket a test plays. */
function setUp() {
  const clock = createTestClock();
  const connectivity = createTestConnectivity();
  let health: AuthHealth = { status: 'healthy', since: clock.now() };
  let isLost = false;
  const listeners = { health: (): void => {}, socket: (): void => {} };
  const watch = createNoticeWatch({
    clock,
    connectivity,
    page: connectivity,
    health: () => health,
    subscribe(listener) {
      listeners.health = listener;
      return () => {};
    },
    clerkStatus: () => 'ready',
    socket: {
      isLost: () => isLost,
      isSynced: () => false,
      subscribe(listener) {
        listeners.socket = listener;
        return () => {};
      },
    },
    showAfterMs: () => 2_000,
  });
  watch.subscribe(() => {});
  return {
    clock,
    is(next: AuthHealth) {
      health = next;
      listeners.health();
    },
    losesSocket(lost: boolean) {
      isLost = lost;
      listeners.socket();
    },
    shown: () => watch.view().notice?.kind,
  };
}

const recovering = (since: number): AuthHealth => ({
  status: 'recovering',
  failure: { kind: 'network', retryable: true, source: 'browser' },
  since,
  attempt: 1,
  nextAttemptAt: null,
  signedIn: true,
});

describe('when the clock is set back by an hour', () => {
  it('says no longer than before that all is well again', async () => {
    const { clock, is, shown } = setUp();
    is(recovering(clock.now()));
    await clock.advance(2_000);
    expect(shown()).toBe('clerk_unreachable');
    is({ status: 'healthy', since: clock.now() });
    expect(shown()).toBe('back_online');
    clock.setBack(3_600_000);
    await clock.advance(4_000);
    expect(shown()).toBeUndefined();
  });

  it('shows a trouble that has begun before, no later than one that begins then', async () => {
    const { clock, is, shown } = setUp();
    is({ status: 'starting', failure: { kind: 'not_loaded', retryable: true, source: 'clerk' } });
    await clock.advance(1_000);
    clock.setBack(3_600_000);
    await clock.advance(3_000);
    expect(shown()).toBe('clerk_not_loaded');
  });

  it('takes a socket that stays open for back', async () => {
    const { clock, losesSocket, shown } = setUp();
    losesSocket(true);
    await clock.advance(3_000);
    expect(shown()).toBe('convex_unreachable');
    losesSocket(false);
    await clock.advance(1_000);
    clock.setBack(3_600_000);
    await clock.advance(5_000);
    expect(shown()).toBe('back_online');
  });
});
