import { expect, test } from 'vitest';
import { comparisonOf } from './comparison.ts';
import type { Outcome } from './outcome.ts';
import type { Row, SideResult } from './Row.ts';

const side = (recoveredAfterMs: number | null, outcome: Outcome = 'recovers') =>
  ({ ok: true, outcome, measures: { recoveredAfterMs } }) as SideResult;

const row = (pairs: ReadonlyArray<readonly [SideResult, SideResult]>, realEnd = false): Row => {
  const [results, ...again] = pairs.map(([plain, resilient]) => ({ plain, resilient }));
  return { scenario: { realEnd }, results, again } as unknown as Row;
};

test('ours is slower when each of its runs is later than each of plain', () => {
  const runs = [310, 290, 350].map((ms) => [side(ms), side(ms + 200)] as const);
  expect(comparisonOf(row(runs))).toEqual({
    plainMs: [310, 290, 350],
    resilientMs: [510, 490, 550],
    ratio: 1.65,
    isSlower: true,
  });
});

test('runs that overlap are noise, and so is what nobody notices', () => {
  expect(
    comparisonOf(
      row([
        [side(300), side(900)],
        [side(1_000), side(950)],
      ]),
    ),
  ).toMatchObject({ isSlower: false });
  expect(
    comparisonOf(
      row([
        [side(10), side(90)],
        [side(12), side(99)],
      ]),
    ),
  ).toMatchObject({ isSlower: false, ratio: 9 });
});

test('who is not back by itself, or was lost meanwhile, is later than anybody', () => {
  expect(comparisonOf(row([[side(null, 'not_refreshed'), side(5_000)]]))).toMatchObject({
    isSlower: false,
    ratio: null,
  });
  expect(comparisonOf(row([[side(200, 'signed_out_for_a_while'), side(5_000)]]))).toMatchObject({ isSlower: false });
  expect(comparisonOf(row([[side(200), side(null, 'not_refreshed')]]))).toMatchObject({ isSlower: true });
});

test('a real end, and a side alone, compare to nothing', () => {
  expect(comparisonOf(row([[side(200), side(400)]], true))).toBeUndefined();
  expect(
    comparisonOf({ scenario: { realEnd: false }, results: { resilient: side(1) } } as unknown as Row),
  ).toBeUndefined();
});
