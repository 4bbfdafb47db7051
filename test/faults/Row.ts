import type { Measures } from './measure.ts';
import type { Outcome } from './outcome.ts';
import type { Recording } from './Recording.ts';
import type { Scenario, Setup } from './Scenario.ts';
import type { Side } from './sides.ts';

/** One side of a row: what was measured, or why nothing was. */
export type SideResult =
  | { readonly ok: true; readonly measures: Measures; readonly outcome: Outcome; readonly recording: Recording }
  | { readonly ok: false; readonly error: string };

/** A scenario in a setup, in one engine. A side that was not asked for is absent. */
export interface Row {
  readonly scenario: Scenario;
  readonly setup: Setup;
  readonly engine: string;
  /** The life that it was a step of. */
  readonly life: string;
  readonly results: Results;
  /** What further runs of it came to, if there were any. */
  readonly again?: readonly Results[];
}

export type Results = Readonly<Partial<Record<Side, SideResult>>>;
