import { describe, expect, it } from 'vitest';
import type { AuthFailure } from './failure.ts';
import { classifyFetchError } from './fetchErrors.ts';
import { type RetryPolicyOptions, resolvePolicy, retryPolicies } from './policy.ts';
import { type RetryOptions, retry } from './retry.ts';
import { createTestClock } from './testClock.ts';
import { createTestConnectivity } from './testConnectivity.ts';

const refused = new TypeError('Failed to fetch');
const gone: AuthFailure = { kind: 'session_ended', retryable: false, source: 'clerk' };
const busy = (retryAfterMs: number): AuthFailure => ({
  kind: 'rate_limited',
  retryable: true,
  source: 'clerk',
  retryAfterMs,
});

function setUp(policy: RetryPolicyOptions = {}) {
  const clock = createTestClock({ now: 0 });
  const connectivity = createTestConnectivity();
  const at: number[] = [];
  const run = async <T>(
    attempt: (attempt: number, signal: AbortSignal) => Promise<T>,
    options: Partial<RetryOptions<T>> = {},
  ): Promise<{ value?: T; error?: unknown; at: number }> => {
    try {
      const value = await retry<T>({
        policy: resolvePolicy(policy, retryPolicies.session),
        clock,
        connectivity,
        classify: (error) => classifyFetchError(error, true),
        attempt: (context) => {
          at.push(clock.now());
          return attempt(context.attempt, context.signal);
        },
        ...options,
      });
      return { value, at: clock.now() };
    } catch (error) {
      return { error, at: clock.now() };
    }
  };
  const isIdle = (): void => {
    expect(clock.pendingTimers).toBe(0);
    expect(connectivity.open.wake).toBe(0);
  };
  return { clock, connectivity, at, run, isIdle };
}

describe('retry', () => {
  it('calls until it succeeds', async () => {
    const { clock, run, at, isIdle } = setUp();
    const result = run((attempt) => (attempt < 4 ? Promise.reject(refused) : Promise.resolve('ok')));
    await clock.advance(10_000);
    expect(await result).toMatchObject({ value: 'ok' });
    expect(at).toHaveLength(4);
    isIdle();
  });

  it.each([
    [0, 1],
    [2, 3],
  ])('with %d retries makes %d calls and throws the last error itself', async (retries, calls) => {
    const { clock, run, at, isIdle } = setUp({ retries });
    const result = run(() => Promise.reject(refused));
    await clock.advance(60_000);
    expect((await result).error).toBe(refused);
    expect(at).toHaveLength(calls);
    isIdle();
  });

  it('gives back a value that was judged a failure after the last retry', async () => {
    const { clock, run, at } = setUp({ retries: 1 });
    const result = run(() => Promise.resolve('busy'), { judge: () => busy(0) });
    await clock.advance(60_000);
    expect((await result).value).toBe('busy');
    expect(at).toHaveLength(2);
  });

  it('does not repeat what cannot go away by itself', async () => {
    const { clock, run, at } = setUp();
    const result = run(() => Promise.reject(refused), { classify: () => gone });
    await clock.advance(60_000);
    expect((await result).error).toBe(refused);
    expect(at).toHaveLength(1);
  });

  it('ends an attempt at its deadline, also one that ignores its signal', async () => {
    const { clock, run, at, isIdle } = setUp({ attemptTimeoutMs: 5_000, retries: 1 });
    const signals: AbortSignal[] = [];
    const result = run((_, signal) => {
      signals.push(signal);
      return new Promise<never>(() => {});
    });
    await clock.advance(30_000);
    expect((await result).error).toMatchObject({ name: 'TimeoutError' });
    expect(at).toHaveLength(2);
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
    isIdle();
  });

  it.each([
    ['before the first attempt', 0, 0],
    ['during an attempt', 1, 500],
    ['during a wait', 1, 1_050],
  ])('hears the caller’s signal %s, with the caller’s reason', async (_, calls, abortAt) => {
    const { clock, run, at, isIdle } = setUp();
    const mine = new AbortController();
    const reason = new Error('navigated away');
    if (abortAt === 0) mine.abort(reason);
    const result = run(() => clock.sleep(1_000).then(() => Promise.reject(refused)), { signal: mine.signal });
    await clock.advance(abortAt);
    mine.abort(reason);
    await clock.advance(0);
    expect(await result).toEqual({ error: reason, at: abortAt });
    expect(at).toHaveLength(calls);
    await clock.advance(60_000);
    expect(at).toHaveLength(calls);
    isIdle();
  });

  it('keeps no listener on the caller’s signal', async () => {
    const { clock, run } = setUp();
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    };
    const result = run((attempt) => (attempt < 4 ? Promise.reject(refused) : Promise.resolve('ok')), { signal });
    await clock.advance(10_000);
    await result;
    expect(listeners).toBe(0);
  });

  it('is woken at once after a short outage, and keeps its backoff', async () => {
    const { clock, connectivity, run, at } = setUp();
    const failing = run(() => Promise.reject(refused), { signal: AbortSignal.any([]) });
    void failing;
    await clock.advance(5_000);
    const calls = at.length;
    connectivity.wake('online');
    await clock.advance(50);
    expect(at).toHaveLength(calls + 1);
    // The next wait is as long as before: an `online` resets nothing.
    await clock.advance(2_600);
    expect(at).toHaveLength(calls + 1);
    await clock.advance(400);
    expect(at).toHaveLength(calls + 2);
  });

  it('counts a signal that comes in the middle of an attempt, which then fails', async () => {
    const { clock, connectivity, run, at } = setUp();
    const slowly = () => clock.sleep(1_000).then(() => Promise.reject(refused));
    void run((attempt) => (attempt === 12 ? slowly() : Promise.reject(refused)), { signal: AbortSignal.any([]) });
    while (at.length < 12) await clock.advance(100);
    connectivity.wake('online');
    await clock.advance(1_400);
    expect(at).toHaveLength(13);
  });

  it('is not woken before Retry-After', async () => {
    const { clock, connectivity, run, at } = setUp();
    void run(() => Promise.resolve('busy'), { judge: () => busy(20_000) });
    await clock.advance(1_000);
    connectivity.wake('visible');
    await clock.advance(18_000);
    expect(at).toHaveLength(1);
    connectivity.wake('visible');
    await clock.advance(1_500);
    expect(at).toHaveLength(2);
  });

  it('tells each failure, the last one without a wait', async () => {
    const { clock, run } = setUp({ retries: 1 });
    const seen: unknown[] = [];
    const result = run(() => Promise.reject(refused), {
      onFailure: ({ failure, attempt, retryInMs }) => seen.push([failure.kind, attempt, typeof retryInMs]),
    });
    await clock.advance(10_000);
    await result;
    expect(seen).toEqual([
      ['network', 1, 'number'],
      ['network', 2, 'undefined'],
    ]);
  });

  it('asks no more often for a clock that is set back in the middle of an outage', async () => {
    const { clock, run, at } = setUp();
    const giveUp = new AbortController();
    const result = run(() => Promise.reject(refused), { signal: giveUp.signal });
    await clock.advance(600_000);
    clock.setBack(3_600_000);
    const before = at.length;
    await clock.advance(1_800_000);
    expect(at.length - before).toBeLessThan(60);
    giveUp.abort();
    await clock.advance(0);
    await result;
  });
});
