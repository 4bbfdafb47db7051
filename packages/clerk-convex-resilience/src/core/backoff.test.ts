import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffDelay, type FailureHistory, isOverload, wakeDelay } from './backoff.ts';
import type { AuthFailureKind } from './failure.ts';
import { retryPolicies } from './policy.ts';

const policy = retryPolicies.session;
const network = { kind: 'network' } as const;
const busy = { kind: 'rate_limited', status: 429 } as const;
const history = (over: Partial<FailureHistory>): FailureHistory => ({
  failures: 1,
  overloads: 0,
  outageMs: 0,
  last: network,
  ...over,
});

describe('the wait after a network error', () => {
  it.each([
    // failures, outageMs, least, most
    [1, 0, 150, 300],
    [2, 300, 300, 600],
    [3, 900, 600, 1_200],
    [4, 2_000, 1_200, 2_400],
    [5, 4_000, 1_250, 2_500],
    [15, 29_999, 1_250, 2_500],
    [16, 30_000, 1_250, 2_500],
    [20, 60_000, 2_500, 5_000],
    [30, 300_000, 12_500, 25_000],
    [50, 720_000, 30_000, 60_000],
    [90, 36_000_000, 30_000, 60_000],
  ])('after %d failures in %d ms lies in [%d, %d] ms', (failures, outageMs, least, most) => {
    expect(backoffDelay(policy, history({ failures, outageMs }), 0)).toBe(least);
    expect(backoffDelay(policy, history({ failures, outageMs }), 1)).toBe(most);
  });

  it('is longer in the background', () => {
    expect(backoffDelay(policy, history({ hidden: true }), 1)).toBe(600);
  });
});

describe('the wait after an overload', () => {
  it.each([
    [1, 2_500, 5_000],
    [2, 7_500, 15_000],
    [3, 15_000, 30_000],
    [4, 30_000, 60_000],
    [5, 60_000, 120_000],
    [40, 60_000, 120_000],
  ])('number %d lies in [%d, %d] ms', (overloads, least, most) => {
    const seen = history({ failures: overloads, overloads, last: busy });
    expect(backoffDelay(policy, seen, 0)).toBe(least);
    expect(backoffDelay(policy, seen, 1)).toBe(most);
  });

  it.each<[kind: AuthFailureKind, status: number | undefined, overload: boolean]>([
    ['rate_limited', 429, true],
    ['server', 503, true],
    ['timeout', undefined, true],
    ['server', 500, false],
    ['server', 502, false],
    ['network', undefined, false],
    ['offline', undefined, false],
  ])('%s %s: %s', (kind, status, overload) => {
    expect(isOverload({ kind, ...(status !== undefined && { status }) })).toBe(overload);
  });

  it('meets a network error as overload once it lasts while the network is known to work', () => {
    const seen = { failures: 15, overloads: 15, networkUp: true };
    expect(backoffDelay(policy, history({ ...seen, outageMs: 10_000 }), 1)).toBe(2_500);
    expect(backoffDelay(policy, history({ ...seen, outageMs: 30_000 }), 1)).toBe(120_000);
  });
});

describe('Retry-After', () => {
  it.each([
    [7_000, 0, 7_000],
    [7_000, 0.5, 10_500],
    [7_000, 1, 14_000],
    // shorter than the window anyway
    [1_000, 1, 5_000],
  ])('of %d ms with chance %d makes %d ms', (retryAfterMs, random, expected) => {
    const seen = history({ overloads: 1, last: { ...busy, retryAfterMs } });
    expect(backoffDelay(policy, seen, random)).toBe(expected);
  });
});

describe('the wait after a wake signal', () => {
  it.each([
    // outageMs, hidden, least, most
    [0, false, 0, 50],
    [8_000, false, 0, 50],
    [10_000, false, 0, 50],
    [30_000, false, 0, 2_050],
    [600_000, false, 0, 10_000],
    [8_000, true, 50, 100],
    [600_000, true, 10_000, 20_000],
  ])('after %d ms, hidden: %s, lies in [%d, %d] ms', (outageMs, hidden, least, most) => {
    expect(wakeDelay(policy, { outageMs, hidden }, 0)).toBe(least);
    expect(wakeDelay(policy, { outageMs, hidden }, 1)).toBe(most);
  });
});

describe('whatever happened', () => {
  const histories = fc.record({
    failures: fc.integer({ min: 1, max: 10_000 }),
    overloads: fc.integer({ min: 0, max: 10_000 }),
    outageMs: fc.integer({ min: 0, max: 10 ** 10 }),
    last: fc.record(
      {
        kind: fc.constantFrom<AuthFailureKind>('network', 'timeout', 'offline', 'rate_limited', 'server', 'unknown'),
        status: fc.constantFrom(429, 500, 502, 503),
        retryAfterMs: fc.integer({ min: 0, max: 3_600_000 }),
      },
      { requiredKeys: ['kind'] },
    ),
    networkUp: fc.boolean(),
    hidden: fc.boolean(),
  });
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it('a wait is bounded, never under Retry-After and never over twice of it or the cap', () => {
    fc.assert(
      fc.property(histories, chance, (seen, random) => {
        const delay = backoffDelay(policy, seen, random);
        const floor = seen.last.retryAfterMs ?? 0;
        const cap = policy.maxOverloadDelayMs * (seen.hidden ? policy.hiddenFactor : 1);
        expect(delay).toBeGreaterThanOrEqual(floor);
        expect(delay).toBeLessThanOrEqual(Math.max(cap, floor * 2));
      }),
    );
  });

  it('a visible page is at most 2.5 s from its next attempt in the first 30 s of a network outage', () => {
    fc.assert(
      fc.property(histories, chance, fc.integer({ min: 0, max: 29_999 }), (seen, random, outageMs) => {
        const delay = backoffDelay(policy, { ...seen, last: network, outageMs, hidden: false }, random);
        expect(delay).toBeLessThanOrEqual(2_500);
      }),
    );
  });

  it('a page in the background never waits less than a visible one', () => {
    fc.assert(
      fc.property(histories, chance, (seen, random) => {
        const shown = backoffDelay(policy, { ...seen, hidden: false }, random);
        expect(backoffDelay(policy, { ...seen, hidden: true }, random)).toBeGreaterThanOrEqual(shown);
        expect(wakeDelay(policy, { ...seen, hidden: true }, random)).toBeGreaterThanOrEqual(
          wakeDelay(policy, { ...seen, hidden: false }, random),
        );
      }),
    );
  });
});
