import { expect, it } from 'vitest';
import { outcomeOf, type Seen } from './outcomeOf.ts';
import type { PageRecord } from './settings.ts';

const signedIn: readonly PageRecord[] = [
  { at: 1, kind: 'load' },
  { at: 2, kind: 'auth', state: 'authenticated' },
];
/** Broken from 100 to 200, with a fresh token at 250, watched until 300. */
const well: Seen = {
  from: 100,
  until: 300,
  brokenAt: 100,
  mendedAt: 200,
  page: signedIn,
  clerkLog: [{ at: 240, method: 'POST', path: '/v1/client/sessions/s/tokens/convex', status: 200 }],
  runs: [{ at: 260, kind: 'query', path: 'users:me', identity: 'user_1', ok: true }],
  authentications: [{ at: 250, session: 's', kind: 'accepted' }],
  call: 'ok',
};
const told = (...page: readonly PageRecord[]): Seen => ({ ...well, page: [...signedIn, ...page] });

it.each<[string, Seen]>([
  ['recovers', well],
  ['recovers', told({ at: 150, kind: 'auth', state: 'refreshing' })],
  ['anonymous_runs', { ...well, runs: [{ at: 150, kind: 'query', path: 'site:headline', identity: null, ok: true }] }],
  ['recovers', { ...well, runs: [{ at: 50, kind: 'query', path: 'site:headline', identity: null, ok: true }] }],
  ['not_refreshed', { ...well, authentications: [{ at: 50, session: 's', kind: 'accepted' }] }],
  ['signed_out', told({ at: 150, kind: 'auth', state: 'signed_out' })],
  [
    'signed_out_for_a_while',
    told({ at: 150, kind: 'auth', state: 'signed_out' }, { at: 160, kind: 'auth', state: 'authenticated' }),
  ],
  ['signed_out_for_a_while', told({ at: 150, kind: 'view', view: 'unauthenticated', mounted: true })],
  ['loading_for_ever', told({ at: 150, kind: 'load' })],
  ['stuck', { ...well, call: 'not_authenticated' }],
])('says %s', (outcome, seen) => {
  expect(outcomeOf(seen).outcome).toBe(outcome);
});

it('counts from the end of the fault, and only what was watched', () => {
  const unmount = { kind: 'view', view: 'authenticated', mounted: false } as const;
  expect(outcomeOf(told({ at: 50, ...unmount }, { at: 150, ...unmount }))).toEqual({
    outcome: 'recovers',
    recoveredAfterMs: 50,
    anonymousRuns: 0,
    unmounts: 1,
    unhandledRejections: 0,
  });
});
