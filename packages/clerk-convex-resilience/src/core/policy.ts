import { type AuthResilienceError, invalidOption } from './errors.ts';

/** How to wait between attempts. Every option has a default; each is checked when it is given. */
export interface RetryPolicyOptions {
  /**
   * Calls after the first. `Infinity` never gives up. Not consulted for an error that cannot go away by itself.
   * @defaultValue 10
   */
  readonly retries?: number;
  /**
   * How long one attempt may take, in milliseconds, before it counts as failed.
   * @defaultValue 10_000
   */
  readonly attemptTimeoutMs?: number;
  /**
   * The first wait, in milliseconds. After a network error it triples with every failure; after another failure the second wait is
   * `quickDelayMs`, and after 429, 503 or a timeout already the first.
   * @defaultValue 300
   */
  readonly firstDelayMs?: number;
  /**
   * The longest wait while the outage is younger than `quickForMs`, in milliseconds.
   * @defaultValue 3_000
   */
  readonly quickDelayMs?: number;
  /**
   * How long an outage is met with quick attempts, in milliseconds. After it a wait is a fifth of the time already lost.
   * @defaultValue 30_000
   */
  readonly quickForMs?: number;
  /**
   * The longest wait, in milliseconds. A longer `Retry-After` is kept.
   * @defaultValue 60_000
   */
  readonly maxDelayMs?: number;
}

/** A policy in which nothing is left open. */
export type RetryPolicy = Required<RetryPolicyOptions>;

/** The longest that `setTimeout` can wait. */
const maxMs = 2 ** 31 - 1;

const defaults: RetryPolicy = {
  retries: 10,
  attemptTimeoutMs: 10_000,
  firstDelayMs: 300,
  quickDelayMs: 3_000,
  quickForMs: 30_000,
  maxDelayMs: 60_000,
};

/** Ready-made policies. */
export const retryPolicies = {
  /** Ordinary requests: ten retries, some twenty seconds of a network outage. The default of `createTokenRetryFetch`. */
  request: defaults,
  /** Whatever a session hangs on: never gives up. The default of the guard and of the token source. */
  session: { ...defaults, retries: Infinity },
  /** One attempt, no retry: for a caller with a ladder of its own. */
  none: { ...defaults, retries: 0 },
} as const satisfies Record<string, RetryPolicy>;

/**
 * Completes and checks a policy.
 * @throws AuthResilienceError `invalid_option`, naming the option, its value and what was expected.
 */
export function resolvePolicy(options: RetryPolicyOptions = {}, base: RetryPolicy = defaults): RetryPolicy {
  if (typeof options !== 'object' || options === null) throw invalidOption('policy', options, 'an object');
  const policy: { -readonly [K in keyof RetryPolicy]: RetryPolicy[K] } = { ...base };
  for (const [name, value] of Object.entries(options) as [keyof RetryPolicy, unknown][]) {
    if (value === undefined) continue;
    const fail = (expected: string): AuthResilienceError => invalidOption(`policy.${name}`, value, expected);
    if (!Object.hasOwn(defaults, name)) throw fail(`one of ${Object.keys(defaults).join(', ')}`);
    const isCount = name === 'retries';
    const [min, max] = [/Timeout/.test(name) ? 1 : 0, isCount ? Infinity : maxMs];
    // Infinity % 1 is NaN
    if (typeof value !== 'number' || !(value >= min && value <= max) || (isCount && value % 1)) {
      throw fail(`a ${isCount ? 'whole ' : ''}number from ${min} to ${max}`);
    }
    policy[name] = value;
  }
  return policy;
}
