import { describe, expect, it } from 'vitest';
import { checkConvexUrl } from './convexUrl.ts';
import { checkPublishableKey, parsePublishableKey } from './publishableKey.ts';

const key = (host: string, instance = 'test'): string => `pk_${instance}_${btoa(`${host}$`)}`;

describe('parsePublishableKey', () => {
  it('reads the instance and the host of the Frontend API', () => {
    expect(parsePublishableKey(key('happy-hippo-1.clerk.accounts.dev'))).toEqual({
      instance: 'test',
      frontendApi: 'happy-hippo-1.clerk.accounts.dev',
    });
    expect(parsePublishableKey(key('clerk.example.com', 'live'))).toEqual({
      instance: 'live',
      frontendApi: 'clerk.example.com',
    });
  });
});

describe('checkPublishableKey', () => {
  it.each<[string, unknown, RegExp | null]>([
    ['a key', key('clerk.example.com'), null],
    ['a key with a port', key('127.0.0.1:4200'), null],
    ['nothing', undefined, /publishableKey is missing.*API keys page/],
    ['an empty text', '', /publishableKey is missing/],
    ['a number', 5, /is a number, but it must be a string/],
    ['a secret key', 'sk_test_abcdef', /is a secret key.*replace it/],
    ['another text', 'hello', /does not start with pk_test_ or pk_live_/],
    ['a key that is cut off', key('clerk.example.com').slice(0, -6), /cut off or mistyped/],
    ['a key without a host', key('localhost'), /cut off or mistyped/],
  ])('%s', (_name, value, expected) => {
    const problem = checkPublishableKey(value);
    if (expected) expect(problem?.message).toMatch(expected);
    else expect(problem).toBeNull();
  });

  it('never shows a secret key', () => {
    expect(JSON.stringify(checkPublishableKey('sk_live_verysecret'))).not.toContain('verysecret');
  });
});

describe('checkConvexUrl', () => {
  it.each<[string, unknown, RegExp | null]>([
    ['a deployment', 'https://happy-animal-123.convex.cloud', null],
    ['a local deployment', 'http://127.0.0.1:3210', null],
    ['nothing', undefined, /convexUrl is missing.*npx convex dev/],
    ['no URL', 'happy-animal-123', /"happy-animal-123", which is no URL/],
    ['a socket address', 'wss://happy-animal-123.convex.cloud', /must begin with https/],
    ['the site of HTTP actions', 'https://happy-animal-123.convex.site', /ends in \.convex\.cloud/],
  ])('%s', (_name, value, expected) => {
    const problem = checkConvexUrl(value);
    if (expected) expect(problem?.message).toMatch(expected);
    else expect(problem).toBeNull();
  });
});
