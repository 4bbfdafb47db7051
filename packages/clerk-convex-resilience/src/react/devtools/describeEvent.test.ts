import { describe, expect, it } from 'vitest';
import type { AuthEvent, AuthEventBody } from '../../core/events.ts';
import { describeEvent } from './describeEvent.ts';

const failure = { kind: 'server', status: 500, code: 'internal_error', source: 'clerk' } as const;
const of = (body: AuthEventBody) => describeEvent({ at: 0, ...body } as AuthEvent);

describe('describeEvent', () => {
  it.each<[AuthEventBody, kinds: string, text: string]>([
    [
      { type: 'request_failed', request: 'tokens', failure, attempt: 2, retryInMs: 1_240 },
      'requests waits',
      'Attempt 2 of the request for a token failed (server 500 internal_error, of clerk). The next is due in 1.2 s.',
    ],
    [
      { type: 'request_recovered', request: 'script', attempts: 3, afterMs: 200_000 },
      'requests',
      "Clerk's script works again after 3 attempts and 3 min 20 s.",
    ],
    [
      { type: 'request_released', request: 'client', reason: 'hold_spent' },
      'requests',
      'Clerk was given the failure of GET /client: its failure could be kept from Clerk no longer.',
    ],
    [
      { type: 'request_hedged', request: 'tokens', open: 2 },
      'requests',
      'The request for a token is slow: another one was sent beside it (2 open).',
    ],
    [
      {
        type: 'request_refused',
        request: 'client',
        failure: { ...failure, kind: 'misconfigured', status: 400, code: 'origin_invalid' },
      },
      'requests',
      'Clerk refuses GET /client (misconfigured 400 origin_invalid, of clerk).',
    ],
    [
      { type: 'misconfiguration_found', codes: ['JWT_TEMPLATE_MISSING', 'CLOCK_SKEW'] },
      'session',
      'The cause was found: JWT_TEMPLATE_MISSING, CLOCK_SKEW.',
    ],
    [{ type: 'guard_installed' }, 'requests', "The guard of Clerk's requests was put in place."],
    [
      { type: 'guard_stepped_aside', reason: 'unknown_version' },
      'requests',
      'The guard stepped aside (unknown version).',
    ],
    [{ type: 'convex_url_configured', host: 'a.convex.cloud' }, 'convex', 'The Convex deployment is a.convex.cloud.'],
    [
      { type: 'publishable_key_configured', instance: 'test', host: 'clerk.app.test' },
      'session',
      'The publishable key is of a test instance, clerk.app.test.',
    ],
    [{ type: 'token_requested', attempt: 1, forced: false }, 'requests', 'Clerk was asked for a token.'],
    [
      { type: 'token_requested', attempt: 3, forced: true },
      'requests',
      'Clerk was asked for a fresh token, attempt 3.',
    ],
    [{ type: 'token_received', attempt: 1, expiresInMs: 58_700 }, 'requests', 'A token arrived, good for 59 s.'],
    [{ type: 'token_received', attempt: 1 }, 'requests', 'A token arrived.'],
    [
      { type: 'token_dropped', reason: 'session_changed' },
      'requests',
      'A token came too late and was dropped (session changed).',
    ],
    [
      { type: 'token_failed', attempt: 1, failure, retryInMs: 300 },
      'requests waits',
      'No token at attempt 1 (server 500 internal_error, of clerk). Clerk is asked again in 0.3 s.',
    ],
    [
      { type: 'token_failed', attempt: 1, failure },
      'requests waits',
      'No token at attempt 1 (server 500 internal_error, of clerk).',
    ],
    [{ type: 'token_refused' }, 'convex', 'Convex refused a token.'],
    [{ type: 'token_refused', failure }, 'convex', 'Convex refused a token (server 500 internal_error, of clerk).'],
    [
      { type: 'token_withheld', origin: 'https://cdn.test' },
      'requests',
      'A request to https://cdn.test went without the token: that origin may not see it.',
    ],
    [{ type: 'clock_skew_detected', offsetMs: -65_000 }, 'session', "This device's clock is 65 s behind Clerk's."],
    [{ type: 'clock_skew_detected', offsetMs: 65_000 }, 'session', "This device's clock is 65 s ahead of Clerk's."],
    [{ type: 'identity_confirmed' }, 'convex', 'Convex confirmed the identity.'],
    [{ type: 'identity_lost', kept: false }, 'convex', 'Convex gave the identity up.'],
    [
      { type: 'identity_lost', kept: true },
      'convex',
      'Convex gave the identity up. It was kept from the app, and is asked for again.',
    ],
    [{ type: 'convex_rearmed' }, 'convex', 'Convex had said nothing for a while, and was armed anew.'],
    [
      { type: 'user_sync_started', attempt: 2 },
      'convex',
      "The app's own record of the user is being written, attempt 2.",
    ],
    [
      { type: 'user_sync_failed', failure: { kind: 'unknown', source: 'convex' }, attempt: 1, retryInMs: 3_000 },
      'convex waits',
      'The record of the user was not written (unknown, of convex). It is tried again in 3 s.',
    ],
    [{ type: 'user_synced' }, 'convex', "The app's own record of the user was written."],
    [{ type: 'session_restored' }, 'session', 'The session that the page load could not read was restored.'],
    [{ type: 'sign_out_started' }, 'session', 'Somebody signed out.'],
    [
      { type: 'sign_out_retried', attempt: 2, retryInMs: 3_000 },
      'session waits',
      'Clerk has not confirmed the sign-out at attempt 2. It is told again in 3 s.',
    ],
    [{ type: 'sign_out_confirmed' }, 'session', 'Clerk confirmed the sign-out.'],
    [
      { type: 'health_changed', from: 'signed_out', to: 'healthy' },
      'session',
      'The health went from signed out to healthy.',
    ],
  ])('tells %j', (body, kinds, text) => {
    expect(of(body)).toEqual([kinds.split(' '), text]);
  });
});
