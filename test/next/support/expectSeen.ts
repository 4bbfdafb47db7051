import { expect } from 'vitest';
import type { Mode } from './openStage.ts';
import type { Side } from './prepareApp.ts';
import type { Row } from './rows.ts';
import type { Version } from './versions.ts';

/** Fails where a side did other than the row says. */
export function expectSeen(
  seen: Partial<Record<Side, string>>,
  row: Pick<Row, 'ours' | 'plain'>,
  version: Version,
  mode: Mode,
): void {
  for (const side of ['ours', 'plain'] as const) {
    const outcome = seen[side];
    if (outcome === undefined) continue;
    const stated = row[side];
    const expected = typeof stated === 'function' ? stated(version, mode) : stated;
    if (typeof expected === 'string') expect(outcome, side).toBe(expected);
    else expect(outcome, side).toMatch(expected);
  }
}
