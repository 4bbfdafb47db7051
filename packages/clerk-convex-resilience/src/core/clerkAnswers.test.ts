import { describe, expect, it } from 'vitest';
import { confirmsSignOut, judgeAnswer } from './clerkAnswers.ts';
import type { GuardedRequest } from './events.ts';

const clerkError = (code: unknown): string => JSON.stringify({ errors: [{ code, message: 'x', long_message: 'x' }] });
const html = '<!doctype html><title>Blocked</title>';
const judge = (kind: GuardedRequest, status: number, text: string, headers: HeadersInit = {}) =>
  judgeAnswer(kind, { status, headers: new Headers(headers) }, text, 0);

describe('judgeAnswer', () => {
  it.each<[title: string, kind: GuardedRequest, status: number, text: string, verdict: string, code?: string]>([
    ['a token', 'tokens', 200, '{"object":"token","jwt":"a.b.c"}', 'pass'],
    ['an empty token', 'tokens', 200, '{"object":"token","jwt":""}', 'failed', 'empty_token'],
    ['a token that is null', 'tokens', 200, '{"object":"token","jwt":null}', 'failed', 'empty_token'],
    ['a token of another shape', 'tokens', 200, '{"object":"token","value":"a.b.c"}', 'unknown'],
    ['half a token', 'tokens', 200, '{"object":"token"', 'failed', 'not_json'],
    ['a captive portal', 'tokens', 200, html, 'failed', 'not_json'],
    ['no content', 'touch', 204, '', 'pass'],
    ['a touch', 'touch', 200, '{"response":{},"client":{}}', 'pass'],
    ['JSON that is no object', 'touch', 200, '[]', 'unknown'],
    ['an empty environment', 'environment', 200, '{}', 'pass'],
    ['a client of another shape', 'client', 200, '{"data":{}}', 'unknown'],
    ['a client without sessions', 'client', 200, '{"response":{"object":"client"}}', 'unknown'],
    ['500', 'tokens', 500, clerkError('internal_clerk_error'), 'failed'],
    ['502', 'tokens', 502, html, 'failed'],
    ['429', 'tokens', 429, clerkError('too_many_requests'), 'failed'],
    ['a revocation', 'tokens', 401, clerkError('authentication_invalid'), 'pass'],
    ['no template', 'tokens', 404, clerkError('resource_not_found'), 'pass'],
    ['a ban', 'client', 403, clerkError('user_banned'), 'pass'],
    ['a code of tomorrow', 'tokens', 403, clerkError('session_frozen'), 'unknown'],
    ['a firewall', 'client', 403, html, 'failed', 'not_clerk'],
    ['a firewall with JSON', 'client', 403, '{"error":"blocked"}', 'failed', 'not_clerk'],
    ['a firewall whose codes are numbers', 'client', 403, clerkError(1020), 'failed', 'not_clerk'],
    ['a proxy’s 404', 'tokens', 404, html, 'failed', 'not_clerk'],
    ['a proxy’s 401', 'tokens', 401, '', 'failed', 'not_clerk'],
  ])('%s: %s %d', (_title, kind, status, text, verdict, code) => {
    const judgement = judge(kind, status, text);
    expect(judgement.verdict).toBe(verdict);
    if (judgement.verdict === 'failed')
      expect(judgement.failure).toMatchObject({ retryable: true, status, ...(code && { code }) });
  });

  it.each<[kind: GuardedRequest, status: number, code: string, verdict: string]>([
    ['client', 403, 'blocked_by_policy', 'failed'],
    ['client', 403, 'user_banned', 'pass'],
    ['client', 422, 'blocked_by_policy', 'unknown'],
    ['tokens', 403, 'blocked_by_policy', 'unknown'],
  ])('while it could end a live session, %s %d with the code %s: %s', (kind, status, code, verdict) => {
    const answer = { status, headers: new Headers() };
    expect(judgeAnswer(kind, answer, clerkError(code), 0, true).verdict).toBe(verdict);
  });

  it('knows that Clerk refuses the page itself', () => {
    expect(judge('client', 400, clerkError('origin_invalid'))).toEqual({ verdict: 'pass', refusal: 'origin_invalid' });
    expect(judge('tokens', 404, clerkError('resource_not_found'))).toEqual({ verdict: 'pass' });
  });

  it('reads Retry-After where it can be read', () => {
    expect(judge('tokens', 429, '', { 'retry-after': '7' })).toMatchObject({
      failure: { kind: 'rate_limited', retryAfterMs: 7_000 },
    });
    expect(judge('tokens', 503, '')).toMatchObject({ failure: { kind: 'server', status: 503 } });
  });

  it('reads the sessions that are signed in', () => {
    const sessions = [
      { id: 'a', status: 'active' },
      { id: 'b', status: 'pending' },
      { id: 'c', status: 'removed' },
      { id: 'd' },
    ];
    const body = { response: { sessions, last_active_session_id: 'a' }, client: null };
    expect(judge('client', 200, JSON.stringify(body))).toMatchObject({
      client: { lastActiveSessionId: 'a', sessionIds: ['a', 'b', 'd'] },
    });
    expect(judge('client', 200, '{"response":null,"client":null}')).toMatchObject({
      client: { lastActiveSessionId: null, sessionIds: [] },
    });
  });
});

describe('confirmsSignOut', () => {
  it.each([
    [200, '{"response":{},"client":{}}', true],
    [204, '', true],
    [401, clerkError('authentication_invalid'), true],
    [404, clerkError('resource_not_found'), true],
    [401, clerkError('dev_browser_unauthenticated'), false],
    [401, clerkError('requires_captcha'), false],
    [200, html, false],
    [200, '{"response":', false],
    [401, html, false],
    [404, html, false],
    [403, clerkError('whatever'), false],
    [429, clerkError('too_many_requests'), false],
    [500, clerkError('internal_clerk_error'), false],
  ])('%d %s: %s', (status, text, expected) => {
    expect(confirmsSignOut(status, text)).toBe(expected);
  });
});
