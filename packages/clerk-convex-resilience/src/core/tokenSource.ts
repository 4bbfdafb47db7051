import { backoffDelay, isOverload } from './backoff.ts';
import { classifyAuthError } from './classify.ts';
import type { Clock } from './clock.ts';
import type { Connectivity } from './connectivity.ts';
import type { AuthEventBody } from './events.ts';
import type { AuthFailure } from './failure.ts';
import { needsAPerson } from './health.ts';
import type { RetryPolicy } from './policy.ts';
import {
  initialTokenState,
  type TokenEffect,
  type TokenEvent,
  type Trouble,
  tokenMachine,
  troubleOf,
} from './tokenMachine.ts';
import { wakeableSleep } from './wakeableSleep.ts';

export interface TokenSourceOptions {
  /** Asks Clerk. `fresh`: not from its cache. May reject, answer null or take as long as it likes. */
  readonly getToken: (options: { readonly fresh: boolean }) => Promise<string | null | undefined>;
  /** Asks Convex whether it takes a token: null, or why not. */
  readonly tryToken: (token: string, signal: AbortSignal) => Promise<AuthFailure | null>;
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly connectivity: Connectivity;
  readonly report: (event: AuthEventBody) => void;
}

/** Runs the effects of `tokenMachine` for the session that is active. Holds no timer and no listener while all is well. */
export interface TokenSource {
  /** A session, or another organisation of it: answers to what was asked before are dropped. */
  startSession(): void;
  /** No session any more: everybody who waits gets null, at once, and so does everybody who asks. */
  endSession(): void;
  /** A token for Convex. Waits as long as the cause is transient; never rejects; null only when there is no session. */
  request(options: { readonly fresh: boolean }): Promise<string | null>;
  /** The token handed over last in this session. */
  lastToken(): string | null;
  /** Convex refused the token it was given. */
  refused(): void;
  /** Convex accepted the token it was given. */
  confirmed(): void;
  /** The fetch guard holds a failure of the token's request and tries again in `delayMs`. */
  requestHeld(failure: AuthFailure, delayMs: number): void;
  /** Tries now instead of waiting. */
  retry(): void;
  /** What has not been overcome yet; the same object until it changes. */
  trouble(): Trouble | null;
  subscribe(listener: () => void): () => void;
}

/** When waiting cannot help it is still tried, seldom, so that a mend is noticed. */
const seldomMs = 30_000;

// Convex takes an identical token as a failed refresh: no further refresh is scheduled, or the user is signed out
// (convex 1.48 authentication_manager.ts, refetchToken and tryToReauthenticate). A moment later Clerk mints another.
const identicalToken: AuthFailure = { kind: 'server', retryable: true, source: 'clerk', code: 'identical_token' };

/** clerk-js 5 answers null when it believes itself offline (Session.getToken); a session that is over ends otherwise. */
const noToken = (isOnline: boolean): AuthFailure => ({
  kind: isOnline ? 'network' : 'offline',
  retryable: true,
  source: 'clerk',
  code: 'no_token',
});

interface Waiter {
  readonly fresh: boolean;
  readonly resolve: (token: string | null) => void;
}

export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { clock, connectivity, policy } = options;
  let state = initialTokenState;
  let waiters: Waiter[] = [];
  /** Ends what the current attempt has under way: its wait, or its question to Convex. */
  let running: AbortController | null = null;
  const listeners = new Set<() => void>();

  function dispatch(event: TokenEvent): void {
    const before = troubleOf(state);
    const [next, effects] = tokenMachine(state, event);
    if (next !== state && next.status !== state.status) {
      running?.abort();
      running = null;
    }
    state = next;
    for (const effect of effects) run(effect);
    if (troubleOf(state) !== before) for (const listener of [...listeners]) listener();
  }

  function run(effect: TokenEffect): void {
    switch (effect.type) {
      case 'get_token':
        void getToken(effect.attemptId, effect.fresh);
        return;
      case 'try_token':
        void tryToken(effect.attemptId, effect.token);
        return;
      case 'wait':
        void wait(effect);
        return;
      case 'settle': {
        const settled = effect.who === 'all' ? waiters : waiters.filter((waiter) => !waiter.fresh);
        waiters = waiters.filter((waiter) => !settled.includes(waiter));
        for (const waiter of settled) waiter.resolve(effect.token);
        return;
      }
      case 'report':
        options.report(effect.event);
        return;
      default:
        effect satisfies never;
    }
  }

  async function getToken(attemptId: number, fresh: boolean): Promise<void> {
    let failure: AuthFailure;
    try {
      const token = await options.getToken({ fresh });
      const identical = fresh && state.status === 'requesting' && state.attemptId === attemptId && state.last === token;
      if (token && !identical) return dispatch({ type: 'token_arrived', attemptId, token, at: clock.now() });
      failure = token ? identicalToken : noToken(connectivity.isOnline());
    } catch (error) {
      failure = classifyAuthError(error);
    }
    fail(attemptId, failure);
  }

  async function tryToken(attemptId: number, token: string): Promise<void> {
    const abort = new AbortController();
    running = abort;
    const failure = await options.tryToken(token, abort.signal).catch(classifyAuthError);
    if (abort.signal.aborted) return;
    if (failure) {
      options.report({ type: 'token_refused', failure: { kind: failure.kind, source: failure.source } });
      fail(attemptId, failure);
    } else dispatch({ type: 'token_accepted', attemptId, at: clock.now() });
  }

  function fail(attemptId: number, failure: AuthFailure): void {
    const at = clock.now();
    const trouble = troubleOf(state);
    const delayMs = backoffDelay(
      policy,
      {
        failures: (trouble?.attempts ?? 0) + 1,
        overloads: (trouble?.overloads ?? 0) + (isOverload(failure) ? 1 : 0),
        outageMs: at - (trouble?.since ?? at),
        last: failure,
        hidden: connectivity.isHidden(),
      },
      clock.random(),
    );
    const seldom = needsAPerson(failure) ? seldomMs : 0;
    dispatch({ type: 'attempt_failed', attemptId, failure, at, delayMs: Math.max(delayMs, seldom) });
  }

  async function wait({ attemptId, ms, since, failure }: Extract<TokenEffect, { type: 'wait' }>): Promise<void> {
    const ended = new AbortController();
    running = ended;
    const outageMs = clock.now() - since;
    // Waiting for a person is not shortened by the network.
    if (needsAPerson(failure)) await clock.sleep(ms, ended.signal);
    else await wakeableSleep(options, { ms, floorMs: failure.retryAfterMs, outageMs, signal: ended.signal });
    if (!ended.signal.aborted) dispatch({ type: 'wait_over', attemptId });
  }

  return {
    startSession: () => dispatch({ type: 'session_started' }),
    endSession: () => dispatch({ type: 'session_ended' }),
    request: ({ fresh }) =>
      new Promise((resolve) => {
        waiters.push({ fresh, resolve });
        dispatch({ type: 'requested', fresh });
      }),
    lastToken: () => ('last' in state ? state.last : null),
    refused: () => dispatch({ type: 'refused' }),
    confirmed: () => dispatch({ type: 'confirmed' }),
    requestHeld: (failure, delayMs) => dispatch({ type: 'request_held', failure, at: clock.now(), delayMs }),
    retry: () => dispatch({ type: 'retry_asked' }),
    trouble: () => troubleOf(state),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
