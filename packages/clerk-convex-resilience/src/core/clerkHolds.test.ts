import { describe, expect, it } from 'vitest';
import { type Hold, type HoldFacts, holdOf } from './clerkHolds.ts';
import type { GuardedRequest } from './events.ts';

const load = { until: 3_000, unfailedUntil: 7_000 };
const facts: HoldFacts = {
  startedAt: 1_000,
  ofLoad: false,
  environmentIsMissed: false,
  inDoubt: false,
  hasOthers: false,
  signOutAnnounced: false,
  loaded: true,
  load,
};

describe('the failure of', () => {
  it.each<[kind: GuardedRequest, about: Partial<HoldFacts>, hold: Hold]>([
    ['tokens', {}, 'while_transient'],
    ['tokens', { signOutAnnounced: true }, 'while_transient'],
    ['dev_browser', { loaded: false }, 'while_transient'],
    ['touch', {}, { until: 4_000 }],
    ['environment', { loaded: false }, { until: 6_000 }],
    ['environment', { loaded: false, environmentIsMissed: true }, { until: 36_000 }],
    ['client', { loaded: false, ofLoad: true }, load],
    ['client', { loaded: false }, load],
    ['client', { loaded: false, ofLoad: true, startedAt: 7_000 }, load],
    ['client', { loaded: false, startedAt: 7_000 }, 'while_transient'],
    ['client', { loaded: false, startedAt: 7_000, signOutAnnounced: true }, 'not'],
    ['client', { inDoubt: true }, 'while_transient'],
    ['client', { inDoubt: true, loaded: false, ofLoad: true }, 'while_transient'],
    ['client', {}, 'not'],
    ['client', { hasOthers: true }, 'while_transient'],
    ['client', { hasOthers: true, loaded: false, ofLoad: true }, load],
    ['sign_out', {}, 'not'],
    ['other', {}, 'not'],
  ])('%s with %o is held: %o', (kind, about, hold) => {
    expect(holdOf(kind, { ...facts, ...about })).toEqual(hold);
  });
});
