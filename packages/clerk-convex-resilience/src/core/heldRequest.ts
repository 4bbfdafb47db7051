import type { Hold } from './clerkHolds.ts';
import type { ClerkRequest } from './clerkRequests.ts';
import type { Clock } from './clock.ts';
import type { AuthEventBody } from './events.ts';
import { eventFailure } from './events.ts';
import type { AuthFailure } from './failure.ts';
import type { FetchCall } from './fetchCall.ts';
import type { Gate } from './gates.ts';
import { type Hedge, type HedgeTimes, type Nudge, type Slots, startHedge } from './hedge.ts';

/** What one attempt came to. */
export type Outcome = { readonly type: 'answered'; readonly response: Response } | Lost;

/** An attempt that clerk-js must not see, if that can be avoided. Without a response there was no answer at all. */
export interface Lost {
  readonly type: 'lost';
  readonly startedAt: number;
  readonly failure: AuthFailure;
  readonly response?: Response;
  readonly error?: unknown;
}

export interface HeldRequestOptions {
  readonly request: ClerkRequest;
  readonly call: FetchCall;
  readonly attempt: (args: ReturnType<FetchCall['replay']>, signal: AbortSignal) => Promise<Outcome>;
  /** Asked again whenever it matters: a session may come into doubt, or end, while its request is held. */
  readonly hold: () => Hold;
  /** Of its kind of request, and of its origin. */
  readonly gates: { readonly family: Gate; readonly network: Gate };
  /** What closed those gates last, for a request that never got to try. */
  readonly lastLost: () => Lost | undefined;
  /** What clerk-js gets instead of a failure when the hold is spent. */
  readonly translate: (lost: Lost) => Response | null;
  readonly slots: Slots;
  readonly times: HedgeTimes;
  readonly clock: Clock;
  readonly report: (event: AuthEventBody) => void;
  /** In trouble: it failed, waits or is slow. */
  readonly onTrouble: () => void;
  /** Answered after all. */
  readonly onRecovered: () => void;
  readonly onLost: (lost: Lost) => void;
  /** Nobody may join any more: it is over or let go of, or everybody has left. Called before anybody who asked hears of it, perhaps twice. */
  readonly onOver: () => void;
}

/** One request of clerk-js, and everybody who asked for the same. */
export interface HeldRequest {
  readonly request: ClerkRequest;
  /** The answer for one caller, who may leave with the signal. */
  join(signal: AbortSignal | undefined): Promise<Response>;
  /** No more holding: the failure goes to clerk-js. */
  letGo(reason: 'sign_out' | 'aborted'): void;
  nudge(why: Nudge): void;
}

export function holdRequest(options: HeldRequestOptions): HeldRequest {
  const { request, call, gates, clock, report, times } = options;
  const startedAt = clock.now();
  /** Ends everything. */
  const leave = new AbortController();
  /** Ends the waiting, not an attempt that is under way. */
  const waiting = new AbortController();
  let consumers = 0;
  let attempts = 0;
  let sent = 0;
  let released: 'sign_out' | 'aborted' | null = null;
  let troubled = false;
  let last: Lost | undefined;
  let hedge: Hedge<Outcome> | null = null;

  const trouble = (): void => {
    if (troubled) return;
    troubled = true;
    options.onTrouble();
  };
  const hold = (): Hold => (released ? 'not' : options.hold());
  /** A clock that was set back makes no hold longer: when that is seen, the hold is over. */
  const orNow = (until: number): number => (until < Infinity && clock.now() < startedAt ? 0 : until);
  const patienceEndsAt = (): number => {
    const now = hold();
    return now === 'while_transient' ? Infinity : now === 'not' ? 0 : orNow(now.until);
  };

  async function run(): Promise<Response> {
    for (;;) {
      const turns = await passGates();
      // Nobody lets it through, and it may not wait any longer. One attempt is due to everybody, as nobody may have told that the network is back.
      if (!turns && (attempts > 0 || waiting.signal.aborted)) return giveUp(last ?? options.lastLost() ?? silence());
      const outcome = await once();
      if (outcome?.type === 'answered') {
        for (const giveBack of turns ?? []) giveBack();
        if (troubled) options.onRecovered();
        if (attempts > 1)
          report({ type: 'request_recovered', request: request.kind, attempts, afterMs: clock.now() - startedAt });
        return outcome.response;
      }
      if (outcome) noteLost(outcome);
      for (const giveBack of turns ?? []) giveBack();
      if (leave.signal.aborted || clock.now() >= patienceEndsAt()) return giveUp(last ?? silence());
    }
  }

  /** The turns to give back afterwards; null when the gate stays closed for longer than this request may wait. */
  async function passGates(): Promise<readonly (() => void)[] | null> {
    const turns: (() => void)[] = [];
    for (const gate of [gates.family, gates.network]) {
      if (!gate.isClosed()) continue;
      trouble();
      const turn = await gate.pass({ signal: waiting.signal, endsAt: patienceEndsAt });
      if (turn) turns.push(turn);
      else if (gate.isClosed()) {
        for (const giveBack of turns) giveBack();
        return null;
      }
    }
    return turns;
  }

  /** Null: its time was over before it was answered. */
  async function once(): Promise<Outcome | null> {
    attempts++;
    const current = hold();
    let until = Infinity;
    if (current !== 'while_transient' && current !== 'not') {
      const spentAt = last ? current.until : (current.unfailedUntil ?? current.until);
      // Spent before it began: one attempt is due to everybody.
      until = Math.max(spentAt, clock.now() + (clock.now() < spentAt ? 0 : times.hedgeAfterMs));
    }
    hedge = startHedge<Outcome>({
      attempt: (signal) => options.attempt(call.replay(signal, sent++ > 0), signal),
      isGood: (outcome) => outcome.type === 'answered',
      times,
      clock,
      slots: options.slots,
      patience: { signal: leave.signal, endsAt: () => orNow(until) },
      onSlow: trouble,
      onHedge: (open) => {
        attempts++;
        report({ type: 'request_hedged', request: request.kind, open });
      },
    });
    const outcome = await hedge.outcome;
    hedge = null;
    return outcome;
  }

  function noteLost(lost: Lost): void {
    last = lost;
    trouble();
    options.onLost(lost);
    const { failure } = lost;
    // An answer, whatever it says, proves that the network works: only its own kind of request waits.
    const gate = lost.response ? gates.family : gates.network;
    const retryInMs = gate.close(failure, lost.startedAt);
    report({
      type: 'request_failed',
      request: request.kind,
      failure: eventFailure(failure),
      attempt: attempts,
      retryInMs,
    });
  }

  function giveUp(lost: Lost): Response {
    const reason = consumers === 0 ? 'aborted' : (released ?? 'hold_spent');
    report({ type: 'request_released', request: request.kind, reason });
    const instead = released ? null : options.translate(lost);
    if (instead) return instead;
    if (lost.response) return lost.response;
    throw lost.error;
  }

  const silence = (): Lost => ({
    type: 'lost',
    startedAt,
    failure: { kind: 'timeout', retryable: true, source: 'browser' },
    error: new TypeError('Failed to fetch'),
  });

  const answer = run().finally(options.onOver);
  return {
    request,
    join: (signal) =>
      new Promise((resolve, reject) => {
        consumers++;
        const quit = (): void => {
          reject(signal?.reason);
          if (--consumers > 0) return;
          options.onOver();
          leave.abort();
          waiting.abort();
        };
        if (signal?.aborted) return quit();
        signal?.addEventListener('abort', quit);
        const done = (): void => signal?.removeEventListener('abort', quit);
        answer.then(
          (response) => {
            done();
            resolve(response.clone());
          },
          (error: unknown) => {
            done();
            reject(error);
          },
        );
      }),
    letGo(reason) {
      released = reason;
      // What is asked from now on is not to hang with it.
      options.onOver();
      waiting.abort();
      // One that has not failed yet is not held: its first answer is clerk-js's, however long it takes.
      if (last) leave.abort();
      else hedge?.rest();
    },
    nudge: (why) => hedge?.nudge(why),
  };
}
