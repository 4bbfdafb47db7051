import { classifyTokenError } from './classifyTokenError.ts';
import type { Clock } from './clock.ts';
import type { Connectivity } from './connectivity.ts';
import type { AuthEventBody } from './events.ts';
import { createGate } from './gates.ts';
import { onWake } from './onWake.ts';
import type { RetryPolicy } from './policy.ts';
import { createTabs } from './tabs.ts';

/** Whose session a sign-out ends: this one, or every session of this browser. */
export interface SignOutMark {
  readonly sessionId: string;
  readonly scope: 'session' | 'browser';
  /** Which sessions those were: one that begins later is none of them. @defaultValue only `sessionId` */
  readonly sessions?: readonly string[];
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
 * has confirmed it, by one tab at a time. The mark holds ids of sessions, never a token.
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
  /** Stops trying, on this page. The mark stays. */
  stop(): void;
  subscribe(listener: () => void): () => void;
}

const key = 'clerk-convex-resilience:signed-out';
const gateName = 'sign-out';
/** Longer than an attempt takes: the guard ends a request that hangs after `holdLimits.signOutMs`. */
const turnMs = 8_000;

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
    // Confirmed, perhaps by another tab.
    if (!mark) stop();
    for (const listener of [...listeners]) listener();
  }
  function stop(): void {
    trying?.abort();
    trying = null;
  }
  function keep(value: SignOutMark | null): void {
    const next = value && JSON.stringify(value);
    connectivity.store(key, next);
    set(next);
  }
  async function insist(firstTry?: () => Promise<unknown>): Promise<void> {
    if (trying || !pending()) return;
    const abort = new AbortController();
    trying = abort;
    const patience = { signal: abort.signal, endsAt: () => Infinity };
    const tabs = createTabs(connectivity);
    const mine = tabs.of(gateName);
    const gate = createGate({ clock, connectivity, policy, turnMs, tabs: mine });
    const leaveTabs = tabs.join((name, word) => {
      if (name === gateName) gate.hear(word);
      // Whatever works again, here or elsewhere, says that this may, too.
      else if (word.type === 'up') gate.wake();
    });
    const undoWake = onWake(options, () => gate.wake());
    let giveBack: (() => void) | null = null;
    abort.signal.addEventListener('abort', () => {
      leaveTabs();
      undoWake();
      giveBack?.();
    });
    // A wish from before: another tab may be at it, and then says so.
    if (!firstTry) gate.close(classifyTokenError(undefined), clock.now());
    for (let attempt = 1; !abort.signal.aborted; attempt++) {
      const startedAt = clock.now();
      // The user's own does not wait for a turn; it is enough that the others do.
      const first = attempt === 1 && firstTry && errorOf(firstTry());
      giveBack = await (first ? mine.takeTurn() : gate.pass(patience));
      if (mark && !abort.signal.aborted) {
        const error = await (first || errorOf(options.revoke(mark)));
        if (abort.signal.aborted) return;
        if (options.isRevoked(mark.sessionId)) {
          gate.open();
          options.report({ type: 'sign_out_confirmed' });
          keep(null);
        } else {
          const retryInMs = gate.close(classifyTokenError(error), startedAt);
          options.report({ type: 'sign_out_retried', attempt, retryInMs });
        }
      }
      giveBack?.();
    }
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
      stop();
      // Whoever hears of the mark may resume it, and is to find it under way.
      trying = new AbortController();
      keep(next);
      trying = null;
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
    stop,
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

const errorOf = (answer: Promise<unknown>): Promise<unknown> =>
  answer.then(
    () => undefined,
    (error: unknown) => error,
  );

function parse(text: string | null): SignOutMark | null {
  if (!text) return null;
  try {
    const value = JSON.parse(text) as Partial<SignOutMark> | null;
    if (typeof value?.sessionId !== 'string') return null;
    return {
      sessionId: value.sessionId,
      scope: value.scope === 'browser' ? 'browser' : 'session',
      ...(Array.isArray(value.sessions) && { sessions: value.sessions }),
    };
  } catch {
    return null;
  }
}
