import { invalidOption } from './errors.ts';

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
   * The first wait after a network error, in milliseconds. It doubles with every failure.
   * @defaultValue 300
   */
  readonly firstDelayMs?: number;
  /**
   * The longest wait after a network error while the outage is younger than `quickForMs`, in milliseconds.
   * @defaultValue 2_500
   */
  readonly quickDelayMs?: number;
  /**
   * How long an outage is met with quick attempts, in milliseconds. After it a wait is proportional to the time already lost.
   * @defaultValue 30_000
   */
  readonly quickForMs?: number;
  /**
   * The longest wait after a network error, in milliseconds.
   * @defaultValue 60_000
   */
  readonly maxDelayMs?: number;
  /**
   * The first wait after 429, 503 or a timeout, in milliseconds: the server is there and has too much to do. It doubles with every one.
   * @defaultValue 4_000
   */
  readonly overloadDelayMs?: number;
  /**
   * The longest wait after 429, 503 or a timeout, in milliseconds. A longer `Retry-After` is kept.
   * @defaultValue 120_000
   */
  readonly maxOverloadDelayMs?: number;
  /**
   * How many times longer a page in the background waits.
   * @defaultValue 2
   */
  readonly hiddenFactor?: number;
}

/** A policy in which nothing is left open. */
export type RetryPolicy = Required<RetryPolicyOptions>;

interface Range {
  readonly min: number;
  readonly max: number;
  readonly whole?: true;
  readonly text: string;
}
const delay: Range = { min: 0, max: 2 ** 31 - 1, text: 'a number of milliseconds, 0 or more (up to 2147483647)' };
const duration: Range = { ...delay, min: 1, text: 'a number of milliseconds, 1 or more (up to 2147483647)' };

const ranges: { readonly [K in keyof RetryPolicy]: Range } = {
  retries: { min: 0, max: Infinity, whole: true, text: 'a whole number, 0 or more, or Infinity' },
  attemptTimeoutMs: duration,
  firstDelayMs: delay,
  quickDelayMs: delay,
  quickForMs: delay,
  maxDelayMs: delay,
  overloadDelayMs: delay,
  maxOverloadDelayMs: delay,
  hiddenFactor: { min: 1, max: 100, text: 'a number from 1 to 100' },
};

const defaults: RetryPolicy = {
  retries: 10,
  attemptTimeoutMs: 10_000,
  firstDelayMs: 300,
  quickDelayMs: 2_500,
  quickForMs: 30_000,
  maxDelayMs: 60_000,
  overloadDelayMs: 4_000,
  maxOverloadDelayMs: 120_000,
  hiddenFactor: 2,
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
  for (const [name, value] of Object.entries(options)) {
    const range = ranges[name as keyof RetryPolicy] as Range | undefined;
    if (!range)
      throw invalidOption(`policy.${name}`, value, `left out: the options are ${Object.keys(ranges).join(', ')}`);
    if (value === undefined) continue;
    const fits = typeof value === 'number' && value >= range.min && value <= range.max;
    if (!fits || (range.whole && value !== Infinity && !Number.isInteger(value))) {
      throw invalidOption(`policy.${name}`, value, range.text);
    }
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...base, ...given };
}
