import type { NextRequest } from 'next/server';
import { readClaims } from '../../core/jwt.ts';
import { sessionCookies } from './clerkNames.ts';
import type { GuardFault } from './faults.ts';
import type { Problem } from './readKeys.ts';
import type { Verdict } from './readVerdict.ts';

/** What is known besides the answer, where the loop was stopped. */
export interface LoopEvidence {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** This server's clock against the Frontend API's, where it was asked. */
  readonly clockAheadMs: number | undefined;
  /** Host of the Frontend API in the publishable key. */
  readonly frontendApi: string | undefined;
  /** What the secret key is called, and that it may be shown as. */
  readonly secretKey: { readonly name: string; readonly seen: string };
}

/** Why the browser was sent to and fro. Where nothing tells, there is no problem, and the page says that it was a loop. */
export function loopFault(verdict: Verdict, request: NextRequest, evidence: LoopEvidence): GuardFault {
  const problem = judge(verdict.reason, request, evidence);
  return {
    reason: 'redirect_loop',
    failure: {
      // What nothing explains may be a person who reloads while the browser waits for Clerk.
      kind: problem === null ? 'unknown' : problem.code === 'CLOCK_SKEW' ? 'clock_skew' : 'misconfigured',
      retryable: problem === null,
      source: 'clerk',
      code: verdict.reason,
    },
    problems: problem ? [problem] : [],
  };
}

/** @clerk/backend 3.25 lets the clocks differ by this much before it refuses a token. */
const toleratedMs = 5_000;

function judge(reason: string, request: NextRequest, evidence: LoopEvidence): Problem | null {
  const { now, clockAheadMs, frontendApi, secretKey } = evidence;
  const claims = sessionClaims(request);
  if (/^(?:jwk-kid-mismatch|token-invalid-signature)/.test(reason)) {
    return {
      code: 'SECRET_KEY_OF_ANOTHER_INSTANCE',
      args: { ...secretKey, expected: frontendApi ?? '…' },
    };
  }
  if (!/^session-token-(?:expired|nbf|iat-in-the-future)/.test(reason)) return null;
  if (clockAheadMs !== undefined && Math.abs(clockAheadMs) > toleratedMs) return skew(clockAheadMs);
  // A token from the future is one from a clock that is right.
  const issuedMs = typeof claims?.iat === 'number' ? claims.iat * 1000 : now;
  return issuedMs - now > toleratedMs ? skew(now - issuedMs) : null;
}

const skew = (ms: number): Problem => ({ code: 'CLOCK_SKEW', args: { seconds: Math.round(ms / 1000) } });

/** Of the cookie with a suffix, where there is one: that is this instance's. */
function sessionClaims(request: NextRequest): ReturnType<typeof readClaims> {
  const cookies = sessionCookies(request);
  const suffixed = cookies.find(({ name }) => name !== '__session') ?? cookies[0];
  return suffixed ? readClaims(suffixed.value) : null;
}
