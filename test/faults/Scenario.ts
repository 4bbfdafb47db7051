import type { ClerkMajor } from './buildPage.ts';
import type { Lasts, When } from './Combination.ts';
import type { Stage } from './Stage.ts';

/** One thing that happens to a signed-in user. */
export type Scenario = {
  /** Stable: rows are compared by it. */
  readonly id: string;
  /** What happens, in one sentence. */
  readonly says: string;
  /** What the user is doing when the fault comes. */
  readonly when: When | 'healthy' | 'any_time';
  /** The kinds of fault, `+` between them; `none`. */
  readonly fault: string;
  readonly lasts: Lasts | string;
  /** The fault ends with a signal that the page gets, and times count from that. */
  readonly wake?: true;
  /** How soon ours must be back after the fault, in milliseconds: an outer bound, of what no machine is too busy for. */
  readonly recoversWithinMs?: number;
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

/** How the page of a run is made, and by what it gets its tokens. */
export interface Setup {
  readonly clerk: ClerkMajor;
  /** How Clerk makes tokens for Convex: from a JWT template, or as its own session tokens (the Convex integration). */
  readonly mode: 'template' | 'integration';
  readonly react: 18 | 19;
  /** StrictMode, which does something in React's development build only: the page is bundled with that. */
  readonly strict: boolean;
  /** Where clerk-js comes from: the page's bundle, or the script that Clerk serves. */
  readonly clerkJs: 'bundled' | 'script';
  /** What `navigator.connection.rtt` says, in milliseconds. */
  readonly rtt: number;
  /** How long after a token Convex asks for the next one, in seconds (tokens live for `tokenLifeSeconds`). */
  readonly refreshAfterSeconds: number;
}
