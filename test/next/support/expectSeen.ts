import { expect } from 'vitest';
import type { Mode } from './openStage.ts';
import type { Side } from './prepareApp.ts';
import type { Row } from './rows.ts';
import type { Version } from './versions.ts';

type Stated = Pick<Row, 'ours' | 'plain'>;

const statedOf = (row: Stated, side: Side, version: Version, mode: Mode): string | RegExp => {
  const stated = row[side];
  return typeof stated === 'function' ? stated(version, mode) : stated;
};

/** The sides that did other than the row says. */
export const failedSides = (
  seen: Partial<Record<Side, string>>,
  row: Stated,
  version: Version,
  mode: Mode,
): readonly Side[] =>
  (['ours', 'plain'] as const).filter((side) => {
    const outcome = seen[side];
    if (outcome === undefined) return false;
    const stated = statedOf(row, side, version, mode);
    return typeof stated === 'string' ? outcome !== stated : !stated.test(outcome);
  });

/** Fails where a side did other than the row says. */
export function expectSeen(seen: Partial<Record<Side, string>>, row: Stated, version: Version, mode: Mode): void {
  for (const side of ['ours', 'plain'] as const) {
    const outcome = seen[side];
    if (outcome === undefined) continue;
    const expected = statedOf(row, side, version, mode);
    if (typeof expected === 'string') expect(outcome, side).toBe(expected);
    else expect(outcome, side).toMatch(expected);
  }
}
