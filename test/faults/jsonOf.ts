import type { Row, SideResult } from './Row.ts';

/** A row as `--json` prints it. */
export const jsonOf = ({ scenario, clerk, results }: Row) => ({
  scenario: scenario.id,
  clerk,
  engine: 'chromium',
  realEnd: scenario.realEnd,
  ...(results.plain && { plain: sideJson(results.plain) }),
  ...(results.resilient && { resilient: sideJson(results.resilient) }),
});

const sideJson = (result: SideResult) =>
  result.ok ? { outcome: result.outcome, ...result.measures } : { outcome: 'error', error: result.error };
