import type { AuthFailure } from './failure.ts';
import type { RetryPolicy } from './policy.ts';

/** What has gone wrong since the last success. */
export interface FailureHistory {
  /** Failures in a row, 1 or more. */
  readonly failures: number;
  /** Of these, how many said that the server has too much to do. */
  readonly overloads: number;
  /** Time since the first of them, in milliseconds. */
  readonly outageMs: number;
  /** The newest one. */
  readonly last: Pick<AuthFailure, 'kind' | 'status' | 'retryAfterMs'>;
  /** Whether something else proves that the network works: a network error is then probably an edge that sheds load without CORS headers. */
  readonly networkUp?: boolean;
  /** Whether the page is in the background. */
  readonly hidden?: boolean;
}

/** Does this failure say "too much to do" rather than "not there"? */
export const isOverload = ({ kind, status }: Pick<AuthFailure, 'kind' | 'status'>): boolean =>
  kind === 'rate_limited' || kind === 'timeout' || status === 503;

/** How long to wait before the next attempt, in milliseconds. Pure: `random` is one number in [0, 1). */
export function backoffDelay(policy: RetryPolicy, history: FailureHistory, random: number): number {
  const { last, outageMs } = history;
  // The first seconds stay quick whatever else is up: most refused connections are over before a server could mind.
  const shed = isOverload(last) || (history.networkUp === true && outageMs >= policy.quickForMs);
  const window = shed ? overloadWindow(policy, history) : networkWindow(policy, history);
  const jittered = window * (0.5 + random / 2) * (history.hidden ? policy.hiddenFactor : 1);
  // Honoured exactly, Retry-After brings everybody back in the same moment: it is a floor, and the spread lies above it.
  return Math.round(Math.max(jittered, (last.retryAfterMs ?? 0) * (1 + random)));
}

/** More make no wait longer, and too many make Infinity: a first wait of 0 times that is no number. */
const mostDoublings = 40;

function networkWindow(policy: RetryPolicy, { failures, outageMs }: FailureHistory): number {
  const quick = Math.min(policy.quickDelayMs, policy.firstDelayMs * 2 ** Math.min(failures - 1, mostDoublings));
  if (outageMs < policy.quickForMs) return quick;
  // Continuous at quickForMs: a wait stays the same part of the time already lost.
  const share = policy.quickForMs > 0 ? policy.quickDelayMs / policy.quickForMs : 1;
  return Math.min(policy.maxDelayMs, Math.max(quick, outageMs * share));
}

/**
 * A single 429 costs 5 s; the second of them means it: 15, 30, 60, 120 s. In the simulation of 100,000 clients and a server
 * that is back after 30 s with 2,000 requests a second, the last of them is served after 102 s (a plain doubling from 4 s:
 * 113 s; from 30 s: 179 s; the limit: 50 s), and of 10,000 after 6.5 s (5 s).
 */
function overloadWindow(policy: RetryPolicy, { overloads }: FailureHistory): number {
  const steps = overloads < 2 ? 1 : 1.5 * 2 ** Math.min(overloads - 1, mostDoublings);
  return Math.min(policy.maxOverloadDelayMs, policy.overloadDelayMs * steps);
}

const shortOutageMs = 10_000;
const smallJitterMs = 50;
const maxSpreadMs = 10_000;

/**
 * How long to wait after a wake signal, in milliseconds: at once after a short outage, spread in proportion to a long one
 * (everybody is woken by the same end of it), later in the background. It shortens a wait; the history stays as it is.
 */
export function wakeDelay(
  policy: RetryPolicy,
  outage: { readonly outageMs: number; readonly hidden?: boolean },
  random: number,
): number {
  const spread = Math.min(maxSpreadMs, smallJitterMs + Math.max(0, outage.outageMs - shortOutageMs) / 10);
  // In the background the whole spread comes first: visible pages are served before.
  return Math.round(outage.hidden ? spread * (policy.hiddenFactor - 1) + spread * random : spread * random);
}
