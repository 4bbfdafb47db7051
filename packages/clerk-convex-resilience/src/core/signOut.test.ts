import { describe, expect, it } from 'vitest';
import { retryPolicies } from './policy.ts';
import { createSignOut, type SignOutMark } from './signOut.ts';
import { createTestClock } from './testClock.ts';
import { createTestConnectivity } from './testConnectivity.ts';

const mark: SignOutMark = { sessionId: 'sess_1', scope: 'browser' };
const key = 'clerk-convex-resilience:signed-out';

function setUp({
  failures = 0,
  connectivity = createTestConnectivity(),
  failure = new TypeError('Failed to fetch') as Error,
} = {}) {
  const clock = createTestClock();
  let left = failures;
  const calls: string[] = [];
  let revoked = false;
  const ask = (who: string) => async () => {
    calls.push(who);
    if (left-- > 0) throw failure;
    revoked = true;
  };
  const signOut = createSignOut({
    clock,
    connectivity,
    policy: retryPolicies.session,
    report: () => {},
    isRevoked: () => revoked,
    revoke: ask('revoke'),
  });
  return { clock, connectivity, calls, signOut, first: ask('first') };
}

describe('createSignOut', () => {
  it('is pending at once, before Clerk has been asked', () => {
    const { signOut } = setUp();
    let pendingWhenAsked: unknown;
    void signOut.begin(mark, async () => {
      pendingWhenAsked = signOut.pending();
    });
    expect(pendingWhenAsked).toEqual(mark);
  });

  it('is over as soon as Clerk has confirmed it', async () => {
    const { signOut, clock, calls, connectivity, first } = setUp();
    await signOut.begin(mark, first);
    await clock.advance(0);
    expect(signOut.pending()).toBeNull();
    expect(connectivity.storage.size).toBe(0);
    expect(calls).toEqual(['first']);
  });

  it('goes on until Clerk has confirmed it', async () => {
    const { signOut, clock, calls, first } = setUp({ failures: 4 });
    await signOut.begin(mark, first);
    expect(signOut.pending()).toEqual(mark);
    await clock.advance(20_000);
    expect(signOut.pending()).toBeNull();
    expect(calls).toEqual(['first', 'revoke', 'revoke', 'revoke', 'revoke']);
  });

  it('knows on this page which session it was, also when Clerk has confirmed', async () => {
    const { signOut, clock, first } = setUp();
    expect(signOut.signedOutOf()).toBeNull();
    await signOut.begin(mark, first);
    expect(signOut.signedOutOf()).toBe('sess_1');
    await clock.advance(0);
    expect(signOut.pending()).toBeNull();
    expect(signOut.signedOutOf()).toBe('sess_1');
  });

  it('survives a reload, and the next page goes on with it', async () => {
    const before = setUp({ failures: Infinity });
    await before.signOut.begin(mark, before.first);
    before.signOut.stop();
    const after = setUp({ connectivity: before.connectivity });
    expect(after.signOut.pending()).toEqual(mark);
    after.signOut.resume();
    after.signOut.resume();
    await after.clock.advance(0);
    expect(after.calls).toEqual(['revoke']);
    expect(after.signOut.pending()).toBeNull();
  });

  it('is known to a tab that hears of it', () => {
    const { signOut, connectivity } = setUp();
    let told = 0;
    signOut.subscribe(() => told++);
    expect(signOut.pending()).toBeNull();
    connectivity.storeElsewhere(key, JSON.stringify(mark));
    expect(signOut.pending()).toEqual(mark);
    expect(told).toBe(1);
  });

  it('tries at once when the network comes back', async () => {
    const { signOut, clock, connectivity, calls, first } = setUp({ failures: 3 });
    await signOut.begin(mark, first);
    await clock.advance(1000);
    const before = calls.length;
    connectivity.wake('online');
    await clock.advance(60);
    expect(calls.length).toBe(before + 1);
  });

  it('is not woken before Retry-After', async () => {
    const failure = Object.assign(new Error('Too many requests'), {
      code: 'api_response_error',
      status: 429,
      retryAfter: 30,
    });
    const { signOut, clock, connectivity, calls, first } = setUp({ failures: 1, failure });
    await signOut.begin(mark, first);
    await clock.advance(1000);
    connectivity.wake('visible');
    await clock.advance(28_900);
    expect(calls).toHaveLength(1);
    await clock.advance(200);
    expect(calls).toHaveLength(2);
  });

  it.each(['', '{', 'null', '{"sessionId":5}', '"sess_1"'])('takes a damaged mark (%s) for none', (text) => {
    const connectivity = createTestConnectivity();
    connectivity.storage.set(key, text);
    expect(setUp({ connectivity }).signOut.pending()).toBeNull();
  });
});
