import { describe, expect, it } from 'vitest';
import { type ClerkFetchGuardOptions, installClerkFetchGuard } from './clerkFetchGuard.ts';
import type { AuthEvent } from './events.ts';
import { createTestClock } from './testClock.ts';
import { createTestConnectivity } from './testConnectivity.ts';
import { createScriptedFetch, type ScriptedAnswer, type ScriptedCall } from './testFetch.ts';

const api = 'https://clerk.app.test/v1';
const v5 = '__clerk_api_version=2025-11-10&_clerk_js_version=5.128.0';
const json = (body: unknown, status = 200, headers: HeadersInit = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
const token = (jwt = 'a.b.c'): Response => json({ object: 'token', jwt });
const netError = (): Error => new TypeError('Failed to fetch');

function setUp(answer: (call: ScriptedCall, index: number) => ScriptedAnswer, options: ClerkFetchGuardOptions = {}) {
  const clock = createTestClock();
  const connectivity = createTestConnectivity();
  const events: AuthEvent[] = [];
  const scripted = createScriptedFetch(clock.now, answer);
  const target = { fetch: scripted.fetch };
  const guard = installClerkFetchGuard({
    clock,
    connectivity,
    target,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const send = (path: string, init: RequestInit = {}, query = v5): Promise<Response> =>
    target.fetch(new URL(`${api}/${path}?${query}`), { credentials: 'include', ...init });
  const getToken = (sessionId = 'sess_a', init: RequestInit = {}): Promise<Response> =>
    send(`client/sessions/${sessionId}/tokens`, { method: 'POST', ...init });
  return { clock, connectivity, events, guard, scripted, target, send, getToken };
}

describe('a token request', () => {
  it('is retried through a network outage and answered soon after it', async () => {
    const upAt = 1_700_000_000_000 + 8_000;
    const { clock, getToken, scripted } = setUp(({ at }) => (at < upAt ? netError() : token()));
    let answered = 0;
    const answer = getToken().then((response) => {
      answered = clock.now();
      return response.json();
    });
    await clock.advance(12_000);
    expect(await answer).toMatchObject({ jwt: 'a.b.c' });
    expect(answered - upAt).toBeLessThanOrEqual(2_500);
    expect(scripted.calls.length).toBeLessThanOrEqual(8);
    expect(clock.pendingTimers).toBe(0);
  });
});
