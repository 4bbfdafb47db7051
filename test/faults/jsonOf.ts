import { comparisonOf } from './comparison.ts';
import { type FaultId, faultKinds } from './faultKinds.ts';
import type { Results, Row, SideResult } from './Row.ts';

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
  ...loadedOf(results),
  ...(life !== scenario.id && { life }),
  realEnd: scenario.realEnd,
  ...(results.plain && { plain: sideJson(results.plain) }),
  ...(results.resilient && { resilient: sideJson(results.resilient) }),
});

/** How the page was loaded last, where that is known: not always as the setup says. */
function loadedOf({ plain, resilient }: Results) {
  const played = [resilient, plain].find((result) => result?.ok);
  return played?.ok ? played.recording.loaded : {};
}

/** Its error names addresses of this one run. */
const switchWord = (became: string) => (became === 'settled' || became === 'pending' ? became : 'failed');

const sideJson = (result: SideResult) => {
  if (!result.ok) return { outcome: 'error', error: result.error };
  const { hits, organizationSwitch } = result.recording;
  return {
    outcome: result.outcome,
    ...result.measures,
    hits,
    ...(organizationSwitch !== undefined && { organizationSwitch: switchWord(organizationSwitch) }),
  };
};
