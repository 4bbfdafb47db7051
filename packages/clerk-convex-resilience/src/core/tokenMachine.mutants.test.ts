import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryPolicies } from './policy.ts';
import { tokenMachineKeepsItsPromises } from './tokenMachine.property.ts';
import { createTokenMachine, type TokenEvent, type TokenMachine, type TokenState } from './tokenMachine.ts';
import type { TokenPromise } from './tokenWorld.ts';

const policy = retryPolicies.session;
const right = createTokenMachine(policy);

/** The right machine, told of something else than what happened, or in another state than it is in. */
const deaf =
  (type: TokenEvent['type']): TokenMachine =>
  (state, event) =>
    event.type === type ? [state, []] : right(state, event);
const believing =
  (type: TokenEvent['type'], believe: (state: TokenState) => TokenState): TokenMachine =>
  (state, event) =>
    right(event.type === type ? believe(state) : state, event);
const impatient = createTokenMachine({ ...policy, maxDelayMs: policy.maxDelayMs * 10 });

/** What is wrong with each of these machines, small as it is, is found, and called by its name. */
const wrong: ReadonlyArray<readonly [promise: TokenPromise, how: string, machine: TokenMachine]> = [
  ['one request in flight', 'forgets what it has asked', believing('requested', (state) => ({ ...state, open: [] }))],
  [
    'one request in flight',
    'asks again when somebody tries now',
    (state, event) =>
      event.type === 'retry_asked' && state.status === 'requesting'
        ? right({ ...state, status: 'idle', open: [] }, { type: 'requested', fresh: true, at: 0 })
        : right(state, event),
  ],
  ['no token after the end of its session', 'does not hear of the end', deaf('session_ended')],
  [
    'no token after the end of its session',
    'takes any answer for its own session’s',
    (state, event) =>
      right(
        state,
        event.type === 'token_arrived' ? { ...event, attempt: { ...event.attempt, session: state.session } } : event,
      ),
  ],
  [
    'signed in as long as the session lasts',
    'gives up at a failure',
    (state, event) =>
      event.type === 'attempt_failed' && state.status === 'requesting'
        ? [{ ...state, status: 'idle' }, [{ type: 'settle', who: 'all', token: null }]]
        : right(state, event),
  ],
  [
    'no refused or expired token again',
    'forgets refusals',
    believing('token_arrived', (state) => ({ ...state, refused: [] })),
  ],
  [
    'no refused or expired token again',
    'forgets the last token',
    believing('token_arrived', (state) => (state.status === 'ended' ? state : { ...state, last: null })),
  ],
  [
    'no refused or expired token again',
    'goes by no clock',
    believing('token_arrived', (state) => ({ ...state, aheadMs: null })),
  ],
  ['healthy only with a usable token', 'does not hear of refusals', deaf('refused')],
  [
    'healthy only with a usable token',
    'forgets what is wrong when it asks again',
    (state, event) => {
      const [next, effects] = right(state, event);
      return [next.status === 'requesting' ? { ...next, trouble: null } : next, effects];
    },
  ],
  [
    'healthy only with a usable token',
    'takes what Convex confirmed of another organisation for this one’s',
    (state, event) => {
      const [next, effects] = right(state, event);
      return [next, effects.filter(({ type }) => type !== 'unconfirm')];
    },
  ],
  ['no wait longer than the bound', 'waits ten times as long', impatient],
  [
    'a misconfiguration is named, and not tried in a loop',
    'takes it for any other failure',
    (state, event) =>
      right(
        state,
        event.type === 'attempt_failed' ? { ...event, failure: { ...event.failure, kind: 'server' } } : event,
      ),
  ],
  [
    'no token in a report',
    'names the token that came',
    (state, event) => {
      const [next, effects] = right(state, event);
      const code = event.type === 'token_arrived' ? event.token : '';
      const failure = { kind: 'unknown', source: 'unknown', code } as const;
      return [next, [...effects, { type: 'report', event: { type: 'token_refused', failure } }]];
    },
  ],
  ['healthy once faults stop', 'does not hear that a wait is over', deaf('wait_over')],
  ['healthy once faults stop', 'does not hear that Convex took the token', deaf('token_accepted')],
];

describe('a wrong machine is found out', () => {
  it.each(wrong)('%s: one that %s', (promise, _how, machine) => {
    const { errorInstance } = fc.check(tokenMachineKeepsItsPromises(machine, policy, promise), {
      numRuns: 3_000,
      seed: 1,
    });
    expect(errorInstance).toMatchObject({ message: expect.stringContaining(promise) });
  });

  it('and by a counterexample that can be read', () => {
    const { counterexample } = fc.check(tokenMachineKeepsItsPromises(deaf('refused'), policy), {
      numRuns: 2_000,
      seed: 1,
    });
    expect([...(counterexample?.[0] ?? [])].length).toBeLessThan(10);
  });
});
