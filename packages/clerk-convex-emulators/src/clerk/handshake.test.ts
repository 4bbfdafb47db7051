import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createClerkEmulator } from './createClerkEmulator.ts';
import type { ClerkEmulator } from './types.ts';

// That @clerk/nextjs itself is content with it shows in test/next.

const page = 'http://localhost:3000/dashboard?tab=1';
let clerk: ClerkEmulator;
beforeAll(async () => {
  clerk = await createClerkEmulator();
});
afterAll(() => clerk.close());
afterEach(() => clerk.reset());

/** Where the handshake leads to, and the cookies that it hands over. */
async function shakeHands(cookie = '', query = '') {
  const response = await fetch(`${clerk.url}/v1/client/handshake?redirect_url=${encodeURIComponent(page)}${query}`, {
    headers: { cookie },
    redirect: 'manual',
  });
  const location = new URL(response.headers.get('location') ?? 'none:');
  const token = location.searchParams.get('__clerk_handshake') ?? '';
  location.searchParams.delete('__clerk_handshake');
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', clerk.url));
  const { payload } = await jwtVerify(token, keys);
  const cookies = Object.fromEntries(
    (payload.handshake as string[]).map((directive) => {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(directive) ?? [];
      return [name, value];
    }),
  );
  return { status: response.status, back: location.href, cookies };
}

it('sends a signed-in browser back with a session token of its own', async () => {
  const { cookies: seeded, sessionId } = clerk.signInBrowser();
  const client = seeded.find(({ name }) => name === '__client')?.value;
  const { status, back, cookies } = await shakeHands(`other=1; __client=${client}`);
  expect([status, back]).toEqual([307, page]);
  expect(decodeJwt(cookies.__session ?? '')).toMatchObject({ sid: sessionId, azp: 'http://localhost:3000' });
  expect(Number(cookies.__client_uat)).toBeGreaterThan(0);
  // Both spellings, since a server looks for either.
  expect(Object.keys(cookies).filter((name) => name.startsWith('__session'))).toHaveLength(2);
});

it('knows the browser by its cookie, also when the server tells a dev browser', async () => {
  const { cookies: seeded, sessionId } = clerk.signInBrowser();
  const client = seeded.find(({ name }) => name === '__client')?.value;
  const { cookies } = await shakeHands(`__client=${client}`, '&__clerk_db_jwt=dvb_1');
  expect(cookies.__clerk_db_jwt).toBe('dvb_1');
  expect(decodeJwt(cookies.__session ?? '').sid).toBe(sessionId);
});

it('tells the server of a visitor, and of one whose session is over, that nobody is there', async () => {
  const { cookies: seeded, sessionId } = clerk.signInBrowser();
  const client = seeded.find(({ name }) => name === '__client')?.value;
  clerk.revokeSession(sessionId);
  for (const cookie of ['', `__client=${client}`]) {
    const { cookies } = await shakeHands(cookie);
    expect([cookies.__session, cookies.__client_uat]).toEqual(['', '0']);
    expect(cookies.__clerk_db_jwt).toMatch(/^dvb_/);
  }
});

it('refuses a handshake that leads nowhere', async () => {
  const response = await fetch(`${clerk.url}/v1/client/handshake`, { redirect: 'manual' });
  expect(response.status).toBe(400);
});
