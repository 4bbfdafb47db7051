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
   * The first wait after 429, 503 or a timeout, in milliseconds: the server is there and has too much to do. The second is three
   * times as long, and each later one twice as long as the one before.
   * @defaultValue 5_000
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

/** The longest that `setTimeout` can wait. */
const maxMs = 2 ** 31 - 1;

/** Least and most of each option. */
const ranges: { readonly [K in keyof RetryPolicy]: readonly [min: number, max: number] } = {
  retries: [0, Infinity],
  attemptTimeoutMs: [1, maxMs],
  firstDelayMs: [0, maxMs],
  quickDelayMs: [0, maxMs],
  quickForMs: [0, maxMs],
  maxDelayMs: [0, maxMs],
  overloadDelayMs: [0, maxMs],
  maxOverloadDelayMs: [0, maxMs],
  hiddenFactor: [1, 100],
};

const defaults: RetryPolicy = {
  retries: 10,
  attemptTimeoutMs: 10_000,
  firstDelayMs: 300,
  quickDelayMs: 2_500,
  quickForMs: 30_000,
  maxDelayMs: 60_000,
  overloadDelayMs: 5_000,
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
    const range = ranges[name as keyof RetryPolicy] as readonly [number, number] | undefined;
    const option = `policy.${name}`;
    if (!range) throw invalidOption(option, value, `left out: the options are ${Object.keys(ranges).join(', ')}`);
    if (value === undefined) continue;
    const [min, max] = range;
    const whole = name === 'retries';
    const fits = typeof value === 'number' && value >= min && value <= max;
    if (fits && !(whole && value % 1)) continue; // Infinity % 1 is NaN
    const unit = name.endsWith('Ms') ? ' of milliseconds' : '';
    throw invalidOption(option, value, `a ${whole ? 'whole ' : ''}number${unit} from ${min} to ${max}`);
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...base, ...given };
}
