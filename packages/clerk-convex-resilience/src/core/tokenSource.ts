import { classifyTokenError } from './classifyTokenError.ts';
import type { Clock } from './clock.ts';
import type { Connectivity } from './connectivity.ts';
import type { AuthEventBody } from './events.ts';
import type { AuthFailure } from './failure.ts';
import { needsAPerson } from './health.ts';
import type { RetryPolicy } from './policy.ts';
import {
  type Attempt,
  createTokenMachine,
  initialTokenState,
  type Moment,
  noAnswer,
  type TokenEffect,
  type TokenEvent,
  type TokenState,
  type Trouble,
  troubleOf,
} from './tokenMachine.ts';
import { createWaits } from './wakeableSleep.ts';

export interface TokenSourceOptions {
  /** Asks Clerk. `fresh`: not from its cache. May reject, answer null or take as long as it likes. */
  readonly getToken: (options: { readonly fresh: boolean }) => Promise<string | null | undefined>;
  /** How long an answer of `getToken` is waited for before it is asked again; in milliseconds. A late answer still counts. @defaultValue as long as it takes */
  readonly deadlineMs?: () => number | undefined;
  /** Asks Convex whether it takes a token: null, or why not. */
  readonly tryToken: (token: string, signal: AbortSignal) => Promise<AuthFailure | null>;
  /** What Convex has confirmed was another organisation of the session. */
  readonly onUnconfirmed?: () => void;
  /** Names the session and the organisation whose tokens Clerk mints at the moment. @defaultValue always the same */
  readonly session?: () => string;
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly connectivity: Connectivity;
  readonly report: (event: AuthEventBody) => void;
}

/** Runs the effects of `tokenMachine` for the session that is active. Holds no timer and no listener while all is well. */
export interface TokenSource {
  /** A session, or another organisation of it: what was asked for another is not used, what was asked for this one is. */
  startSession(): void;
  /** No session any more: everybody who waits gets null, at once, and so does everybody who asks. */
  endSession(): void;
  /** A token for Convex. Waits as long as the cause is transient; never rejects; null only when there is no session. */
  request(options: { readonly fresh: boolean }): Promise<string | null>;
  /** The token handed over last in this session; null when Convex refused it. */
  lastToken(): string | null;
  /** Convex refused the token it was given. */
  refused(): void;
  /** Convex accepted the token it was given. */
  confirmed(): void;
  /** Convex says nothing of the token it was given: asks it whether it takes that. True, and as after `refused`, where it does not. */
  doubt(signal: AbortSignal): Promise<boolean>;
  /** The fetch guard holds a failure of the token's request and tries again in `delayMs`. */
  requestHeld(failure: AuthFailure, delayMs: number): void;
  /** Tries now instead of waiting. */
  retry(): void;
  /** Does anybody wait for a token? */
  isAsked(): boolean;
  /** What has not been overcome yet; the same object until it is another. */
  trouble(): Trouble | null;
  /** All that is known. It holds tokens: to be looked at, never to be shown. */
  state(): TokenState;
  /** The time by Clerk's clock, as far as it is known, in milliseconds since the epoch. */
  now(): number;
  subscribe(listener: () => void): () => void;
}

/** clerk-js 5 answers null when it believes itself offline (Session.getToken); a session that is over ends otherwise. */
const noToken = (isOnline: boolean): AuthFailure => ({
  kind: isOnline ? 'network' : 'offline',
  retryable: true,
  source: 'clerk',
  code: 'no_token',
});

/** What of the state others are told of. */
const worry = (state: TokenState): Trouble | null => (state.status === 'ended' ? null : state.trouble);

interface Waiter {
  readonly fresh: boolean;
  readonly resolve: (token: string | null) => void;
}

export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { clock, connectivity, policy } = options;
  const machine = createTokenMachine(policy);
  let state = initialTokenState;
  let waiters: Waiter[] = [];
  const waits = createWaits(options);
  /** Ends what the current attempt has under way: its wait, or its question to Convex. */
  let running: AbortController | null = null;
  const listeners = new Set<() => void>();
  /** An expired token, which nothing told of: from when somebody looked until it is over. */
  let found: Trouble | null = null;

  const moment = (): Moment => ({ at: clock.now(), random: clock.random() });

  function dispatch(event: TokenEvent): void {
    const before = worry(state) ?? found;
    const [next, effects] = machine(state, event);
    if (next !== state && next.status !== state.status) {
      running?.abort();
      running = null;
    }
    state = next;
    for (const effect of effects) run(effect);
    if (!worry(state)) waits.stop();
    if ((found ? trouble() : worry(state)) !== before) for (const listener of [...listeners]) listener();
  }

  function run(effect: TokenEffect): void {
    switch (effect.type) {
      case 'get_token':
        void getToken(effect.attempt);
        return;
      case 'try_token':
        void tryToken(effect.attempt, effect.token);
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
      case 'unconfirm':
        options.onUnconfirmed?.();
        return;
      case 'report':
        options.report(effect.event);
        return;
      default:
        effect satisfies never;
    }
  }

  async function getToken(attempt: Attempt): Promise<void> {
    const askedAt = clock.now();
    const fail = (failure: AuthFailure): void => dispatch({ type: 'attempt_failed', attempt, failure, ...moment() });
    const deadlineMs = options.deadlineMs?.();
    const answered = deadlineMs === undefined ? undefined : clock.setTimer(() => fail(noAnswer), deadlineMs);
    try {
      const token = await options.getToken({ fresh: attempt.fresh });
      if (token) dispatch({ type: 'token_arrived', attempt, token, askedAt, ...moment() });
      else fail(noToken(connectivity.isOnline()));
    } catch (error) {
      fail(classifyTokenError(error));
    } finally {
      answered?.();
    }
  }

  async function tryToken(attempt: Attempt, token: string): Promise<void> {
    const abort = new AbortController();
    running = abort;
    const failure = await options.tryToken(token, abort.signal).catch(classifyTokenError);
    if (abort.signal.aborted) return;
    if (failure) {
      options.report({ type: 'token_refused', failure: { kind: failure.kind, source: failure.source } });
      dispatch({ type: 'token_rejected', attempt, failure, ...moment() });
    } else dispatch({ type: 'token_accepted', attempt, ...moment() });
  }

  async function wait({ attempt, ms, since, failure }: Extract<TokenEffect, { type: 'wait' }>): Promise<void> {
    const ended = new AbortController();
    running = ended;
    const outageMs = clock.now() - since;
    // Waiting for a person is not shortened by the network.
    if (needsAPerson(failure)) await clock.sleep(ms, ended.signal);
    else await waits.wait({ ms, floorMs: floorOf(failure, ms), outageMs, signal: ended.signal });
    if (!ended.signal.aborted) dispatch({ type: 'wait_over', attempt });
  }

  /**
   * How long nothing wakes, in milliseconds. What Convex itself has said came over a network that works: a socket that opens is
   * no news, and ends in the same words where an identity provider fails. It opens every few seconds then.
   */
  const floorOf = ({ source, retryAfterMs }: AuthFailure, ms: number): number | undefined =>
    source === 'convex' ? Math.min(ms, policy.quickDelayMs) : retryAfterMs;

  function trouble(): Trouble | null {
    const now = troubleOf(state, clock.now());
    found = now && !worry(state) ? (found ?? now) : null;
    return found ?? now;
  }
  const lastToken = (): string | null =>
    state.status === 'ended' || (state.last && state.refused.includes(state.last)) ? null : state.last;
  const refused = (): void => dispatch({ type: 'refused', at: clock.now() });

  return {
    startSession: () => dispatch({ type: 'session_started', session: options.session?.() ?? '' }),
    endSession: () => dispatch({ type: 'session_ended' }),
    request: ({ fresh }) =>
      new Promise((resolve) => {
        waiters.push({ fresh, resolve });
        dispatch({ type: 'requested', fresh, at: clock.now() });
      }),
    lastToken,
    refused,
    confirmed: () => dispatch({ type: 'confirmed' }),
    async doubt(signal) {
      const token = lastToken();
      const isRefused = token && (await options.tryToken(token, signal).catch(() => null));
      if (!isRefused || signal.aborted || lastToken() !== token) return false;
      refused();
      return true;
    },
    requestHeld: (failure, delayMs) => dispatch({ type: 'request_held', failure, at: clock.now(), delayMs }),
    retry: () => dispatch({ type: 'retry_asked' }),
    isAsked: () => waiters.length > 0,
    trouble,
    state: () => state,
    now: () => clock.now() - (state.aheadMs ?? 0),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
