import { describe, expect, it } from 'vitest';
import { checkWebhookSecret } from './webhookSecret.ts';

describe('checkWebhookSecret', () => {
  it.each<[string, unknown, RegExp | null]>([
    ['a secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', null],
    ['a secret with padding', 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7o=', null],
    ['a secret without its prefix', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', null],
    ['nothing', undefined, /no signing secret.*CLERK_WEBHOOK_SIGNING_SECRET/],
    ['an empty text', '', /no signing secret/],
    ['null', null, /no signing secret/],
    ['a number', 12_345_678, /is malformed/],
    ['a secret key', 'sk_live_verysecret', /is malformed.*dashboard/],
    ['a publishable key', 'pk_test_verysecret', /is malformed.*dashboard/],
    ['the prefix alone', 'whsec_', /is malformed/],
    ['a secret in quotes', '"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"', /is malformed/],
    ['a secret that is cut off', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa', /is malformed/],
    ['a secret without its padding', 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7o', /is malformed/],
  ])('%s', (_name, value, expected) => {
    const problem = checkWebhookSecret(value);
    if (expected) expect(problem?.message).toMatch(expected);
    else expect(problem).toBeNull();
    if (typeof value === 'string' && value.length > 8) expect(JSON.stringify(problem)).not.toContain(value.slice(8));
  });
});
