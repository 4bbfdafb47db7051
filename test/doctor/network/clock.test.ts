import { describe, expect, it } from 'vitest';
import { openBench } from './openBench.ts';

const bench = openBench();
const { page, ask } = bench;

describe('the clock', () => {
  it.each([
    [300, -300_000],
    [-300, 300_000],
  ])('is told from answers: Clerk is %i s ahead', async (clockSkewSeconds, aheadMs) => {
    bench.clerk.configure({ clockSkewSeconds });
    const { network, codes } = await ask();
    expect(Math.abs((network.clockAheadMs ?? Number.NaN) - aheadMs)).toBeLessThan(5000);
    expect(codes).toEqual(['CLOCK_SKEW']);
  });

  it.each([[200], [302], [403]])('is not told from what is not Clerk (%i)', async (status) => {
    const portal = await page(status, { date: 'Thu, 01 Jan 2015 00:00:00 GMT' });
    const { network } = await ask({ endpoints: { frontendApi: portal } });
    expect(Math.abs(network.clockAheadMs ?? Number.NaN)).toBeLessThan(5000);
  });
});
