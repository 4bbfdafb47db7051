import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createClerkEmulator } from './createClerkEmulator.ts';
import type { ClerkEmulator } from './types.ts';

let clerk: ClerkEmulator;
beforeAll(async () => {
  clerk = await createClerkEmulator();
});
afterAll(() => clerk.close());
afterEach(() => clerk.reset());

const ask = async (
  method: string,
  path: string,
  { key = clerk.secretKey, body }: { key?: string | null; body?: unknown } = {},
) => {
  const response = await fetch(`${clerk.url}/v1${path}`, {
    method,
    headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown> & { errors?: Array<{ code: string }> },
  };
};

describe('the Backend API', () => {
  it.each([
    [null, 'authorization_header_format_invalid'],
    ['sk_test_wrong', 'clerk_key_invalid'],
  ])('refuses the key %s with the shape of Clerk', async (key, code) => {
    const { status, body } = await ask('GET', '/jwt_templates', { key });
    expect([status, body.errors?.[0]?.code]).toEqual([401, code]);
  });

  it('lists JWT templates and users', async () => {
    expect((await ask('GET', '/jwt_templates')).body).toMatchObject([
      { object: 'jwt_template', name: 'convex', claims: { aud: 'convex' }, lifetime: 60, signing_algorithm: 'RS256' },
    ]);
    expect((await ask('GET', '/users?email_address=ada@example.com')).body).toHaveLength(1);
    expect((await ask('GET', '/users?email_address=Ada@Example.com')).body).toHaveLength(1);
    expect((await ask('GET', '/users?email_address=eve@example.com')).body).toEqual([]);
    expect((await ask('GET', '/jwks')).body).toEqual(clerk.jwks);
  });

  it('publishes the keys of its tokens to who has the secret key alone, and they are those of the Frontend API', async () => {
    expect((await ask('GET', '/jwks', { key: null })).status).toBe(401);
    expect((await ask('GET', '/jwks', { key: 'sk_test_wrong' })).status).toBe(401);
    const frontend = await (await fetch(`${clerk.url}/.well-known/jwks.json`)).json();
    expect((await ask('GET', '/jwks')).body).toEqual(frontend);
  });

  it('reads, changes, bans and deletes a user', async () => {
    const { userId, sessionId } = clerk.signInBrowser();
    expect((await ask('GET', `/users/${userId}`)).body).toMatchObject({
      object: 'user',
      banned: false,
      first_name: 'Ada',
    });
    expect((await ask('PATCH', `/users/${userId}`, { body: { first_name: 'Augusta' } })).body.first_name).toBe(
      'Augusta',
    );
    expect((await ask('POST', `/users/${userId}/ban`)).body.banned).toBe(true);
    expect(clerk.isSessionActive(sessionId)).toBe(false);
    expect((await ask('DELETE', `/users/${userId}`)).body).toEqual({ object: 'user', id: userId, deleted: true });
    expect((await ask('GET', `/users/${userId}`)).status).toBe(404);
  });

  it('takes a name away with null, and keeps public metadata', async () => {
    const { userId } = clerk.signInBrowser();
    const { body } = await ask('PATCH', `/users/${userId}`, {
      body: { first_name: null, public_metadata: { role: 'editor' } },
    });
    expect(body).toMatchObject({ first_name: null, public_metadata: { role: 'editor' } });
    expect((await ask('PATCH', `/users/${userId}`, { body: { public_metadata: 'x' } })).status).toBe(422);
    clerk.configure({ jwtTemplates: { roles: { claims: { role: '{{user.public_metadata.role}}' } } } });
    expect(decodeJwt(await clerk.mintToken(clerk.signInBrowser(userId).sessionId, 'roles')).role).toBe('editor');
  });

  it('mints session tokens and those of templates, for active sessions only', async () => {
    const { sessionId } = clerk.signInBrowser();
    const claims = async (path: string) =>
      decodeJwt(String((await ask('POST', `/sessions/${sessionId}${path}`)).body.jwt));
    expect(await claims('/tokens')).toMatchObject({ sid: sessionId });
    expect(await claims('/tokens/convex')).toMatchObject({ aud: 'convex' });
    expect((await ask('POST', `/sessions/${sessionId}/tokens/none`)).status).toBe(404);
    clerk.revokeSession(sessionId);
    for (const path of ['/tokens', '/tokens/convex']) {
      const { status, body } = await ask('POST', `/sessions/${sessionId}${path}`);
      expect([status, body.errors?.[0]?.code]).toEqual([404, 'resource_not_found']);
    }
  });

  it('reads and revokes a session', async () => {
    const { sessionId, userId } = clerk.signInBrowser();
    expect((await ask('GET', `/sessions/${sessionId}`)).body).toMatchObject({ status: 'active', user_id: userId });
    expect((await ask('POST', `/sessions/${sessionId}/revoke`)).body.status).toBe('revoked');
    expect(clerk.isSessionActive(sessionId)).toBe(false);
    expect((await ask('GET', '/sessions/sess_none')).status).toBe(404);
  });

  it('makes sign-in tokens', async () => {
    const { userId } = clerk.signInBrowser();
    const { body } = await ask('POST', '/sign_in_tokens', { body: { user_id: userId } });
    const signIn = await fetch(`${clerk.url}/v1/client/sign_ins`, {
      method: 'POST',
      body: new URLSearchParams({ strategy: 'ticket', ticket: String(body.token) }),
    });
    expect(await signIn.json()).toMatchObject({ response: { status: 'complete' } });
  });

  it('answers a malformed body with 400', async () => {
    const response = await fetch(`${clerk.url}/v1/sign_in_tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${clerk.secretKey}`, 'content-type': 'application/json' },
      body: '{',
    });
    expect(response.status).toBe(400);
  });
});
