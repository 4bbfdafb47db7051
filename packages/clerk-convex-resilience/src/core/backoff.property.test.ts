import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffDelay } from './backoff.ts';
import type { AuthFailureKind } from './failure.ts';
import { resolvePolicy } from './policy.ts';
import { longestWaitMs } from './tokenWorld.ts';

const numRuns = 10_000;
const ms = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_600_000 }));
const count = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 10 ** 6 }));
const policies = fc
  .record({ firstDelayMs: ms, quickDelayMs: ms, quickForMs: ms, maxDelayMs: ms }, { requiredKeys: [] })
  .map((options) => resolvePolicy(options));
const histories = fc.record({
  failures: count,
  outageMs: fc.integer({ min: -3_600_000, max: 10 ** 10 }),
  last: fc.record(
    {
      kind: fc.constantFrom<AuthFailureKind>('network', 'timeout', 'offline', 'rate_limited', 'server', 'unknown'),
      status: fc.constantFrom(429, 500, 502, 503),
      retryAfterMs: ms,
    },
    { requiredKeys: ['kind'] },
  ),
  loading: fc.boolean(),
});
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('backoffDelay, of whatever policy and after whatever happened', () => {
  it('is a number of milliseconds, never under Retry-After, and never longer than the policy’s longest wait or twice that', () => {
    fc.assert(
      fc.property(policies, histories, chance, (policy, history, random) => {
        const delay = backoffDelay(policy, history, random);
        const floor = history.last.retryAfterMs ?? 0;
        expect(Number.isInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(floor);
        expect(delay).toBeLessThanOrEqual(Math.max(longestWaitMs(policy), floor * 2));
      }),
      { numRuns },
    );
  });

  it('grows with the chance, so that nobody who is told apart by it comes at the same moment', () => {
    fc.assert(
      fc.property(policies, histories, chance, chance, (policy, history, a, b) => {
        const [sooner, later] = a < b ? [a, b] : [b, a];
        expect(backoffDelay(policy, history, sooner)).toBeLessThanOrEqual(backoffDelay(policy, history, later));
      }),
      { numRuns },
    );
  });
});
