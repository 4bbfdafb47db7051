import { type Finding, finding } from '../findings.ts';

/**
 * From here on a wrong clock is felt: it is half the 60 s that a session token of Clerk's lives. clerk-js tells the age of
 * a token by the device's clock, so one that is ahead halves the use of each token and, at 120 s, keeps none
 * (13 requests in 20 s: clerk-js 5.128.0); one that is behind hands out what has expired. Less is what a slow answer,
 * or a `Date` in whole seconds, looks like.
 */
const toleratedMs = 30_000;

export const isSkewed = (clockAheadMs: number | undefined): clockAheadMs is number =>
  clockAheadMs !== undefined && Math.abs(clockAheadMs) > toleratedMs;

export const clockSkew = (clockAheadMs: number | undefined): readonly Finding[] =>
  isSkewed(clockAheadMs) ? [finding('CLOCK_SKEW', { seconds: Math.round(clockAheadMs / 1000) })] : [];

/** The server's time in seconds; undefined where nobody has looked at a clock. */
export const serverSeconds = (now: number | undefined, clockAheadMs: number | undefined): number | undefined =>
  now === undefined ? undefined : (now - (clockAheadMs ?? 0)) / 1000;
