import { beforeAll, expect, it } from 'vitest';
import { buildTimes, tableOf } from './support/tableOf.ts';
import { pages, type Weights, weighSides } from './support/weighSides.ts';

// What the example for Next.js weighs beside the same app without the library. Built packages: run `pnpm build` first.

/** How much more a first visit may load, in bytes, gzipped; and how many times as long the build may take, on a busy machine. */
const budget = { firstLoad: 59_000, buildTimes: 3 };

let weights: Weights;
beforeAll(async () => {
  weights = await weighSides({ runs: 1 });
  console.log(tableOf(weights));
});

it.each(Object.keys(pages) as Array<keyof typeof pages>)('loads no more for %s than the budget allows', (page) => {
  const { plain, ours } = weights;
  expect(ours.pages[page] - plain.pages[page]).toBeLessThan(budget.firstLoad);
  // Less than nothing was measured wrongly.
  expect(ours.pages[page]).toBeGreaterThan(plain.pages[page]);
});

it('builds in about the same time', () => {
  expect(Math.max(...buildTimes(weights))).toBeLessThan(budget.buildTimes);
});
