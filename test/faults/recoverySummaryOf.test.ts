import { expect, test } from 'vitest';
import type { Row, SideResult } from './Row.ts';
import { recoverySummaryOf, wakeProblems } from './recoverySummaryOf.ts';

const side = (recoveredAfterMs: number | null, askedAfterMs: number | null = 0) =>
  ({
    ok: true,
    outcome: recoveredAfterMs === null ? 'not_refreshed' : 'recovers',
    measures: { recoveredAfterMs, askedAfterMs },
    recording: { brokenAt: 0, mendedAt: 10_000 },
  }) as SideResult;
const row = (id: string, runs: ReadonlyArray<Row['results']>, wake?: true): Row => {
  const [results, ...again] = runs;
  return { scenario: { id, realEnd: false, wake }, setup: { clerk: 6 }, results, again } as unknown as Row;
};

test('tells which rows of ours were back later than promised, and where it was the wait', () => {
  const rows = [
    row('soon', [{ resilient: side(3_000) }]),
    row('convex', [{ resilient: side(8_000, 200) }]),
    row('asked_late', [{ resilient: side(4_000, 3_900) }]),
  ];
  expect(recoverySummaryOf(rows)).toEqual([
    'Ours was back later than 3 s, or a fifth of the outage, in 2 of 3 rows; in 1 of them it had not asked sooner.',
    '  convex 6: back 8.0 s, asked 0.2 s',
    '  asked_late 6: back 4.0 s, asked 3.9 s',
  ]);
});

test('tells how soon both sides are back after a signal, over all runs of the rows that have one', () => {
  const runs = [120, 80, 900].map((ms) => ({ plain: side(ms === 900 ? null : ms * 10), resilient: side(ms) }));
  expect(recoverySummaryOf([row('wake_it', runs, true), row('other', [{ plain: side(5) }])]).slice(-2)).toEqual([
    'After a wake signal, plain: median 1200 ms, longest never (3 runs of 1 rows)',
    'After a wake signal, ours: median 120 ms, longest 900 ms (3 runs of 1 rows)',
  ]);
});

test('tells how soon a browser that was offline is back, apart from the rows of signals', () => {
  const offline = (lasts: string) => {
    const one = row('hidden/disconnected', [
      { resilient: side(400) },
      { resilient: side(2_900) },
      { resilient: side(500) },
    ]);
    return { ...one, scenario: { ...one.scenario, fault: 'disconnected', lasts } } as Row;
  };
  expect(recoverySummaryOf([offline('10s')]).at(-1)).toBe(
    'After `disconnected`, which ends with `online` too, ours: median 500 ms, longest 2900 ms (3 runs of 1 rows)',
  );
  expect(recoverySummaryOf([offline('once')]).join()).not.toContain('online');
});

test.each([
  ['300 ms in the median and 1 s at most are kept', [300, 300, 1_000], []],
  [
    'the median is late',
    [100, 301, 302],
    ['After a wake signal ours is back after 301 ms in the median, not within 300 ms.'],
  ],
  ['one run is late', [100, 100, 1_001], ['After a wake signal ours is back after 1001 ms once, not within 1 s.']],
  ['one run never came back', [100, 100, null], ['After a wake signal ours is back after never once, not within 1 s.']],
])('says whether the promise after a wake signal was kept: %s', (_, times, problems) => {
  const runs = times.flatMap((ms) => Array.from({ length: 7 }, () => ({ resilient: side(ms) })));
  expect(wakeProblems([row('wake_it', runs, true)])).toEqual(problems);
  expect(wakeProblems([row('wake_it', runs.slice(0, 19), true)])).toEqual([]); // too few to tell
});
