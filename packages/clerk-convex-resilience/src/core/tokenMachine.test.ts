import { describe, expect, it } from 'vitest';
import type { AuthFailure } from './failure.ts';
import { retryPolicies } from './policy.ts';
import {
  type Attempt,
  createTokenMachine,
  initialTokenState,
  type TokenEffect,
  type TokenEvent,
  type TokenState,
  troubleOf,
} from './tokenMachine.ts';

const network: AuthFailure = { kind: 'network', retryable: true, source: 'browser' };
const misconfigured: AuthFailure = { kind: 'misconfigured', retryable: false, source: 'clerk' };
const started: TokenEvent = { type: 'session_started', session: 'a' };
const other: TokenEvent = { type: 'session_started', session: 'b' };
const ended: TokenEvent = { type: 'session_ended' };
const refused: TokenEvent = { type: 'refused', at: 0 };
const confirmed: TokenEvent = { type: 'confirmed' };
const retry: TokenEvent = { type: 'retry_asked' };
const ask = (fresh: boolean, at = 0): TokenEvent => ({ type: 'requested', fresh, at });

/** Events about an attempt name it by its number; what Clerk was asked under it is put in as it is played. */
type About = (attemptOf: (id: number) => Attempt) => TokenEvent;
const chance = { random: 0.5 };
const arrived =
  (id: number, token = `token-${id}`, at = 0, askedAt = at): About =>
  (attemptOf) => ({ type: 'token_arrived', attempt: attemptOf(id), token, askedAt, at, ...chance });
const failed =
  (id: number, failure = network, at = 0): About =>
  (attemptOf) => ({ type: 'attempt_failed', attempt: attemptOf(id), failure, at, ...chance });
const rejected =
  (id: number, failure = misconfigured): About =>
  (attemptOf) => ({ type: 'token_rejected', attempt: attemptOf(id), failure, at: 0, ...chance });
const waitOver =
  (id: number): About =>
  (attemptOf) => ({ type: 'wait_over', attempt: attemptOf(id) });
const accepted =
  (id: number, at = 0): About =>
  (attemptOf) => ({ type: 'token_accepted', attempt: attemptOf(id), at, ...chance });
const jwt = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;

function play(...events: Array<TokenEvent | About>): { state: TokenState; effects: TokenEffect[] } {
  const machine = createTokenMachine(retryPolicies.session);
  let state = initialTokenState;
  const effects: TokenEffect[] = [];
  const attempts = new Map<number, Attempt>();
  const attemptOf = (id: number): Attempt => {
    const attempt = attempts.get(id);
    if (!attempt) throw new Error(`Clerk was not asked under ${id}.`);
    return attempt;
  };
  for (const event of events) {
    const [next, more] = machine(state, typeof event === 'function' ? event(attemptOf) : event);
    state = next;
    effects.push(...more);
    for (const effect of more) if (effect.type === 'get_token') attempts.set(effect.attempt.id, effect.attempt);
  }
  return { state, effects };
}
/** What a person would want to see of the effects: who was asked, and who was answered with what. */
const told = (effects: readonly TokenEffect[]): string[] =>
  effects.flatMap((effect) => {
    switch (effect.type) {
      case 'get_token':
        return [`ask ${effect.attempt.id} ${effect.attempt.fresh ? 'fresh' : 'cached'}`];
      case 'try_token':
        return [`try ${effect.attempt.id}`];
      case 'wait':
        return ['wait'];
      case 'settle':
        return [`${effect.who} get ${effect.token}`];
      default:
        return [];
    }
  });

describe('tokenMachine', () => {
  it.each<[string, Array<TokenEvent | About>, string[], TokenState['status']]>([
    ['answers null at once when nobody is signed in', [ask(true)], ['all get null'], 'ended'],
    [
      'asks Clerk and hands the token on',
      [started, ask(false), arrived(1)],
      ['ask 1 cached', 'all get token-1'],
      'idle',
    ],
    [
      'joins a second request to the first',
      [started, ask(true), ask(true), ask(false), arrived(1)],
      ['ask 1 fresh', 'all get token-1'],
      'idle',
    ],
    [
      'does not answer who wants a fresh token with a cached one',
      [started, ask(false), ask(true), arrived(1), arrived(2)],
      ['ask 1 cached', 'cached get token-1', 'ask 2 fresh', 'all get token-2'],
      'idle',
    ],
    [
      'waits and tries again, and nobody gets null meanwhile',
      [started, ask(true), failed(1), waitOver(1), failed(2), waitOver(2), arrived(3)],
      ['ask 1 fresh', 'wait', 'ask 2 fresh', 'wait', 'ask 3 fresh', 'all get token-3'],
      'idle',
    ],
    [
      'tries at once when asked to',
      [started, ask(true), failed(1), retry],
      ['ask 1 fresh', 'wait', 'ask 2 fresh'],
      'requesting',
    ],
    [
      'gives null to all who wait when the session ends',
      [started, ask(true), ended],
      ['ask 1 fresh', 'all get null'],
      'ended',
    ],
    [
      'gives null to all who wait when the session ends during a wait',
      [started, ask(true), failed(1), ended, waitOver(1)],
      ['ask 1 fresh', 'wait', 'all get null'],
      'ended',
    ],
    [
      'drops a token that arrives after the session has ended',
      [started, ask(true), ended, arrived(1)],
      ['ask 1 fresh', 'all get null'],
      'ended',
    ],
    [
      'drops a token of the session before',
      [started, ask(true), other, ask(true), arrived(1), arrived(2)],
      ['ask 1 fresh', 'all get null', 'ask 2 fresh', 'all get token-2'],
      'idle',
    ],
    [
      'asks Clerk once when the same session starts again, and uses the answer',
      [started, ask(true), ended, started, ask(true), arrived(1)],
      ['ask 1 fresh', 'all get null', 'all get token-1'],
      'idle',
    ],
    [
      'joins what was asked for an organisation when it comes back to it',
      [started, ask(true), other, ask(true), started, ask(true), arrived(2), arrived(1)],
      ['ask 1 fresh', 'all get null', 'ask 2 fresh', 'all get null', 'all get token-1'],
      'idle',
    ],
    [
      'is not disturbed when the session that lasts is said to start',
      [started, ask(true), started, arrived(1)],
      ['ask 1 fresh', 'all get token-1'],
      'idle',
    ],
    [
      'asks no second time when somebody wants to try now',
      [started, ask(true), retry, retry, arrived(1)],
      ['ask 1 fresh', 'all get token-1'],
      'idle',
    ],
    [
      'uses an answer that comes after its attempt was given up',
      [started, ask(true), failed(1), arrived(1), waitOver(1)],
      ['ask 1 fresh', 'wait', 'all get token-1'],
      'idle',
    ],
    [
      'uses the answer of an earlier attempt while a later one is under way, and joins that one afterwards',
      [started, ask(true), failed(1), waitOver(1), arrived(1), ask(true), arrived(2)],
      ['ask 1 fresh', 'wait', 'ask 2 fresh', 'all get token-1', 'all get token-2'],
      'idle',
    ],
    [
      'does not take a late cached token for the fresh one that is waited for',
      [started, ask(false), failed(1), ask(true), arrived(1), waitOver(1), arrived(2)],
      ['ask 1 cached', 'wait', 'ask 2 fresh', 'all get token-2'],
      'idle',
    ],
    [
      'does not hand the same token over to who wants a fresh one',
      [started, ask(true), arrived(1, 'same'), ask(true), arrived(2, 'same'), waitOver(2), arrived(3)],
      ['ask 1 fresh', 'all get same', 'ask 2 fresh', 'wait', 'ask 3 fresh', 'all get token-3'],
      'idle',
    ],
    [
      'does not hand a refused token over again, from the cache or fresh',
      [
        started,
        ask(false),
        arrived(1, 'bad'),
        refused,
        ask(false),
        arrived(2, 'bad'),
        waitOver(2),
        arrived(3),
        accepted(3),
      ],
      ['ask 1 cached', 'all get bad', 'ask 2 fresh', 'wait', 'ask 3 fresh', 'try 3', 'all get token-3'],
      'idle',
    ],
    [
      'does not hand a refused token over again in another organisation, or after the session has ended',
      [
        started,
        ask(false),
        arrived(1, 'bad'),
        refused,
        other,
        ended,
        other,
        ask(false),
        arrived(2, 'bad'),
        waitOver(2),
        arrived(3),
      ],
      ['ask 1 cached', 'all get bad', 'ask 2 cached', 'wait', 'ask 3 fresh', 'all get token-3'],
      'idle',
    ],
    [
      'tries a cached token first that was on its way when Convex refused another',
      [started, ask(false), refused, arrived(1), accepted(1)],
      ['ask 1 cached', 'try 1', 'all get token-1'],
      'idle',
    ],
    [
      'does not hand over a token that has expired on its way, and asks for a fresh one',
      [
        started,
        ask(true),
        arrived(1, jwt({ iat: 1000, exp: 1060 }), 1_000_000),
        ask(false),
        arrived(2, jwt({ iat: 1000, exp: 1060, jti: 2 }), 1_060_000),
        waitOver(2),
        arrived(3),
      ],
      [
        'ask 1 fresh',
        `all get ${jwt({ iat: 1000, exp: 1060 })}`,
        'ask 2 cached',
        'wait',
        'ask 3 fresh',
        'all get token-3',
      ],
      'idle',
    ],
    [
      'does not hand over a token that has expired while it was tried',
      [
        started,
        refused,
        ask(true),
        arrived(1, jwt({ iat: 1000, exp: 1060 }), 1_000_000),
        accepted(1, 1_060_000),
        waitOver(1),
        arrived(2),
        accepted(2),
      ],
      ['ask 1 fresh', 'try 1', 'wait', 'ask 2 fresh', 'try 2', 'all get token-2'],
      'idle',
    ],
    [
      'hands over a token that only looks expired, by a clock that is ahead of Clerk’s',
      [
        started,
        ask(false),
        arrived(1, jwt({ iat: 1000, exp: 1060 }), 1_120_000),
        ask(true),
        arrived(2, jwt({ iat: 1002, exp: 1062 }), 1_122_000),
      ],
      [
        'ask 1 cached',
        `all get ${jwt({ iat: 1000, exp: 1060 })}`,
        'ask 2 fresh',
        `all get ${jwt({ iat: 1002, exp: 1062 })}`,
      ],
      'idle',
    ],
    [
      'hands a cached token over again',
      [started, ask(false), arrived(1, 'same'), ask(false), arrived(2, 'same')],
      ['ask 1 cached', 'all get same', 'ask 2 cached', 'all get same'],
      'idle',
    ],
    [
      'tries a token on Convex first after a refusal',
      [started, refused, ask(true), arrived(1), accepted(1)],
      ['ask 1 fresh', 'try 1', 'all get token-1'],
      'idle',
    ],
    [
      'gets another token when Convex would refuse this one too',
      [started, refused, ask(true), arrived(1), rejected(1), waitOver(1), arrived(2), accepted(2)],
      ['ask 1 fresh', 'try 1', 'wait', 'ask 2 fresh', 'try 2', 'all get token-2'],
      'idle',
    ],
    [
      'trusts tokens again once Convex has confirmed one',
      [started, refused, confirmed, ask(true), arrived(1)],
      ['ask 1 fresh', 'all get token-1'],
      'idle',
    ],
    [
      'drops a token that is being tried when the session ends',
      [started, refused, ask(true), arrived(1), ended, accepted(1)],
      ['ask 1 fresh', 'try 1', 'all get null'],
      'ended',
    ],
  ])('%s', (_name, events, expected, status) => {
    const { state, effects } = play(...events);
    expect(told(effects)).toEqual(expected);
    expect(state.status).toBe(status);
  });

  it('counts failures in a row, from the first one on, and forgets them with the first token', () => {
    const twice = play(started, ask(true), failed(1, network, 1000), waitOver(1), failed(2, network, 3000));
    expect(troubleOf(twice.state, 3000)).toMatchObject({ failure: network, since: 1000, attempts: 2 });
    expect(troubleOf(twice.state, 3000)?.nextAttemptAt).toBeGreaterThan(3000);
    expect(troubleOf(play(started, ask(true), failed(1), waitOver(1), arrived(2)).state, 0)).toBeNull();
  });

  it('knows of a failure that the fetch guard holds back from Clerk', () => {
    const { state } = play(started, ask(true), { type: 'request_held', failure: network, at: 1000, delayMs: 300 });
    expect(state.status).toBe('requesting');
    expect(troubleOf(state, 1000)).toMatchObject({ since: 1000, attempts: 1, nextAttemptAt: 1300 });
  });

  it('is not well from a refusal until another token was accepted', () => {
    const events = [started, ask(true), arrived(1), { ...refused, at: 500 }, ask(true, 600)];
    expect(troubleOf(play(...events).state, 700)).toMatchObject({ since: 500, failure: { code: 'refused_token' } });
    expect(troubleOf(play(...events, arrived(2)).state, 700)).not.toBeNull();
    expect(troubleOf(play(...events, arrived(2), accepted(2)).state, 700)).toBeNull();
    expect(troubleOf(play(...events.slice(0, 4), confirmed).state, 700)).toBeNull();
  });

  it('is not well while the token that Convex has is an expired one, by Clerk’s clock', () => {
    const token = jwt({ iat: 1000, exp: 1060 });
    // This device's clock is two minutes ahead.
    const { state } = play(started, ask(true), arrived(1, token, 1_120_000));
    expect(troubleOf(state, 1_178_000)).toBeNull();
    expect(troubleOf(state, 1_181_000)).toMatchObject({ failure: { code: 'expired_token' } });
    const asked = play(
      started,
      ask(true),
      arrived(1, token, 1_120_000),
      ask(true, 1_190_000),
      arrived(2, 'x', 1_191_000),
    );
    expect(troubleOf(asked.state, 1_192_000)).toBeNull();
  });

  it('names a misconfiguration at its first failure, and waits long', () => {
    const { state, effects } = play(started, ask(true), failed(1, misconfigured));
    expect(troubleOf(state, 0)?.failure).toBe(misconfigured);
    expect(effects).toContainEqual(expect.objectContaining({ type: 'wait', ms: 30_000 }));
  });

  it('gives a refusal that may pass two seconds, where the network gets less', () => {
    const unreachable: AuthFailure = { kind: 'server', retryable: true, source: 'convex' };
    const waits = (...events: Array<TokenEvent | About>): number[] =>
      play(started, ...events).effects.flatMap((effect) => (effect.type === 'wait' ? [effect.ms] : []));
    expect(waits(refused, ask(true), arrived(1), rejected(1, unreachable))).toEqual([2_000]);
    expect(waits(ask(true), failed(1))[0]).toBeLessThan(500);
    expect(waits(refused, ask(true), arrived(1), rejected(1))).toEqual([30_000]);
  });

  it('says once that the clock is off, and again when it is off by something else', () => {
    const fresh = (id: number, aheadMs: number): Array<TokenEvent | About> => [
      ask(true),
      arrived(id, jwt({ iat: 1000 + id, exp: 1060 + id }), (1000 + id) * 1000 + 300 + aheadMs),
    ];
    const { effects } = play(
      started,
      ...[3, 120_000, 121_500, 119_000, -60_000, -61_000, 7, 120_000].flatMap((aheadMs, i) => fresh(i + 1, aheadMs)),
    );
    const told = effects.flatMap((effect) =>
      effect.type === 'report' && effect.event.type === 'clock_skew_detected' ? [effect.event.offsetMs / 1000] : [],
    );
    expect(told).toEqual([119, -60, 119]);
  });

  it('reports no token', () => {
    const { effects } = play(started, ask(true), arrived(1, 'secret-a'), ask(true), ended, arrived(2, 'secret-b'));
    expect(JSON.stringify(effects.filter((effect) => effect.type === 'report'))).not.toContain('secret');
  });

  const [old, newer, over] = [1_000, 1_020, 890].map((iat) => jwt({ iat, exp: iat + 60 })) as [string, string, string];
  it.each<[string, Array<TokenEvent | About>, [string, number]]>([
    [
      'no clock from the last token that comes once more: it was made earlier than it was asked for',
      [ask(true, 1_050_000), arrived(2, old, 1_050_100, 1_050_000)],
      ['waiting', 0],
    ],
    [
      'none from one that was made before the newest: what the page had before it was mounted anew',
      [
        ask(false, 1_020_000),
        arrived(2, newer, 1_020_100, 1_020_000),
        ask(true, 1_021_000),
        arrived(3, old, 1_060_500, 1_021_000),
      ],
      ['waiting', 0],
    ],
    [
      'the clock from one that was over before it was asked for: Clerk’s has been set back',
      [ask(true, 1_010_000), arrived(2, over, 1_010_100, 1_010_000)],
      ['idle', 119_000],
    ],
  ])('tells %s', (_, later, [status, aheadMs]) => {
    const { state, effects } = play(started, ask(true, 1_000_000), arrived(1, old, 1_000_100, 1_000_000), ...later);
    expect([state.status, state.aheadMs]).toEqual([status, aheadMs]);
    const told = effects.filter((effect) => effect.type === 'report' && effect.event.type === 'clock_skew_detected');
    expect(told).toHaveLength(aheadMs === 0 ? 0 : 1);
  });

  it('keeps a trouble of another kind when Convex confirms a token that it had refused', () => {
    const held: TokenEvent = { type: 'request_held', failure: network, at: 1, delayMs: 300 };
    const { state } = play(started, ask(true), arrived(1), refused, ask(true), held, confirmed);
    expect(state).toMatchObject({ status: 'requesting', doubtful: false, trouble: { failure: network } });
  });
});
