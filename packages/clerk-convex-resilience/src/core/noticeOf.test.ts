import { describe, expect, it } from 'vitest';
import type { AuthFailure } from './failure.ts';
import type { AuthHealth } from './health.ts';
import { type NoticeEvidence, noticeOf } from './noticeOf.ts';

const now = 100_000;
const fail = (kind: AuthFailure['kind'], more: Partial<AuthFailure> = {}): AuthFailure => ({
  kind,
  retryable: true,
  source: 'clerk',
  ...more,
});
const recovering = (failure: AuthFailure, since = now): AuthHealth => ({
  status: 'recovering',
  failure,
  since,
  attempt: 1,
  nextAttemptAt: now + 5_000,
  signedIn: true,
});
const healthy: AuthHealth = { status: 'healthy', since: 0 };
const blocked = (failure: AuthFailure): AuthHealth => ({ status: 'blocked', failure, since: now });
const calm: NoticeEvidence = {
  health: healthy,
  since: now,
  now,
  showAfterMs: 2_000,
  clerkStatus: 'ready',
  isOnline: true,
  wasOffline: false,
  socketLostAt: null,
  caught: null,
};
const offline = { isOnline: false };

/** What is seen; kind, role, actions; after how many milliseconds. */
const rows: ReadonlyArray<readonly [what: string, evidence: Partial<NoticeEvidence>, said: string | null]> = [
  ['all is well', {}, null],
  ['all is well, whatever the browser says of the network', offline, null],
  ['signed out', { health: { status: 'signed_out' } }, null],
  [
    'Clerk cannot be reached',
    { health: recovering(fail('network')) },
    'clerk_unreachable status retry,sign_out,status_page 2000',
  ],
  ['it hangs', { health: recovering(fail('timeout')) }, 'clerk_unreachable status retry,sign_out,status_page 2000'],
  [
    'it answers 500',
    { health: recovering(fail('server', { status: 500 })) },
    'clerk_unreachable status retry,sign_out,status_page 2000',
  ],
  [
    'the device has no network',
    { health: recovering(fail('network')), ...offline },
    'offline status retry,sign_out 2000',
  ],
  ['clerk-js says so', { health: recovering(fail('offline')) }, 'offline status retry,sign_out 2000'],
  [
    'neither Clerk nor Convex can be reached',
    { health: recovering(fail('network')), socketLostAt: now },
    'recovering status retry,sign_out 2000',
  ],
  [
    'Convex cannot be reached',
    { health: recovering(fail('network', { source: 'convex' })) },
    'convex_unreachable status retry,sign_out 2000',
  ],
  [
    'Convex gave the identity up',
    { health: recovering(fail('server', { source: 'convex', code: 'identity_lost' })) },
    'recovering status retry,sign_out 2000',
  ],
  ['its socket is lost', { socketLostAt: now }, 'convex_unreachable status  2000'],
  ['its socket is lost with the network', { socketLostAt: now, ...offline }, 'offline status  2000'],
  ['the network is back, and its socket not yet', { socketLostAt: now, wasOffline: true }, 'recovering status  2000'],
  ['429', { health: recovering(fail('rate_limited')) }, 'overloaded status retry,sign_out,status_page 2000'],
  ['503', { health: recovering(fail('server', { status: 503 })) }, 'overloaded status retry,sign_out,status_page 2000'],
  [
    '401 of a session that lives',
    { health: recovering(fail('session_ended')) },
    'recovering status retry,sign_out 2000',
  ],
  [
    'the same for half a minute',
    { health: recovering(fail('session_ended'), now - 30_000) },
    'recovering status retry,sign_out,reset -28000',
  ],
  ['a misconfiguration', { health: blocked(fail('misconfigured')) }, 'misconfigured status retry,sign_out 0'],
  ['a blocked account', { health: blocked(fail('account_blocked')) }, 'account_blocked status sign_out 0'],
  [
    'a blocked account, signed out by Clerk',
    { health: { status: 'signed_out', failure: fail('account_blocked') } },
    'account_blocked status sign_in 0',
  ],
  [
    'Clerk ended the session',
    { health: { status: 'signed_out', failure: fail('session_ended') } },
    'session_ended alert sign_in 0',
  ],
  ['no key', { health: { status: 'unconfigured', problems: [] } }, 'unconfigured status  0'],
  [
    'a page that loads',
    { health: { status: 'starting' }, clerkStatus: 'loading' },
    'connecting status retry,status_page 10000',
  ],
  [
    'a page that has Clerk, and no user after half a minute',
    { health: { status: 'starting' }, since: now - 30_000 },
    'connecting status retry,status_page,reset -20000',
  ],
  [
    'a page that has waited for Clerk for half a minute',
    { health: { status: 'starting' }, since: now - 30_000, clerkStatus: 'loading' },
    'connecting status retry,status_page -20000',
  ],
  [
    'a page that loaded in an outage half a minute ago',
    { health: { status: 'starting' }, since: now - 30_000, clerkStatus: 'degraded' },
    'clerk_unreachable status retry,status_page -28000',
  ],
  ['a page that loads without a network', { health: { status: 'starting' }, ...offline }, 'offline status retry 2000'],
  [
    'a page that loaded in an outage',
    { health: { status: 'starting' }, clerkStatus: 'degraded' },
    'clerk_unreachable status retry,status_page 2000',
  ],
  [
    'Clerk’s script does not load',
    { health: { status: 'starting', failure: fail('not_loaded') } },
    'clerk_not_loaded status retry 2000',
  ],
  [
    'Clerk refuses the page',
    { health: { status: 'starting', failure: fail('misconfigured') }, ...offline },
    'misconfigured status retry 0',
  ],
  [
    'Clerk gave up loading',
    { health: { status: 'starting' }, clerkStatus: 'error' },
    'clerk_not_loaded status retry 2000',
  ],
  [
    'a child threw meanwhile',
    { health: recovering(fail('network')), caught: { failure: fail('session_ended'), at: now } },
    'clerk_unreachable status retry,sign_out,status_page 0',
  ],
  [
    'a child threw though all is well',
    { caught: { failure: fail('session_ended'), at: now } },
    'recovering status retry,sign_out 0',
  ],
  [
    'a child threw of a misconfiguration',
    { caught: { failure: fail('misconfigured'), at: now } },
    'misconfigured status retry,sign_out 0',
  ],
  [
    'a child threw and nobody is signed in',
    { health: { status: 'signed_out' }, caught: { failure: fail('session_ended'), at: now } },
    'sign_in_needed status sign_in 0',
  ],
  [
    'a child threw after Clerk had ended the session',
    {
      health: { status: 'signed_out', failure: fail('session_ended') },
      caught: { failure: fail('session_ended'), at: now },
    },
    'session_ended alert sign_in 0',
  ],
  [
    'nobody is signed in, and Clerk cannot be reached',
    { health: { status: 'signed_out' }, caught: { failure: fail('network'), at: now } },
    'clerk_unreachable status retry,status_page 0',
  ],
  [
    'a child threw while the page loads',
    { health: { status: 'starting' }, caught: { failure: fail('session_ended'), at: now } },
    'recovering status retry 0',
  ],
  [
    'a child threw while the page loads, for long',
    { health: { status: 'starting' }, since: now - 10_000, caught: { failure: fail('session_ended'), at: now } },
    'connecting status retry,status_page 0',
  ],
];

describe('noticeOf', () => {
  it.each(rows)('%s', (_what, evidence, said) => {
    const notice = noticeOf({ ...calm, ...evidence });
    expect(notice && `${notice.kind} ${notice.role} ${notice.actions.join()} ${notice.showAt - now}`).toBe(said);
  });

  it('says whether somebody stays signed in, and when it is tried again', () => {
    expect(noticeOf({ ...calm, health: recovering(fail('network')) })).toMatchObject({
      signedIn: true,
      nextAttemptAt: now + 5_000,
    });
    expect(noticeOf({ ...calm, health: { status: 'signed_out', failure: fail('session_ended') } })?.signedIn).toBe(
      false,
    );
  });
});
