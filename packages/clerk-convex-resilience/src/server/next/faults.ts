import { classifyAuthError } from '../../core/classify.ts';
import { type AuthFailure, type ErrorTable, isRetryable, kindIn } from '../../core/failure.ts';
import type { Problem } from './readKeys.ts';

/** Why the guard answers, or lets a public route pass, in place of Clerk's middleware. */
export interface GuardFault {
  /**
   * `unconfigured`: a key is missing, malformed or of another instance, or there is no middleware. `unreachable`: Clerk did not
   * answer, or not in time. `redirect_loop`: Clerk and this server sent the browser to and fro. `handler_failed`: the app's
   * handler has thrown.
   */
  readonly reason: 'unconfigured' | 'unreachable' | 'redirect_loop' | 'handler_failed';
  readonly failure: AuthFailure;
  /** What was found to be wrong, the worst first. */
  readonly problems: readonly Problem[];
}

/** A setting that only the app's makers can mend. */
export const unconfigured = (problems: readonly Problem[], cause?: unknown): GuardFault => ({
  reason: 'unconfigured',
  failure: { kind: 'misconfigured', retryable: false, source: 'clerk', ...(cause !== undefined && { cause }) },
  problems,
});

/** Clerk did not answer. `host`: who was asked; `reason`: what the attempt said. */
export const unreachable = (failure: AuthFailure, host: string | undefined, reason: string): GuardFault => ({
  reason: 'unreachable',
  failure,
  problems: host === undefined ? [] : [unreachableProblem(failure, host, reason)],
});

function unreachableProblem({ status, code }: AuthFailure, host: string, reason: string): Problem {
  if (status !== undefined) return { code: 'FRONTEND_API_FAILING', args: { host, status } };
  return code === 'ENOTFOUND'
    ? { code: 'FRONTEND_API_NOT_RESOLVED', args: { host } }
    : { code: 'FRONTEND_API_UNREACHABLE', args: { host, reason } };
}

/** Nobody has answered in time. */
export const timedOut = (host: string | undefined, ms: number): GuardFault =>
  unreachable({ kind: 'timeout', retryable: true, source: 'clerk' }, host, `no answer within ${ms} ms`);

/** How Clerk's packages say that a setting is missing or wrong, all in plain Errors: @clerk/nextjs 7.9, @clerk/backend 3.25. */
const clerkSettings: ErrorTable = [
  // Anchored: Stripe has secret keys too.
  [/^(?:@clerk\/[\w-]+: |Clerk: )?(?:Missing |The )?(?:publishable|secret) ?key\b/i, 'misconfigured'],
  [/CLERK_ENCRYPTION_KEY/, 'misconfigured'],
  [/^Missing (?:signInUrl|domain and proxyUrl)|signInUrl needs to/i, 'misconfigured'],
  [/^Clerk: Handshake token verification failed/, 'misconfigured'],
];

/**
 * What it means that the middleware has thrown. What is Clerk's is known by its words; anything else, a network's error too, is
 * the app's own handler (Clerk makes a signed-out visitor of most of its own), and what it would have decided is not known.
 */
export function faultOfError(error: unknown, host: string | undefined): GuardFault {
  const failure = classifyAuthError(error);
  if (kindIn(clerkSettings, messageOf(error)) === 'misconfigured') return unconfigured([], error);
  if (failure.source !== 'clerk' || failure.kind === 'unknown' || !isRetryable(failure.kind)) {
    return { reason: 'handler_failed', failure, problems: [] };
  }
  return unreachable(failure, host, failure.code ?? failure.kind);
}

function messageOf(error: unknown): string {
  try {
    return `${(error as Error | undefined)?.message}`.slice(0, 1000);
  } catch {
    return '';
  }
}
