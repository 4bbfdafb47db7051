import { expect, test } from 'vitest';
import { type Comparison, comparisonOf, isProbablySlower } from './comparison.ts';
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
    chance: 1 / 20,
  });
});

test('a step of several is not compared: what came before it is in its times', () => {
  const alone = row([[side(300), side(900)]]);
  expect(comparisonOf(alone)).toBeDefined();
  expect(comparisonOf({ ...alone, life: 'life_01' })).toBeUndefined();
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

test('one quick run of ours does not hide that it is slower, and runs that mix do not tell', () => {
  const of = (plain: readonly number[], ours: readonly number[]) =>
    comparisonOf(row(plain.map((ms, i) => [side(ms), side(ours[i] ?? null)] as const))) as Comparison;
  const all = of([1, 2, 3, 4, 5], [201, 202, 203, 204, 205]);
  expect([all.chance, isProbablySlower(all)]).toEqual([1 / 252, true]);
  const but = of([1, 2, 3, 4, 203], [201, 202, 203, 204, 205]);
  expect([but.isSlower, isProbablySlower(but)]).toEqual([false, true]);
  expect(isProbablySlower(of([1, 2, 3, 4, 250], [201, 202, 3, 2, 205]))).toBe(false);
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
