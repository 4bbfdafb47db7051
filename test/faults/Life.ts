import type { Scenario, Setup } from './Scenario.ts';
import type { Side } from './sides.ts';

/** What one signed-in browser lives through, in order. Isolated scenarios are lives of one step. */
export interface Life {
  /** Stable for the same seed. */
  readonly id: string;
  readonly setup: Setup;
  readonly steps: readonly Scenario[];
  readonly sides: readonly Side[];
  /**
   * Where more than one step is played on plain, each begins with a page that is loaded anew, since plain may have lost its user in the one before; and what
   * came to no end, or hit nothing of what plain asked for, is no result of plain's, rather than a failure of the row's.
   */
  readonly plainIsLoadedAnew?: true;
  /** About how long a run of it takes, in seconds: the longest start first. */
  readonly takesSeconds: number;
}
