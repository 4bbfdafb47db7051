import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockAhead } from './serverClock.ts';

const iat = 1_700_000_000;
const minted = iat * 1000;

describe('clockAhead', () => {
  it.each<[what: string, known: number | null, asked: number, arrived: number, aheadMs: number | null]>([
    ['a clock that is right', null, 200, 400, 0],
    ['a right clock and an answer that took half a minute', null, -15_000, 15_000, 0],
    ['a token that was minted a little before it was asked for', null, 8_000, 8_200, 0],
    ['a clock two minutes ahead', null, 120_200, 120_400, 119_000],
    ['a clock two minutes behind', null, -120_000, -119_800, -120_000],
    ['a clock two minutes behind and a slow answer', null, -150_000, -120_000, -120_000],
    ['what is known, as long as it agrees', 119_000, 124_000, 124_500, 119_000],
    ['a clock that was set right', 119_000, 200, 400, 0],
    ['a clock that was set wrong', 0, 3_600_200, 3_600_400, 3_599_000],
  ])('tells %s', (_what, known, asked, arrived, aheadMs) => {
    expect(clockAhead(known, { iat, askedAt: minted + asked, at: minted + arrived })).toBe(aheadMs);
  });

  it('learns nothing from a token that does not say when it was minted', () => {
    expect(clockAhead(null, { iat: undefined, askedAt: 0, at: 0 })).toBeNull();
    expect(clockAhead(5_000, { iat: undefined, askedAt: 0, at: 0 })).toBe(5_000);
  });

  it('is off by no more than ten seconds and the time that the answer took', () => {
    const ms = (max: number) => fc.integer({ min: 0, max });
    fc.assert(
      fc.property(
        fc.integer({ min: -(10 ** 9), max: 10 ** 9 }),
        ms(90_000),
        ms(90_000),
        ms(999),
        (skew, way, back, cut) => {
          const at = minted + cut + skew;
          const told = clockAhead(null, { iat, askedAt: at - way, at: at + back }) ?? Number.NaN;
          expect(Math.abs(told - skew)).toBeLessThanOrEqual(10_000 + 1_500 + way + back);
          expect(Math.sign(told) * Math.sign(skew)).not.toBe(-1);
        },
      ),
    );
  });
});
