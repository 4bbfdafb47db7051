import type { Measures } from './measure.ts';
import type { Recording } from './Recording.ts';

/** What a user would say of it: coarse on purpose, so that the same versions always come to the same word. */
export type Outcome =
  /** Nothing shown; a fresh token came by itself. */
  | 'recovers'
  /** Nothing shown, but functions ran without an identity. */
  | 'anonymous_runs'
  /** Nothing shown, and no fresh token came by itself; the next call got one. */
  | 'not_refreshed'
  /** Signed out in between, and back. */
  | 'signed_out_for_a_while'
  /** Signed out, until the user signs in again. */
  | 'signed_out'
  /** Shows signed in, and calls do not work. */
  | 'stuck'
  | 'loading_for_ever'
  /** A real end: out, for good. */
  | 'ends'
  /** A real end: out, but the session lives on at Clerk. */
  | 'session_left_active'
  /** A real end: out, but something ran as the old user afterwards. */
  | 'late_token'
  /** A real end: in again after all. */
  | 'signed_in_again';

/** Pure: the word for what was seen. */
export function outcomeOf(seen: Recording, measures: Measures): Outcome {
  if (seen.lastState === 'loading') return 'loading_for_ever';
  if (seen.endedAt !== undefined) {
    if (seen.lastState !== 'signed_out') return 'signed_in_again';
    if (measures.lateTokens > 0) return 'late_token';
    return seen.removedAt === undefined ? 'session_left_active' : 'ends';
  }
  if (seen.lastState === 'signed_out') return 'signed_out';
  if (measures.stuck) return 'stuck';
  if (measures.signedOutMs !== 0) return 'signed_out_for_a_while';
  if (measures.anonymousRuns > 0) return 'anonymous_runs';
  return measures.recoveredAfterMs === null ? 'not_refreshed' : 'recovers';
}
