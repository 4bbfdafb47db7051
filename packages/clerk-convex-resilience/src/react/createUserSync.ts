import { backoffDelay } from '../core/backoff.ts';
import { classifyTokenError } from '../core/classifyTokenError.ts';
import { eventFailure } from '../core/events.ts';
import { type AuthFailure, isRetryable } from '../core/failure.ts';
import { startOutage } from '../core/outage.ts';
import { sameFields } from '../core/sameFields.ts';
import { isStoreUserError, type StoreUserError, storeUserErrorKinds } from '../core/storeUserError.ts';
import { wakeableSleep } from '../core/wakeableSleep.ts';
import type { ReportedFinding } from '../diagnosis/findings.ts';
import type { AuthView } from './AuthRuntimeContext.ts';

/** How the app's own record of the user is doing. `userId`: what the mutation answered last for this user. */
export type UserSyncState<Id = unknown> =
  /** Nobody is signed in, or it is not `enabled`. */
  | { readonly status: 'idle' }
  /** Convex has not confirmed yet who the user is, or is being asked again. */
  | { readonly status: 'waiting_for_auth'; readonly userId?: Id }
  | { readonly status: 'syncing'; readonly userId?: Id }
  /** It failed, and is tried again: at `nextAttemptAt` (milliseconds since the epoch), or at this moment (null). */
  | ({ readonly status: 'retrying'; readonly userId?: Id } & UserSyncTrouble)
  | { readonly status: 'synced'; readonly userId: Id }
  /**
   * Waiting seems not to help. It is still tried, seldom, so that a mend is noticed. `attempt` 0: it was not called, because
   * the sign-in is blocked, and is tried for by the provider.
   */
  | ({ readonly status: 'failed'; readonly userId?: Id } & UserSyncTrouble);

interface UserSyncTrouble {
  readonly failure: AuthFailure;
  /** What was found to be wrong, where it is a configuration; in production by codes alone. */
  readonly findings?: readonly ReportedFinding[] | undefined;
  /** Failures in a row. */
  readonly attempt: number;
  readonly nextAttemptAt: number | null;
}

/** The mutation that stores the user, called for each session once, and again when the profile or `args` are others. */
export interface UserSyncStore {
  /**
   * What to call from now on. `version` names what is passed: another one is a reason to call again. Undefined: nothing is
   * passed, unless somebody else does. Returns its own undo: the next session is not called for with what nobody passes any more.
   */
  use(call: () => Promise<unknown>, version: string | undefined): () => void;
  subscribe(listener: () => void): () => void;
  state(): UserSyncState;
  /** A person asks: tries now instead of waiting. Resolves when that is answered, at once where nothing waits. */
  retry(): Promise<void>;
}

type View = Pick<
  AuthView,
  | 'clock'
  | 'connectivity'
  | 'policy'
  | 'health'
  | 'subscribe'
  | 'profile'
  | 'onProfile'
  | 'reloadProfile'
  | 'renewToken'
  | 'report'
  | 'retry'
  | 'logger'
  | 'development'
>;

/** So many failures in a row, some twenty seconds of them, are called `failed`. */
const patience = 10;

/** How seldom what nobody waits away is tried, in milliseconds: a mend is noticed within a minute. */
const seldomMs = 45_000;

/** In which an app has rendered what Clerk has just told it, and with that other arguments, in milliseconds. */
const renderedWithinMs = 50;

/** The stand-in that clerk-js makes from the cookie when it cannot load the user: createClientFromJwt, 5.128.0 and 6.40.0. */
const standIn = 1;

/** What somebody wants to be called. */
interface Call {
  readonly call: () => Promise<unknown>;
  readonly version: string | undefined;
}

export function createUserSync(view: View): UserSyncStore {
  const { clock, policy } = view;
  const listeners = new Set<() => void>();
  const calls = new Set<Call>();
  let latest: Call | undefined;
  /** The last that was told of the profile: Clerk's object has none of it for a moment, while it changes. */
  let updatedAt: number | undefined;
  /** With the same words, in a row. */
  let timesRefused = 0;
  let sessionId: string | undefined;
  /** Of which version of this session's profile the record is. */
  let storedOf: string | undefined;
  /** Which was tried last. */
  let triedOf: string | undefined;
  let known: { readonly userId?: unknown } = {};
  let trouble: UserSyncTrouble | undefined;
  /** How long it has failed, and for how long it was to wait after the last failure, in milliseconds. */
  let outage = (): number => 0;
  let delayMs = 0;
  /** What is under way. While `preparing` nothing is sent yet: Clerk is asked for the user, or for a token. */
  let stage: 'waiting' | 'preparing' | 'calling' | undefined;
  /** Aborted when that no longer counts. */
  let running: AbortController | undefined;
  let state: UserSyncState = { status: 'idle' };

  const wanted = (): string => {
    updatedAt = view.profile()?.updatedAt ?? updatedAt;
    return `${updatedAt} ${latest?.version ?? ''}`;
  };
  const isStandIn = (): boolean => view.profile()?.updatedAt === standIn;
  function take(next: Call): void {
    if (next.version !== undefined || latest?.version === undefined) latest = next;
  }
  function stop(): void {
    running?.abort();
    stage = undefined;
  }

  /** Looks at who is signed in, and does what follows. Answers with the attempt that it has begun. */
  function look(): Promise<void> | undefined {
    const session = view.profile()?.sessionId;
    if (session !== sessionId) {
      stop();
      sessionId = session;
      storedOf = trouble = updatedAt = latest = undefined;
      known = {};
      for (const each of calls) take(each);
    }
    const isHealthy = view.health().status === 'healthy';
    // A call cannot be taken back. Before it a token may be missing, for which the provider waits; and a wait for what has
    // changed since is at an end.
    if (stage !== 'calling' && (!isHealthy || (stage === 'waiting' && triedOf !== wanted()))) stop();
    const isDue = sessionId && isHealthy && listeners.size > 0 && !stage && storedOf !== wanted();
    const begun = isDue ? attempt() : undefined;
    show();
    return begun;
  }
  function show(): void {
    const next = stateNow();
    if (sameFields(state, next)) return;
    state = next;
    for (const listener of [...listeners]) listener();
  }
  function stateNow(): UserSyncState {
    const health = view.health();
    if (!sessionId && health.status !== 'starting') return { status: 'idle' };
    if (storedOf === wanted()) return { status: 'synced', userId: known.userId };
    if (stage && trouble) {
      const status = trouble.failure.retryable && trouble.attempt <= patience ? 'retrying' : 'failed';
      return { ...known, ...trouble, status, ...(stage !== 'waiting' && { nextAttemptAt: null }) };
    }
    if (!stage && health.status === 'blocked') {
      const { failure, findings } = health;
      return { ...known, status: 'failed', failure, findings, attempt: 0, nextAttemptAt: null };
    }
    return { ...known, status: stage ? 'syncing' : 'waiting_for_auth' };
  }

  /** Calls once, after the wait that is left of the last failure. Resolves with the answer. */
  async function attempt(): Promise<void> {
    running = new AbortController();
    const { signal } = running;
    /** Looks first whether the user has gone: while nothing is mounted nobody has. */
    const isOver = (): boolean => {
      void look();
      return signal.aborted;
    };
    if (trouble && triedOf === wanted()) {
      stage = 'waiting';
      const { failure, nextAttemptAt } = trouble;
      // A clock that was set back since makes no wait longer.
      const ms = Math.min(delayMs, (nextAttemptAt ?? 0) - clock.now());
      const floorMs = failure.retryable ? failure.retryAfterMs : ms;
      await wakeableSleep(view, { ms, outageMs: outage(), floorMs, signal });
      if (signal.aborted) return;
    }
    stage = 'preparing';
    triedOf = wanted();
    const number = (trouble?.attempt ?? 0) + 1;
    show();
    view.report({ type: 'user_sync_started', attempt: number });
    try {
      if (isStandIn()) {
        await view.reloadProfile();
        // Offline, clerk-js 5 resolves such a request with nothing.
        if (isStandIn()) throw new TypeError('Failed to fetch');
        await clock.sleep(renderedWithinMs, signal);
      }
      await view.renewToken(storedOf === undefined);
      if (isOver()) return;
      stage = 'calling';
      triedOf = wanted();
      const userId = await latest?.call();
      if (isOver()) return;
      storedOf = triedOf;
      known = { userId };
      trouble = undefined;
      view.report({ type: 'user_synced', ...(isId(userId) && { userId }) });
    } catch (error) {
      if (isOver()) return;
      const failure = failureOf(error);
      const now = clock.now();
      if (!trouble) outage = startOutage(clock);
      const backoff = backoffDelay(policy, { failures: number, outageMs: outage(), last: failure }, clock.random());
      const seldom = Math.round(seldomMs * (0.9 + clock.random() / 10));
      delayMs = failure.retryable ? backoff : Math.max(failure.retryAfterMs ?? 0, seldom);
      // What was found holds while it is refused with the same words.
      const isSame = trouble?.failure.code === failure.code;
      timesRefused = isSame ? timesRefused + 1 : 1;
      const findings = isSame ? trouble?.findings : undefined;
      trouble = { failure, findings, attempt: number, nextAttemptAt: now + delayMs };
      if (isStoreUserError(error)) void findWhy(error, trouble);
      view.report({ type: 'user_sync_failed', failure: eventFailure(failure), attempt: number, retryInMs: delayMs });
    }
    stage = undefined;
    void look();
  }

  /** Names a refusal that is a configuration. Loaded when there is one. */
  async function findWhy(error: StoreUserError, { failure }: UserSyncTrouble): Promise<void> {
    try {
      const { findingsOfStoreUser } = await import('./findingsOfStoreUser.ts');
      // Another trouble by now, or none.
      if (trouble?.failure !== failure) return;
      trouble = { ...trouble, findings: findingsOfStoreUser(view, error, { ...trouble, attempt: timesRefused }) };
      show();
    } catch {
      // At the next refusal.
    }
  }

  return {
    use(call, version) {
      const next = { call, version };
      calls.add(next);
      take(next);
      lookSoon();
      return () => calls.delete(next);
    },
    subscribe(listener) {
      listeners.add(listener);
      const undo = [view.subscribe(() => void look()), view.onProfile(() => void look())];
      lookSoon();
      return () => {
        for (const each of undo) each();
        listeners.delete(listener);
        // A call that is open goes on: its answer counts, if the user is still the same.
        if (listeners.size === 0 && stage !== 'calling') stop();
      };
    },
    state() {
      if (listeners.size === 0) void look();
      return state;
    },
    async retry() {
      if (stage === 'waiting') {
        triedOf = undefined;
        await look();
      } else if (!stage && sessionId && state.status !== 'synced') await view.retry();
    },
  };

  /** Not at once: StrictMode mounts twice, and the first is gone before this. */
  function lookSoon(): void {
    void Promise.resolve().then(look);
  }
}

function failureOf(error: unknown): AuthFailure {
  const failure = classifyTokenError(error);
  if (!isStoreUserError(error)) return failure;
  const { code } = error.data;
  const kind = storeUserErrorKinds[code];
  return { ...failure, code, kind, retryable: isRetryable(kind) };
}

/** An id of Convex's: nothing else that a mutation answers goes into an event. */
const isId = (value: unknown): value is string => typeof value === 'string' && /^[a-z0-9]{31,37}$/.test(value);
