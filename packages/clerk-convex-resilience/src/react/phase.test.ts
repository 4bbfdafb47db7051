import { describe, expect, it } from 'vitest';
import { type AuthPhase, derivePhase, mayRestore, type PhaseEvidence } from './phase.ts';

const loading = { isLoaded: false, isSignedIn: undefined, sessionId: undefined };
const signedIn = { isLoaded: true, isSignedIn: true, sessionId: 'sess_1' };
const nobody = { isLoaded: true, isSignedIn: false, sessionId: null };
const usual = {
  signedOutOf: new Set<string>(),
  wasSignedIn: false,
  clerkStatus: 'ready',
  nothingToRestore: false,
  sessionInCookie: undefined,
} as const;

describe('derivePhase', () => {
  it.each<[string, Partial<PhaseEvidence>, AuthPhase]>([
    ['is starting while Clerk loads', { auth: loading }, 'starting'],
    ['is signed in when Clerk says so', { auth: signedIn }, 'signed_in'],
    [
      'is signed in on a page that loaded degraded with a session',
      { auth: signedIn, clerkStatus: 'degraded' },
      'signed_in',
    ],
    ['is signed out when Clerk loaded and there is nobody', { auth: nobody }, 'signed_out'],
    ['is signed out in a Clerk that tells no status', { auth: nobody, clerkStatus: undefined }, 'signed_out'],
    [
      'is starting when Clerk loaded without an answer from its server',
      { auth: nobody, clerkStatus: 'degraded' },
      'starting',
    ],
    [
      'is signed out once the server has said that there is nobody',
      { auth: nobody, clerkStatus: 'degraded', nothingToRestore: true },
      'signed_out',
    ],
    [
      'is signed out when a user who was signed in is no longer, degraded or not',
      { auth: nobody, clerkStatus: 'degraded', wasSignedIn: true },
      'signed_out',
    ],
    [
      'is signed out of a session that Clerk still believes in',
      { auth: signedIn, signedOutOf: new Set(['sess_1']) },
      'signed_out',
    ],
    [
      'is signed out before Clerk has loaded when the user signed out',
      { auth: loading, signedOutOf: new Set(['sess_1']) },
      'signed_out',
    ],
    [
      'is signed out of each of several sessions',
      { auth: signedIn, signedOutOf: new Set(['sess_0', 'sess_1']) },
      'signed_out',
    ],
    [
      'is signed out before Clerk has loaded when the cookie names one of them',
      { auth: loading, sessionInCookie: 'sess_1', signedOutOf: new Set(['sess_0', 'sess_1']) },
      'signed_out',
    ],
    [
      'is signed out of every session when it is not known which there are',
      { auth: signedIn, signedOutOf: new Set(['*']) },
      'signed_out',
    ],
    [
      'is signed out on a page that was loaded in an outage and where the user signed out',
      { auth: nobody, clerkStatus: 'degraded', signedOutOf: new Set(['*']) },
      'signed_out',
    ],
    [
      'is signed in to another session than the one signed out of',
      { auth: signedIn, signedOutOf: new Set(['sess_0']) },
      'signed_in',
    ],
  ])('%s', (_name, evidence, expected) => {
    expect(derivePhase({ auth: nobody, ...usual, ...evidence })).toBe(expected);
  });
});

describe('mayRestore', () => {
  it.each<[string, Partial<PhaseEvidence>, boolean, boolean]>([
    ['not where Clerk’s server was heard', {}, false, false],
    ['where a page was loaded in an outage', { clerkStatus: 'degraded' }, false, true],
    ['not before Clerk has loaded', { auth: loading, clerkStatus: 'degraded' }, false, false],
    ['not once there is a session', { auth: signedIn, clerkStatus: 'degraded' }, false, false],
    ['not while a sign-out is pending', { clerkStatus: 'degraded', signedOutOf: new Set(['sess_0']) }, true, false],
    ['the account that is left after it', { clerkStatus: 'degraded', signedOutOf: new Set(['sess_0']) }, false, true],
    ['not once there was nothing', { clerkStatus: 'degraded', nothingToRestore: true }, false, false],
  ])('%s', (_name, evidence, isSignOutPending, expected) => {
    expect(mayRestore({ auth: nobody, ...usual, ...evidence }, isSignOutPending)).toBe(expected);
  });
});
