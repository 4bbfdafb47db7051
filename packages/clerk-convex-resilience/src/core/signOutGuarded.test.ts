import { expect, it } from 'vitest';
import { installClerkFetchGuard } from './clerkFetchGuard.ts';
import { retryPolicies } from './policy.ts';
import { createSignOut } from './signOut.ts';
import { createTestClock } from './testClock.ts';
import { createTestConnectivity } from './testConnectivity.ts';
import { createScriptedFetch } from './testFetch.ts';

// A sign-out and the guard together: a revocation is tried again through requests that the guard holds back.

const api = 'https://clerk.app.test/v1';
const version = '__clerk_api_version=2025-11-10&_clerk_js_version=5.128.0';
const json = (body: unknown): Response =>
  new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });

it.each([10, 60, 300, 1_800])('revokes within a second of `online`, after an outage of %d s', async (seconds) => {
  const clock = createTestClock();
  const connectivity = createTestConnectivity();
  let isDown = false;
  let isActive = true;
  const { fetch } = createScriptedFetch(clock.now, ({ url, method }) => {
    if (isDown) return new TypeError('Failed to fetch');
    if (url.includes('/tokens')) return json({ object: 'token', jwt: 'a.b.c' });
    if (method === 'DELETE') isActive = false;
    const sessions = isActive ? [{ id: 'sess_1', status: 'active' }] : [];
    return json({ response: { object: 'client', sessions, last_active_session_id: null }, client: null });
  });
  const target = { fetch };
  const guard = installClerkFetchGuard({ clock, connectivity, target });
  const ask = (path: string, method = 'GET') => target.fetch(new URL(`${api}/${path}?${version}`), { method });
  const revoke = () => ask('client/sessions', 'DELETE');
  const signOut = createSignOut({
    clock,
    connectivity,
    policy: retryPolicies.session,
    report: () => {},
    instance: () => undefined,
    isRevoked: (id) => guard.isRevoked(id),
    async sessions() {
      const body = (await (await ask('client')).json()) as { response: { sessions: { id: string }[] } };
      return body.response.sessions.map(({ id }) => id);
    },
    revoke,
  });
  await Promise.all([ask('client'), clock.advance(100)]);
  isDown = true;
  ask('client/sessions/sess_1/tokens', 'POST').catch(() => {});
  await clock.advance(seconds * 1_000);
  void signOut.begin(['sess_1'], () => {
    guard.endSession('sess_1');
    return revoke();
  });
  await clock.advance(20_000);
  isDown = false;
  connectivity.wake('online');
  await clock.advance(1_000);
  expect(isActive).toBe(false);
});
