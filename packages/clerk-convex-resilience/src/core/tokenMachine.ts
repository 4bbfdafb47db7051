import { backoffDelay } from './backoff.ts';
import type { AuthEventBody } from './events.ts';
import { eventFailure } from './events.ts';
import type { AuthFailure } from './failure.ts';
import { needsAPerson } from './health.ts';
import { readClaims } from './jwt.ts';
import type { RetryPolicy } from './policy.ts';
import { clockAhead } from './serverClock.ts';

/**
 * What is known about the Convex token of one session. Pure: `(state, event) -> [state, effects]`. Every question to Clerk
 * carries an id and whose token it is for, so that an answer is used however late it comes, and by nobody else.
 */
export type TokenState = Known &
  (
    | { readonly status: 'ended' }
    | ({ readonly status: 'idle' } & Session)
    | ({ readonly status: 'requesting' } & Session & Wanted)
    | ({ readonly status: 'trying'; readonly attempt: Attempt; readonly token: string } & Session & Wanted)
    | ({ readonly status: 'waiting'; readonly attempt: Attempt; readonly trouble: Trouble } & Session & Wanted)
  );

interface Known {
  /** Id of the next attempt. Never goes back, not even when the session changes. */
  readonly nextId: number;
  /** The session, and the organisation of it, that began last. */
  readonly session: string;
  /** What Clerk has been asked and has not answered, for whatever session: at most one for each. */
  readonly open: readonly Attempt[];
  /** How far this device's clock is ahead of Clerk's, in milliseconds; null before it could be told. */
  readonly aheadMs: number | null;
  /** When the newest token that has come was minted, by Clerk's clock, in seconds; 0 before the first. */
  readonly newestIat: number;
  /** The tokens that Convex refused last. They are never handed over again. */
  readonly refused: readonly string[];
  /** The token that Convex was given last, in this session; null before the first. A remount does not forget it. */
  readonly last: string | null;
}

/** One question to Clerk. `fresh`: not from its cache. */
export interface Attempt {
  readonly id: number;
  readonly session: string;
  readonly fresh: boolean;
}

interface Session {
  /** Convex refused a token: the next one is fresh, and tried before it is handed over. */
  readonly doubtful: boolean;
  readonly trouble: Trouble | null;
}

interface Wanted {
  /** Somebody waits for a token that is not from Clerk's cache. */
  readonly fresh: boolean;
}

/** A failure that has not been overcome yet. */
export interface Trouble {
  readonly failure: AuthFailure;
  /** When the first failure in a row was seen, in milliseconds since the epoch. */
  readonly since: number;
  /** How many attempts in a row have failed. */
  readonly attempts: number;
  /** When it is tried again, in milliseconds since the epoch; null: at this moment. */
  readonly nextAttemptAt: number | null;
}

/** When something happened, and what a wait that comes of it depends on besides. */
export interface Moment {
  /** Milliseconds since the epoch, by this device's clock. */
  readonly at: number;
  /** A number in [0, 1). */
  readonly random: number;
}

export type TokenEvent =
  | { readonly type: 'session_started'; readonly session: string }
  | { readonly type: 'session_ended' }
  | { readonly type: 'requested'; readonly fresh: boolean; readonly at: number }
  | ({
      readonly type: 'token_arrived';
      readonly attempt: Attempt;
      readonly token: string;
      readonly askedAt: number;
    } & Moment)
  | ({ readonly type: 'attempt_failed'; readonly attempt: Attempt; readonly failure: AuthFailure } & Moment)
  | ({ readonly type: 'token_accepted'; readonly attempt: Attempt } & Moment)
  | ({ readonly type: 'token_rejected'; readonly attempt: Attempt; readonly failure: AuthFailure } & Moment)
  | { readonly type: 'wait_over'; readonly attempt: Attempt }
  /** The fetch guard holds a failure of this token's request back from Clerk and goes on trying. */
  | { readonly type: 'request_held'; readonly failure: AuthFailure; readonly at: number; readonly delayMs: number }
  | { readonly type: 'retry_asked' }
  | { readonly type: 'refused'; readonly at: number }
  | { readonly type: 'confirmed' };

export type TokenEffect =
  /** Ask Clerk. Answer with `token_arrived` or `attempt_failed`. */
  | { readonly type: 'get_token'; readonly attempt: Attempt }
  /** Ask Convex whether it takes this token. Answer with `token_accepted` or `token_rejected`. */
  | { readonly type: 'try_token'; readonly attempt: Attempt; readonly token: string }
  /** Answer with `wait_over` after `ms`, or earlier when waiting has become pointless. */
  | {
      readonly type: 'wait';
      readonly attempt: Attempt;
      readonly ms: number;
      readonly failure: AuthFailure;
      readonly since: number;
    }
  /** Answer those who wait: all of them, or only those who take a cached token. */
  | { readonly type: 'settle'; readonly who: 'all' | 'cached'; readonly token: string | null }
  /** Convex has confirmed the organisation of before; of this one there is no token yet. */
  | { readonly type: 'unconfirm' }
  | { readonly type: 'report'; readonly event: AuthEventBody };

export const initialTokenState: TokenState = {
  status: 'ended',
  nextId: 1,
  session: '',
  open: [],
  aheadMs: null,
  newestIat: 0,
  refused: [],
  last: null,
};

/** When waiting cannot help it is still tried, seldom, so that a mend is noticed. */
export const seldomMs = 30_000;
/** No later than this, however long it has lasted: with what comes after, a mend is noticed within a minute. */
const latestMs = 45_000;
/** Convex has refused two tokens by now: the next ones cost Clerk a request each, and are rarely better at once. */
const refusedMs = 2_000;

const rememberedRefusals = 4;

// Convex takes an identical token as a failed refresh: no further refresh is scheduled, or the user is signed out
// (convex 1.48 authentication_manager.ts, refetchToken and tryToReauthenticate). A moment later Clerk mints another.
const identicalToken: AuthFailure = { kind: 'server', retryable: true, source: 'clerk', code: 'identical_token' };
/** Clerk was asked and has not answered in time. */
export const noAnswer = {
  kind: 'timeout',
  retryable: true,
  source: 'clerk',
  code: 'no_answer',
} as const satisfies AuthFailure;
/** An answer that took longer than a token lives, or a cache that goes by a clock that is behind. */
const expiredToken: AuthFailure = { kind: 'server', retryable: true, source: 'clerk', code: 'expired_token' };
const refusedToken: AuthFailure = { kind: 'unknown', retryable: true, source: 'convex', code: 'refused_token' };

type Step = readonly [TokenState, readonly TokenEffect[]];
type Live = Exclude<TokenState, { status: 'ended' }>;
type Asked = Extract<TokenState, Wanted>;
export type TokenMachine = (state: TokenState, event: TokenEvent) => Step;

/** The table. An event that means nothing in a state leaves it as it is: the same object, so that nobody is told. */
export const createTokenMachine =
  (policy: RetryPolicy): TokenMachine =>
  (state, event) => {
    switch (event.type) {
      case 'session_started':
        // The same one again is StrictMode or a remount: its question to Clerk is still good.
        if (state.status !== 'ended' && state.session === event.session) return stay(state);
        return [
          {
            ...known(state),
            session: event.session,
            status: 'idle',
            last: state.session === event.session ? state.last : null,
            doubtful: false,
            trouble: null,
          },
          [...leave(state, 'session_changed'), ...(state.status === 'ended' ? [] : [{ type: 'unconfirm' } as const])],
        ];
      case 'session_ended':
        return state.status === 'ended'
          ? stay(state)
          : [{ ...known(state), status: 'ended' }, leave(state, 'session_ended')];
      case 'requested':
        return request(state, event.fresh, event.at);
      case 'token_arrived':
        return arrive(policy, state, event);
      case 'attempt_failed': {
        const answered = close(state, event.attempt);
        if (answered === state || answered.status !== 'requesting') return stay(answered);
        if (event.attempt.session !== state.session) return stay(answered);
        // Clerk would hand out the very question that hangs (SessionTokenCache, clerk-js 5.128 and 6.40).
        return event.failure.code === noAnswer.code
          ? fail(policy, { ...answered, fresh: true }, event.attempt, event.failure, event)
          : fail(policy, answered, event.attempt, event.failure, event);
      }
      case 'token_accepted':
        if (state.status !== 'trying' || state.attempt.id !== event.attempt.id) return stay(state);
        return isExpired(state, readClaims(state.token)?.exp, event.at)
          ? fail(policy, state, state.attempt, expiredToken, event)
          : deliver({ ...state, doubtful: false }, state.attempt, state.token, event.at);
      case 'token_rejected':
        if (state.status !== 'trying' || state.attempt.id !== event.attempt.id) return stay(state);
        return fail(policy, state, state.attempt, event.failure, event, refusedMs);
      case 'wait_over':
        return state.status === 'waiting' && state.attempt.id === event.attempt.id
          ? begin(state, state.fresh)
          : stay(state);
      case 'retry_asked':
        if (state.status === 'waiting') return begin(state, state.fresh);
        // The fetch guard goes on at once too, where no `Retry-After` holds it.
        return state.status === 'requesting' && state.trouble?.nextAttemptAt && !isOverload(state.trouble.failure)
          ? stay({ ...state, trouble: { ...state.trouble, nextAttemptAt: null } })
          : stay(state);
      case 'request_held':
        if (state.status !== 'requesting') return stay(state);
        return stay({ ...state, trouble: worsen(state.trouble, event.failure, event.at, event.delayMs) });
      case 'refused': {
        if (state.status === 'ended' || (state.doubtful && (!state.last || state.refused.includes(state.last)))) {
          return stay(state);
        }
        const refused = state.last ? [...state.refused.slice(1 - rememberedRefusals), state.last] : state.refused;
        const trouble = state.trouble ?? troubleNow(refusedToken, event.at);
        return stay({ ...state, doubtful: true, refused, trouble } as Live);
      }
      case 'confirmed': {
        if (state.status === 'ended' || !state.doubtful) return stay(state);
        const refused = state.refused.filter((token) => token !== state.last);
        const trouble = state.trouble?.failure === refusedToken ? null : state.trouble;
        return stay({ ...state, doubtful: false, refused, trouble } as Live);
      }
      default:
        event satisfies never;
        return stay(state);
    }
  };

/** The failure that has not been overcome at that time, or null when all is well: a token that has expired is not. */
export function troubleOf(state: TokenState, at: number): Trouble | null {
  if (state.status === 'ended') return null;
  if (state.trouble || state.last === null) return state.trouble;
  return isExpired(state, readClaims(state.last)?.exp, at) ? troubleNow(expiredToken, at) : null;
}

/** A clock of unknown trueness says nothing about a token. */
const isExpired = ({ aheadMs }: Known, exp: number | undefined, at: number): boolean =>
  aheadMs !== null && exp !== undefined && at - aheadMs >= exp * 1000;

const stay = (state: TokenState): Step => [state, []];

const known = ({ nextId, session, open, aheadMs, newestIat, refused, last }: TokenState): Known => ({
  nextId,
  session,
  open,
  aheadMs,
  newestIat,
  refused,
  last,
});

/** Without a question that has been answered; the same object when it had been answered before. */
function close(state: TokenState, { id }: Attempt): TokenState {
  const open = state.open.filter((attempt) => attempt.id !== id);
  return open.length === state.open.length ? state : { ...state, open };
}

const dropped = (reason: 'session_ended' | 'session_changed'): TokenEffect => ({
  type: 'report',
  event: { type: 'token_dropped', reason },
});

function leave(state: TokenState, reason: 'session_ended' | 'session_changed'): readonly TokenEffect[] {
  const settle: TokenEffect = { type: 'settle', who: 'all', token: null };
  switch (state.status) {
    case 'ended':
    case 'idle':
      return [];
    case 'trying':
      return [settle, dropped(reason)];
    case 'requesting':
    case 'waiting':
      return [settle];
    default:
      state satisfies never;
      return [];
  }
}

function request(state: TokenState, fresh: boolean, at: number): Step {
  switch (state.status) {
    case 'ended':
      return [state, [{ type: 'settle', who: 'all', token: null }]];
    case 'idle':
      return begin({ ...state, trouble: troubleOf(state, at) }, fresh);
    case 'requesting':
    case 'trying':
    case 'waiting':
      return stay(fresh && !state.fresh ? { ...state, fresh } : state);
    default:
      state satisfies never;
      return stay(state);
  }
}

function begin(state: Live, wanted: boolean): Step {
  const { nextId, session, open, doubtful } = state;
  const fresh = wanted || doubtful;
  const trouble = state.trouble && { ...state.trouble, nextAttemptAt: null };
  const next = { ...known(state), status: 'requesting', doubtful, trouble, fresh } as const;
  if (open.some((attempt) => attempt.session === session)) return stay(next);
  const attempt: Attempt = { id: nextId, session, fresh };
  return [
    { ...next, nextId: nextId + 1, open: [...open, attempt] },
    [
      { type: 'get_token', attempt },
      { type: 'report', event: { type: 'token_requested', attempt: (trouble?.attempts ?? 0) + 1, forced: fresh } },
    ],
  ];
}

function arrive(policy: RetryPolicy, before: TokenState, event: Extract<TokenEvent, { type: 'token_arrived' }>): Step {
  const { attempt, token, askedAt, at } = event;
  const { iat, exp } = readClaims(token) ?? {};
  const newestIat = Math.max(before.newestIat, iat ?? 0);
  // The last token once more, or one from before it that is still good, was minted earlier than it was asked for.
  const isOlder = iat !== newestIat && !isExpired(before, exp, askedAt);
  const isMintedNow = attempt.fresh && token !== before.last && !isOlder;
  const aheadMs = isMintedNow ? clockAhead(before.aheadMs, { iat, askedAt, at }) : before.aheadMs;
  const closed = close(before, attempt);
  const isSame = aheadMs === before.aheadMs && newestIat === before.newestIat;
  const state = isSame ? closed : { ...closed, aheadMs, newestIat };
  const [next, effects] = judge();
  return aheadMs && aheadMs !== before.aheadMs
    ? [next, [...effects, { type: 'report', event: { type: 'clock_skew_detected', offsetMs: aheadMs } }]]
    : [next, effects];

  function judge(): Step {
    if (state.status === 'ended') return [state, [dropped('session_ended')]];
    if (attempt.session !== state.session) return [state, [dropped('session_changed')]];
    if (state.status !== 'requesting' && state.status !== 'waiting') return stay(state); // nobody waits any more
    const objection =
      state.refused.includes(token) || (attempt.fresh && token === state.last)
        ? identicalToken
        : isExpired(state, exp, at)
          ? expiredToken
          : null;
    // The answer of an attempt that was given up for failed is good when it is good, and else nothing new.
    const isLate = state.status === 'waiting' || closed === before;
    if (isLate && (objection || (state.fresh && !attempt.fresh))) return stay(state);
    if (objection) return fail(policy, { ...state, fresh: true }, attempt, objection, event);
    if (!state.doubtful) return deliver(state, attempt, token, at);
    return [{ ...state, status: 'trying', attempt, token }, [{ type: 'try_token', attempt, token }]];
  }
}

function deliver(state: Asked, attempt: Attempt, token: string, at: number): Step {
  const exp = readClaims(token)?.exp;
  const report: TokenEffect = {
    type: 'report',
    event: {
      type: 'token_received',
      attempt: (state.trouble?.attempts ?? 0) + 1,
      ...(exp !== undefined && { expiresInMs: exp * 1000 - (at - (state.aheadMs ?? 0)) }),
    },
  };
  const idle = { ...known(state), status: 'idle', last: token, doubtful: state.doubtful, trouble: null } as const;
  if (attempt.fresh || !state.fresh) return [idle, [{ type: 'settle', who: 'all', token }, report]];
  // A token from Clerk's cache must not answer somebody who asked for a fresh one.
  const [next, effects] = begin(idle, true);
  return [next, [{ type: 'settle', who: 'cached', token }, report, ...effects]];
}

function fail(
  policy: RetryPolicy,
  state: Asked,
  attempt: Attempt,
  failure: AuthFailure,
  moment: Moment,
  leastMs = 0,
): Step {
  const { at, random } = moment;
  const { attempts: failures, since } = worsen(state.trouble, failure, at, 0);
  const history = { failures, outageMs: at - since, last: failure };
  const delay = backoffDelay(policy, history, random);
  const isForAPerson = needsAPerson(failure);
  const wanted = Math.max(isForAPerson ? seldomMs : leastMs, delay);
  // What Convex refuses (its identity provider, a signature, a clock) may have to be mended by somebody as well.
  const isCapped = isForAPerson || failure.source === 'convex';
  const ms = isCapped ? Math.max(failure.retryAfterMs ?? 0, Math.min(latestMs, wanted)) : wanted;
  const { doubtful, fresh } = state;
  return [
    {
      ...known(state),
      status: 'waiting',
      doubtful,
      fresh,
      attempt,
      trouble: worsen(state.trouble, failure, at, ms),
    },
    [
      { type: 'wait', attempt, ms, failure, since },
      {
        type: 'report',
        event: { type: 'token_failed', attempt: failures, failure: eventFailure(failure), retryInMs: ms },
      },
    ],
  ];
}

const isOverload = ({ kind, status }: AuthFailure): boolean => kind === 'rate_limited' || status === 503;

const troubleNow = (failure: AuthFailure, since: number): Trouble => ({
  failure,
  since,
  attempts: 0,
  nextAttemptAt: null,
});

const worsen = (trouble: Trouble | null, failure: AuthFailure, at: number, delayMs: number): Trouble => ({
  failure,
  since: Math.min(trouble?.since ?? at, at), // a clock that was set back: it did not begin in the future
  attempts: (trouble?.attempts ?? 0) + 1,
  nextAttemptAt: at + delayMs,
});
