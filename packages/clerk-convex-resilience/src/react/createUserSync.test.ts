import { describe, expect, it, vi } from 'vitest';
import { eventually } from '../../../../test/support/eventually.ts';
import type { AuthEvent } from '../core/events.ts';
import type { AuthFailure } from '../core/failure.ts';
import type { AuthHealth } from '../core/health.ts';
import { docsUrlOf, finding, type ReportedFinding } from '../diagnosis/findings.ts';
import { createTestRuntime } from '../testing/testRuntime.ts';
import type { AuthProfile } from './authRuntime.ts';
import { createUserSync } from './createUserSync.ts';

const healthy: AuthHealth = { status: 'healthy', since: 0 };
const offline: AuthFailure = { kind: 'network', retryable: true, source: 'browser' };
const recovering: AuthHealth = {
  status: 'recovering',
  failure: offline,
  since: 0,
  attempt: 1,
  nextAttemptAt: null,
  signedIn: true,
};

/** A provider by hand, and the calls of the mutation, which answer when they are told to. */
function setUp({
  health = healthy,
  sessionId = 'sess_1' as string | null,
  updatedAt = 1000 as number | undefined,
} = {}) {
  const runtime = createTestRuntime(health);
  let profile: AuthProfile | null = sessionId === null ? null : { sessionId, updatedAt };
  const profileListeners = new Set<() => void>();
  const reloadProfile = vi.fn(async () => {});
  const renewToken = vi.fn(async (_leniently: boolean) => {});
  const events: string[] = [];
  const said: AuthEvent[] = [];
  runtime.onEvent((event) => {
    events.push(event.type);
    said.push(event);
  });
  const sync = createUserSync({
    ...runtime,
    profile: () => profile,
    onProfile: (listener) => {
      profileListeners.add(listener);
      return () => profileListeners.delete(listener);
    },
    reloadProfile,
    renewToken,
  });
  const open: Array<{ answer: (value: unknown) => void; fail: (error: unknown) => void }> = [];
  let calls = 0;
  const store = (): Promise<unknown> => {
    calls++;
    return new Promise((answer, fail) => void open.push({ answer, fail }));
  };
  const unuse = sync.use(store, '{}');
  const settle = (): Promise<void> => runtime.clock.advance(0);
  return {
    runtime,
    sync,
    events,
    said,
    store,
    unuse,
    reloadProfile,
    renewToken,
    profileListeners,
    settle,
    calls: () => calls,
    mount: () => sync.subscribe(() => {}),
    async is(next: AuthProfile | null, nextHealth?: AuthHealth) {
      profile = next;
      if (nextHealth) runtime.set(nextHealth);
      for (const listener of [...profileListeners]) listener();
      await settle();
    },
    async answer(value: unknown) {
      open.shift()?.answer(value);
      await settle();
    },
    async fail(error: unknown) {
      open.shift()?.fail(error);
      await settle();
    },
  };
}

/** One that is mounted, and whose token is on its way until `end`. */
async function midway() {
  const app = setUp();
  const renewing = later();
  app.renewToken.mockReturnValueOnce(renewing.promise);
  const unmount = app.mount();
  await app.settle();
  const end = async (): Promise<void> => {
    renewing.end();
    await app.settle();
  };
  return { ...app, unmount, end };
}

/** A promise that ends when it is told to. */
function later() {
  let end = (): void => {};
  const promise = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { promise, end: () => end() };
}

const serverError = new Error('[CONVEX M(users:store)] [Request ID: 1] Server Error');
const ofOurs = (code: string, message = 'no') =>
  Object.assign(new Error('no'), { data: { source: 'clerk-convex-resilience', code, message } });

describe('createUserSync', () => {
  it('calls once the server has confirmed who it is, and not before', async () => {
    const app = setUp({ health: { status: 'starting' } });
    app.mount();
    await app.settle();
    expect([app.calls(), app.sync.state().status]).toEqual([0, 'waiting_for_auth']);
    app.runtime.set(healthy);
    await app.settle();
    expect([app.calls(), app.sync.state().status]).toEqual([1, 'syncing']);
    await app.answer('id1');
    expect(app.sync.state()).toEqual({ status: 'synced', userId: 'id1' });
    expect(app.events).toEqual(['user_sync_started', 'user_synced']);
  });

  it('leaves a visitor alone', async () => {
    const app = setUp({ health: { status: 'starting' }, sessionId: null });
    app.mount();
    await app.settle();
    app.runtime.set({ status: 'signed_out' });
    await app.settle();
    expect([app.calls(), app.sync.state(), app.events]).toEqual([0, { status: 'idle' }, []]);
  });

  it('calls again for a changed profile and for other arguments, and keeps the id meanwhile', async () => {
    const app = setUp();
    app.mount();
    await app.settle();
    await app.answer('id1');
    app.runtime.set({ ...healthy, since: 5 });
    await app.settle();
    expect(app.calls()).toBe(1);
    await app.is({ sessionId: 'sess_1', updatedAt: 2000 });
    expect([app.calls(), app.sync.state()]).toEqual([2, { status: 'syncing', userId: 'id1' }]);
    await app.answer('id1');
    app.sync.use(async () => 'id2', '{"a":1}');
    await app.settle();
    expect(app.sync.state()).toEqual({ status: 'synced', userId: 'id2' });
  });

  it('has the server told of a changed profile before it calls for it, by a token of now', async () => {
    const app = setUp();
    app.mount();
    await app.settle();
    await app.answer('id1');
    const renewing = later();
    app.renewToken.mockReturnValueOnce(renewing.promise);
    await app.is({ sessionId: 'sess_1', updatedAt: 2000 });
    expect([app.calls(), app.sync.state()]).toEqual([1, { status: 'syncing', userId: 'id1' }]);
    renewing.end();
    await app.settle();
    expect(app.calls()).toBe(2);
    // In the second of the sign-in a token may be of the same second.
    expect(app.renewToken.mock.calls).toEqual([[true], [false]]);
  });

  it.each([true, false])(
    'calls for nobody else who has come while the token was on its way (mounted: %s)',
    async (isMounted) => {
      const app = await midway();
      if (!isMounted) app.unmount();
      await app.is({ sessionId: 'sess_2', updatedAt: 1000 }, { status: 'starting' });
      await app.end();
      expect(app.calls()).toBe(0);
    },
  );

  it('says that it waits for the sign-in when that fails while a token is on its way, and goes on with it', async () => {
    const app = await midway();
    expect(app.sync.state().status).toBe('syncing');
    app.runtime.set(recovering);
    await app.settle();
    expect(app.sync.state().status).toBe('waiting_for_auth');
    await app.sync.retry();
    expect(app.runtime.calls).toEqual(['retry']);
    await app.end();
    expect(app.calls()).toBe(0);
    app.runtime.set(healthy);
    await app.settle();
    expect(app.calls()).toBe(1);
  });

  it('passes what the app has rendered of a user whom Clerk could not load at first', async () => {
    const app = setUp({ updatedAt: 1 });
    const passed: string[] = [];
    app.sync.use(async () => void passed.push('of the stand-in'), '{"email":""}');
    app.reloadProfile.mockImplementationOnce(async () => {
      void app.is({ sessionId: 'sess_1', updatedAt: 3000 });
      app.runtime.clock.setTimer(
        () => void app.sync.use(async () => void passed.push('of the user'), '{"email":"a"}'),
        10,
      );
    });
    app.mount();
    await app.runtime.clock.advance(1_000);
    expect(passed).toEqual(['of the user']);
  });

  it('does not call when nobody asks for it any more', async () => {
    const app = await midway();
    app.unmount();
    await app.end();
    expect(app.calls()).toBe(0);
    app.mount();
    await app.settle();
    expect(app.calls()).toBe(1);
  });

  it('calls for the next user with what is passed then, not with what was passed for the last', async () => {
    const app = setUp();
    const unmount = app.mount();
    await app.settle();
    await app.answer('id1');
    unmount();
    app.unuse();
    let others = 0;
    app.sync.use(async () => void others++, undefined);
    app.mount();
    await app.settle();
    expect([app.calls(), others]).toEqual([1, 0]);
    await app.is({ sessionId: 'sess_2', updatedAt: 1000 });
    expect([app.calls(), others]).toEqual([1, 1]);
  });

  it('does not wait out a minute when what was refused has changed', async () => {
    for (const change of ['profile', 'arguments'] as const) {
      const app = setUp();
      app.mount();
      await app.settle();
      await app.fail(ofOurs('WRONG_PROVIDER'));
      await app.is({ sessionId: 'sess_1', updatedAt: 1000 });
      expect(app.calls()).toBe(1);
      if (change === 'profile') await app.is({ sessionId: 'sess_1', updatedAt: 2000 });
      else app.sync.use(app.store, '{"a":1}');
      await app.settle();
      expect([change, app.calls()]).toEqual([change, 2]);
    }
  });

  it.each([
    ['an id', 'k17f2m3n4p5q6r7s8t9v0w1x2y3z4a5b', { userId: 'k17f2m3n4p5q6r7s8t9v0w1x2y3z4a5b' }],
    ['a document', { email: 'ada@example.com' }, {}],
    ['a sentence', 'ada@example.com was stored', {}],
  ])('says in its event of %s that the mutation answered no more than an id', async (_, answer, expected) => {
    const app = setUp();
    app.mount();
    await app.settle();
    await app.answer(answer);
    expect(app.said.at(-1)).toEqual({ at: expect.any(Number), type: 'user_synced', ...expected });
    expect(app.sync.state()).toEqual({ status: 'synced', userId: answer });
  });

  it('calls once more for a profile that has changed during the call', async () => {
    const app = setUp();
    app.mount();
    await app.settle();
    await app.is({ sessionId: 'sess_1', updatedAt: 2000 });
    expect(app.calls()).toBe(1);
    await app.answer('id1');
    expect(app.calls()).toBe(2);
  });

  it('drops the answer to a user who is not there any more, and calls for the next', async () => {
    const app = setUp();
    app.mount();
    await app.settle();
    await app.is({ sessionId: 'sess_2', updatedAt: 1000 }, { status: 'starting' });
    await app.answer('id of the first');
    expect([app.calls(), app.sync.state()]).toEqual([1, { status: 'waiting_for_auth' }]);
    app.runtime.set(healthy);
    await app.settle();
    await app.answer('id of the second');
    expect(app.sync.state()).toEqual({ status: 'synced', userId: 'id of the second' });
    await app.is(null, { status: 'signed_out' });
    expect(app.sync.state()).toEqual({ status: 'idle' });
  });

  it('does not take the failures of one user for those of the next', async () => {
    const app = setUp();
    app.mount();
    await app.settle();
    await app.fail(ofOurs('WRONG_PROVIDER'));
    await app.is({ sessionId: 'sess_2', updatedAt: 1000 });
    expect([app.calls(), app.sync.state()]).toEqual([2, { status: 'syncing' }]);
  });

  it('takes the answer to a call during which the sign-in was in doubt', async () => {
    const app = setUp();
    app.mount();
    await app.settle();
    app.runtime.set(recovering);
    await app.settle();
    app.runtime.set(healthy);
    await app.settle();
    await app.answer('id1');
    expect([app.calls(), app.sync.state()]).toEqual([1, { status: 'synced', userId: 'id1' }]);
  });

  it('waits as long as the server has asked for, whoever is back', async () => {
    const app = setUp();
    app.mount();
    await app.settle();
    await app.fail(Object.assign(new Error('slowly'), { clerkError: true, status: 429, retryAfter: 20 }));
    app.runtime.connectivity.wake('visible');
    await app.runtime.clock.advance(19_000);
    expect(app.calls()).toBe(1);
    await app.runtime.clock.advance(22_000);
    expect(app.calls()).toBe(2);
  });

  it('stops with a sign-out during the call, whether it answers or fails', async () => {
    for (const end of ['answer', 'fail'] as const) {
      const app = setUp();
      app.mount();
      await app.settle();
      await app.is(null, { status: 'signed_out' });
      await app[end](serverError);
      await app.runtime.clock.advance(120_000);
      expect([app.calls(), app.sync.state(), app.runtime.clock.pendingTimers]).toEqual([1, { status: 'idle' }, 0]);
    }
  });

  it('tries again what fails, by the policy, and says why', async () => {
    const app = setUp();
    app.mount();
    await app.settle();
    await app.fail(serverError);
    const state = app.sync.state();
    expect(state).toMatchObject({ status: 'retrying', attempt: 1, failure: { kind: 'unknown', source: 'convex' } });
    const nextAttemptAt = 'nextAttemptAt' in state ? state.nextAttemptAt : null;
    expect((nextAttemptAt ?? 0) - app.runtime.clock.now()).toBeGreaterThan(200);
    await app.runtime.clock.advance(300);
    expect([app.calls(), app.sync.state()]).toMatchObject([2, { status: 'retrying', nextAttemptAt: null }]);
    await app.fail(serverError);
    const again = app.sync.state();
    expect((('nextAttemptAt' in again && again.nextAttemptAt) || 0) - app.runtime.clock.now()).toBeGreaterThan(700);
    await app.runtime.clock.advance(1_000);
    await app.answer('id1');
    expect(app.sync.state()).toEqual({ status: 'synced', userId: 'id1' });
    const failure = ['user_sync_started', 'user_sync_failed'];
    expect(app.events).toEqual([...failure, ...failure, 'user_sync_started', 'user_synced']);
    expect([app.runtime.clock.pendingTimers, app.runtime.connectivity.open.wake]).toEqual([0, 0]);
    // What was overcome is no failure of the next call.
    await app.is({ sessionId: 'sess_1', updatedAt: 2000 });
    expect(app.sync.state()).toEqual({ status: 'syncing', userId: 'id1' });
  });

  it('says failed after some twenty seconds, goes on seldom, and recovers by itself', async () => {
    const app = setUp();
    app.mount();
    await app.settle();
    const begun = app.runtime.clock.now();
    while (app.sync.state().status !== 'failed') {
      await app.fail(serverError);
      if (app.sync.state().status === 'retrying') await app.runtime.clock.advance(3_100);
    }
    expect(app.runtime.clock.now() - begun).toBeLessThan(40_000);
    const before = app.calls();
    for (let tries = 1; tries < 4; tries++) {
      await app.runtime.clock.advance(4_000);
      if (app.calls() < before + tries) await app.runtime.clock.advance(8_000);
      expect(app.calls()).toBe(before + tries);
      await app.fail(serverError);
    }
    const last = app.sync.state();
    expect((('nextAttemptAt' in last && last.nextAttemptAt) || 0) - app.runtime.clock.now()).toBeGreaterThan(5_000);
    await app.runtime.clock.advance(60_000);
    await app.answer('id1');
    expect(app.sync.state()).toEqual({ status: 'synced', userId: 'id1' });
  });

  it('calls no more often for a clock that is set back in the middle of an outage', async () => {
    const app = setUp();
    app.mount();
    await app.settle();
    /** For so long each call fails as soon as it is made. */
    async function fail(ms: number): Promise<number> {
      const before = app.calls();
      for (let passed = 0; passed < ms; passed += 1_000) {
        await app.fail(serverError);
        await app.runtime.clock.advance(1_000);
      }
      return app.calls() - before;
    }
    await fail(120_000);
    app.runtime.clock.setBack(3_600_000);
    // As in an outage that begins anew, where every 3 s are 100.
    expect(await fail(300_000)).toBeLessThan(40);
  });

  it('waits no longer for a clock that was set back while the identity was asked for', async () => {
    const app = setUp();
    app.mount();
    await app.settle();
    await app.fail(ofOurs('WRONG_PROVIDER'));
    app.runtime.set(recovering);
    app.runtime.clock.setBack(3_600_000);
    app.runtime.set(healthy);
    await app.settle();
    await app.runtime.clock.advance(46_000);
    expect(app.calls()).toBe(2);
  });

  it.each([
    [ofOurs('WRONG_PROVIDER'), 'misconfigured', 'WRONG_PROVIDER'],
    [ofOurs('USER_DELETED'), 'account_blocked', 'USER_DELETED'],
  ])('names at once what nobody waits away: %o', async (error, kind, code) => {
    const app = setUp();
    app.mount();
    await app.settle();
    await app.fail(error);
    expect(app.sync.state()).toMatchObject({ status: 'failed', attempt: 1, failure: { kind, retryable: false } });
    expect(app.sync.state()).toMatchObject({ failure: { code } });
    // Spread, so that all who are refused by one mistake do not come back in one moment.
    const { nextAttemptAt } = app.sync.state() as { nextAttemptAt: number };
    expect(nextAttemptAt - app.runtime.clock.now()).toBeLessThan(60_000);
    app.runtime.connectivity.wake('visible');
    await app.runtime.clock.advance(40_000);
    expect(app.calls()).toBe(1);
    await app.runtime.clock.advance(6_000);
    await app.answer('mended');
    expect(app.sync.state()).toEqual({ status: 'synced', userId: 'mended' });
  });

  it('tries again when the server has found no identity', async () => {
    const app = setUp();
    app.mount();
    await app.settle();
    await app.fail(ofOurs('NO_IDENTITY'));
    expect(app.sync.state()).toMatchObject({ status: 'retrying', failure: { code: 'NO_IDENTITY', retryable: true } });
  });

  it('waits while the identity is being asked for again, without forgetting the record', async () => {
    const app = setUp();
    app.mount();
    await app.settle();
    await app.fail(serverError);
    app.runtime.set(recovering);
    await app.settle();
    expect(app.sync.state().status).toBe('waiting_for_auth');
    await app.runtime.clock.advance(10_000);
    expect([app.calls(), app.sync.state().status]).toEqual([1, 'waiting_for_auth']);
    app.runtime.set(healthy);
    await app.settle();
    await app.answer('id1');
    app.runtime.set(recovering);
    await app.settle();
    expect(app.sync.state()).toEqual({ status: 'synced', userId: 'id1' });
  });

  it('fails with what blocks the sign-in, and goes on when that is mended', async () => {
    const failure: AuthFailure = { kind: 'misconfigured', retryable: false, source: 'convex' };
    const app = setUp({ health: { status: 'blocked', failure, since: 0 } });
    app.mount();
    await app.settle();
    expect(app.sync.state()).toEqual({ status: 'failed', failure, attempt: 0, nextAttemptAt: null });
    await app.sync.retry();
    expect(app.runtime.calls).toEqual(['retry']);
    app.runtime.set(healthy);
    await app.settle();
    expect(app.sync.state()).toEqual({ status: 'syncing' });
  });

  it('loads the user before it stores one whom Clerk could not load', async () => {
    const app = setUp({ updatedAt: 1 });
    app.reloadProfile.mockRejectedValueOnce(new TypeError('Failed to fetch'));
    app.mount();
    await app.settle();
    expect([app.calls(), app.sync.state()]).toMatchObject([0, { status: 'retrying', failure: { kind: 'network' } }]);
    // Clerk may say the same again at any time.
    await app.is({ sessionId: 'sess_1', updatedAt: 1 });
    expect(app.reloadProfile).toHaveBeenCalledTimes(1);
    // Offline, clerk-js 5 resolves with nothing.
    await app.runtime.clock.advance(400);
    expect([app.calls(), app.reloadProfile.mock.calls.length]).toEqual([0, 2]);
    app.reloadProfile.mockImplementationOnce(async () => void app.is({ sessionId: 'sess_1', updatedAt: 3000 }));
    await app.runtime.clock.advance(1_000);
    expect(app.calls()).toBe(1);
    await app.answer('id1');
    expect([app.sync.state(), app.reloadProfile.mock.calls.length]).toEqual([{ status: 'synced', userId: 'id1' }, 3]);
  });

  it('tries at once when a person asks, and resolves with the answer', async () => {
    const app = setUp();
    app.mount();
    await app.sync.retry();
    await app.settle();
    await app.fail(ofOurs('WRONG_PROVIDER'));
    let done = false;
    const retried = app.sync.retry().then(() => {
      done = true;
    });
    await app.settle();
    expect([app.calls(), done]).toEqual([2, false]);
    await app.fail(serverError);
    await retried;
    const again = app.sync.retry();
    await app.settle();
    await app.answer('id1');
    await again;
    expect(app.sync.state()).toEqual({ status: 'synced', userId: 'id1' });
    await app.sync.retry();
    expect(app.calls()).toBe(3);
    await app.is({ sessionId: 'sess_1', updatedAt: 2000 });
    await app.sync.retry();
    // Nothing has waited for a token.
    expect([app.calls(), app.runtime.calls]).toEqual([4, []]);
  });

  it('does nothing while Clerk is ahead of what is rendered, or says nothing for a moment', async () => {
    const app = setUp();
    app.mount();
    await app.settle();
    await app.answer('id1');
    await app.is({ sessionId: 'sess_1', updatedAt: undefined });
    await app.is({ sessionId: 'sess_1', updatedAt: 1000 });
    expect(app.calls()).toBe(1);
    await app.is(null);
    expect([app.calls(), app.sync.state()]).toEqual([1, { status: 'idle' }]);
  });

  it('does not call while the identity is in doubt, though a person asks', async () => {
    const app = setUp();
    app.mount();
    await app.settle();
    await app.fail(serverError);
    app.runtime.set(recovering);
    await app.sync.retry();
    expect([app.calls(), app.sync.state().status]).toEqual([1, 'waiting_for_auth']);
  });

  it('takes the answer to a call of the page before, and keeps its wait', async () => {
    const app = setUp();
    app.mount()();
    let unmount = app.mount();
    await app.settle();
    unmount();
    unmount = app.mount();
    await app.settle();
    expect(app.calls()).toBe(1);
    await app.fail(ofOurs('WRONG_PROVIDER'));
    unmount();
    app.mount();
    await app.runtime.clock.advance(10_000);
    expect([app.calls(), app.sync.state().status]).toEqual([1, 'failed']);
    await app.runtime.clock.advance(60_000);
    expect(app.calls()).toBe(2);
  });

  it('drops the answer to the user of the page before, who has gone meanwhile', async () => {
    const app = setUp();
    const unmount = app.mount();
    await app.settle();
    unmount();
    await app.is({ sessionId: 'sess_2', updatedAt: 1000 });
    await app.answer('id of the first');
    expect([app.sync.state(), app.events]).toEqual([{ status: 'waiting_for_auth' }, ['user_sync_started']]);
    app.mount();
    await app.settle();
    await app.answer('id of the second');
    expect(app.sync.state()).toEqual({ status: 'synced', userId: 'id of the second' });
  });

  it('calls once where StrictMode mounts twice, and leaves nothing behind', async () => {
    const app = setUp();
    app.mount()();
    const unmount = app.mount();
    await app.settle();
    expect([app.calls(), app.events]).toEqual([1, ['user_sync_started']]);
    await app.fail(serverError);
    unmount();
    await app.settle();
    expect([app.profileListeners.size, app.runtime.clock.pendingTimers, app.runtime.connectivity.open.wake]).toEqual([
      0, 0, 0,
    ]);
  });

  it('knows on the next page what was stored on the last, and of whom', async () => {
    const app = setUp();
    const unmount = app.mount();
    await app.settle();
    await app.answer('id1');
    unmount();
    expect(app.sync.state()).toEqual({ status: 'synced', userId: 'id1' });
    await app.is({ sessionId: 'sess_2', updatedAt: 1000 });
    expect(app.sync.state()).toEqual({ status: 'waiting_for_auth' });
    app.mount();
    await app.settle();
    expect(app.calls()).toBe(2);
  });
});

describe('a refusal of storeUser that is a configuration', () => {
  const wrongIssuer = ofOurs(
    'WRONG_PROVIDER',
    'The identity was issued by https://a.example.com, and was expected of https://b.example.com. Set CLERK_JWT_ISSUER_DOMAIN.',
  );
  const findingsOf = (app: ReturnType<typeof setUp>): readonly ReportedFinding[] => {
    const state = app.sync.state();
    return ('findings' in state && state.findings) || [];
  };

  it('is a code alone in production', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    const app = setUp();
    app.mount();
    await app.settle();
    await app.fail(wrongIssuer);
    await eventually(() => expect(said).toHaveBeenCalled());
    expect(said.mock.calls).toEqual([['[clerk-convex-resilience] TOKEN_ISSUER_WRONG']]);
    expect(findingsOf(app)).toEqual([
      { code: 'TOKEN_ISSUER_WRONG', severity: 'error', docsUrl: docsUrlOf('TOKEN_ISSUER_WRONG') },
    ]);
    vi.unstubAllEnvs();
  });

  it('is named, with both issuers, and told once', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const app = setUp();
    app.mount();
    await app.settle();
    await app.fail(wrongIssuer);
    await eventually(() => expect(findingsOf(app)).toHaveLength(1));
    const args = { seen: 'https://a.example.com', expected: 'https://b.example.com' };
    expect(findingsOf(app)).toMatchObject([{ code: 'TOKEN_ISSUER_WRONG', args }]);
    expect(app.sync.state()).toMatchObject({ status: 'failed', failure: { kind: 'misconfigured' } });
    const again = app.sync.retry();
    await app.settle();
    await app.fail(wrongIssuer);
    await again;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(findingsOf(app)).toMatchObject([{ code: 'TOKEN_ISSUER_WRONG', args }]);
    const told = app.said.filter(({ type }) => type === 'misconfiguration_found');
    expect(told).toEqual([expect.objectContaining({ codes: ['TOKEN_ISSUER_WRONG'] })]);
    vi.restoreAllMocks();
  });

  it('is forgotten when it fails with other words', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const app = setUp();
    app.mount();
    await app.settle();
    await app.fail(wrongIssuer);
    await eventually(() => expect(findingsOf(app)).toHaveLength(1));
    void app.sync.retry();
    await app.settle();
    await app.fail(serverError);
    expect([app.sync.state().status, findingsOf(app)]).toEqual(['retrying', []]);
    vi.restoreAllMocks();
  });

  it('is forgotten when the user is stored', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const app = setUp();
    app.mount();
    await app.settle();
    await app.fail(wrongIssuer);
    await eventually(() => expect(findingsOf(app)).toHaveLength(1));
    void app.sync.retry();
    await app.settle();
    await app.answer('id');
    expect([app.sync.state().status, findingsOf(app)]).toEqual(['synced', []]);
    vi.restoreAllMocks();
  });

  it('is named when the function runs as nobody again and again, and not at once', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const app = setUp();
    app.mount();
    await app.settle();
    for (const times of [1, 2, 3]) {
      await app.fail(ofOurs('NO_IDENTITY'));
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect([times, findingsOf(app).length]).toEqual([times, times < 3 ? 0 : 1]);
      void app.sync.retry();
      await app.settle();
    }
    expect(findingsOf(app)).toMatchObject([{ code: 'FUNCTION_RAN_WITHOUT_IDENTITY', args: { times: 3 } }]);
    vi.restoreAllMocks();
  });

  it('is not named for failures of other kinds before it', async () => {
    const app = setUp();
    app.mount();
    await app.settle();
    for (const error of [serverError, serverError, ofOurs('NO_IDENTITY')]) {
      await app.fail(error);
      await new Promise((resolve) => setTimeout(resolve, 30));
      void app.sync.retry();
      await app.settle();
    }
    expect(findingsOf(app)).toEqual([]);
  });

  it('is that of the sign-in where that is blocked', async () => {
    const failure: AuthFailure = { kind: 'misconfigured', retryable: false, source: 'clerk', status: 404 };
    const findings = [finding('JWT_TEMPLATE_MISSING', {})];
    const app = setUp({ health: { status: 'blocked', failure, since: 0, findings } });
    app.mount();
    await app.settle();
    expect(findingsOf(app)).toBe(findings);
  });
});
