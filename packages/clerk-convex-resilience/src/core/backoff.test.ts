import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffDelay, type FailureHistory, wakeDelay } from './backoff.ts';
import type { AuthFailureKind } from './failure.ts';
import { retryPolicies } from './policy.ts';

const policy = retryPolicies.session;
const network = { kind: 'network' } as const;
const busy = { kind: 'rate_limited', status: 429 } as const;
const history = (over: Partial<FailureHistory>): FailureHistory => ({
  failures: 1,
  outageMs: 0,
  last: network,
  ...over,
});

describe('the wait after a network error', () => {
  it.each([
    // failures, outageMs, least, most
    [1, 0, 270, 300],
    [2, 300, 810, 900],
    [3, 1_200, 2_430, 2_700],
    [4, 3_900, 2_700, 3_000],
    [15, 29_999, 2_700, 3_000],
    [16, 30_000, 5_400, 6_000],
    [20, 60_000, 10_800, 12_000],
    [30, 300_000, 54_000, 60_000],
    [50, 720_000, 54_000, 60_000],
    [90, 36_000_000, 54_000, 60_000],
  ])('after %d failures in %d ms lies in [%d, %d] ms', (failures, outageMs, least, most) => {
    expect(backoffDelay(policy, history({ failures, outageMs }), 0)).toBe(least);
    expect(backoffDelay(policy, history({ failures, outageMs }), 1)).toBe(most);
  });

  it.each([
    [3, 1_200, 750],
    [15, 14_999, 750],
    [16, 15_000, 3_000],
    [16, 30_000, 6_000],
  ])('is shorter while the page loads, but not for long: %d failures in %d ms', (failures, outageMs, most) => {
    expect(backoffDelay(policy, history({ failures, outageMs, loading: true }), 1)).toBe(most);
  });
});

describe('the wait after an answer', () => {
  it.each<[kind: AuthFailureKind, status: number | undefined, first: number, second: number]>([
    ['network', undefined, 300, 900],
    ['offline', undefined, 300, 900],
    ['server', 500, 300, 3_000],
    ['server', 502, 300, 3_000],
    ['server', 503, 3_000, 3_000],
    ['rate_limited', 429, 3_000, 3_000],
    ['timeout', undefined, 3_000, 3_000],
  ])('%s %s: first %d ms, then %d', (kind, status, first, second) => {
    const last = { kind, ...(status !== undefined && { status }) };
    expect(backoffDelay(policy, history({ last }), 1)).toBe(first);
    expect(backoffDelay(policy, history({ last, failures: 2 }), 1)).toBe(second);
  });

  it('that says too much leaves a page that loads a second attempt within the two seconds that it may be held', () => {
    expect(backoffDelay(policy, history({ last: busy, loading: true }), 1)).toBe(1_500);
  });
});

describe('Retry-After', () => {
  it.each([
    [7_000, 0, 7_000],
    [7_000, 0.5, 10_500],
    [7_000, 1, 14_000],
    // shorter than the wait anyway
    [1_000, 1, 3_000],
  ])('of %d ms with chance %d makes %d ms', (retryAfterMs, random, expected) => {
    expect(backoffDelay(policy, history({ last: { ...busy, retryAfterMs } }), random)).toBe(expected);
  });
});

describe('the wait after a wake signal', () => {
  it.each([
    // outageMs, hidden, least, most
    [0, false, 0, 50],
    [10_000, false, 0, 50],
    [20_000, false, 0, 250],
    [600_000, false, 0, 400],
    [8_000, true, 50, 100],
    [600_000, true, 400, 800],
  ])('after %d ms, hidden: %s, lies in [%d, %d] ms', (outageMs, hidden, least, most) => {
    expect(wakeDelay({ outageMs, hidden }, 0)).toBe(least);
    expect(wakeDelay({ outageMs, hidden }, 1)).toBe(most);
  });

  it('is at most a second, and 300 ms in the middle for a visible page', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 10), fc.boolean(), (outageMs, hidden) => {
        expect(wakeDelay({ outageMs, hidden }, 1)).toBeLessThan(1_000);
        expect(wakeDelay({ outageMs }, 0.5)).toBeLessThanOrEqual(300);
      }),
    );
  });
});

const failures = fc.record(
  {
    kind: fc.constantFrom<AuthFailureKind>('network', 'timeout', 'offline', 'rate_limited', 'server', 'unknown'),
    status: fc.constantFrom(429, 500, 502, 503),
  },
  { requiredKeys: ['kind'] },
);
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('whatever happens', () => {
  /** Each failure, how long its attempt took, and the luck of the wait after it. */
  const attempts = fc.array(fc.tuple(failures, fc.nat(4_000), chance, fc.boolean()), { minLength: 1, maxLength: 200 });

  it('an outage that ends during a wait is noticed within 3 s, and after 30 s within a fifth of it and a minute', () => {
    fc.assert(
      fc.property(attempts, (seen) => {
        let now = 0;
        for (const [i, [last, tookMs, random, loading]] of seen.entries()) {
          now += tookMs;
          const wait = backoffDelay(policy, { failures: i + 1, outageMs: now, last, loading }, random);
          // The worst end of the outage is right behind the failure.
          expect(wait).toBeLessThanOrEqual(now < 30_000 ? 3_000 : Math.min(60_000, now / 5 + 1));
          now += wait;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('five minutes cost at most 28 attempts of any kind, thirty at most 56', () => {
    fc.assert(
      fc.property(failures, fc.array(chance, { minLength: 80, maxLength: 80 }), (last, luck) => {
        const countIn = (outageMs: number): number => {
          let now = 0;
          let count = 0;
          while (now < outageMs)
            now += backoffDelay(policy, { failures: ++count, outageMs: now, last }, luck[count] ?? 0);
          return count;
        };
        expect(countIn(300_000)).toBeLessThanOrEqual(28);
        expect(countIn(1_800_000)).toBeLessThanOrEqual(56);
      }),
      { numRuns: 1_000 },
    );
  });

  it('a wait is never under Retry-After, and never over twice of it or a minute', () => {
    const floors = fc.option(fc.nat(3_600_000), { nil: 0 });
    fc.assert(
      fc.property(
        failures,
        floors,
        fc.nat(10_000),
        fc.nat(10 ** 10),
        chance,
        (last, floor, count, outageMs, random) => {
          const seen = { failures: count + 1, outageMs, last: { ...last, retryAfterMs: floor } };
          const delay = backoffDelay(policy, seen, random);
          expect(delay).toBeGreaterThanOrEqual(floor);
          expect(delay).toBeLessThanOrEqual(Math.max(60_000, floor * 2));
        },
      ),
    );
  });
});
