import { describe, expect, test } from 'vitest';
import { coveringPlan, uncoveredPairs } from './coveringPlan.ts';
import { feasiblePairs } from './infeasible.ts';

describe('the covering plan', () => {
  test.each([1, 2, 3, 20_261_125])('meets every pair of two dimensions that can meet (seed %i)', (seed) => {
    expect(uncoveredPairs(coveringPlan(seed))).toEqual([]);
  });
  test('meets every fault in every moment exactly once', () => {
    const met = coveringPlan(1)
      .flat()
      .map(({ when, fault }) => `${when} ${fault}`);
    expect(met.toSorted()).toEqual(feasiblePairs.map(({ when, fault }) => `${when} ${fault}`).toSorted());
  });
  test('changes nothing within a life that a page cannot change, and ends it with the sign-out', () => {
    for (const life of coveringPlan(7)) {
      expect(new Set(life.map(({ clerk, mode, react, strict }) => `${clerk} ${mode} ${react} ${strict}`)).size).toBe(1);
      expect(life.findIndex(({ when }) => when === 'sign_out')).toBe(life.length - 1);
    }
  });
  test('is another one for another seed, and the same for the same', () => {
    expect(coveringPlan(1)).toEqual(coveringPlan(1));
    expect(coveringPlan(1)).not.toEqual(coveringPlan(2));
  });
  test('tells which pair is missing', () => {
    const plan = coveringPlan(1).map((life) => life.filter(({ when, fault }) => when !== 'sleep' || fault !== 'hang'));
    expect(uncoveredPairs(plan)).toEqual(['fault=hang when=sleep']);
  });
});
