import { backoffDelay } from '../core/backoff.ts';
import { classifyTokenError } from '../core/classifyTokenError.ts';
import type { Clock } from '../core/clock.ts';
import type { Connectivity } from '../core/connectivity.ts';
import type { AuthEventBody } from '../core/events.ts';
import { startOutage } from '../core/outage.ts';
import type { RetryPolicy } from '../core/policy.ts';
import { createWaits } from '../core/wakeableSleep.ts';
import type { ClerkLike } from './clerkTypes.ts';
import { reloadClient, signedInSessions } from './reloadClient.ts';

export interface RestoreSessionOptions {
  readonly clerk: () => ClerkLike | undefined;
  readonly clock: Clock;
  readonly connectivity: Connectivity;
  readonly policy: RetryPolicy;
  readonly report: (event: AuthEventBody) => void;
  /** Calls back when a person asks to try now. Returns its own undo. */
  readonly onRetry: (listener: () => void) => () => void;
  /** Has the user signed out of it here? */
  readonly isSignedOutOf: (sessionId: string) => boolean;
  /** Clerk's server answered that nobody is signed in here. */
  readonly onNothing: () => void;
}

/**
 * Brings back the session that a page load in an outage could not read: asks Clerk's server for this browser's client
 * until it answers, then makes its last active session the active one. Returns its own undo.
 */
export function restoreSession(options: RestoreSessionOptions): () => void {
  const { clock, policy } = options;
  const ended = new AbortController();
  let nap = new AbortController();
  const waits = createWaits(options);

  async function once(): Promise<boolean> {
    await reloadClient(options.clerk);
    const clerk = options.clerk();
    if (ended.signal.aborted || !clerk) return ended.signal.aborted;
    if (!clerk.session) {
      // As clerk-js chooses when it loads (`#defaultSession` in core/clerk, 5.128.0 and 6.40.0).
      const there = signedInSessions(clerk).filter((id) => !options.isSignedOutOf(id));
      const last = clerk.client?.lastActiveSessionId;
      const sessionId = there.find((id) => id === last) ?? there[0];
      if (!sessionId) {
        options.onNothing();
        return true;
      }
      await clerk.setActive?.({ session: sessionId });
      if (!clerk.session) return false;
      options.report({ type: 'session_restored' });
    }
    // A session that has a task to do counts as signed out (resolveAuthState, @clerk/shared 3.48 and 4.41): no more comes of it.
    if (clerk.session?.status === 'pending') options.onNothing();
    return true;
  }

  async function insist(): Promise<void> {
    const outage = startOutage(clock);
    for (let failures = 1; !ended.signal.aborted; failures++) {
      let last = classifyTokenError(undefined);
      try {
        if (await once()) return;
      } catch (error) {
        last = classifyTokenError(error);
      }
      if (ended.signal.aborted) return;
      const outageMs = outage();
      const ms = backoffDelay(policy, { failures, outageMs, last }, clock.random());
      nap = new AbortController();
      await waits.wait({ ms, outageMs, floorMs: last.retryAfterMs, signal: nap.signal });
    }
  }

  const stopAsking = options.onRetry(() => nap.abort());
  void insist().finally(waits.stop);
  return () => {
    stopAsking();
    ended.abort();
    nap.abort();
    waits.stop();
  };
}
