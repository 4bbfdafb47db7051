import { isOverload } from './backoff.ts';
import type { AuthEventBody } from './events.ts';
import { eventFailure } from './events.ts';
import type { AuthFailure } from './failure.ts';
import { readClaims } from './jwt.ts';

/**
 * What is known about the Convex token of one session. Pure: `(state, event) -> [state, effects]`. Every asynchronous
 * attempt carries an id, so the answer of an attempt that is over changes nothing.
 */
export type TokenState = {
  /** Id of the next attempt. Never goes back, not even when the session changes. */
  readonly nextId: number;
} & (
  | { readonly status: 'ended' }
  | ({ readonly status: 'idle' } & Session)
  | ({ readonly status: 'requesting'; readonly attemptId: number } & Session & Wanted)
  | ({ readonly status: 'trying'; readonly attemptId: number; readonly token: string } & Session & Wanted)
  | ({ readonly status: 'waiting'; readonly attemptId: number; readonly trouble: Trouble } & Session & Wanted)
);

interface Session {
  /** The token that Convex was given last; null before the first. */
  readonly last: string | null;
  /** Convex refused the last token: the next one is tried before it is handed over. */
  readonly doubtful: boolean;
}

interface Wanted {
  /** Somebody waits for a token that is not from Clerk's cache. */
  readonly fresh: boolean;
  /** Somebody began to wait for a fresh token while a cached one was on its way. */
  readonly freshNext: boolean;
  readonly trouble: Trouble | null;
}

/** A failure that has not been overcome yet. */
export interface Trouble {
  readonly failure: AuthFailure;
  /** When the first failure in a row was seen, in milliseconds since the epoch. */
  readonly since: number;
  /** How many in a row. */
  readonly attempts: number;
  /** How many of them said that the server has too much to do. */
  readonly overloads: number;
  /** When it is tried again, in milliseconds since the epoch; null: at this moment. */
  readonly nextAttemptAt: number | null;
}

export type TokenEvent =
  | { readonly type: 'session_started' }
  | { readonly type: 'session_ended' }
  | { readonly type: 'requested'; readonly fresh: boolean }
  | { readonly type: 'token_arrived'; readonly attemptId: number; readonly token: string; readonly at: number }
  | {
      readonly type: 'attempt_failed';
      readonly attemptId: number;
      readonly failure: AuthFailure;
      readonly at: number;
      readonly delayMs: number;
    }
  | { readonly type: 'token_accepted'; readonly attemptId: number; readonly at: number }
  | { readonly type: 'wait_over'; readonly attemptId: number }
  /** The fetch guard holds a failure of this token's request back from Clerk and goes on trying. */
  | { readonly type: 'request_held'; readonly failure: AuthFailure; readonly at: number; readonly delayMs: number }
  | { readonly type: 'retry_asked' }
  | { readonly type: 'refused' }
  | { readonly type: 'confirmed' };

export type TokenEffect =
  /** Ask Clerk. Answer with `token_arrived` or `attempt_failed`. */
  | { readonly type: 'get_token'; readonly attemptId: number; readonly fresh: boolean }
  /** Ask Convex whether it takes this token. Answer with `token_accepted` or `attempt_failed`. */
  | { readonly type: 'try_token'; readonly attemptId: number; readonly token: string }
  /** Answer with `wait_over` after `ms`, or earlier when waiting has become pointless. */
  | {
      readonly type: 'wait';
      readonly attemptId: number;
      readonly ms: number;
      readonly failure: AuthFailure;
      readonly since: number;
    }
  /** Answer those who wait: all of them, or only those who take a cached token. */
  | { readonly type: 'settle'; readonly who: 'all' | 'cached'; readonly token: string | null }
  | { readonly type: 'report'; readonly event: AuthEventBody };

export const initialTokenState: TokenState = { status: 'ended', nextId: 1 };

type Step = readonly [TokenState, readonly TokenEffect[]];

/** The table. An event that means nothing in a state leaves it as it is: the same object, so that nobody is told. */
export function tokenMachine(state: TokenState, event: TokenEvent): Step {
  const { nextId } = state;
  switch (event.type) {
    case 'session_started':
      return [{ status: 'idle', nextId, last: null, doubtful: false }, leave(state, 'session_changed')];
    case 'session_ended':
      return state.status === 'ended' ? stay(state) : [{ status: 'ended', nextId }, leave(state, 'session_ended')];
    case 'requested':
      return request(state, event.fresh);
    case 'token_arrived':
      if (state.status !== 'requesting' || state.attemptId !== event.attemptId) return late(state);
      if (state.fresh && state.doubtful) {
        const trying = { ...state, status: 'trying', token: event.token } as const;
        return [trying, [{ type: 'try_token', attemptId: state.attemptId, token: event.token }]];
      }
      return deliver(state, event.token, event.at);
    case 'token_accepted':
      if (state.status !== 'trying' || state.attemptId !== event.attemptId) return stay(state);
      return deliver({ ...state, doubtful: false }, state.token, event.at);
    case 'attempt_failed':
      if (state.status !== 'requesting' && state.status !== 'trying') return stay(state);
      if (state.attemptId !== event.attemptId) return stay(state);
      return fail(state, event.failure, event.at, event.delayMs);
    case 'wait_over':
      return state.status === 'waiting' && state.attemptId === event.attemptId ? begin(state, state) : stay(state);
    case 'retry_asked':
      return state.status === 'waiting' ? begin(state, state) : stay(state);
    case 'request_held':
      if (state.status !== 'requesting') return stay(state);
      return [{ ...state, trouble: worsen(state.trouble, event.failure, event.at, event.delayMs) }, []];
    case 'refused':
      return state.status === 'ended' || state.doubtful ? stay(state) : [{ ...state, doubtful: true }, []];
    case 'confirmed':
      return state.status === 'ended' || !state.doubtful ? stay(state) : [{ ...state, doubtful: false }, []];
    default:
      event satisfies never;
      return stay(state);
  }
}

/** The failure that has not been overcome yet, or null when all is well. */
export const troubleOf = (state: TokenState): Trouble | null => ('trouble' in state ? state.trouble : null);

const stay = (state: TokenState): Step => [state, []];

const late = (state: TokenState): Step => [
  state,
  [
    {
      type: 'report',
      event: { type: 'token_dropped', reason: state.status === 'ended' ? 'session_ended' : 'session_changed' },
    },
  ],
];

function leave(state: TokenState, reason: 'session_ended' | 'session_changed'): readonly TokenEffect[] {
  switch (state.status) {
    case 'ended':
    case 'idle':
      return [];
    case 'trying':
      return [
        { type: 'settle', who: 'all', token: null },
        { type: 'report', event: { type: 'token_dropped', reason } },
      ];
    case 'requesting':
    case 'waiting':
      return [{ type: 'settle', who: 'all', token: null }];
    default:
      state satisfies never;
      return [];
  }
}

function request(state: TokenState, fresh: boolean): Step {
  switch (state.status) {
    case 'ended':
      return [state, [{ type: 'settle', who: 'all', token: null }]];
    case 'idle':
      return begin(state, { fresh, freshNext: false, trouble: null });
    case 'requesting':
      // A cached token may be on its way: it must not answer somebody who asked for a fresh one.
      return fresh && !state.fresh ? [{ ...state, freshNext: true }, []] : stay(state);
    case 'trying':
    case 'waiting':
      return fresh && !state.fresh ? [{ ...state, fresh: true }, []] : stay(state);
    default:
      state satisfies never;
      return stay(state);
  }
}

function begin({ nextId, last, doubtful }: Session & { nextId: number }, wanted: Wanted): Step {
  const fresh = wanted.fresh || wanted.freshNext;
  const trouble = wanted.trouble && { ...wanted.trouble, nextAttemptAt: null };
  return [
    { status: 'requesting', nextId: nextId + 1, attemptId: nextId, last, doubtful, fresh, freshNext: false, trouble },
    [
      { type: 'get_token', attemptId: nextId, fresh },
      { type: 'report', event: { type: 'token_requested', attempt: (trouble?.attempts ?? 0) + 1, forced: fresh } },
    ],
  ];
}

function deliver(state: Extract<TokenState, { status: 'requesting' | 'trying' }>, token: string, at: number): Step {
  const exp = readClaims(token)?.exp;
  const report: TokenEffect = {
    type: 'report',
    event: {
      type: 'token_received',
      attempt: (state.trouble?.attempts ?? 0) + 1,
      ...(exp !== undefined && { expiresInMs: exp * 1000 - at }),
    },
  };
  const idle: TokenState = { status: 'idle', nextId: state.nextId, last: token, doubtful: state.doubtful };
  if (!state.freshNext) return [idle, [{ type: 'settle', who: 'all', token }, report]];
  const [next, effects] = begin(idle, { fresh: true, freshNext: false, trouble: null });
  return [next, [{ type: 'settle', who: 'cached', token }, report, ...effects]];
}

function fail(
  state: Extract<TokenState, { status: 'requesting' | 'trying' }>,
  failure: AuthFailure,
  at: number,
  delayMs: number,
): Step {
  const { nextId, attemptId, last, doubtful, fresh, freshNext } = state;
  const trouble = worsen(state.trouble, failure, at, delayMs);
  return [
    { status: 'waiting', nextId, attemptId, last, doubtful, fresh: fresh || freshNext, freshNext: false, trouble },
    [
      { type: 'wait', attemptId, ms: delayMs, failure, since: trouble.since },
      {
        type: 'report',
        event: { type: 'token_failed', attempt: trouble.attempts, failure: eventFailure(failure), retryInMs: delayMs },
      },
    ],
  ];
}

const worsen = (trouble: Trouble | null, failure: AuthFailure, at: number, delayMs: number): Trouble => ({
  failure,
  since: trouble?.since ?? at,
  attempts: (trouble?.attempts ?? 0) + 1,
  overloads: (trouble?.overloads ?? 0) + (isOverload(failure) ? 1 : 0),
  nextAttemptAt: at + delayMs,
});
