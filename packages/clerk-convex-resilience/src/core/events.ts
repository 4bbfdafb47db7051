import type { AuthFailure } from './failure.ts';

/**
 * What happened, in the past tense, for `onEvent`, logs and devtools. Redacted where it is made: an event never holds a
 * token, a URL's query, an e-mail address or an error object, only its kind, status and code.
 */
export type AuthEvent = { readonly at: number } & (
  | {
      readonly type: 'request_failed';
      readonly request: GuardedRequest | 'script';
      readonly failure: EventFailure;
      readonly attempt: number;
      readonly retryInMs: number;
    }
  | {
      readonly type: 'request_recovered';
      readonly request: GuardedRequest | 'script';
      readonly attempts: number;
      readonly afterMs: number;
    }
  | {
      readonly type: 'request_released';
      readonly request: GuardedRequest;
      readonly reason: 'hold_spent' | 'sign_out' | 'aborted';
    }
  /** Clerk refuses what comes from this page, and will: the answer went to clerk-js. */
  | { readonly type: 'request_refused'; readonly request: GuardedRequest; readonly failure: EventFailure }
  | { readonly type: 'request_hedged'; readonly request: GuardedRequest; readonly open: number }
  | { readonly type: 'guard_installed' }
  | { readonly type: 'guard_stepped_aside'; readonly reason: 'unknown_version' | 'unknown_answer' | 'turned_off' }
  | { readonly type: 'convex_url_configured'; readonly host: string }
  /** The key itself is not told; the host of the Frontend API, which it holds, is public. */
  | { readonly type: 'publishable_key_configured'; readonly instance: 'test' | 'live'; readonly host: string }
  | { readonly type: 'token_requested'; readonly attempt: number; readonly forced: boolean }
  | { readonly type: 'token_received'; readonly attempt: number; readonly expiresInMs?: number }
  | { readonly type: 'token_dropped'; readonly reason: 'session_ended' | 'session_changed' }
  | {
      readonly type: 'token_failed';
      readonly attempt: number;
      readonly failure: EventFailure;
      readonly retryInMs?: number;
    }
  | { readonly type: 'token_refused'; readonly failure?: EventFailure }
  /** `createAuthFetch` sent a request without a token: its origin is not one that may see it. */
  | { readonly type: 'token_withheld'; readonly origin: string }
  /** This device's clock is ahead of Clerk's by so much (behind, when negative), rounded to seconds. */
  | { readonly type: 'clock_skew_detected'; readonly offsetMs: number }
  | { readonly type: 'identity_confirmed' }
  | { readonly type: 'identity_lost'; readonly kept: boolean }
  /** Convex had said nothing for a while, and was armed anew. */
  | { readonly type: 'convex_rearmed' }
  /** The app's own record of the user is being written. */
  | { readonly type: 'user_sync_started'; readonly attempt: number }
  | {
      readonly type: 'user_sync_failed';
      readonly failure: EventFailure;
      readonly attempt: number;
      readonly retryInMs: number;
    }
  /** It was written. `userId`: what the mutation answered, where that looks like an id. */
  | { readonly type: 'user_synced'; readonly userId?: string }
  /** Why something is refused: the codes of the findings that are new. What was seen and expected is in `health.findings`, in development. */
  | { readonly type: 'misconfiguration_found'; readonly codes: readonly string[] }
  | { readonly type: 'session_restored' }
  | { readonly type: 'sign_out_started' }
  | { readonly type: 'sign_out_retried'; readonly attempt: number; readonly retryInMs: number }
  | { readonly type: 'sign_out_confirmed' }
  | { readonly type: 'health_changed'; readonly from: string; readonly to: string }
);

/** A failure as an event carries it. */
export type EventFailure = Pick<AuthFailure, 'kind' | 'status' | 'code' | 'source'>;

/** Classes of Clerk Frontend API requests that the guard knows. */
export type GuardedRequest = 'tokens' | 'client' | 'environment' | 'dev_browser' | 'touch' | 'sign_out' | 'other';

/** An event before its time is put on: each variant of the union without `at`. */
export type AuthEventBody = AuthEvent extends infer E ? (E extends AuthEvent ? Omit<E, 'at'> : never) : never;

/** Takes the error object off a failure, and a code that looks like none: who threw it may have put anything there. */
export const eventFailure = ({ kind, status, code, source }: AuthFailure): EventFailure => ({
  kind,
  source,
  ...(status !== undefined && { status }),
  ...(code !== undefined && /^\w{1,60}$/.test(code) && { code }),
});

/**
 * A listener that cannot harm: what it throws is printed, the first time, and goes no further. Events are told from the
 * midst of the work, and an app's mistake in a log line must not cost a request or a sign-in.
 */
export function safely(listener: ((event: AuthEvent) => void) | undefined): (event: AuthEvent) => void {
  let printed = false;
  return (event) => {
    try {
      listener?.(event);
    } catch (error) {
      if (!printed)
        console.error('[clerk-convex-resilience] A listener threw; its errors are ignored from now on.', error);
      printed = true;
    }
  };
}
