import type { Stage } from './Stage.ts';

/** One thing that happens to a signed-in user. */
export type Scenario = {
  /** Stable: rows are compared by it. */
  readonly id: string;
  /** What happens, in one sentence. */
  readonly says: string;
  /** Part of `--quick`. */
  readonly quick: boolean;
  /** About how long a run of it takes, in seconds: the longest start first. */
  readonly takesSeconds: number;
  /** What `navigator.connection.rtt` says, in milliseconds. @defaultValue 50 */
  readonly rtt?: number;
  /** Where clerk-js comes from: the page's bundle, or the script that Clerk serves. @defaultValue 'bundled' */
  readonly clerkJs?: 'bundled' | 'script';
  play(stage: Stage): Promise<void>;
} & (
  | { readonly realEnd: false }
  | {
      /** The session really ends: signed out is right. */
      readonly realEnd: true;
      /** How soon the page must show it, in milliseconds after the end. */
      readonly outWithinMs: number;
    }
);
