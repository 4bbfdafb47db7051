import type { AuthFailure } from './failure.ts';
import { deriveHealth, needsAPerson } from './health.ts';
import { readClaims } from './jwt.ts';
import type { RetryPolicy } from './policy.ts';
import {
  type Attempt,
  initialTokenState,
  seldomMs,
  type TokenEffect,
  type TokenEvent,
  type TokenMachine,
  type TokenState,
  troubleOf,
} from './tokenMachine.ts';

/** What must hold, whatever happens in whatever order. */
export type TokenPromise =
  | 'one request in flight'
  | 'no token after the end of its session'
  | 'signed in as long as the session lasts'
  | 'no refused or expired token again'
  | 'healthy only with a usable token'
  | 'no wait longer than the bound'
  | 'a misconfiguration is named, and not tried in a loop'
  | 'no token in a report'
  | 'healthy once faults stop';

const lifeSeconds = 60;
/** A clock is told from the seconds of `iat`, and believed within ten seconds. */
const clockDoubtMs = 22_000;

/** The longest wait that a policy has. */
export const longestWaitMs = (policy: RetryPolicy): number =>
  Math.max(...Object.entries(policy).map(([name, value]) => (name.endsWith('DelayMs') ? value : 0)));

interface Flight {
  readonly attempt: Attempt;
  readonly askedAt: number;
  /** How often the clock had been set by then. */
  readonly clockSet: number;
}

/** Clerk, Convex, a clock and the people who wait, around one machine: a model that checks each promise at each step. */
export class TokenWorld {
  state: TokenState = initialTokenState;
  now = 1_700_000_000_000;
  /** How far the device's clock is ahead of the servers', in milliseconds. */
  aheadMs = 0;
  session: string | null = null;
  /** What Clerk was asked and has not answered. */
  flights: Flight[] = [];
  /** What it answered with a failure; an answer may come all the same. */
  givenUp: Flight[] = [];
  trying: { readonly attempt: Attempt } | null = null;
  wait: { readonly attempt: Attempt; readonly until: number } | null = null;
  waiters: boolean[] = [];
  last: string | null = null;
  isConfirmed = false;
  readonly refused = new Set<string>();
  private readonly cache = new Map<string, string>();
  private minted = 0;
  private clockSet = 0;
  /** How far the machine may be wrong about the clock; null: it cannot know. */
  private doubtMs: number | null = null;
  private leaving = false;

  constructor(
    private readonly machine: TokenMachine,
    private readonly policy: RetryPolicy,
    /** The promise that is watched. @defaultValue all of them */
    private readonly watched?: TokenPromise,
  ) {}

  private broken(promise: TokenPromise, detail: string): void {
    if (this.watched === undefined || this.watched === promise) throw new Error(`${promise}: ${detail}`);
  }

  get serverNow(): number {
    return this.now - this.aheadMs;
  }

  tell(event: TokenEvent): void {
    this.leaving = event.type === 'session_ended' || event.type === 'session_started';
    const before = this.state.status;
    const [next, effects] = this.machine(this.state, event);
    this.state = next;
    if (next.status !== before) {
      this.wait = null;
      this.trying = null;
    }
    for (const effect of effects) this.happen(effect);
    this.checkRest();
  }

  private happen(effect: TokenEffect): void {
    switch (effect.type) {
      case 'get_token': {
        const { attempt } = effect;
        if (this.flights.some((flight) => flight.attempt.session === attempt.session)) {
          this.broken('one request in flight', `${attempt.id} beside another of its session`);
        }
        this.flights.push({ attempt, askedAt: this.now, clockSet: this.clockSet });
        return;
      }
      case 'try_token':
        this.trying = effect;
        return;
      case 'wait': {
        const floor = effect.failure.retryAfterMs ?? 0;
        const bound = Math.max(longestWaitMs(this.policy), floor * 2, seldomMs);
        if (!(effect.ms <= bound && effect.ms >= floor)) {
          this.broken('no wait longer than the bound', `${effect.ms} ms, of ${floor} to ${bound}`);
        }
        if (needsAPerson(effect.failure) && effect.ms < seldomMs) {
          this.broken('a misconfiguration is named, and not tried in a loop', `waits ${effect.ms} ms`);
        }
        this.wait = { attempt: effect.attempt, until: this.now + effect.ms };
        return;
      }
      case 'settle':
        this.settle(effect.who === 'all' ? this.waiters : this.waiters.filter((fresh) => !fresh), effect.token);
        this.waiters = effect.who === 'all' ? [] : this.waiters.filter((fresh) => fresh);
        return;
      case 'unconfirm':
        this.isConfirmed = false;
        return;
      case 'report':
        if (JSON.stringify(effect.event).includes('e30.')) {
          this.broken('no token in a report', effect.event.type);
        }
        return;
      default:
        effect satisfies never;
    }
  }

  private settle(waiters: readonly boolean[], token: string | null): void {
    if (token === null) {
      if (this.session !== null && !this.leaving && waiters.length > 0) {
        this.broken('signed in as long as the session lasts', 'null was handed over');
      }
      return;
    }
    if (this.session === null || readClaims(token)?.sid !== this.session) {
      this.broken('no token after the end of its session', `one of ${readClaims(token)?.sid}`);
    }
    const isSame = token === this.last && waiters.some((fresh) => fresh);
    if (this.refused.has(token) || isSame || this.isExpired(token)) {
      this.broken('no refused or expired token again', isSame ? 'the last one' : 'a bad one');
    }
    this.last = token;
  }

  private isExpired(token: string): boolean {
    return this.doubtMs !== null && this.serverNow - this.doubtMs >= (readClaims(token)?.exp ?? Infinity) * 1000;
  }

  private checkRest(): void {
    if (this.session === null && this.waiters.length > 0) {
      this.broken('no token after the end of its session', 'somebody waits for one');
    }
    if (this.health() !== 'healthy') return;
    if (this.last === null || this.refused.has(this.last) || this.isExpired(this.last)) {
      this.broken('healthy only with a usable token', `has ${this.last === null ? 'none' : 'a bad one'}`);
    }
  }

  health(): string {
    if (this.session === null) return 'signed_out';
    const identity = this.isConfirmed ? ({ status: 'confirmed', since: 0 } as const) : ({ status: 'none' } as const);
    return deriveHealth(troubleOf(this.state, this.now), identity).status;
  }

  start(session: string): void {
    // Convex's word on the organisation of before stands until the machine takes it back.
    if (this.session !== session) this.last = null;
    this.session = session;
    this.tell({ type: 'session_started', session });
  }
  end(): void {
    this.session = null;
    this.last = null;
    this.isConfirmed = false;
    this.tell({ type: 'session_ended' });
  }
  ask(fresh: boolean): void {
    this.waiters.push(fresh);
    this.tell({ type: 'requested', fresh, at: this.now });
  }
  mint(session: string): string {
    const iat = Math.floor(this.serverNow / 1000);
    const claims = { sid: session, iat, exp: iat + lifeSeconds, jti: ++this.minted };
    const token = `e30.${btoa(JSON.stringify(claims)).replace(/=+$/, '')}.signature`;
    this.cache.set(session, token);
    return token;
  }
  /** Clerk answers what it was asked: what a healthy Clerk says, or something that it has said before. */
  answer(from: 'flights' | 'givenUp', nth: number, what: 'good' | 'cached' | 'last' | 'refused', moment: Chance): void {
    const [flight] = this[from].splice(nth % this[from].length, 1);
    if (!flight) return;
    const { attempt, askedAt, clockSet } = flight;
    const { session, fresh } = attempt;
    const cached = this.cache.get(session);
    const isGood = cached && this.serverNow < (readClaims(cached)?.exp ?? 0) * 1000 && !this.refused.has(cached);
    const said = {
      good: !fresh && isGood ? cached : undefined,
      cached,
      last: this.last,
      refused: [...this.refused].at(-1),
    };
    const old = said[what];
    const token = old && readClaims(old)?.sid === session ? old : this.mint(session);
    // An old token under a fresh question, or a clock set meanwhile, tells a wrong time; the next answer tells the right one.
    if (fresh) this.doubtMs = old || clockSet !== this.clockSet ? null : clockDoubtMs + this.now - askedAt;
    this.tell({ type: 'token_arrived', attempt, token, askedAt, at: this.now, ...moment });
  }
  fail(nth: number, failure: AuthFailure, moment: Chance): void {
    const [flight] = this.flights.splice(nth % this.flights.length, 1);
    if (!flight) return;
    this.givenUp.push(flight);
    const { attempt } = flight;
    const isAwaited = this.state.status === 'requesting' && attempt.session === this.session;
    this.tell({ type: 'attempt_failed', attempt, failure, at: this.now, ...moment });
    if (isAwaited && needsAPerson(failure) && this.health() !== 'blocked') {
      this.broken('a misconfiguration is named, and not tried in a loop', this.health());
    }
  }
  judge(failure: AuthFailure | null, moment: Chance): void {
    if (!this.trying) return;
    const { attempt } = this.trying;
    this.trying = null;
    if (failure) this.tell({ type: 'token_rejected', attempt, failure, at: this.now, ...moment });
    else this.tell({ type: 'token_accepted', attempt, at: this.now, ...moment });
  }
  refuse(): void {
    if (this.last !== null) this.refused.add(this.last);
    this.tell({ type: 'refused', at: this.now });
  }
  confirm(): void {
    this.isConfirmed = true;
    this.tell({ type: 'confirmed' });
  }
  endWait(): void {
    if (!this.wait) return;
    const { attempt } = this.wait;
    this.wait = null;
    this.tell({ type: 'wait_over', attempt });
  }
  pass(ms: number): void {
    const until = this.now + ms;
    while (this.wait && this.wait.until <= until) {
      this.now = Math.max(this.now, this.wait.until);
      this.endWait();
    }
    this.now = Math.max(this.now, until);
    this.checkRest();
  }
  /** The device's clock is set. */
  setClock(byMs: number): void {
    this.clockSet++;
    this.now += byMs;
    this.aheadMs += byMs;
    this.doubtMs = null;
    if (this.wait) this.wait = { ...this.wait, until: this.wait.until + byMs };
  }

  /** Nothing is wrong from here on. */
  recover(): void {
    const moment = { random: 0.5 };
    this.start(this.session ?? 'a');
    // The first answer may still be the last token that the machine knows of: it takes another question to get another.
    for (let step = 0; step < 40; step++) {
      const waited = this.waiters.length > 0;
      if (this.flights.length > 0) this.answer('flights', 0, 'good', moment);
      else if (this.trying) this.judge(null, moment);
      else if (this.wait) this.pass(this.wait.until - this.now);
      else if (waited) this.broken('healthy once faults stop', 'somebody waits for nothing');
      else if (this.last === null || this.isExpired(this.last) || this.health() !== 'healthy') {
        if (step > 0 && this.last !== null && !this.refused.has(this.last)) this.confirm();
        if (this.health() !== 'healthy') this.ask(true);
      } else return;
    }
    this.broken('healthy once faults stop', `it is ${this.health()}`);
  }
}

export interface Chance {
  readonly random: number;
}
