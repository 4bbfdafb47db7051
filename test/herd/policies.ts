import {
  backoffDelay,
  type FailureHistory,
  wakeDelay,
} from '../../packages/clerk-convex-resilience/src/core/backoff.ts';
import { retryPolicies } from '../../packages/clerk-convex-resilience/src/core/policy.ts';

/** What a client is told of its attempt: offline, no connection, a server that is down (502), one that sheds load (503), no answer in time. */
export type Failure = 'offline' | 'network' | 'down' | 'shed' | 'timeout';

/** One client: its memory of this outage. Times are in milliseconds. */
export interface Client {
  /** How long it waits after its attempt failed at `now`; Infinity: it has given up. */
  failed(failure: Failure, now: number): number;
  /** How long it still waits when the browser says that it is online; undefined: as if nothing had been said. */
  woken?(now: number): number;
}

export interface Policy {
  readonly name: string;
  client(random: () => number): Client;
}

const lastOf: Record<Failure, FailureHistory['last']> = {
  offline: { kind: 'offline' },
  network: { kind: 'network' },
  down: { kind: 'server', status: 502 },
  shed: { kind: 'server', status: 503 },
  timeout: { kind: 'timeout' },
};

type Delay = (history: FailureHistory, random: number) => number;

const ourWake = (outageMs: number, random: number): number => wakeDelay({ outageMs }, random);

/** Clients that keep the history that ours keep. */
const withHistory = (name: string, delay: Delay, wake = ourWake): Policy => ({
  name,
  client(random) {
    let since = 0;
    let failures = 0;
    return {
      failed(failure, now) {
        if (failures === 0) since = now;
        return delay({ failures: ++failures, outageMs: now - since, last: lastOf[failure] }, random());
      },
      woken: (now) => wake(now - since, random()),
    };
  },
});

export const ours = withHistory('ours', (history, random) => backoffDelay(retryPolicies.session, history, random));

/** Ours with more jitter: a wait lies in [`steady` x window, window]. */
const jittered = (steady: number): Policy =>
  withHistory(`ours, waits in [${steady} w, w]`, (history, random) => {
    const window = backoffDelay(retryPolicies.session, history, 1);
    return window * (steady + (1 - steady) * random);
  });

/** Ours with other numbers. */
const other = (name: string, quickDelayMs: number): Policy =>
  withHistory(name, (history, random) => backoffDelay({ ...retryPolicies.session, quickDelayMs }, history, random));

/** Ours with a smaller part of the time lost. */
const share = (part: number): Policy =>
  withHistory(`ours, a wait is 1/${part} of the outage`, (history, random) =>
    backoffDelay(
      { ...retryPolicies.session, maxDelayMs: 300_000 / part },
      { ...history, outageMs: history.outageMs < 30_000 ? history.outageMs : (history.outageMs * 5) / part },
      random,
    ),
  );

/** What this library did before: doubling to 2.5 s, a twelfth of the outage, and windows of 5 to 120 s after an overload. */
export const before: Policy = {
  name: 'a twelfth, and windows of 5 to 120 s after an overload (ours before)',
  client(random) {
    let since = 0;
    let failures = 0;
    let overloads = 0;
    return {
      failed(failure, now) {
        if (failures++ === 0) since = now;
        const age = now - since;
        const quick = Math.min(2_500, 300 * 2 ** (failures - 1));
        let window = age < 30_000 ? quick : Math.min(60_000, Math.max(quick, age / 12));
        if (failure === 'shed' || failure === 'timeout') {
          overloads++;
          window = Math.min(120_000, 5_000 * (overloads < 2 ? 1 : 1.5 * 2 ** (overloads - 1)));
        }
        return window * (0.5 + random() / 2);
      },
      woken: (now) => Math.min(10_000, 50 + Math.max(0, now - since - 10_000) / 10) * random(),
    };
  },
};

/** A published schedule that knows only how often it has failed. */
const counting = (name: string, delay: (failures: number, random: number, failure: Failure) => number): Policy => ({
  name,
  client(random) {
    let failures = 0;
    return { failed: (failure) => delay(failures++, random(), failure) };
  },
});

/** R3 of the policies that were compared first: equal jitter 0.5 to 8 s; 30 to 120 s after an overload; `online` spread over 5 s. */
const fixedWindow: Policy = {
  name: 'fixed window: 0.5 to 8 s, 30 to 120 s after an overload',
  client(random) {
    let failures = 0;
    let window = 0;
    return {
      failed(failure) {
        const quick = Math.min(8_000, 500 * 2 ** failures++);
        const overload = failure === 'shed' || failure === 'timeout';
        if (overload) window = window ? Math.min(120_000, window * 2) : 30_000;
        return (overload ? window : quick) * (0.5 + random() / 2);
      },
      woken: () => random() * 5_000,
    };
  },
};

/** As each is published, with its source's defaults. */
export const peers = {
  clerk: counting('clerk-js 6 Session.getToken (8 retries, offline 3, no jitter)', (n, _, failure) =>
    n >= (failure === 'offline' ? 3 : 8) ? Infinity : Math.min(50_000, 3_000 * 1.55 ** n),
  ),
  pRetry: counting('p-retry 7 (10 retries, no jitter)', (n) => (n >= 10 ? Infinity : 1_000 * 2 ** n)),
  tanStack: counting('TanStack Query 5 (3 retries)', (n) => (n >= 3 ? Infinity : Math.min(30_000, 1_000 * 2 ** n))),
  fullJitter: counting('full jitter 1 to 30 s, for ever', (n, random) => random * Math.min(30_000, 1_000 * 2 ** n)),
  fixedWindow,
} as const satisfies Record<string, Policy>;

export const policies: readonly Policy[] = [
  ours,
  jittered(0.5),
  jittered(1),
  other('ours, at most 1 s in the first 30 s', 1_000),
  share(12),
  before,
  ...Object.values(peers),
];
