import { backoffDelay, isOverload, wakeDelay } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { Connectivity } from './connectivity.ts';
import type { AuthFailure } from './failure.ts';
import type { RetryPolicy } from './policy.ts';

/** How long somebody is willing to wait: until the signal, or until a moment that may move. */
export interface Patience {
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  endsAt(): number;
}

/**
 * Stands in front of something that may be down. Open, everybody passes. Closed by a failure, one probe at a time is let
 * through when its wait is over, and the rest wait for its word.
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
}

export interface GateOptions {
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly connectivity: Connectivity;
  readonly isNetworkUp: () => boolean;
}

/** A probe that has not answered after this time no longer keeps the others waiting, in milliseconds. */
const turnMs = 4_000;

interface Closed {
  readonly since: number;
  readonly failures: number;
  readonly overloads: number;
  readonly failedAt: number;
  /** No probe before this, whatever wakes it: the server asked for it. */
  readonly floorAt: number;
  readonly probeAt: number;
}

export function createGate({ policy, clock, connectivity, isNetworkUp }: GateOptions): Gate {
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

  return {
    isClosed: () => closed !== null,
    async pass({ signal, endsAt }) {
      const me = Symbol();
      const giveBack = (): void => {
        if (turn !== me) return;
        turn = null;
        changed();
      };
      while (closed && !signal.aborted) {
        if (turn === null || turn === me) {
          turn = me;
          if (clock.now() >= closed.probeAt) {
            const undo = clock.setTimer(giveBack, turnMs);
            return () => {
              undo();
              giveBack();
            };
          }
        }
        const patience = endsAt();
        if (clock.now() >= patience) break;
        await change(Math.min(patience, turn === me ? closed.probeAt : Infinity), signal);
      }
      giveBack();
      return null;
    },
    close(failure, startedAt) {
      const now = clock.now();
      // Several that were under way together are one failure, not several.
      if (closed && startedAt < closed.failedAt) return Math.max(0, closed.probeAt - now);
      const since = closed?.since ?? startedAt;
      const failures = (closed?.failures ?? 0) + 1;
      const networkUp = failure.status === undefined && isNetworkUp();
      const overloads = (closed?.overloads ?? 0) + (isOverload(failure) || networkUp ? 1 : 0);
      const delayMs = backoffDelay(
        policy,
        { failures, overloads, outageMs: now - since, last: failure, networkUp, hidden: connectivity.isHidden() },
        clock.random(),
      );
      closed = {
        since,
        failures,
        overloads,
        failedAt: now,
        floorAt: now + (failure.retryAfterMs ?? 0),
        probeAt: now + delayMs,
      };
      changed();
      return delayMs;
    },
    open() {
      if (!closed) return;
      closed = null;
      changed();
    },
    wake({ now: atOnce = false } = {}) {
      if (!closed) return;
      const now = clock.now();
      const outage = { outageMs: now - closed.since, hidden: connectivity.isHidden() };
      const soon = now + (atOnce ? 0 : wakeDelay(policy, outage, clock.random()));
      const probeAt = Math.min(closed.probeAt, Math.max(soon, closed.floorAt));
      if (probeAt === closed.probeAt) return;
      closed = { ...closed, probeAt };
      changed();
    },
  };
}
