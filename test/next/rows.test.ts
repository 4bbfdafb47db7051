import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordedWeights } from '../nextBuild/support/recordedWeights.ts';
import { firstLoads } from '../nextBuild/support/weighSides.ts';
import { launchChromium } from '../support/chromium.ts';
import { expectSeen } from './support/expectSeen.ts';
import { openStage, type Stage } from './support/openStage.ts';
import type { Side } from './support/prepareApp.ts';
import { createResults } from './support/results.ts';
import { type Row, rows } from './support/rows.ts';
import { situations } from './support/situations.ts';
import { isFull, modes, sides, versions } from './support/versions.ts';

// The example for Next.js on emulators, built and started as an app is. Built packages: run `pnpm build` first. With NEXT set
// also on `next dev`, and beside the same app as Clerk's and Convex's guides have it, without this library.
const settings = versions.flatMap((version) => modes.map((mode) => ({ version, mode, label: version.label })));

describe.each(settings)('next $mode, $label', ({ version, mode }) => {
  const results = createResults(mode === 'dev' ? 'next dev' : 'next start', version);
  let browser: Browser;
  const stages = new Map<Side, Stage>();
  beforeAll(async () => {
    browser = await launchChromium();
    // One that cannot be opened must not leave the other's servers behind.
    const opened = sides.map(async (side) => stages.set(side, await openStage(side, version, mode)));
    const failed = (await Promise.allSettled(opened)).find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
  }, 600_000);
  afterAll(async () => {
    await Promise.all([browser?.close(), ...[...stages.values()].map((stage) => stage.close())]);
    await results.close();
  });
  const play = async (row: Row) => {
    const seen = await results.compare(row, mode, (side) => row.play(stages.get(side) as Stage, browser));
    expectSeen(seen, row, version, mode);
  };
  const named = (isCalm: boolean) =>
    rows
      .filter((row) => Boolean(row.isCalm) === isCalm && (isFull || !row.isLong) && (row.only ?? mode) === mode)
      .map((row) => [row.name, row] as const);

  // Without a fault in them they do not disturb each other; but `next dev` is slow enough for one.
  describe('all is well', () => {
    (mode === 'dev' ? it : it.concurrent).each(named(true))('%s', (_, row) => play(row));
  });
  describe('in a fault', () => {
    it.each(named(false))('%s', (_, row) => play(row));
  });

  it('has a row for each situation of the list', () => {
    const names = rows.filter((row) => (row.only ?? mode) === mode).map(({ name }) => name);
    expect(names.sort()).toEqual([...situations[mode === 'dev' ? 'next dev' : 'next start']].sort());
  });

  if (isFull) return;
  // Beside a plain app that is built too: test/nextBuild/weight.test.ts.
  it('loads at first what docs/next-weight.md says', async () => {
    const weights = await firstLoads((stages.get('ours') as Stage).dir);
    for (const [page, bytes] of Object.entries(weights))
      expect(Math.abs(bytes - (await recordedWeights(page)).ours), page).toBeLessThan(1_000);
  });
});
