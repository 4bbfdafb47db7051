import { backoffDelay } from './backoff.ts';
import { classifyAuthError } from './classify.ts';
import type { Clock } from './clock.ts';
import type { Connectivity } from './connectivity.ts';
import type { AuthEventBody } from './events.ts';
import type { RetryPolicy } from './policy.ts';
import { wakeableSleep } from './wakeableSleep.ts';

/** Whose session a sign-out ends: this one, or every session of this browser. */
export interface SignOutMark {
  readonly sessionId: string;
  readonly scope: 'session' | 'browser';
}

export interface SignOutOptions {
  /** Asks Clerk to end it. Rejects, or resolves without effect, when that failed. */
  readonly revoke: (mark: SignOutMark) => Promise<unknown>;
  /** Has Clerk's server confirmed it? */
  readonly isRevoked: (sessionId: string) => boolean;
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly connectivity: Connectivity;
  readonly report: (event: AuthEventBody) => void;
}

/**
 * Sign-out that is local first. In an outage Clerk's own rejects or hangs, and a reload brings the user back (clerk-js 5
 * and 6): so the wish is kept in a mark that survives the reload, and carried out again and again until Clerk's server
 * has confirmed it. The mark holds a session's id, never a token.
 */
export interface SignOut {
  /** The sign-out that Clerk's server has not confirmed yet; the same object until it changes. */
  pending(): SignOutMark | null;
  /**
   * The session that was signed out of last, confirmed or not. clerk-js 6 is between two words while it finishes a
   * sign-out, and a session that is over does not come back: so this outlives the mark, on this page.
   */
  signedOutOf(): string | null;
  /** Signs out here, at once, and starts to tell Clerk. */
  begin(mark: SignOutMark, firstTry: () => Promise<unknown>): Promise<void>;
  /** Goes on with a sign-out that an earlier page began. Does nothing when there is none, or when it is under way. */
  resume(): void;
  /** Another session is active: the old wish is void. */
  drop(): void;
  /** Stops trying, on this page. The mark stays. */
  stop(): void;
  subscribe(listener: () => void): () => void;
}

const key = 'clerk-convex-resilience:signed-out';

export function createSignOut(options: SignOutOptions): SignOut {
  const { clock, connectivity, policy } = options;
  let text: string | null = null;
  let mark: SignOutMark | null = null;
  let last: string | null = null;
  let read = false;
  let trying: AbortController | null = null;
  const listeners = new Set<() => void>();
  let stopHearing = (): void => {};

  function set(value: string | null): void {
    read = true;
    if (value === text) return;
    text = value;
    mark = parse(value);
    last = mark?.sessionId ?? last;
    for (const listener of [...listeners]) listener();
  }
  function keep(value: SignOutMark | null): void {
    const next = value && JSON.stringify(value);
    connectivity.store(key, next);
    set(next);
  }
  const confirmed = (): boolean => !mark || options.isRevoked(mark.sessionId);
  function finish(): void {
    options.report({ type: 'sign_out_confirmed' });
    keep(null);
  }

  async function insist(firstTry?: () => Promise<unknown>): Promise<void> {
    if (trying) return;
    const abort = new AbortController();
    trying = abort;
    const since = clock.now();
    for (let attempt = 1; mark && !abort.signal.aborted; attempt++) {
      const current = mark;
      const attemptOnce = attempt === 1 && firstTry ? firstTry : () => options.revoke(current);
      const error = await attemptOnce().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (abort.signal.aborted) break;
      if (confirmed()) {
        finish();
        break;
      }
      const last = classifyAuthError(error);
      const history = {
        failures: attempt,
        overloads: 0,
        outageMs: clock.now() - since,
        last,
        hidden: connectivity.isHidden(),
      };
      const retryInMs = backoffDelay(policy, history, clock.random());
      options.report({ type: 'sign_out_retried', attempt, retryInMs });
      const { outageMs } = history;
      await wakeableSleep(options, { ms: retryInMs, floorMs: last.retryAfterMs, outageMs, signal: abort.signal });
    }
    if (trying === abort) trying = null;
  }

  function pending(): SignOutMark | null {
    if (!read) {
      read = true;
      text = connectivity.stored(key);
      mark = parse(text);
      last = mark?.sessionId ?? null;
    }
    return mark;
  }

  return {
    pending,
    signedOutOf: () => pending()?.sessionId ?? last,
    async begin(next, firstTry) {
      options.report({ type: 'sign_out_started' });
      trying?.abort();
      trying = null;
      keep(next);
      let first: Promise<unknown> | undefined;
      const firstDone = new Promise<void>((resolve) => {
        void insist(() => {
          first = firstTry();
          const done = (): void => resolve();
          first.then(done, done);
          return first;
        });
      });
      await firstDone;
    },
    resume: () => void insist(),
    drop: () => keep(null),
    stop() {
      trying?.abort();
      trying = null;
    },
    subscribe(listener) {
      if (listeners.size === 0) {
        stopHearing = connectivity.onStored((changed, value) => {
          if (changed === key) set(value);
        });
      }
      listeners.add(listener);
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) stopHearing();
      };
    },
  };
}

function parse(text: string | null): SignOutMark | null {
  if (!text) return null;
  try {
    const value = JSON.parse(text) as Partial<SignOutMark> | null;
    if (typeof value?.sessionId !== 'string') return null;
    return { sessionId: value.sessionId, scope: value.scope === 'browser' ? 'browser' : 'session' };
  } catch {
    return null;
  }
}
