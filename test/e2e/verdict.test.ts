import { describe, expect, it } from 'vitest';
import type { Seen, SideStats } from '../../examples/vite-app/src/lab/protocol.ts';
import { type Recording, record, since } from '../../examples/vite-app/src/lab/recording.ts';
import { judge, type Run } from '../../examples/vite-app/src/lab/verdict.ts';

/** The fault lasts from second 10 to second 18. */
const running: Run = { rightEnd: 'signed_in', startedAt: 10_000 };
const over: Run = { ...running, endedAt: 18_000 };
const end = (run: Run): Run => ({ ...run, rightEnd: 'signed_out' });

const numbers: SideStats = {
  clerkRequests: 9,
  faulted: 7,
  faultedTokens: 7,
  authenticates: 1,
  refusals: 0,
  anonymousRuns: 0,
  goodTokenAt: 18_400,
};

/** `[[0, 'signed_in'], [12_500, 'signed_out']]`; a `!` means that Convex's socket is down. */
const seen = (...looks: Array<[at: number, look: Seen | `${Seen}!`]>): Recording =>
  looks.reduce<Recording>((all, [at, look]) => {
    const connected = !look.endsWith('!');
    return record(all, at, { seen: look.replace('!', '') as Seen, connected, sessionId: null });
  }, []);

describe('the verdict on a user who ought to stay', () => {
  it.each<[string, Run, Recording, number, SideStats | undefined, string, RegExp]>([
    ['praises a quiet outage', running, seen([0, 'signed_in']), 13_000, numbers, 'good', /Still signed in\. 7 failed/],
    [
      'is patient with an app that says what is wrong',
      over,
      seen([0, 'blocked']),
      40_000,
      numbers,
      'busy',
      /every half minute/,
    ],
    ['waits for a refresh', running, seen([0, 'refreshing']), 13_000, numbers, 'busy', /Still signed in/],
    [
      'names a sign-out at once',
      running,
      seen([0, 'signed_in'], [12_500, 'signed_out']),
      13_000,
      numbers,
      'bad',
      /Signed out after 2\.5 s.*sign-in page/,
    ],
    [
      'says that only a reload helps when the fault is over and the user still out',
      over,
      seen([0, 'signed_in'], [12_500, 'signed_out']),
      21_000,
      numbers,
      'bad',
      /Signed out after 2\.5 s.*only a reload helps/,
    ],
    [
      'does not forget a sign-out that healed',
      over,
      seen([0, 'signed_in'], [12_500, 'signed_out'], [19_000, 'signed_in']),
      30_000,
      numbers,
      'bad',
      /Signed out after 2\.5 s.*came back/,
    ],
    [
      'counts the recovery from the end of the fault to the fresh token',
      over,
      seen([0, 'signed_in'], [11_000, 'refreshing!'], [18_200, 'signed_in']),
      25_000,
      numbers,
      'good',
      /Still signed in\. 7 failed requests, recovered 0\.4 s after/,
    ],
    [
      'is not content before the fresh token is there',
      over,
      seen([0, 'signed_in']),
      19_000,
      { ...numbers, goodTokenAt: null },
      'busy',
      /7 failed requests, no fresh token yet/,
    ],
    [
      'does not call a side recovered whose socket is down',
      over,
      seen([0, 'signed_in!']),
      20_000,
      numbers,
      'busy',
      /Recovering for 2\.0 s/,
    ],
    ['calls a page stuck that loads on and on', over, seen([0, 'loading']), 30_000, numbers, 'bad', /Stuck for 12 s/],
    [
      'says so when nothing failed',
      over,
      seen([0, 'signed_in']),
      25_000,
      { ...numbers, faulted: 0, faultedTokens: 0 },
      'good',
      /Still signed in\. Never interrupted/,
    ],
    [
      'ignores what was before the fault',
      over,
      seen([0, 'signed_out'], [5_000, 'signed_in']),
      25_000,
      numbers,
      'good',
      /Still/,
    ],
  ])('%s', (_, run, recording, now, stats, tone, text) => {
    const verdict = judge(run, recording, stats, now);
    expect(`${verdict.headline} ${verdict.detail}`).toMatch(text);
    expect(verdict.tone).toBe(tone);
  });
});

describe('the verdict on a user who ought to be out', () => {
  it.each<[string, Run, Recording, number, string, RegExp]>([
    ['is patient for a moment', end(running), seen([0, 'signed_in']), 11_000, 'busy', /Not signed out yet/],
    [
      'praises a sign-out that stays',
      end(over),
      seen([0, 'signed_in'], [11_000, 'signed_out'], [12_000, 'loading'], [13_000, 'signed_out']),
      20_000,
      'good',
      /Signed out after 1\.0 s, as it should be/,
    ],
    [
      'names a sign-out that a reload undid',
      end(over),
      seen([0, 'signed_in'], [11_000, 'signed_out'], [12_000, 'loading'], [13_000, 'signed_in']),
      20_000,
      'bad',
      /Signed in again/,
    ],
    ['names a user who was never let go', end(over), seen([0, 'signed_in']), 30_000, 'bad', /Still signed in.*is not/],
    [
      'names a page that is neither in nor out',
      end(over),
      seen([0, 'signed_in'], [11_000, 'loading']),
      30_000,
      'bad',
      /Stuck/,
    ],
  ])('%s', (_, run, recording, now, tone, text) => {
    const verdict = judge(run, recording, numbers, now);
    expect(`${verdict.headline} ${verdict.detail}`).toMatch(text);
    expect(verdict.tone).toBe(tone);
  });
});

describe('a recording', () => {
  it('joins looks that are the same and closes the one before', () => {
    expect(seen([0, 'signed_in'], [5, 'signed_in'], [9, 'loading'])).toEqual([
      { seen: 'signed_in', connected: true, from: 0, to: 9 },
      { seen: 'loading', connected: true, from: 9 },
    ]);
  });

  it('can be cut', () => {
    expect(since(seen([0, 'signed_in'], [5, 'loading']), 7)).toEqual([{ seen: 'loading', connected: true, from: 7 }]);
  });
});
