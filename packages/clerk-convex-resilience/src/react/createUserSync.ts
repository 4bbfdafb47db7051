import { backoffDelay } from '../core/backoff.ts';
import { classifyTokenError } from '../core/classifyTokenError.ts';
import { eventFailure } from '../core/events.ts';
import type { AuthFailure } from '../core/failure.ts';
import type { AuthHealth } from '../core/health.ts';
import { sameFields } from '../core/sameFields.ts';
import { isStoreUserError, type StoreUserError } from '../core/storeUserError.ts';
import { wakeableSleep } from '../core/wakeableSleep.ts';
import type { Finding } from '../diagnosis/findings.ts';
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
  /** What was found to be wrong, where it is a configuration. For developers: it names what was seen and expected. */
  readonly findings?: readonly Finding[];
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
>;

/** So many failures in a row, some twenty seconds of them, are called `failed`. */
const patience = 10;

/** How seldom what nobody waits away is tried, in milliseconds. */
const seldomMs = 60_000;

/** In which an app has rendered what Clerk has just told it, and with that other arguments, in milliseconds. */
const renderedWithinMs = 50;

/** The stand-in that clerk-js makes from the cookie when it cannot load the user: createClientFromJwt, 5.128.0 and 6.40.0. */
const standIn = 1;

export function createUserSync(view: View): UserSyncStore {
  const { clock, policy } = view;
  const listeners = new Set<() => void>();
  const users = new Set<{ readonly call: () => Promise<unknown>; readonly version: string | undefined }>();
  let call: (() => Promise<unknown>) | undefined;
  let version: string | undefined;
  /** The last that was told of the profile: Clerk's object has none of it for a moment, while it changes. */
  let updatedAt: number | undefined;
  let sessionId: string | undefined;
  /** Of which version of this session's profile the record is. */
  let storedOf: string | undefined;
  /** Which was tried last. */
  let triedOf: string | undefined;
  let known: { readonly userId?: unknown } = {};
  let trouble: UserSyncTrouble | undefined;
  /** When the first of the failures was. */
  let since = 0;
  /** Aborted when the attempt that is under way, or the wait for the next, no longer counts. */
  let running: AbortController | undefined;
  let isWaiting = false;
  /** Nothing is sent yet: Clerk is asked for the user, or for a token. */
  let isPreparing = false;
  /** Not before, in milliseconds since the epoch. */
  let dueAt = 0;
  let current: Promise<void> | undefined;
  let state: UserSyncState = { status: 'idle' };
  let stop: (() => void) | undefined;

  const wanted = (): string => {
    updatedAt = view.profile()?.updatedAt ?? updatedAt;
    return `${updatedAt} ${version ?? ''}`;
  };
  function set(next: UserSyncState): void {
    if (sameFields(state, next)) return;
    state = next;
    for (const listener of [...listeners]) listener();
  }
  function stopRunning(): void {
    running?.abort();
    running = undefined;
    isWaiting = isPreparing = false;
  }

  /** Looks at who is signed in, and does what follows. */
  function look(): void {
    const session = view.profile()?.sessionId;
    if (session !== sessionId) {
      stopRunning();
      sessionId = session;
      storedOf = trouble = updatedAt = call = version = undefined;
      for (const user of users) if (user.version !== undefined || version === undefined) ({ call, version } = user);
      dueAt = 0;
      known = {};
    }
    // A token is what is missing, for which the provider waits.
    if (isPreparing && view.health().status !== 'healthy') stopRunning();
    // A wait for what has changed since is at an end.
    if (isWaiting && triedOf !== wanted()) begin();
    if (running) return;
    const next = stateNow(view.health());
    if (next) set(next);
    else if (dueAt > clock.now()) wait(dueAt - clock.now());
    else current = attempt();
  }
  /** Null: it is time to call. */
  function stateNow(health: AuthHealth): UserSyncState | null {
    if (!sessionId) return { status: health.status === 'starting' ? 'waiting_for_auth' : 'idle' };
    if (storedOf === wanted()) return { status: 'synced', userId: known.userId };
    if (health.status === 'blocked') {
      const { failure, findings } = health;
      return { ...known, status: 'failed', failure, ...(findings && { findings }), attempt: 0, nextAttemptAt: null };
    }
    return health.status === 'healthy' && stop ? null : { ...known, status: 'waiting_for_auth' };
  }
  /** Not at once: StrictMode mounts twice, and the first is gone before this. */
  function lookSoon(): void {
    void Promise.resolve().then(() => stop && look());
  }

  /** Calls once; and again after a wait, when that fails. Resolves with the answer. */
  async function attempt(): Promise<void> {
    running = new AbortController();
    const { signal } = running;
    isPreparing = true;
    triedOf = wanted();
    const number = (trouble?.attempt ?? 0) + 1;
    set(
      trouble
        ? { ...known, ...trouble, status: statusOf(trouble), nextAttemptAt: null }
        : { ...known, status: 'syncing' },
    );
    view.report({ type: 'user_sync_started', attempt: number });
    try {
      if (view.profile()?.updatedAt === standIn) {
        await view.reloadProfile();
        // Offline, clerk-js 5 resolves such a request with nothing.
        if (view.profile()?.updatedAt === standIn) throw new TypeError('Failed to fetch');
        await clock.sleep(renderedWithinMs, signal);
      }
      await view.renewToken(storedOf === undefined);
      if (signal.aborted) return;
      // Unmounted since: nobody asks for it any more, or has looked at who is signed in.
      if (!stop) return begin();
      isPreparing = false;
      triedOf = wanted();
      const userId = await call?.();
      if (signal.aborted) return;
      // Unmounted since, nobody has looked at who is signed in.
      if (view.profile()?.sessionId !== sessionId) return begin();
      storedOf = triedOf;
      known = { userId };
      trouble = running = undefined;
      view.report({ type: 'user_synced', ...(isId(userId) && { userId }) });
      look();
    } catch (error) {
      if (signal.aborted) return;
      isPreparing = false;
      const failure = failureOf(error);
      if (!trouble) since = clock.now();
      const outageMs = clock.now() - since;
      const history = { failures: number, outageMs, last: failure };
      const jittered = Math.max(seldomMs, policy.maxDelayMs) * (0.9 + 0.1 * clock.random());
      const ms = failure.retryable ? backoffDelay(policy, history, clock.random()) : Math.round(jittered);
      dueAt = clock.now() + ms;
      // What was found holds while it is refused with the same words.
      const findings = trouble?.failure.code === failure.code ? trouble?.findings : undefined;
      trouble = { failure, ...(findings && { findings }), attempt: number, nextAttemptAt: dueAt };
      if (isStoreUserError(error)) void findWhy(error, number);
      view.report({ type: 'user_sync_failed', failure: eventFailure(failure), attempt: number, retryInMs: ms });
      if (stop) wait(ms);
      else stopRunning();
    }
  }

  /** Names a refusal that is a configuration. Loaded when there is one. */
  async function findWhy(error: StoreUserError, times: number): Promise<void> {
    const { failure } = trouble ?? {};
    try {
      const { findingsOfStoreUser } = await import('./findingsOfStoreUser.ts');
      const findings = findingsOfStoreUser({ view, error, times, before: trouble?.findings ?? [] });
      // Another trouble by now, or none.
      if (!trouble || trouble.failure !== failure || findings.length === 0) return;
      trouble = { ...trouble, findings };
      if ('failure' in state && state.failure === failure) set({ ...state, findings });
    } catch {
      // At the next refusal.
    }
  }

  function wait(ms: number): void {
    if (!trouble) return;
    running ??= new AbortController();
    const { signal } = running;
    isWaiting = true;
    set({ ...known, ...trouble, status: statusOf(trouble) });
    const { failure } = trouble;
    const floorMs = failure.retryable ? failure.retryAfterMs : ms;
    void wakeableSleep(view, { ms, outageMs: clock.now() - since, floorMs, signal }).then(() => {
      if (!signal.aborted) begin();
    });
  }
  /** Looks anew, without a wait. */
  function begin(): void {
    stopRunning();
    dueAt = 0;
    look();
  }

  return {
    use(next, nextVersion) {
      const user = { call: next, version: nextVersion };
      users.add(user);
      if (nextVersion !== undefined || version === undefined) ({ call, version } = user);
      lookSoon();
      return () => users.delete(user);
    },
    subscribe(listener) {
      listeners.add(listener);
      if (!stop) {
        const undo = [view.subscribe(look), view.onProfile(look)];
        stop = () => {
          for (const each of undo) each();
        };
        lookSoon();
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop?.();
        stop = undefined;
        // A call that is open goes on: its answer counts, if the user is still the same.
        if (isWaiting) stopRunning();
      };
    },
    state() {
      if (!stop) look();
      return state;
    },
    async retry() {
      if (isWaiting) {
        begin();
        await current;
      } else if (!running && sessionId && state.status !== 'synced') await view.retry();
    },
  };
}

const statusOf = ({ failure, attempt }: UserSyncTrouble): 'failed' | 'retrying' =>
  failure.retryable && attempt <= patience ? 'retrying' : 'failed';

function failureOf(error: unknown): AuthFailure {
  const failure = classifyTokenError(error);
  if (!isStoreUserError(error)) return failure;
  const { code } = error.data;
  const kind = finalKinds[code];
  return { ...failure, code, ...(kind && { kind, retryable: false }) };
}
/** What `storeUser` of ./convex refuses, and nobody waits away. */
const finalKinds: Readonly<Record<string, AuthFailure['kind']>> = {
  WRONG_PROVIDER: 'misconfigured',
  USER_DELETED: 'account_blocked',
};

/** An id of Convex's: nothing else that a mutation answers goes into an event. */
const isId = (value: unknown): value is string => typeof value === 'string' && /^[a-z0-9]{31,37}$/.test(value);
