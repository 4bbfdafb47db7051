import type { AuthFailure } from './failure.ts';
import type { RetryPolicy } from './policy.ts';

/** What has gone wrong since the last success. */
export interface FailureHistory {
  /** Failures in a row, 1 or more. */
  readonly failures: number;
  /** Time since the first of them, in milliseconds. */
  readonly outageMs: number;
  /** The newest one. */
  readonly last: Pick<AuthFailure, 'kind' | 'status' | 'retryAfterMs'>;
  /** Whether the page cannot show anything before this succeeds: it is loading. */
  readonly loading?: boolean;
}

/** The least share of its window that a wait takes; the rest is jitter. */
const steady = 0.9;
/** The longest wait as a share of the time already lost, after the quick ones. */
const outageShare = 0.2;
/** How long a page that loads is met with quicker attempts, in milliseconds. */
const loadingForMs = 15_000;

/** How long to wait before the next attempt, in milliseconds. Pure: `random` is one number in [0, 1). */
export function backoffDelay(policy: RetryPolicy, history: FailureHistory, random: number): number {
  const jittered = windowOf(policy, history) * (steady + (1 - steady) * random);
  // Honoured exactly, Retry-After brings everybody back in the same moment: it is a floor, and the spread lies above it.
  return Math.round(Math.max(jittered, (history.last.retryAfterMs ?? 0) * (1 + random)));
}

/** More make no wait longer, and too many make Infinity: a first wait of 0 times that is no number. */
const mostSteps = 40;

/** Does this failure say "too much to do" rather than "not there"? */
const isOverload = ({ kind, status }: FailureHistory['last']): boolean =>
  kind === 'rate_limited' || kind === 'timeout' || status === 503;

function windowOf(policy: RetryPolicy, { failures, outageMs, last, loading }: FailureHistory): number {
  const { firstDelayMs, quickDelayMs, quickForMs, maxDelayMs } = policy;
  if (outageMs >= quickForMs) return Math.min(maxDelayMs, Math.max(quickDelayMs, outageMs * outageShare));
  const isLoading = loading && outageMs < loadingForMs;
  // A second attempt of a load has to fit into the 2 s for which its failure may be held (clerkHolds.ts).
  if (isOverload(last)) return isLoading ? quickDelayMs / 2 : quickDelayMs;
  const cap = isLoading ? quickDelayMs / 4 : quickDelayMs;
  // A network that flickers is soon back; a server that answers with a failure rarely is.
  const growth = last.status === undefined ? 3 : 10;
  return Math.min(cap, firstDelayMs * growth ** Math.min(failures - 1, mostSteps));
}

const shortOutageMs = 10_000;
const leastSpreadMs = 50;
const maxSpreadMs = 400;

/**
 * How long to wait after a wake signal, in milliseconds: at once after a short outage, spread after a long one (everybody
 * is woken by the same end of it), later in the background. It shortens a wait; the history stays as it is.
 */
export function wakeDelay(outage: { readonly outageMs: number; readonly hidden?: boolean }, random: number): number {
  const spread = Math.min(maxSpreadMs, leastSpreadMs + Math.max(0, outage.outageMs - shortOutageMs) / 50);
  // In the background the whole spread comes first: visible pages are served before.
  return Math.round((outage.hidden ? spread : 0) + spread * random);
}
