import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuthFailure } from './failure.ts';
import {
  initialTokenState,
  type TokenEffect,
  type TokenEvent,
  type TokenState,
  tokenMachine,
  troubleOf,
} from './tokenMachine.ts';

const network: AuthFailure = { kind: 'network', retryable: true, source: 'browser' };
const started: TokenEvent = { type: 'session_started' };
const ended: TokenEvent = { type: 'session_ended' };
const ask = (fresh: boolean): TokenEvent => ({ type: 'requested', fresh });
const arrived = (attemptId: number, token = `token-${attemptId}`): TokenEvent => ({
  type: 'token_arrived',
  attemptId,
  token,
  at: 0,
});
const failed = (attemptId: number, at = 0): TokenEvent => ({
  type: 'attempt_failed',
  attemptId,
  failure: network,
  at,
  delayMs: 500,
});
const waitOver = (attemptId: number): TokenEvent => ({ type: 'wait_over', attemptId });
const accepted = (attemptId: number): TokenEvent => ({ type: 'token_accepted', attemptId, at: 0 });

function play(...events: TokenEvent[]): { state: TokenState; effects: TokenEffect[] } {
  let state = initialTokenState;
  const effects: TokenEffect[] = [];
  for (const event of events) {
    const [next, more] = tokenMachine(state, event);
    state = next;
    effects.push(...more);
  }
  return { state, effects };
}
/** What a person would want to see of the effects: who was asked, and who was answered with what. */
const told = (effects: readonly TokenEffect[]): string[] =>
  effects.flatMap((effect) => {
    switch (effect.type) {
      case 'get_token':
        return [`ask ${effect.attemptId} ${effect.fresh ? 'fresh' : 'cached'}`];
      case 'try_token':
        return [`try ${effect.attemptId}`];
      case 'wait':
        return [`wait ${effect.ms}`];
      case 'settle':
        return [`${effect.who} get ${effect.token}`];
      default:
        return [];
    }
  });

describe('tokenMachine', () => {
  it.each<[string, TokenEvent[], string[], TokenState['status']]>([
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
      ['ask 1 fresh', 'wait 500', 'ask 2 fresh', 'wait 500', 'ask 3 fresh', 'all get token-3'],
      'idle',
    ],
    [
      'tries at once when asked to',
      [started, ask(true), failed(1), { type: 'retry_asked' }],
      ['ask 1 fresh', 'wait 500', 'ask 2 fresh'],
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
      ['ask 1 fresh', 'wait 500', 'all get null'],
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
      [started, ask(true), started, ask(true), arrived(1), arrived(2)],
      ['ask 1 fresh', 'all get null', 'ask 2 fresh', 'all get token-2'],
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
      [started, { type: 'refused' }, ask(true), arrived(1), accepted(1)],
      ['ask 1 fresh', 'try 1', 'all get token-1'],
      'idle',
    ],
    [
      'gets another token when Convex would refuse this one too',
      [started, { type: 'refused' }, ask(true), arrived(1), failed(1), waitOver(1), arrived(2), accepted(2)],
      ['ask 1 fresh', 'try 1', 'wait 500', 'ask 2 fresh', 'try 2', 'all get token-2'],
      'idle',
    ],
    [
      'trusts tokens again once Convex has confirmed one',
      [started, { type: 'refused' }, { type: 'confirmed' }, ask(true), arrived(1)],
      ['ask 1 fresh', 'all get token-1'],
      'idle',
    ],
    [
      'drops a token that is being tried when the session ends',
      [started, { type: 'refused' }, ask(true), arrived(1), ended, accepted(1)],
      ['ask 1 fresh', 'try 1', 'all get null'],
      'ended',
    ],
  ])('%s', (_name, events, expected, status) => {
    const { state, effects } = play(...events);
    expect(told(effects)).toEqual(expected);
    expect(state.status).toBe(status);
  });

  it('counts failures in a row, from the first one on, and forgets them with the first token', () => {
    const twice = play(started, ask(true), failed(1, 1000), waitOver(1), failed(2, 3000));
    expect(troubleOf(twice.state)).toEqual({
      failure: network,
      since: 1000,
      attempts: 2,
      overloads: 0,
      nextAttemptAt: 3500,
    });
    expect(troubleOf(play(started, ask(true), failed(1), waitOver(1), arrived(2)).state)).toBeNull();
  });

  it('knows of a failure that the fetch guard holds back from Clerk', () => {
    const { state } = play(started, ask(true), { type: 'request_held', failure: network, at: 1000, delayMs: 300 });
    expect(state.status).toBe('requesting');
    expect(troubleOf(state)).toMatchObject({ since: 1000, attempts: 1, nextAttemptAt: 1300 });
  });

  it('reports no token', () => {
    const { effects } = play(started, ask(true), arrived(1, 'secret-a'), ask(true), ended, arrived(2, 'secret-b'));
    expect(JSON.stringify(effects.filter((effect) => effect.type === 'report'))).not.toContain('secret');
  });

  it('has at most one attempt open and never answers null while the session lasts, whatever happens in whatever order', () => {
    const id = fc.integer({ min: 1, max: 12 });
    const event: fc.Arbitrary<TokenEvent> = fc.oneof(
      fc.boolean().map(ask),
      id.map((n) => arrived(n)),
      id.map((n) => arrived(n, 'same')),
      id.map((n) => failed(n)),
      id.map(waitOver),
      id.map(accepted),
      fc.constantFrom<TokenEvent>({ type: 'retry_asked' }, { type: 'refused' }, { type: 'confirmed' }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let [state] = tokenMachine(initialTokenState, started);
        let open = 0;
        for (const one of events) {
          const before = state;
          const [next, effects] = tokenMachine(state, one);
          if (before.status === 'requesting' && next.status !== 'requesting') open--;
          if (before.status === 'requesting' && next.status === 'requesting' && next.attemptId !== before.attemptId)
            open--;
          open += effects.filter((effect) => effect.type === 'get_token').length;
          expect(open).toBe(next.status === 'requesting' ? 1 : 0);
          for (const effect of effects) if (effect.type === 'settle') expect(effect.token).not.toBeNull();
          state = next;
        }
      }),
    );
  });
});
