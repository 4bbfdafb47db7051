import { describe, expect, it } from 'vitest';
import { joinKey, looksLikeClerk, readClerkRequest } from './clerkRequests.ts';

const query = '__clerk_api_version=2025-11-10&_clerk_js_version=5.128.0';
const page = 'https://app.test/inbox';

describe('readClerkRequest', () => {
  it.each<[method: string, path: string, extra: string, kind: string, sessionId: string | undefined]>([
    ['GET', 'environment', '', 'environment', undefined],
    ['POST', 'environment', '&_method=PATCH', 'environment', undefined],
    ['GET', 'client', '', 'client', undefined],
    ['GET', 'client', '&_clerk_session_id=sess_a', 'client', undefined],
    ['POST', 'client', '&_method=PUT', 'other', undefined],
    ['POST', 'client', '&_method=DELETE', 'sign_out', undefined],
    ['POST', 'client/sessions', '&_method=DELETE', 'sign_out', undefined],
    ['DELETE', 'client/sessions', '', 'sign_out', undefined],
    ['POST', 'client/sessions/sess_a/remove', '', 'sign_out', 'sess_a'],
    ['POST', 'client/sessions/sess_a/end', '', 'sign_out', 'sess_a'],
    ['POST', 'client/sessions/sess_a/touch', '', 'touch', 'sess_a'],
    ['POST', 'client/sessions/sess_a/tokens', '', 'tokens', 'sess_a'],
    ['POST', 'client/sessions/sess_a/tokens/convex', '&_clerk_session_id=sess_b', 'tokens', 'sess_a'],
    ['GET', 'client/sessions/sess_a/tokens', '', 'other', 'sess_a'],
    ['POST', 'client/sessions/sess_a/verify', '', 'other', 'sess_a'],
    ['POST', 'client/sign_ins', '', 'other', undefined],
    ['POST', 'client/sign_ups', '', 'other', undefined],
    ['GET', 'me', '&_clerk_session_id=sess_a', 'other', 'sess_a'],
    ['POST', 'dev_browser', '', 'dev_browser', undefined],
  ])('%s %s%s is %s', (method, path, extra, kind, sessionId) => {
    const request = readClerkRequest(`https://clerk.app.test/v1/${path}?${query}${extra}`, method, undefined);
    expect(request).toMatchObject({ kind, sessionId, origin: 'https://clerk.app.test', major: 5 });
  });

  it.each([
    ['its own host', 'https://clerk.app.test/v1/client', 'https://clerk.app.test'],
    ['a path of the app', '/__clerk/v1/client', 'https://app.test'],
    ['a proxy on another port', 'http://localhost:4200/api/__clerk/v1/client/', 'http://localhost:4200'],
    ['a proxy below /v1/ of the app’s own API', '/api/v1/clerk/v1/client', 'https://app.test'],
  ])('finds the Frontend API on %s', (_, url, origin) => {
    expect(readClerkRequest(`${url}?${query}`, 'GET', page)).toMatchObject({ kind: 'client', origin });
  });

  it.each([
    ['another path', `https://a.test/client?${query}`],
    ['no parameter', 'https://clerk.app.test/v1/client'],
    ['no URL', `//?${query}`],
  ])('knows that %s is none of Clerk’s', (_, url) => {
    expect(readClerkRequest(url, 'GET', undefined)).toBeNull();
  });

  it('tells the major, and a request that clerk-js repeats', () => {
    const read = (version: string) =>
      readClerkRequest(`/v1/client?_clerk_js_version=${version}&_clerk_retry_attempt=2`, 'GET', page);
    expect(read('6.40.0')).toMatchObject({ major: 6, repeated: true });
    expect(read('7.0.0-canary.1')?.major).toBe(7);
    expect(read('main')?.major).toBeUndefined();
  });

  it('takes templates for different kinds of requests, and sessions for the same', () => {
    const family = (path: string) => readClerkRequest(`/v1/client/sessions/${path}?${query}`, 'POST', page)?.family;
    expect(family('sess_a/tokens')).toBe(family('sess_b/tokens'));
    expect(family('sess_a/tokens/convex')).not.toBe(family('sess_a/tokens'));
  });
});

describe('looksLikeClerk', () => {
  it('is one string test', () => {
    expect(looksLikeClerk(`https://clerk.app.test/v1/client?${query}`)).toBe(true);
    expect(looksLikeClerk('https://api.test/v1/client')).toBe(false);
  });
});

describe('joinKey', () => {
  const url = `https://clerk.app.test/v1/client/sessions/sess_a/tokens?${query}`;
  it.each([
    ['the poller and a forced fetch', [url, ''], [`${url}&debug=skip_cache`, ''], true],
    [
      'clerk-js 6 in the background and in front',
      [url, 'organizationId=&tabState=hidden'],
      [url, 'organizationId=&tabState=focused'],
      true,
    ],
    ['a try again of clerk-js', [url, ''], [`${url}&_clerk_retry_attempt=3`, ''], true],
    ['two organisations', [url, 'organizationId=org_a'], [url, 'organizationId=org_b'], false],
    ['a retry with the expired token', [url, ''], [`${url}&expired_token=x`, ''], false],
    ['two sessions', [url, ''], [url.replace('sess_a', 'sess_b'), ''], false],
    ['a token with the last one in hand', [url, 'token=a'], [url, 'token=b'], false],
  ] as const)('%s', (_, a, b, same) => {
    expect(joinKey('POST', a[0], a[1]) === joinKey('POST', b[0], b[1])).toBe(same);
  });
});
