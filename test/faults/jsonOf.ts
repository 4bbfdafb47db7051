import { comparisonOf } from './comparison.ts';
import { type FaultId, faultKinds } from './faultKinds.ts';
import type { Row, SideResult } from './Row.ts';

/** A row as `--json` prints it. */
export function jsonOf(row: Row) {
  const comparison = comparisonOf(row);
  return { ...playedOf(row), ...(comparison && { comparison }) };
}

const playedOf = ({ scenario, setup, engine, life, results }: Row) => ({
  scenario: scenario.id,
  clerk: setup.clerk,
  engine,
  when: scenario.when,
  fault: scenario.fault,
  lasts: scenario.lasts,
  /** `browser`: the fault was made inside the browser, before the network. */
  madeBy: scenario.fault in faultKinds ? faultKinds[scenario.fault as FaultId].madeBy : 'clerk',
  mode: setup.mode,
  react: setup.react,
  strict: setup.strict,
  clerkJs: setup.clerkJs,
  ...(life !== scenario.id && { life }),
  realEnd: scenario.realEnd,
  ...(results.plain && { plain: sideJson(results.plain) }),
  ...(results.resilient && { resilient: sideJson(results.resilient) }),
});

const sideJson = (result: SideResult) =>
  result.ok ? { outcome: result.outcome, ...result.measures } : { outcome: 'error', error: result.error };
