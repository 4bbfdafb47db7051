import { expect, test } from 'vitest';
import { promisedMs, recoveryBound } from './recoveryBound.ts';

test.each([
  [8_000, 3_000],
  [30_000, 3_000],
  [45_000, 9_000],
  [210_000, 42_000],
  [3_600_000, 60_000],
])('after an outage of %i ms the policy promises %i ms', (outageMs, ms) => {
  expect(promisedMs(outageMs)).toBe(ms);
});

test.each([
  ['scheduled_refresh', 'closed', 'once', 10],
  ['scheduled_refresh', 'closed', '210s', 88],
  ['scheduled_refresh', 'http_429_retry_after_seconds', '10s', 22],
  ['hidden', 'socket_dropped', 'once', 48],
  ['before_clerk_js', 'hang', 'once', 60],
  ['org_switch', 'closed', 'once', 50],
] as const)('%s, %s, %s: at most %i s', (when, fault, lasts, seconds) => {
  expect(recoveryBound({ when, fault, lasts })).toBe(seconds * 1_000);
});
