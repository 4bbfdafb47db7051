import { describe, expect, test } from 'vitest';
import { outcomesOfPlain } from './expectedPlain.ts';
import { measure } from './measure.ts';
import { outcomeOf } from './outcome.ts';
import type { AuthState, PageRecord } from './page/bridge.ts';
import { problemsOf } from './problemsOf.ts';
import type { Recording } from './Recording.ts';
import type { Row } from './Row.ts';
import type { Scenario, Setup } from './Scenario.ts';

const token = { at: 2_100, method: 'POST', path: '/v1/client/sessions/sess_1/tokens/convex', status: 200 } as const;
const hit = { at: 1_100, method: 'POST', path: '/v1/client/sessions/sess_1/tokens/convex', fault: 'close' } as const;
const accepted = { at: 2_300, session: 's', kind: 'accepted', identity: 'user_1', jti: 'fresh', iat: 2 } as const;
const old = { ...accepted, at: 500, jti: 'old', iat: 0 } as const;
const run = { at: 1_200, kind: 'query', path: 'users:me', identity: 'user_1', ok: true } as const;
const asked: PageRecord = { at: 1_000, kind: 'sign_out_asked' };
const sent = (what: 'token' | 'call', of: string, at = 1_005): PageRecord => ({ at, kind: 'sent', what, of });
const auth = (at: number, state: AuthState): PageRecord => ({ at, kind: 'auth', state });

/** A fault from 1,000 to 2,000, watched until 9,000, that the user never noticed. */
const fine: Recording = {
  userId: 'user_1',
  tokenPath: '/tokens/convex',
  observedFrom: 1_000,
  observedUntil: 9_000,
  brokenAt: 1_000,
  mendedAt: 2_000,
  page: [auth(500, 'authenticated')],
  clerkLog: [hit, token],
  convexLog: [],
  runs: [run],
  authentications: [old, accepted],
  failedRequests: [],
  faults: 1,
  hits: 1,
  due: 1,
  loaded: { clerkJs: 'bundled', entry: 'drop_in' },
  missedFaults: [],
  untrue: [],
  afterReloads: [],
  lastState: 'authenticated',
  probes: ['ok', 'ok'],
};
/** A sign-out at 1,000 that shows after 10 ms and is confirmed. */
const ended: Recording = {
  ...fine,
  endedAt: 1_000,
  removedAt: 1_050,
  page: [auth(500, 'authenticated'), auth(1_010, 'signed_out')],
  authentications: [],
  runs: [],
  lastState: 'signed_out',
  probes: ['ok'],
};
const shared = {
  id: 'it',
  says: 'It happens.',
  when: 'scheduled_refresh',
  fault: 'closed',
  lasts: 'once',
  play: async () => {},
} as const;
const setup: Setup = {
  clerk: 6,
  mode: 'template',
  react: 19,
  strict: false,
  clerkJs: 'bundled',
  rtt: 50,
  refreshAfterSeconds: 20,
};
const passing: Scenario = { ...shared, realEnd: false };
const ending: Scenario = { ...shared, realEnd: true, outWithinMs: 500 };

function rowOf(recording: Recording, side: 'plain' | 'resilient' = 'resilient'): Row {
  const measures = measure(recording);
  const result = { ok: true, recording, measures, outcome: outcomeOf(recording, measures) } as const;
  const scenario = recording.endedAt === undefined ? passing : ending;
  return { scenario, setup, engine: 'chromium', life: scenario.id, results: { [side]: result } };
}
const outcome = (recording: Recording) => outcomeOf(recording, measure(recording));

describe('a fault that nobody noticed', () => {
  test('passes, and counts from the mend to the fresh token', () => {
    expect(problemsOf(rowOf(fine), {})).toEqual([]);
    expect(measure(fine)).toEqual({
      signedOutMs: 0,
      stuck: false,
      recoveredAfterMs: 300,
      askedAfterMs: 100,
      requests: 2,
      faultedRequests: 1,
      unmounts: 0,
      anonymousRuns: 0,
      lateTokens: 0,
      unhandledRejections: 0,
    });
  });
  test('does not count when the fault hit nothing while the user was watched', () => {
    expect(problemsOf(rowOf({ ...fine, faults: 1, hits: 0, clerkLog: [token] }), {})).toEqual([
      'resilient: no request was hit by a fault while it was observed',
    ]);
  });
  test('does not count when what should hit three times hits less often', () => {
    const hitting = (hits: number): string[] => {
      const row = rowOf({ ...fine, hits });
      return problemsOf({ ...row, scenario: { ...row.scenario, lasts: 'three_times' } }, {});
    };
    expect([hitting(3), hitting(2)]).toEqual([[], ['resilient: was to be hit three times, and was hit 2']]);
  });

  test('does not count when the fault hit nothing', () => {
    expect(problemsOf(rowOf({ ...fine, missedFaults: ['clerk: close'] }), {})).toEqual([
      'resilient: the fault hit nothing (clerk: close)',
    ]);
  });
});

describe('a row of ours fails', () => {
  test.each<[string, Partial<Recording>, string]>([
    [
      'signed out for a moment',
      { page: [auth(3_000, 'signed_out'), auth(3_040, 'authenticated')] },
      'signedOutMs is 40',
    ],
    [
      'only <Unauthenticated> shown',
      { page: [{ at: 8_900, kind: 'view', view: 'unauthenticated', mounted: true }] },
      'signedOutMs is 100',
    ],
    [
      'children unmounted',
      { page: [{ at: 3_000, kind: 'view', view: 'authenticated', mounted: false }] },
      'unmounts is 1',
    ],
    ['a query run anonymously', { runs: [{ ...run, identity: null }] }, 'anonymousRuns is 1'],
    [
      'a rejection nobody handled',
      { page: [{ at: 3_000, kind: 'unhandled_rejection', message: 'no' }] },
      'unhandledRejections is 1',
    ],
    ['a mutation without an answer', { probes: ['no_answer', 'ok'] }, 'stuck (authenticated no_answer ok)'],
    ['a message that was lost', { queued: 'not_authenticated' }, 'stuck'],
    ['loading in the end', { lastState: 'loading' }, 'stuck (loading'],
    ['no fresh token', { authentications: [] }, 'did not recover by itself'],
    ['only the old token again', { authentications: [old, { ...old, at: 2_300 }] }, 'did not recover by itself'],
    [
      'a token from before the fault, and kept until after it',
      { authentications: [old, { ...accepted, iat: 0 }] },
      'did not recover by itself',
    ],
  ])('with %s', (_, change, problem) => {
    expect(problemsOf(rowOf({ ...fine, ...change }), {}).join()).toContain(`resilient: ${problem}`);
  });
  test('when it did not run at all', () => {
    expect(problemsOf({ ...rowOf(fine), results: { resilient: { ok: false, error: 'no browser' } } }, {})).toEqual([
      'resilient: did not run: no browser',
    ]);
  });
});

test('a row of ours fails when it is back later than its outer bound, and plain does not', () => {
  const late = (side: 'plain' | 'resilient') => ({
    ...rowOf(fine, side),
    scenario: { ...passing, recoversWithinMs: 299 },
  });
  expect(problemsOf(late('resilient'), {})).toEqual(['resilient: back after 300 ms, not within 299']);
  expect(problemsOf(late('plain'), { it: { 6: 'recovers' } })).toEqual([]);
});

describe('a real end', () => {
  test('passes when it shows at once, holds and is confirmed', () => {
    expect(problemsOf(rowOf({ ...ended, afterReloads: ['signed_out', 'signed_out'] }), {})).toEqual([]);
    expect(measure(ended)).toMatchObject({ signedOutMs: 10, lateTokens: 0, stuck: false });
  });
  test.each<[string, Partial<Recording>, string]>([
    ['never shows', { page: [auth(500, 'authenticated')], lastState: 'authenticated' }, 'signed out after null ms'],
    ['shows late', { page: [auth(1_900, 'signed_out')] }, 'signed out after 900 ms'],
    ['does not survive a reload', { afterReloads: ['authenticated'] }, 'after reload 1 the page is authenticated'],
    [
      'flickers',
      { page: [...ended.page, auth(1_100, 'loading'), auth(1_120, 'signed_out')] },
      'the page was loading after',
    ],
    ['lets a late token in', { authentications: [{ ...accepted, at: 5_000 }] }, 'lateTokens is 1'],
    ['sends a token after the click', { page: [asked, ...ended.page, sent('token', 'user_1')] }, 'lateTokens is 1'],
    ['runs something as the old user', { runs: [{ ...run, at: 5_000 }] }, 'lateTokens is 1'],
    [
      'asks for something as the old user',
      { page: [...ended.page, sent('call', run.path, 1_020)], runs: [{ ...run, at: 1_022 }] },
      'lateTokens is 1',
    ],
    ['leaves a client that does not answer', { probes: ['no_answer'] }, 'stuck'],
  ])('fails when it %s', (_, change, problem) => {
    expect(problemsOf(rowOf({ ...ended, ...change }), {}).join()).toContain(`resilient: ${problem}`);
  });
  test('counts nothing that had left the page before, or that is nobody’s', () => {
    const page: PageRecord[] = [sent('token', 'user_1', 999), asked, ...ended.page, sent('token', 'none')];
    const seen: Recording = {
      ...ended,
      page,
      runs: [{ ...run, at: 1_700 }],
      authentications: [{ ...accepted, at: 1_700 }],
    };
    expect(measure(seen).lateTokens).toBe(0);
  });
  test('of a revocation is known to the page when it shows it', () => {
    const tokenAt = (at: number): Recording => ({ ...ended, page: [...ended.page, sent('token', 'user_1', at)] });
    expect([measure(tokenAt(1_005)).lateTokens, measure(tokenAt(1_020)).lateTokens]).toEqual([0, 1]);
  });
  test('fails when it leaves the session active', () => {
    const { removedAt: _, ...left } = ended;
    expect(problemsOf(rowOf(left), {}).join()).toContain('came to "session_left_active"');
  });
  test('may show loading while a page loads', () => {
    const page: PageRecord[] = [
      ...ended.page,
      { at: 2_000, kind: 'load' },
      auth(2_010, 'loading'),
      auth(2_050, 'signed_out'),
    ];
    expect(problemsOf(rowOf({ ...ended, page }), {})).toEqual([]);
  });
});

describe('plain', () => {
  test('fails when it comes to something else than expected, and when nothing is expected', () => {
    expect(problemsOf(rowOf(fine, 'plain'), { it: { 6: 'recovers' } })).toEqual([]);
    expect(problemsOf(rowOf(fine, 'plain'), { it: { 6: 'signed_out' } }).join()).toContain('came to "recovers" where');
    expect(problemsOf(rowOf(fine, 'plain'), { it: { 6: 'signed_out or recovers' } })).toEqual([]);
    expect(problemsOf(rowOf(fine, 'plain'), { it: { 6: 'signed_out or stuck' } })).toHaveLength(1);
    expect(problemsOf(rowOf(fine, 'plain'), {}).join()).toContain('says nothing of it');
    expect(problemsOf({ ...rowOf(fine, 'plain'), life: 'life_01' }, {})).toEqual([]); // of one step among others nothing is committed
  });
  test.each<[string, Partial<Recording>]>([
    ['recovers', {}],
    ['anonymous_runs', { runs: [{ ...run, identity: null }] }],
    ['not_refreshed', { authentications: [] }],
    ['signed_out_for_a_while', { page: [auth(3_000, 'signed_out'), auth(4_000, 'authenticated')] }],
    ['signed_out', { lastState: 'signed_out' }],
    ['stuck', { probes: ['no_answer'] }],
    ['loading_for_ever', { lastState: 'loading' }],
  ])('comes to %s', (word, change) => {
    expect(outcome({ ...fine, ...change })).toBe(word);
  });
});

test('what plain came to is told once for each of its ends', () => {
  const row = rowOf(fine, 'plain');
  const lost = rowOf({ ...fine, lastState: 'signed_out', page: [auth(3_000, 'signed_out')] }, 'plain').results;
  expect(outcomesOfPlain({ ...row, again: [lost, row.results, lost] })).toBe('recovers or signed_out');
  expect(outcomesOfPlain(rowOf(fine))).toBe('');
});
