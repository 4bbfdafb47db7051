import { classifyTokenError } from './classifyTokenError.ts';
import type { Clock } from './clock.ts';
import type { Connectivity } from './connectivity.ts';
import type { AuthEventBody } from './events.ts';
import { createGate } from './gates.ts';
import { onWake } from './onWake.ts';
import type { RetryPolicy } from './policy.ts';
import { everyone, idOf, instanceOf, markKey, readMark } from './signOutMark.ts';
import { createTabs } from './tabs.ts';

export interface SignOutOptions {
  /** Which of Clerk's instances this page is of: the host of its Frontend API; undefined while that is not known. Read again and again. */
  readonly instance: () => string | undefined;
  /** The sessions that Clerk's server has for this browser. Rejects when it did not answer. */
  readonly sessions: () => Promise<readonly string[]>;
  /** Asks Clerk to end these. Rejects, or resolves without effect, when that failed. */
  readonly revoke: (sessionIds: readonly string[]) => Promise<unknown>;
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
 * has confirmed it, by one tab at a time. All tabs of a browser share the mark: it names every session that a tab wants
 * ended, and never a token. Apps of two instances may share an origin (every app of a developer is once at localhost:3000):
 * each leaves the other's sessions in it alone.
 */
export interface SignOut {
  /** The sessions that are signed out of, and that Clerk's server may not know of yet; the same set until it changes. */
  pending(): ReadonlySet<string>;
  /**
   * Those, and every one before them. clerk-js 6 is between two words while it finishes a sign-out, and a session that is
   * over does not come back: so these outlive the mark, on this page. The same set until it changes.
   */
  signedOutOf(): ReadonlySet<string>;
  /** Signs out of these here, at once, and starts to tell Clerk. */
  begin(sessionIds: readonly string[], firstTry: () => Promise<unknown>): Promise<void>;
  /** Goes on with a sign-out that an earlier page began. Does nothing when there is none, or when it is under way. */
  resume(): void;
  /** Stops trying, on this page. The mark stays. */
  stop(): void;
  subscribe(listener: () => void): () => void;
}

const gateName = 'sign-out';
/** Longer than an attempt takes: the guard ends a request that hangs after `holdLimits.signOutMs`. Without it nobody does. */
const turnMs = 8_000;

export function createSignOut(options: SignOutOptions): SignOut {
  const { clock, connectivity, policy } = options;
  /** Entries: a session's id, and after a space the instance, where it was known. */
  let marked: ReadonlySet<string> | null = null;
  let all: ReadonlySet<string> = new Set();
  let trying: AbortController | null = null;
  const listeners = new Set<() => void>();
  let stopHearing = (): void => {};

  const isOurs = (entry: string): boolean => {
    const of = instanceOf(entry);
    const ours = options.instance();
    return !of || !ours || of === ours;
  };
  /** The sessions of this instance in a set of entries; the same set until they change. */
  function sessionsOfInstance(): (entries: ReadonlySet<string>) => ReadonlySet<string> {
    let last: ReadonlySet<string> = new Set();
    return (entries) => {
      const next = new Set([...entries].filter(isOurs).map(idOf));
      if (next.size !== last.size || [...next].some((id) => !last.has(id))) last = next;
      return last;
    };
  }
  const pendingOf = sessionsOfInstance();
  const allOf = sessionsOfInstance();

  const stored = (): readonly string[] => readMark(connectivity.stored(markKey));
  function entries(): ReadonlySet<string> {
    if (!marked) all = marked = new Set(stored());
    return marked;
  }
  const pending = (): ReadonlySet<string> => pendingOf(entries());
  function set(next: readonly string[]): void {
    if (marked?.size === next.length && next.every((entry) => marked?.has(entry))) return;
    marked = new Set(next);
    all = new Set([...all].filter((entry) => idOf(entry) !== everyone).concat(next));
    // Confirmed, perhaps by another tab.
    if (pending().size === 0) stop();
    for (const listener of [...listeners]) listener();
  }
  function stop(): void {
    trying?.abort();
    trying = null;
  }
  /** Changes the mark, in which another tab may have written since this one heard of it. */
  function change(next: (sessionIds: readonly string[]) => readonly string[]): void {
    const before = [...new Set([...entries(), ...stored()])];
    const ours = before.filter(isOurs);
    const of = options.instance();
    const entryOf = (id: string): string => ours.find((entry) => idOf(entry) === id) ?? (of ? `${id} ${of}` : id);
    const sessionIds = next([...new Set(ours.map(idOf))]);
    const after = [...before.filter((entry) => !isOurs(entry)), ...sessionIds.map(entryOf)];
    connectivity.store(markKey, after.length > 0 ? JSON.stringify(after) : null);
    set(after);
    // Nothing that is ours, though nothing has changed: only now it is known whose it was.
    if (pending().size === 0) stop();
  }
  const add = (sessionIds: readonly string[]): void => change((ids) => [...new Set([...ids, ...sessionIds])]);
  async function insist(firstTry?: () => Promise<unknown>, onFirst = (): void => {}): Promise<void> {
    if (trying || pending().size === 0) return;
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
    /** What became of an attempt: one that hangs has had its turn. */
    const errorOf = (answer: Promise<unknown>): Promise<unknown> =>
      new Promise((resolve) => {
        const done = (error?: unknown): void => {
          undo();
          abort.signal.removeEventListener('abort', over);
          resolve(error);
        };
        const over = (): void => done();
        const undo = clock.setTimer(over, turnMs);
        abort.signal.addEventListener('abort', over);
        answer.then(over, done);
      });
    // A wish from before: another tab may be at it, and then says so.
    if (!firstTry) gate.close(classifyTokenError(undefined), clock.now());
    for (let attempt = 1; !abort.signal.aborted; attempt++) {
      const startedAt = clock.now();
      // The user's own does not wait for a turn; it is enough that the others do.
      const first = attempt === 1 && firstTry && errorOf(firstTry());
      if (first) void first.then(onFirst);
      giveBack = await (first ? mine.takeTurn() : gate.pass(patience));
      if (!abort.signal.aborted) {
        let asked = pending();
        let there: readonly string[] | undefined;
        let isLate = false;
        const ask = async (): Promise<void> => {
          there = await options.sessions();
          if (isLate) return;
          // Whose they are may be known only now.
          asked = new Set([...asked].filter((id) => pending().has(id)));
          // Named as soon as Clerk has told who they are: a session that begins later is none of them.
          const ours = asked.has(everyone) ? there : there.filter((id) => asked.has(id));
          add(ours);
          if (ours.length > 0) await options.revoke(ours);
        };
        const error = await (first || errorOf(ask()));
        isLate = true;
        if (abort.signal.aborted) return;
        const isOver = (id: string): boolean =>
          (id !== everyone && options.isRevoked(id)) || (asked.has(id) && there?.includes(id) === false);
        if ([...pending()].every(isOver)) {
          gate.open();
          options.report({ type: 'sign_out_confirmed' });
        } else {
          const retryInMs = gate.close(classifyTokenError(error), startedAt);
          options.report({ type: 'sign_out_retried', attempt, retryInMs });
        }
        change((sessionIds) => sessionIds.filter((id) => !isOver(id)));
      }
      giveBack?.();
    }
  }

  return {
    pending,
    signedOutOf: () => {
      entries();
      return allOf(all);
    },
    async begin(sessionIds, firstTry) {
      options.report({ type: 'sign_out_started' });
      stop();
      // Whoever hears of the mark may resume it, and is to find it under way.
      trying = new AbortController();
      add(sessionIds);
      trying = null;
      await new Promise<void>((resolve) => void insist(firstTry, resolve));
    },
    resume: () => void insist(),
    stop,
    subscribe(listener) {
      if (listeners.size === 0) {
        const hear = (changed: string | null, value: string | null, wasAway = false): void => {
          if ((changed ?? markKey) !== markKey) return;
          // Where all may have changed, what this page knows stands: storage may be blocked, or emptied by the app. But where it was
          // away somebody else may have signed in, when another page had carried the wish out: they are none of "everyone".
          const known = changed
            ? readMark(value)
            : [...entries()].filter((entry) => !wasAway || idOf(entry) !== everyone);
          // What this tab alone could keep, no other has carried out.
          set([...new Set([...known, ...stored()])]);
        };
        stopHearing = connectivity.onStored(hear);
        // What was stored since the first look, while the page rendered.
        hear(null, null);
      }
      listeners.add(listener);
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) stopHearing();
      };
    },
  };
}
