import type { Scenario, Setup } from './Scenario.ts';
import type { Side } from './sides.ts';

/** What one signed-in browser lives through, in order. Isolated scenarios are lives of one step. */
export interface Life {
  /** Stable for the same seed. */
  readonly id: string;
  readonly setup: Setup;
  readonly steps: readonly Scenario[];
  readonly sides: readonly Side[];
  /** About how long a run of it takes, in seconds: the longest start first. */
  readonly takesSeconds: number;
}
