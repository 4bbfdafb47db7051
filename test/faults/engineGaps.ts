import type { BrowserSeat } from './BrowserSeat.ts';
import { type FaultId, faultKinds } from './faultKinds.ts';
import type { Life } from './Life.ts';
import type { Scenario } from './Scenario.ts';

/** What of a step this browser cannot do; undefined: it can do all of it. */
function gapOf({ when, fault }: Scenario, { engine, can }: Pick<BrowserSeat, 'engine' | 'can'>): string | undefined {
  if (when === 'hidden' && !can.hide) return `${engine} hides no page here`;
  if (when === 'bfcache' && !can.keepPages) return `${engine} keeps no page with an open socket`;
  const needsFailing = fault
    .split('+')
    .some((id) => id in faultKinds && faultKinds[id as FaultId].madeBy === 'browser');
  if (needsFailing && !can.failRequests) return `${engine} cannot be told to fail requests`;
  if (fault === 'disconnected' && !can.offline) return `${engine} cannot be taken offline`;
  return undefined;
}

/** The lives without the steps that this browser cannot do. */
export const playableLives = (lives: readonly Life[], seat: Pick<BrowserSeat, 'engine' | 'can'>): Life[] =>
  lives
    .map((life) => ({ ...life, steps: life.steps.filter((step) => gapOf(step, seat) === undefined) }))
    .filter(({ steps }) => steps.length > 0);
