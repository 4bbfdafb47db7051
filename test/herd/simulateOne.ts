import { createRandom } from '../support/random.ts';
import type { Failure, Policy } from './policies.ts';

/** What one user's outage comes to, over many users. */
export interface OneResult {
  /** Attempts during the outage. */
  readonly requests: number;
  /** From the mend to the next attempt, in seconds. Infinity where it has given up. */
  readonly mean: number;
  readonly p95: number;
  readonly most: number;
}

const users = 2_000;

/**
 * Outages of about `outageMs`, each a little longer or shorter, so that no schedule without jitter is lucky or unlucky. Nothing wakes
 * anybody.
 */
export function simulateOne(policy: Policy, failure: Failure, outageMs: number, seed: number): OneResult {
  const random = createRandom(seed);
  const delays: number[] = [];
  let requests = 0;
  for (let user = 0; user < users; user++) {
    const client = policy.client(random);
    const mendedAt = outageMs * (0.8 + 0.4 * random());
    let now = 0;
    while (now < mendedAt) {
      requests++;
      now += client.failed(failure, now);
    }
    delays.push((now - mendedAt) / 1_000);
  }
  delays.sort((a, b) => a - b);
  return {
    requests: requests / users,
    mean: delays.reduce((sum, delay) => sum + delay, 0) / users,
    p95: delays[Math.ceil(0.95 * users) - 1] ?? Infinity,
    most: delays.at(-1) ?? Infinity,
  };
}
