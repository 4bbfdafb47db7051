import { describe, expect, it } from 'vitest';
import type { AuthEventBody } from './events.ts';
import type { AuthFailure } from './failure.ts';
import { retryPolicies } from './policy.ts';
import { createTestClock } from './testClock.ts';
import { createTestConnectivity } from './testConnectivity.ts';
import { createTokenSource, type TokenSource } from './tokenSource.ts';

type Answer = string | null | Error | Promise<string | null>;
type Refusal = AuthFailure | null | Promise<AuthFailure | null>;

/** A source whose Clerk answers by script, and then with fresh tokens. */
function setUp({
  answers = [],
  refusals = [],
  deadlineMs,
}: {
  answers?: Answer[];
  refusals?: Refusal[];
  deadlineMs?: number;
} = {}) {
  const clock = createTestClock();
  const connectivity = createTestConnectivity();
  const asked: boolean[] = [];
  const tried: string[] = [];
  const signals: AbortSignal[] = [];
  const events: AuthEventBody[] = [];
  const source = createTokenSource({
    clock,
    connectivity,
    policy: retryPolicies.session,
    deadlineMs: () => deadlineMs,
    report: (event) => events.push(event),
    getToken: async ({ fresh }) => {
      asked.push(fresh);
      const answer = answers.length > 0 ? answers.shift() : `token-${asked.length}`;
      if (answer instanceof Error) throw answer;
      return (await answer) ?? null;
    },
    tryToken: async (token, signal) => {
      tried.push(token);
      signals.push(signal);
      return (await refusals.shift()) ?? null;
    },
  });
  return { clock, connectivity, asked, tried, signals, events, source };
}
/** As many as are asked for. */
const many = <Item>(item: Item): Item[] => Array.from({ length: 1_000 }, () => item);
const unreachable = (): Error => new TypeError('Failed to fetch');

describe('createTokenSource', () => {
  it('keeps whoever asks waiting through an outage, and answers with the first token after it', async () => {
    const { source, clock, asked } = setUp({ answers: [unreachable(), null, unreachable()] });
    source.startSession();
    const token = source.request({ fresh: true });
    await clock.advance(10_000);
    await expect(token).resolves.toBe('token-4');
    expect(asked).toEqual([true, true, true, true]);
  });

  it('asks anew, past what Clerk remembers, when an answer is overdue, and still takes one that is late', async () => {
    let answerLate = (_: string): void => {};
    const late = new Promise<string>((resolve) => {
      answerLate = resolve;
    });
    const never = new Promise<string>(() => {});
    const { source, clock, asked } = setUp({ answers: [never, 'second', late, never], deadlineMs: 60_000 });
    source.startSession();
    const first = source.request({ fresh: false });
    await clock.advance(59_999);
    expect(asked).toEqual([false]);
    await clock.advance(5_000);
    await expect(first).resolves.toBe('second');
    expect(asked).toEqual([false, true]);
    expect(clock.pendingTimers).toBe(0);

    const again = source.request({ fresh: true });
    await clock.advance(65_000);
    expect(asked).toHaveLength(4);
    answerLate('third');
    await expect(again).resolves.toBe('third');
  });

  it('counts a wake signal that comes while Clerk is being asked in vain, and listens no longer than it has to', async () => {
    let fail = (_: Error): void => {};
    const slow = new Promise<string>((_, reject) => {
      fail = reject;
    });
    const answers = [...Array.from({ length: 40 }, unreachable), slow];
    const { source, clock, connectivity, asked } = setUp({ answers });
    source.startSession();
    const token = source.request({ fresh: true });
    while (asked.length < 41) await clock.advance(1_000);
    connectivity.wake('online');
    fail(unreachable());
    await clock.advance(500);
    expect(asked).toHaveLength(42);
    await token;
    expect(connectivity.open.wake).toBe(0);
  });

  it('never rejects and never answers null while the session lasts, however long Clerk fails', async () => {
    const { source, clock } = setUp({ answers: Array.from({ length: 1000 }, unreachable) });
    source.startSession();
    let answered: unknown = 'nothing yet';
    void source.request({ fresh: true }).then((token) => {
      answered = token;
    });
    await clock.advance(10 * 60_000);
    expect(answered).toBe('nothing yet');
    source.endSession();
    await clock.advance(0);
    expect(answered).toBeNull();
  });

  it('asks no more often for a clock that is set back in the middle of an outage', async () => {
    const { source, clock, asked } = setUp({ answers: Array.from({ length: 2_000 }, unreachable) });
    source.startSession();
    void source.request({ fresh: true });
    await clock.advance(10 * 60_000);
    clock.setBack(3_600_000);
    const before = asked.length;
    await clock.advance(30 * 60_000);
    // As in an outage that begins anew: 53 in half an hour. It was 638.
    expect(asked.length - before).toBeLessThan(60);
    expect(source.trouble()?.since).toBeLessThanOrEqual(clock.now());
  });

  it('answers null at once when the session ends while Clerk is being asked, and drops what Clerk says later', async () => {
    let late: (token: string) => void = () => {};
    const { source, clock, events } = setUp({ answers: [new Promise((resolve) => (late = resolve))] });
    source.startSession();
    const token = source.request({ fresh: true });
    source.endSession();
    await expect(token).resolves.toBeNull();
    late('token-of-the-old-user');
    await clock.advance(0);
    expect(source.lastToken()).toBeNull();
    expect(events).toContainEqual({ type: 'token_dropped', reason: 'session_ended' });
  });

  it('asks Clerk once for many who ask at once', async () => {
    const { source, asked } = setUp();
    source.startSession();
    const tokens = await Promise.all([true, true, true].map((fresh) => source.request({ fresh })));
    expect(tokens).toEqual(['token-1', 'token-1', 'token-1']);
    expect(asked).toEqual([true]);
  });

  it('tries at once when the network comes back after a short outage', async () => {
    const { source, clock, connectivity, asked } = setUp({ answers: Array.from({ length: 3 }, unreachable) });
    source.startSession();
    const token = source.request({ fresh: true });
    await clock.advance(1_200);
    expect(asked).toHaveLength(3);
    connectivity.wake('online');
    // The wait that it cuts short would have been 2.4 s at least.
    await clock.advance(60);
    await expect(token).resolves.toBe('token-4');
  });

  it('is not woken before Retry-After', async () => {
    const busy = Object.assign(new Error('Too many requests'), {
      code: 'api_response_error',
      status: 429,
      retryAfter: 30,
      errors: [{ code: 'too_many_requests' }],
    });
    const { source, clock, connectivity, asked } = setUp({ answers: [busy] });
    source.startSession();
    void source.request({ fresh: true });
    await clock.advance(1000);
    connectivity.wake('visible');
    await clock.advance(28_900);
    expect(asked).toHaveLength(1);
    await clock.advance(200);
    expect(asked).toHaveLength(2);
  });

  it('asks no sooner for the sockets that open while Convex refuses each token, and is woken by one from a long wait', async () => {
    const refusal: AuthFailure = { kind: 'server', retryable: true, source: 'convex' };
    const { source, clock, connectivity, asked } = setUp({ refusals: Array.from({ length: 100 }, () => refusal) });
    source.startSession();
    await source.request({ fresh: false });
    source.refused();
    void source.request({ fresh: true });
    for (let at = 0; at < 5_000; at += 100) {
      await clock.advance(100);
      connectivity.wake('socket');
    }
    expect(asked.length).toBeLessThanOrEqual(4);

    await clock.advance(200_000);
    const before = asked.length;
    while (asked.length === before) await clock.advance(100);
    await clock.advance(4_000);
    expect(asked).toHaveLength(before + 1);
    connectivity.wake('socket');
    await clock.advance(500);
    expect(asked).toHaveLength(before + 2);
  });

  it('asks seldom when waiting cannot help, and notices the mend', async () => {
    const missing = Object.assign(new Error('No JWT template'), {
      code: 'api_response_error',
      status: 404,
      errors: [{ code: 'resource_not_found' }],
    });
    const { source, clock, asked } = setUp({ answers: [missing, missing] });
    source.startSession();
    const token = source.request({ fresh: true });
    await clock.advance(29_000);
    expect(asked).toHaveLength(1);
    expect(source.trouble()?.failure.kind).toBe('misconfigured');
    await clock.advance(35_000);
    await expect(token).resolves.toBe('token-3');
    expect(source.trouble()).toBeNull();
  });

  it.each<[string, string, AuthFailure[]]>([
    ['Clerk knows no such template', 'Clerk', []],
    [
      'Convex cannot reach the identity provider',
      'Convex',
      many({ kind: 'server', retryable: true, source: 'convex' }),
    ],
    ['Convex says it of the clock', 'Convex', many({ kind: 'clock_skew', retryable: true, source: 'convex' })],
  ])(
    'notices within a minute that somebody has mended what was wrong for a quarter of an hour: %s',
    async (_, who, refusals) => {
      const missing = Object.assign(new Error('Not Found'), {
        code: 'api_response_error',
        status: 404,
        errors: [{ code: 'resource_not_found' }],
      });
      const answers = who === 'Clerk' ? many<Error>(missing) : [];
      const { source, clock, asked } = setUp({ answers, refusals });
      source.startSession();
      if (who === 'Convex') {
        void source.request({ fresh: false });
        await clock.advance(0);
        source.refused();
      }
      const token = source.request({ fresh: true });
      let last = clock.now();
      let longestMs = 0;
      for (let seconds = 0; seconds < 15 * 60; seconds++) {
        const before = asked.length;
        await clock.advance(1_000);
        if (asked.length === before) continue;
        longestMs = Math.max(longestMs, clock.now() - last);
        last = clock.now();
      }
      expect(asked.length).toBeLessThan(who === 'Clerk' ? 32 : 50);
      expect(longestMs).toBeGreaterThan(30_000);
      expect(longestMs).toBeLessThanOrEqual(46_000);
      answers.length = refusals.length = 0;
      await clock.advance(46_000);
      await expect(token).resolves.toMatch(/^token-/);
    },
  );

  it('asks again soon after a 401 of a session that Clerk still holds for alive', async () => {
    const refused = Object.assign(new Error('Unauthenticated'), {
      code: 'api_response_error',
      status: 401,
      errors: [{ code: 'authentication_invalid' }],
    });
    const { source, clock } = setUp({ answers: [refused] });
    source.startSession();
    const token = source.request({ fresh: true });
    await clock.advance(1000);
    await expect(token).resolves.toBe('token-2');
  });

  it('does not hand over the same token twice to who wants a fresh one', async () => {
    const { source, clock, asked, events } = setUp({ answers: ['same', 'same', 'same', 'same', 'other'] });
    source.startSession();
    await expect(source.request({ fresh: true })).resolves.toBe('same');
    await expect(source.request({ fresh: false })).resolves.toBe('same');
    const token = source.request({ fresh: true });
    await clock.advance(0);
    expect(source.trouble()?.failure).toMatchObject({ kind: 'server', code: 'identical_token' });
    await clock.advance(5000);
    await expect(token).resolves.toBe('other');
    expect(asked).toHaveLength(5);
    expect(JSON.stringify(events)).not.toContain('same');
  });

  it('asks less and less often for another token than the last', async () => {
    const { source, clock, asked } = setUp({ answers: Array.from({ length: 1000 }, () => 'same') });
    source.startSession();
    await source.request({ fresh: true });
    void source.request({ fresh: true });
    await clock.advance(5 * 60_000);
    expect(asked.length).toBeLessThan(60);
    expect(asked.length).toBeGreaterThan(15);
    source.endSession();
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('tries a token on Convex after a refusal, with waits between, until one is accepted', async () => {
    const down: AuthFailure = { kind: 'network', retryable: true, source: 'convex' };
    const { source, clock, tried } = setUp({ refusals: [down, down] });
    source.startSession();
    source.refused();
    const token = source.request({ fresh: true });
    await clock.advance(5000);
    await expect(token).resolves.toBe('token-3');
    expect(tried).toEqual(['token-1', 'token-2', 'token-3']);
  });

  it('lets go of its question to Convex when the session ends, and hands nothing over whatever comes of it', async () => {
    let answer: (failure: null) => void = () => {};
    const { source, clock, signals } = setUp({ refusals: [new Promise((resolve) => (answer = resolve))] });
    source.startSession();
    source.refused();
    const token = source.request({ fresh: true });
    await clock.advance(0);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    source.endSession();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    answer(null);
    await expect(token).resolves.toBeNull();
    expect(source.lastToken()).toBeNull();
    expect(clock.pendingTimers).toBe(0);
  });

  it('asks Convex about the token that it was given where that says nothing, and doubts what it does not take', async () => {
    const refusal: AuthFailure = { kind: 'server', retryable: true, source: 'convex' };
    const broken = Promise.reject<null>(new Error('of the one who asks'));
    const { source, clock, tried } = setUp({ refusals: [null, broken, refusal, refusal] });
    const { signal } = new AbortController();
    expect(await source.doubt(signal)).toBe(false); // of nobody
    source.startSession();
    expect(await source.doubt(signal)).toBe(false); // of none
    await source.request({ fresh: false });
    expect(await source.doubt(signal)).toBe(false);
    expect(await source.doubt(signal)).toBe(false);
    expect([tried, source.trouble()]).toEqual([['token-1', 'token-1'], null]);

    expect(await source.doubt(signal)).toBe(true);
    expect(source.lastToken()).toBeNull();
    expect(await source.doubt(signal)).toBe(false); // it has been
    void source.request({ fresh: true });
    await clock.advance(1_000);
    expect(source.trouble()).toMatchObject({ failure: refusal });
    expect(tried).toEqual(['token-1', 'token-1', 'token-1', 'token-2']);
    source.endSession();
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([
    ['Convex is told of another meanwhile', (source: TokenSource) => source.request({ fresh: true })],
    ['nobody wants to know any more', async (_: TokenSource, wish: AbortController) => wish.abort()],
    ['the session ends meanwhile', async (source: TokenSource) => source.endSession()],
  ])('makes nothing of an answer about a token where %s', async (_what, meanwhile) => {
    let refuse = (_: AuthFailure): void => {};
    const answer = new Promise<AuthFailure>((resolve) => {
      refuse = resolve;
    });
    const { source } = setUp({ refusals: [answer] });
    source.startSession();
    await source.request({ fresh: false });
    const wish = new AbortController();
    const doubted = source.doubt(wish.signal);
    await meanwhile(source, wish);
    refuse({ kind: 'server', retryable: true, source: 'convex' });
    expect(await doubted).toBe(false);
    expect(source.trouble()).toBeNull();
  });

  it('tells subscribers of trouble and of its end, and nothing on the healthy path', async () => {
    const { source, clock } = setUp({ answers: ['token-a', unreachable(), 'token-b'] });
    let told = 0;
    source.subscribe(() => told++);
    source.startSession();
    await source.request({ fresh: true });
    expect(told).toBe(0);
    const token = source.request({ fresh: true });
    await clock.advance(1000);
    await token;
    expect(told).toBeGreaterThanOrEqual(2);
    expect(source.trouble()).toBeNull();
  });

  it('leaves no timer and no listener behind', async () => {
    const { source, clock, connectivity } = setUp({ answers: [unreachable(), unreachable()] });
    source.startSession();
    void source.request({ fresh: true });
    await clock.advance(100);
    expect(clock.pendingTimers).toBe(1);
    source.endSession();
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(0);
    expect(connectivity.open).toEqual({ wake: 0, stored: 0, channels: [] });
  });

  it('reports no token', async () => {
    const { source, clock, events } = setUp({ answers: [unreachable(), 'secret-1', 'secret-1', 'secret-2'] });
    source.startSession();
    void source.request({ fresh: true });
    await clock.advance(5000);
    source.refused();
    void source.request({ fresh: true });
    await clock.advance(5000);
    expect(events.length).toBeGreaterThan(4);
    expect(JSON.stringify(events)).not.toContain('secret');
  });
});
