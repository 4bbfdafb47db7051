import { expect, test } from 'vitest';
import type { Recording } from '../Recording.ts';
import { timelineOf } from './timelineOf.ts';

test('a timeline begins with what the page showed then, and holds what happened while the user was watched', () => {
  const seen: Recording = {
    userId: 'user_1',
    tokenPath: '/tokens/convex',
    observedFrom: 1_000,
    observedUntil: 9_000,
    brokenAt: 1_100,
    mendedAt: 3_000,
    page: [
      { at: 200, kind: 'auth', state: 'loading' },
      { at: 500, kind: 'auth', state: 'authenticated' },
      { at: 2_000, kind: 'auth', state: 'refreshing' },
      { at: 2_500, kind: 'auth', state: 'refreshing' },
      { at: 9_500, kind: 'auth', state: 'signed_out' },
    ],
    clerkLog: [
      { at: 900, method: 'GET', path: '/v1/client', status: 200 },
      { at: 1_500, method: 'POST', path: '/v1/client/sessions/s/tokens/convex', fault: 'close' },
      { at: 3_500, method: 'POST', path: '/v1/client/sessions/s/tokens/convex', status: 200 },
      { at: 3_600, method: 'GET', path: '/.well-known/jwks.json', status: 200 },
    ],
    convexLog: [],
    runs: [{ at: 4_000, kind: 'query', path: 'users:me', identity: null, ok: true }],
    authentications: [
      { at: 1_200, session: 's', kind: 'auth_error', message: 'expired' },
      { at: 3_700, session: 's', kind: 'accepted', identity: 'user_1' },
    ],
    failedRequests: [1_300],
    faults: 1,
    hits: 1,
    due: 1,
    loaded: { clerkJs: 'bundled', entry: 'drop_in' },
    missedFaults: [],
    untrue: [],
    afterReloads: [],
    lastState: 'refreshing',
    probes: [],
  };
  expect(timelineOf(seen)).toEqual({
    until: 8_000,
    broken: [100, 2_000],
    states: [
      [0, 'authenticated'],
      [1_000, 'refreshing'],
    ],
    requests: [
      [300, 1],
      [500, 1],
      [2_500, 0],
    ],
    accepted: [2_700],
    refused: [200],
    anonymous: [3_000],
  });
});
