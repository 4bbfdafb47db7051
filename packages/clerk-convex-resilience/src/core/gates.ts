import { backoffDelay, wakeDelay } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { Connectivity } from './connectivity.ts';
import type { AuthFailure } from './failure.ts';
import type { RetryPolicy } from './policy.ts';
import type { Down, GateTabs, Word } from './tabs.ts';

/** How long somebody is willing to wait: until the signal, or until a moment that may move. */
export interface Patience {
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  endsAt(): number;
}

/**
 * Stands in front of something that may be down. Open, everybody passes. Closed by a failure, one probe at a time is let
 * through when its wait is over, in all tabs of the browser together, and the rest wait for its word.
 */
export interface Gate {
  isClosed(): boolean;
  /**
   * Waits until the gate is open or it is the caller's turn to probe. Null: it is open, or the caller's patience is over.
   * Otherwise the caller probes, and gives the turn back after having told the result.
   */
  pass(patience: Patience): Promise<(() => void) | null>;
  /** Notes a failure of an attempt that began at `startedAt`. Returns how long the next probe waits, in milliseconds. */
  close(failure: AuthFailure, startedAt: number): number;
  open(): void;
  /** Something says that waiting may be pointless. `now`: a person does, so without a spread; the server's `Retry-After` is kept. */
  wake(options?: { readonly now?: boolean }): void;
  /** Another tab says what became of its attempt. Hearsay closes nothing: it only moves the next attempt of a gate that is closed. */
  hear(word: Word): void;
}

export interface GateOptions {
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly connectivity: Connectivity;
  /** Can the page show nothing before this is open? @defaultValue never */
  readonly isLoading?: () => boolean;
  readonly tabs: GateTabs;
  /**
   * A probe that has not answered after this time no longer keeps the others waiting, in milliseconds.
   * @defaultValue 4_000
   */
  readonly turnMs?: number;
}

/** What happens in all tabs at once is spread over this time, in milliseconds: one of them goes first, and the others hear of it. */
const spreadMs = 100;
/** So many times longer a tab in the background leaves it to the others. */
const hiddenFactor = 2;

interface Closed {
  /** Of the outage, as far back as any tab knows; and of this tab's own part in it. */
  readonly since: number;
  readonly ownSince: number;
  readonly failures: number;
  readonly failedAt: number;
  /** No probe before this, whatever wakes it: the server asked for it. */
  readonly floorAt: number;
  readonly probeAt: number;
  /** When something last said that waiting may be pointless: it counts for an attempt that was under way then, too. */
  readonly wokenAt: number;
  /** What this tab told the others, if it was the last to fail. */
  readonly told: Down | null;
  /** Somebody else has the same trouble, and may go first. */
  readonly inCompany: boolean;
  /** Whether to probe without asking what other tabs do. */
  readonly freely: boolean;
}

export function createGate(options: GateOptions): Gate {
  const { policy, clock, connectivity, isLoading, tabs, turnMs = 4_000 } = options;
  let closed: Closed | null = null;
  let turn: symbol | null = null;
  const sleepers = new Set<() => void>();
  const changed = (): void => {
    for (const wake of [...sleepers]) wake();
  };

  /** Until something changes, or the given moment, or the signal. */
  function change(at: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const undo = at === Infinity ? () => {} : clock.setTimer(done, at - clock.now());
      function done(): void {
        undo();
        sleepers.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      }
      sleepers.add(done);
      signal.addEventListener('abort', done);
    });
  }

  /** A clock that was set back makes no wait longer: when that is seen, the wait is over. */
  function seeSetBack(): void {
    const now = clock.now();
    if (!closed || now >= closed.failedAt) return;
    const by = closed.failedAt - now;
    const { since, ownSince } = closed;
    const moved = {
      since: since - by,
      ownSince: ownSince - by,
      failedAt: now,
      floorAt: now,
      probeAt: now,
      wokenAt: -Infinity,
    };
    closed = { ...closed, ...moved, told: null };
    changed();
  }
  const wakeMs = (since: number): number =>
    wakeDelay({ outageMs: clock.now() - since, hidden: connectivity.isHidden() }, clock.random());
  function isDue(): boolean {
    seeSetBack();
    return closed !== null && clock.now() >= closed.probeAt;
  }
  /** Tells the others, unless the browser says that this tab is offline: then no server is spared, and it may be the only one. */
  const tell = (down: Down): void => {
    if (connectivity.isOnline()) tabs.tell(down);
  };

  return {
    isClosed: () => closed !== null,
    async pass({ signal, endsAt }) {
      const me = Symbol();
      let undo = (): void => {};
      const giveBack = (): void => {
        undo();
        if (turn !== me) return;
        turn = null;
        changed();
      };
      while (closed && !signal.aborted) {
        if (turn === null || turn === me) {
          turn = me;
          if (isDue()) {
            const unlock = closed.freely ? () => {} : await tabs.takeTurn();
            if (unlock && isDue() && !signal.aborted) {
              const undoTimer = clock.setTimer(giveBack, turnMs);
              undo = () => {
                undoTimer();
                unlock();
              };
              return giveBack;
            }
            unlock?.();
            // Its word is waited for as long as a probe may take, and no longer: that tab may be frozen.
            if (!unlock && isDue() && !closed.freely) {
              closed = { ...closed, probeAt: clock.now() + turnMs + clock.random() * spreadMs, freely: true };
            }
          }
        }
        // While the turn was asked for, nobody slept who could have been woken.
        if (!closed) break;
        const patience = endsAt();
        if (clock.now() >= patience) break;
        await change(Math.min(patience, turn === me && closed ? closed.probeAt : Infinity), signal);
      }
      giveBack();
      return null;
    },
    close(failure, sentAt) {
      seeSetBack();
      const now = clock.now();
      const startedAt = Math.min(sentAt, now);
      // Nobody has tried since long after it was due: what is down now is another outage.
      if (closed && startedAt > closed.probeAt + 2 * policy.maxDelayMs) closed = null;
      // Several that were under way together are one failure, not several.
      if (closed && startedAt < closed.failedAt) {
        // ... but for what the server asks for.
        const floorMs = failure.retryAfterMs ?? 0;
        const floorAt = Math.max(closed.floorAt, now + floorMs);
        const probeAt = Math.max(closed.probeAt, now + floorMs * (1 + clock.random()));
        closed = { ...closed, floorAt, probeAt, told: null };
        return Math.max(0, closed.probeAt - now);
      }
      const since = closed?.since ?? startedAt;
      const failures = (closed?.failures ?? 0) + 1;
      const inCompany = closed?.inCompany ?? false;
      const history = { failures, outageMs: now - since, last: failure, loading: isLoading?.() ?? false };
      const floorMs = failure.retryAfterMs ?? 0;
      const wokenMs = closed && closed.wokenAt > startedAt ? Math.max(floorMs, wakeMs(since)) : Infinity;
      const delayMs = Math.min(wokenMs, backoffDelay(policy, history, clock.random()));
      const told: Down = { type: 'down', since, failures, startedAt, probeAt: now + delayMs };
      closed = {
        since,
        ownSince: closed?.ownSince ?? startedAt,
        failures,
        failedAt: now,
        floorAt: now + floorMs,
        // Next time another tab goes first: this one may be the only one for which it fails.
        probeAt: now + delayMs + (inCompany ? spreadMs : 0),
        wokenAt: -Infinity,
        told,
        inCompany,
        freely: false,
      };
      tell(told);
      changed();
      return delayMs;
    },
    open() {
      if (!closed) return;
      closed = null;
      tabs.tell({ type: 'up' });
      changed();
    },
    wake({ now: atOnce = false } = {}) {
      seeSetBack();
      if (!closed) return;
      const now = clock.now();
      const soon = now + (atOnce ? 0 : wakeMs(closed.since));
      const probeAt = Math.min(closed.probeAt, Math.max(soon, closed.floorAt));
      const isSooner = probeAt !== closed.probeAt;
      closed = { ...closed, probeAt, wokenAt: now };
      if (isSooner) changed();
    },
    hear(word) {
      seeSetBack();
      if (!closed) return;
      const now = clock.now();
      const hidden = connectivity.isHidden();
      const spread = clock.random() * spreadMs;
      if (word.type === 'up') {
        const soon = now + spread + (hidden ? spreadMs : 0);
        const probeAt = Math.min(closed.probeAt, Math.max(soon, closed.floorAt));
        closed = { ...closed, probeAt, inCompany: true, freely: true };
      } else if (word.since > closed.since) {
        // A newcomer, who does not know yet how long it has been.
        if (closed.told) tell(closed.told);
        closed = { ...closed, inCompany: true };
      } else {
        const waitMs = (word.probeAt - now) * (hidden ? hiddenFactor : 1);
        // Nobody waits on hearsay for longer than it has seen failures itself.
        const trustedMs = Math.min(waitMs, Math.max(policy.quickDelayMs, now - closed.ownSince));
        closed = {
          ...closed,
          since: word.since,
          failures: Math.max(word.failures, closed.failures),
          failedAt: now,
          // That attempt knows nothing of what has woken this tab since.
          probeAt: Math.max(
            closed.floorAt,
            Math.min(
              word.startedAt < closed.wokenAt ? Math.max(closed.probeAt, now + wakeMs(closed.since)) : Infinity,
              now + trustedMs + spread,
            ),
          ),
          told: null,
          inCompany: true,
          freely: false,
        };
      }
      changed();
    },
  };
}
