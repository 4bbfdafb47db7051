import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createClerkEmulator } from './createClerkEmulator.ts';
import type { ClerkEmulator, ClerkEmulatorOptions, ClerkRuntimeOptions } from './types.ts';

const page = 'http://127.0.0.1:5173';
let clerk: ClerkEmulator;

beforeAll(async () => {
  clerk = await createClerkEmulator({
    users: [
      {
        emailAddress: 'ada@example.com',
        password: 'correct-horse',
        firstName: 'Ada',
        organizations: [{ slug: 'acme', role: 'org:admin' }],
      },
      { emailAddress: 'bob@example.com', password: 'battery-staple' },
    ],
    organizations: [
      { slug: 'acme', name: 'Acme' },
      { slug: 'other', name: 'Other' },
    ],
  });
});
afterAll(() => clerk.close());
afterEach(() => clerk.reset());

/** The fields of answers that these tests read. */
interface Body {
  id: string;
  jwt: string;
  errors?: ReadonlyArray<{ code: string; long_message: string }>;
  response: {
    id: string;
    first_name: string;
    created_session_id: string;
    created_user_id: string;
    status: string;
    total_count: number;
    sessions: SessionBody[];
  };
  client: { sign_in: { id: string }; sessions: SessionBody[] };
}
interface SessionBody {
  user: {
    id: string;
    first_name: string;
    email_addresses: ReadonlyArray<{ email_address: string }>;
    organization_memberships: readonly [{ organization: { id: string } }];
  };
}
interface Answer {
  status: number;
  headers: Headers;
  body: Body;
}

/** A browser that sends requests as clerk-js does: form-urlencoded POSTs with `_method`, and its cookie. */
function createTestBrowser(emulator = clerk, cookie?: string) {
  let jar = cookie;
  return {
    get cookie() {
      return jar;
    },
    async send(method: string, path: string, fields: Record<string, string> = {}): Promise<Answer> {
      const url = new URL(`/v1${path}`, emulator.url);
      if (method !== 'GET' && method !== 'POST') url.searchParams.set('_method', method);
      const response = await fetch(url, {
        method: method === 'GET' ? 'GET' : 'POST',
        headers: { origin: page, ...(jar === undefined ? {} : { cookie: `__client=${jar}` }) },
        ...(method === 'GET' ? {} : { body: new URLSearchParams(fields) }),
      });
      const set = /__client=([^;]*)/.exec(response.headers.get('set-cookie') ?? '')?.[1];
      if (set !== undefined) jar = set === '' ? undefined : set;
      return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
    },
    async signIn(identifier = 'ada@example.com', password = 'correct-horse'): Promise<string> {
      const answer = await this.send('POST', '/client/sign_ins', { identifier, password, strategy: 'password' });
      return answer.body.response.created_session_id;
    },
  };
}

const seeded = (user?: string) => {
  const seed = clerk.signInBrowser(user);
  return { ...seed, browser: createTestBrowser(clerk, seed.cookies[0]?.value) };
};
const codeOf = ({ status, body }: Answer) => [status, body.errors?.[0]?.code];

describe('signing in', () => {
  it('takes a password in one step and hands out a host-only cookie', async () => {
    const browser = createTestBrowser();
    expect((await browser.send('GET', '/client')).body).toEqual({ response: null, client: null });
    const { body, headers } = await browser.send('POST', '/client/sign_ins', {
      identifier: 'ada@example.com',
      password: 'correct-horse',
      strategy: 'password',
    });
    expect(body.response).toMatchObject({ status: 'complete', identifier: 'ada@example.com' });
    expect(body.client).toMatchObject({ last_active_session_id: body.response.created_session_id, sign_in: null });
    expect(headers.get('set-cookie')).toMatch(/^__client=\w+; Path=\/; HttpOnly; Max-Age=\d+; SameSite=Lax$/);
    expect((await browser.send('GET', '/client')).body.response.sessions[0]?.user.first_name).toBe('Ada');
  });

  it('goes through the two steps of the prebuilt component', async () => {
    const browser = createTestBrowser();
    const first = await browser.send('POST', '/client/sign_ins', { identifier: 'ada@example.com' });
    expect(first.body.response).toMatchObject({
      status: 'needs_first_factor',
      supported_first_factors: [{ strategy: 'password' }],
    });
    expect(first.body.client.sign_in.id).toBe(first.body.response.id);
    const path = `/client/sign_ins/${first.body.response.id}/attempt_first_factor`;
    const wrong = await browser.send('POST', path, { strategy: 'password', password: 'wrong' });
    expect(codeOf(wrong)).toEqual([422, 'form_password_incorrect']);
    const right = await browser.send('POST', path, { strategy: 'password', password: 'correct-horse' });
    expect(right.body.response.status).toBe('complete');
  });

  it('takes a ticket once', async () => {
    const ticket = clerk.createSignInTicket('bob@example.com');
    const fields = { strategy: 'ticket', ticket };
    const { body } = await createTestBrowser().send('POST', '/client/sign_ins', fields);
    expect(body.client.sessions[0]?.user.email_addresses[0]?.email_address).toBe('bob@example.com');
    expect(codeOf(await createTestBrowser().send('POST', '/client/sign_ins', fields))).toEqual([
      422,
      'ticket_invalid_code',
    ]);
  });

  it.each([
    ['an unknown identifier', { identifier: 'eve@example.com' }, 422, 'form_identifier_not_found'],
    [
      'a strategy it does not have',
      { identifier: 'ada@example.com', strategy: 'oauth_google' },
      422,
      'form_param_value_invalid',
    ],
  ])('refuses %s', async (_what, fields, status, code) => {
    expect(
      codeOf(await createTestBrowser().send('POST', '/client/sign_ins', fields as Record<string, string>)),
    ).toEqual([status, code]);
  });

  it('refuses a second session in single session mode, and a banned user', async () => {
    const { browser } = seeded();
    const fields = { identifier: 'bob@example.com', password: 'battery-staple' };
    expect(codeOf(await browser.send('POST', '/client/sign_ins', fields))).toEqual([400, 'session_exists']);
    clerk.banUser('bob@example.com');
    expect(codeOf(await createTestBrowser().send('POST', '/client/sign_ins', fields))).toEqual([403, 'user_banned']);
  });

  it('treats a cookie that is not its own as a fresh browser', async () => {
    const browser = createTestBrowser(clerk, 'of-another-emulator');
    expect((await browser.send('GET', '/client')).body.response).toBeNull();
    await browser.signIn();
    expect(browser.cookie).not.toBe('of-another-emulator');
    expect((await browser.send('GET', '/client')).body.response.sessions).toHaveLength(1);
  });

  it('says what to do when the browser would lose the cookie', async () => {
    const { port } = new URL(clerk.url);
    const answer = await fetch(`${clerk.url}/v1/client/sign_ins`, {
      method: 'POST',
      headers: { origin: 'http://localhost:5173', 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({ identifier: 'ada@example.com' }),
    });
    const { errors } = (await answer.json()) as Body;
    expect(errors?.[0]?.code).toBe('emulator_cross_site');
    expect(errors?.[0]?.long_message).toContain(`Use http://localhost:${port} as the proxyUrl`);
  });

  it('knows a browser of an *.accounts.dev key by its dev browser id', async () => {
    const { id } = (await createTestBrowser().send('POST', '/dev_browser')).body;
    await createTestBrowser().send('POST', `/client/sign_ins?__clerk_db_jwt=${id}`, {
      identifier: 'ada@example.com',
      password: 'correct-horse',
    });
    const { body } = await createTestBrowser().send('GET', `/client?__clerk_db_jwt=${id}`);
    expect(body.response.sessions).toHaveLength(1);
  });
});

describe('signing up', () => {
  it('is complete at once with e-mail address and password', async () => {
    const browser = createTestBrowser();
    const first = await browser.send('POST', '/client/sign_ups', { email_address: 'Eve@example.com' });
    expect(first.body.response).toMatchObject({ status: 'missing_requirements', missing_fields: ['password'] });
    const path = `/client/sign_ups/${first.body.response.id}`;
    expect(codeOf(await browser.send('PATCH', path, { password: 'short' }))).toEqual([
      422,
      'form_password_length_too_short',
    ]);
    const done = await browser.send('PATCH', path, { password: 'long-enough', first_name: 'Eve' });
    expect(done.body.response).toMatchObject({ status: 'complete', missing_fields: [] });
    expect(done.body.client.sessions[0]?.user).toMatchObject({
      id: done.body.response.created_user_id,
      first_name: 'Eve',
    });
  });

  it('refuses an e-mail address that is taken', async () => {
    const answer = await createTestBrowser().send('POST', '/client/sign_ups', {
      email_address: 'ada@example.com',
      password: 'x'.repeat(9),
    });
    expect(codeOf(answer)).toEqual([422, 'form_identifier_exists']);
  });
});

describe('tokens', () => {
  const jwks = () => createRemoteJWKSet(new URL('/.well-known/jwks.json', clerk.url));

  it('verify against the JWKS that its discovery document names', async () => {
    const { browser, sessionId, userId } = seeded();
    const { jwt } = (await browser.send('POST', `/client/sessions/${sessionId}/tokens`)).body;
    const discovery = (await (await fetch(`${clerk.url}/.well-known/openid-configuration`)).json()) as Record<
      string,
      string
    >;
    expect(discovery).toMatchObject({ issuer: clerk.url, jwks_uri: `${clerk.url}/.well-known/jwks.json` });
    const { payload } = await jwtVerify(jwt, jwks(), { issuer: clerk.url });
    expect(payload).toMatchObject({ sub: userId, sid: sessionId, v: 2, azp: page });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
    expect(payload).not.toHaveProperty('aud');
  });

  it('verify against no other emulator, nor against one that has got the key of theirs when that had ended', async () => {
    const ended = await createClerkEmulator();
    const { sessionId, cookies } = ended.signInBrowser();
    const { jwt } = (
      await createTestBrowser(ended, cookies[0]?.value).send('POST', `/client/sessions/${sessionId}/tokens`)
    ).body;
    await Promise.all([ended.close(), ended.close()]); // gives its key back once
    const [heir, other] = [await createClerkEmulator(), await createClerkEmulator()];
    try {
      const modulus = ({ jwks: { keys } }: typeof ended) => keys[0]?.n;
      expect(modulus(heir)).toBe(modulus(ended));
      expect(new Set([clerk, heir, other].map(modulus)).size).toBe(3);
      for (const { url } of [clerk, heir, other]) {
        const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', url));
        await expect(jwtVerify(jwt, keys)).rejects.toThrow('no applicable key found');
      }
    } finally {
      await Promise.all([heir.close(), other.close()]);
    }
  });

  it('carry the claims of a template, or answer 404 without one', async () => {
    const { browser, sessionId } = seeded();
    const { jwt } = (await browser.send('POST', `/client/sessions/${sessionId}/tokens/convex`)).body;
    const { payload } = await jwtVerify(jwt, jwks(), { issuer: clerk.url, audience: 'convex' });
    expect(payload).toMatchObject({
      email: 'ada@example.com',
      given_name: 'Ada',
      email_verified: true,
      family_name: null,
    });
    expect(payload).not.toHaveProperty('sid');
    const missing = await browser.send('POST', `/client/sessions/${sessionId}/tokens/none`);
    expect(codeOf(missing)).toEqual([404, 'resource_not_found']);
    expect(missing.body.errors?.[0]?.long_message).toBe('No JWT template exists with name: none');
  });

  it('switch organisation with a touch, or for one token', async () => {
    const { browser, sessionId } = seeded();
    const { body } = await browser.send('GET', '/client');
    const organization = body.response.sessions[0]?.user.organization_memberships[0].organization ?? { id: '' };
    await browser.send('POST', `/client/sessions/${sessionId}/touch`, { active_organization_id: organization.id });
    const tokens = `/client/sessions/${sessionId}/tokens`;
    const claims = async (fields?: Record<string, string>) =>
      decodeJwt((await browser.send('POST', tokens, fields)).body.jwt);
    expect((await claims()).o).toEqual({ id: organization.id, slg: 'acme', rol: 'admin' });
    expect(await claims({ organization_id: '' })).not.toHaveProperty('o');
    clerk.configure({
      jwtTemplates: { org: { claims: { slug: '{{org.slug}}', text: 'in {{org.name}} as {{org.role}}' } } },
    });
    const { jwt } = (await browser.send('POST', `${tokens}/org`)).body;
    expect(decodeJwt(jwt)).toMatchObject({ slug: 'acme', text: 'in Acme as org:admin' });
    const foreign = await browser.send('POST', `/client/sessions/${sessionId}/touch`, {
      active_organization_id: 'other',
    });
    expect(codeOf(foreign)).toEqual([404, 'resource_not_found']);
  });

  it('follow token life, clock skew, issuer and the Convex integration', async () => {
    const { browser, sessionId } = seeded();
    clerk.configure({
      tokenLifeSeconds: 16,
      clockSkewSeconds: 120,
      convexIntegration: true,
      issuer: 'https://clerk.test',
    });
    const { body, headers } = await browser.send('POST', `/client/sessions/${sessionId}/tokens`);
    const { iat = 0, exp, aud, iss } = decodeJwt(body.jwt);
    expect(iat - Date.now() / 1000).toBeGreaterThan(115);
    expect([exp, aud, iss]).toEqual([iat + 16, 'convex', 'https://clerk.test']);
    expect(Date.parse(headers.get('date') ?? '') - Date.now()).toBeGreaterThan(115_000);
  });

  it('can be empty, or the same again', async () => {
    const { browser, sessionId } = seeded();
    const token = async () => (await browser.send('POST', `/client/sessions/${sessionId}/tokens`)).body.jwt;
    const first = await token();
    clerk.faults.add({ times: 1, action: 'identical_token' });
    expect(await token()).toBe(first);
    const empty = clerk.faults.add({ times: 1, action: 'empty_token' });
    await browser.send('GET', '/client');
    expect([empty.fired, await token(), empty.fired]).toEqual([0, '', 1]);
    expect(await token()).not.toBe(first);
  });
});

describe('ending a session', () => {
  it.each([
    ['end', 'POST', (id: string) => `/client/sessions/${id}/end`],
    ['remove', 'POST', (id: string) => `/client/sessions/${id}/remove`],
    ['all at once', 'DELETE', () => '/client/sessions'],
    ['with the client', 'DELETE', () => '/client'],
  ])('%s: no token after it, and no session in the client', async (_what, method, path) => {
    const { browser, sessionId } = seeded();
    expect((await browser.send(method, path(sessionId))).status).toBe(200);
    expect(clerk.isSessionActive(sessionId)).toBe(false);
    expect(codeOf(await browser.send('POST', `/client/sessions/${sessionId}/tokens`))).toEqual([
      401,
      'authentication_invalid',
    ]);
    expect((await browser.send('GET', '/client')).body.response?.sessions ?? []).toEqual([]);
  });

  it.each([
    ['revoked', (sessionId: string) => clerk.revokeSession(sessionId)],
    ['expired', (sessionId: string) => clerk.expireSession(sessionId)],
    ['of a banned user', () => clerk.banUser('ada@example.com')],
    ['of a deleted user', () => clerk.deleteUser('ada@example.com')],
  ])('%s: 401 with the shape of Clerk', async (_what, end) => {
    const { browser, sessionId } = seeded();
    end(sessionId);
    expect(codeOf(await browser.send('POST', `/client/sessions/${sessionId}/tokens`))).toEqual([
      401,
      'authentication_invalid',
    ]);
    expect((await browser.send('GET', '/client')).body.response).toMatchObject({
      sessions: [],
      last_active_session_id: null,
    });
  });

  it('stands beside another in one browser', async () => {
    const { browser, sessionId, clientId } = seeded();
    const bob = clerk.signInBrowser('bob@example.com', { clientId });
    const { response } = (await browser.send('GET', '/client')).body;
    expect(response).toMatchObject({
      sessions: [{ id: sessionId }, { id: bob.sessionId }],
      last_active_session_id: bob.sessionId,
    });
    expect(() => clerk.signInBrowser('bob@example.com', { clientId: 'client_x' })).toThrow(/no browser "client_x"/);
  });

  it('is pending until an organisation is chosen, where one has to be', async () => {
    const strict = await createClerkEmulator({
      users: [{ emailAddress: 'ada@example.com', organizations: [{ slug: 'acme' }] }],
      organizations: [{ slug: 'acme', name: 'Acme' }],
      forceOrganizationSelection: true,
    });
    try {
      const { cookies, sessionId } = strict.signInBrowser();
      const browser = createTestBrowser(strict, cookies[0]?.value);
      const session = async () => (await browser.send('GET', '/client')).body.response.sessions[0];
      const touch = (active_organization_id: string) =>
        browser.send('POST', `/client/sessions/${sessionId}/touch`, { active_organization_id });
      expect(await session()).toMatchObject({ status: 'pending', tasks: [{ key: 'choose-organization' }] });
      expect(decodeJwt(await strict.mintToken(sessionId))).toMatchObject({ sts: 'pending' });
      await touch('acme');
      expect(await session()).toMatchObject({ status: 'active', tasks: null });
      expect(decodeJwt(await strict.mintToken(sessionId))).toMatchObject({ sts: 'active' });
      await touch('');
      expect(await session()).toMatchObject({ status: 'pending' });
    } finally {
      await strict.close();
    }
  });

  it("does not open one browser's session to another", async () => {
    const { sessionId } = seeded();
    const other = seeded('bob@example.com');
    expect(codeOf(await other.browser.send('POST', `/client/sessions/${sessionId}/tokens`))).toEqual([
      401,
      'authentication_invalid',
    ]);
  });
});

describe('the edge', () => {
  it('echoes the origin, with credentials, and exposes Retry-After and Date when told to', async () => {
    const exposed = async () =>
      (await createTestBrowser().send('GET', '/client')).headers.get('access-control-expose-headers');
    const { headers } = await createTestBrowser().send('GET', '/client');
    expect(headers.get('access-control-allow-origin')).toBe(page);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(await exposed()).toContain('Retry-After');
    clerk.configure({ exposeHeaders: false });
    expect(await exposed()).not.toContain('Retry-After');
  });

  it('lets nothing be stored, and keeps connections longer than clerk-js pauses', async () => {
    const { headers } = await createTestBrowser().send('GET', '/client');
    expect([headers.get('cache-control'), headers.get('keep-alive')]).toEqual(['no-store', 'timeout=65']);
  });

  it('answers a status with the shape of Clerk, or as a firewall does', async () => {
    clerk.faults.add({ times: 1, action: { type: 'status', status: 429, headers: { 'retry-after': '7' } } });
    const limited = await createTestBrowser().send('GET', '/client');
    expect([...codeOf(limited), limited.headers.get('retry-after')]).toEqual([429, 'too_many_requests', '7']);
    clerk.faults.add({ times: 1, action: { type: 'status', status: 403, html: '<h1>Blocked</h1>', cors: false } });
    const blocked = await fetch(`${clerk.url}/v1/client`, { headers: { origin: page } });
    expect([blocked.status, await blocked.text()]).toEqual([403, '<h1>Blocked</h1>']);
    expect(blocked.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('counts the `_method` override as the method', async () => {
    const { browser, sessionId } = seeded();
    const fault = clerk.faults.add({ match: 'DELETE /v1/client/sessions', action: { type: 'status', status: 500 } });
    expect((await browser.send('DELETE', '/client/sessions')).status).toBe(500);
    expect([fault.fired, clerk.isSessionActive(sessionId)]).toEqual([1, true]);
    expect(clerk.log.at(-1)).toMatchObject({
      method: 'DELETE',
      path: '/v1/client/sessions',
      status: 500,
      fault: 'status',
    });
  });

  it('does what was asked before it cuts an answer short', async () => {
    const { browser, sessionId } = seeded();
    clerk.faults.add({ match: 'DELETE', action: 'truncate' });
    await expect(browser.send('DELETE', '/client/sessions')).rejects.toThrow();
    expect(clerk.isSessionActive(sessionId)).toBe(false);
  });

  it('sends shapes of an unknown version', async () => {
    const { browser } = seeded();
    clerk.configure({ responseShape: 'unknown_version' });
    const { body } = await browser.send('GET', '/client');
    expect(body.response.sessions[0]).toMatchObject({ object: 'session', schema_version: 99 });
    clerk.faults.add({ action: 'unknown_shape' });
    expect((await browser.send('GET', '/client')).body).not.toHaveProperty('response');
  });

  it('is reached through the page origin under /__clerk', async () => {
    const response = await fetch(`${clerk.url}/__clerk/v1/environment`);
    expect(await response.json()).toMatchObject({ object: 'environment' });
    expect(clerk.log).toMatchObject([{ path: '/v1/environment' }]);
  });

  it('lets go of what it hangs on when it is reset', async () => {
    clerk.faults.add({ action: 'hang' });
    const pending = createTestBrowser()
      .send('GET', '/client')
      .catch(() => 'broken');
    await expect.poll(() => clerk.faults.fired, { timeout: 10_000 }).toBe(1);
    clerk.reset();
    expect(await pending).toBe('broken');
  });

  it('never logs a token, a cookie or an e-mail address', async () => {
    const browser = createTestBrowser();
    const sessionId = await browser.signIn();
    const { jwt } = (await browser.send('POST', `/client/sessions/${sessionId}/tokens`)).body;
    const text = JSON.stringify(clerk.log);
    expect(text).toContain('client_');
    for (const secret of [browser.cookie, jwt, 'ada@example.com', 'correct-horse']) expect(text).not.toContain(secret);
  });

  it('names the mend when it has no such route', async () => {
    const answer = await createTestBrowser().send('GET', '/nothing');
    expect(answer.status).toBe(404);
    expect(answer.body.errors?.[0]?.long_message).toBe('The emulator has no GET /v1/nothing.');
  });
});

describe('me and organisations', () => {
  it('reads and changes the signed-in user', async () => {
    const { browser, sessionId } = seeded();
    const path = `/me?_clerk_session_id=${sessionId}`;
    const changed = await browser.send('PATCH', path, { first_name: 'Augusta', unsafe_metadata: '{"theme":"dark"}' });
    expect(changed.body.response).toMatchObject({ first_name: 'Augusta', unsafe_metadata: { theme: 'dark' } });
    expect(changed.body.client.sessions[0]?.user.first_name).toBe('Augusta');
    expect((await browser.send('GET', path)).body.response.first_name).toBe('Augusta');
    expect((await createTestBrowser().send('GET', '/me')).status).toBe(401);
  });

  it('lists memberships, creates an organisation, and shows no other', async () => {
    const { browser } = seeded();
    const list = async () =>
      (await browser.send('GET', '/me/organization_memberships?paginated=true&limit=10&offset=0')).body.response;
    expect(await list()).toMatchObject({
      total_count: 1,
      data: [{ role: 'org:admin', organization: { slug: 'acme' } }],
    });
    const created = await browser.send('POST', '/organizations', { name: 'New Things' });
    expect(created.body.response).toMatchObject({ slug: 'new-things', members_count: 1 });
    expect((await list()).total_count).toBe(2);
    expect(
      (await browser.send('GET', `/organizations/${created.body.response.id}/memberships`)).body.response.total_count,
    ).toBe(1);
    expect((await browser.send('GET', '/organizations/org_other')).status).toBe(404);
  });
});

describe('the emulator itself', () => {
  it('goes back to how it started', async () => {
    const { browser, sessionId, userId } = seeded();
    clerk.deleteUser('bob@example.com');
    clerk.configure({ tokenLifeSeconds: 5 });
    clerk.reset();
    expect([clerk.log.length, clerk.faults.fired, clerk.isSessionActive(sessionId)]).toEqual([0, 0, false]);
    expect((await browser.send('GET', '/client')).body.response).toBeNull();
    expect(clerk.signInBrowser().userId).toBe(userId);
    expect(() => clerk.signInBrowser('bob@example.com')).not.toThrow();
  });

  it('has a publishable key that decodes to a host with a dot', async () => {
    const decoded = Buffer.from(clerk.publishableKey.replace('pk_test_', ''), 'base64').toString();
    expect(decoded).toBe(`${new URL(clerk.url).host}$`);
  });

  it('seeds the cookies of either loopback name, or of the host of the app', () => {
    const names = (options?: { appHost: string }) =>
      clerk.signInBrowser(undefined, options).cookies.map(({ name, domain }) => `${name} ${domain}`);
    expect(names().filter((name) => name.startsWith('__client '))).toEqual([
      '__client 127.0.0.1',
      '__client localhost',
    ]);
    expect(names({ appHost: 'app.test' })).toContain('__client_uat app.test');
    expect(names({ appHost: 'app.test' })).not.toContain('__client_uat localhost');
  });

  it('gives the props that point ClerkProvider at it', () => {
    expect(clerk.providerProps(5)).toMatchObject({
      proxyUrl: clerk.url,
      clerkJSUrl: expect.stringContaining('clerk-js@5/'),
    });
    expect(clerk.providerProps(6)).toMatchObject({ __internal_clerkUIUrl: expect.stringContaining('/npm/@clerk/ui@') });
  });

  it.each([
    [{ port: -1 }, 'invalid_option', /`port` is -1/],
    [{ tokenLifeSeconds: 0 }, 'invalid_option', /`tokenLifeSeconds` is 0/],
    [{ users: [{ emailAddress: 'nobody' }] }, 'invalid_option', /`emailAddress` is "nobody"/],
    [
      { users: [{ emailAddress: 'a@b.c', organizations: [{ slug: 'x' }] }] },
      'invalid_option',
      /organization "x", which `organizations` does not hold/,
    ],
    [{ webhooks: { url: 'nowhere' } }, 'invalid_option', /`webhooks.url` is "nowhere"/],
    [{ webhooks: { secret: 'abc' } }, 'invalid_option', /`webhooks.secret` is malformed/],
    [{ webhooks: { retryDelaysMs: [Number.NaN, -1] } }, 'invalid_option', /`webhooks.retryDelaysMs` is \[NaN,-1\]/],
    [{ issuer: 'not a url' }, 'invalid_option', /`issuer` is "not a url"/],
    [
      { users: ['a@b.c', 'd@e.f'].map((emailAddress) => ({ id: 'user_1', emailAddress })) },
      'invalid_option',
      /Two users have the id "user_1"/,
    ],
    [
      { users: [{ emailAddress: 'Ada@b.c' }, { emailAddress: 'ada@B.c' }] },
      'invalid_option',
      /Two users have the e-mail address ada@b.c/,
    ],
    [{ tokenLifeSecond: 3 }, 'invalid_option', /has no `tokenLifeSecond`. Known: host, port, /],
    [{ users: [{ emailAddress: 'a@b.c', mail: 1 }] }, 'invalid_option', /A user has no `mail`/],
    [{ organizations: [{ slug: 'a', name: 'A', nam: 1 }] }, 'invalid_option', /An organization has no `nam`/],
    [{ webhooks: { uri: 'x' } }, 'invalid_option', /`webhooks` has no `uri`/],
    [
      { jwtTemplates: { convex: { aud: 'convex' } } },
      'invalid_option',
      /`jwtTemplates.convex` has no `claims` object; use \{ convex: \{ claims: /,
    ],
    [
      { jwtTemplates: { convex: { claims: {}, lifetimeSeconds: 0 } } },
      'invalid_option',
      /`jwtTemplates.convex.lifetimeSeconds` is 0/,
    ],
  ])('refuses %o and names the mend', async (options, code, message) => {
    await expect(createClerkEmulator(options as ClerkEmulatorOptions)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('refuses to change what cannot change while it runs', () => {
    expect(() => clerk.configure({ port: 3 } as ClerkRuntimeOptions)).toThrow(/`configure` has no `port`/);
  });

  it('knows a user by an address in any case', async () => {
    const emulator = await createClerkEmulator({ users: [{ emailAddress: 'Ada@Example.com', password: 'x' }] });
    expect(emulator.signInBrowser('Ada@Example.com').userId).toBe(emulator.signInBrowser('ada@example.com').userId);
    expect(await createTestBrowser(emulator).signIn('ADA@example.com', 'x')).toMatch(/^sess_/);
    await emulator.close();
  });

  it('has public metadata that a template can carry', async () => {
    const emulator = await createClerkEmulator({
      users: [{ emailAddress: 'a@b.c', publicMetadata: { role: 'editor' } }],
      jwtTemplates: { roles: { claims: { role: '{{user.public_metadata.role}}', all: '{{user.public_metadata}}' } } },
    });
    const token = await emulator.mintToken(emulator.signInBrowser().sessionId, 'roles');
    expect(decodeJwt(token)).toMatchObject({ role: 'editor', all: { role: 'editor' } });
    await emulator.close();
  });

  it('has the Convex integration in place of the template, unless a template is given too', async () => {
    const integrated = await createClerkEmulator({ convexIntegration: true });
    const { sessionId } = integrated.signInBrowser();
    expect(decodeJwt(await integrated.mintToken(sessionId)).aud).toBe('convex');
    await expect(integrated.mintToken(sessionId, 'convex')).rejects.toThrow(/there is: none/);
    await integrated.close();
    const both = await createClerkEmulator({ convexIntegration: true, jwtTemplates: { convex: { claims: {} } } });
    await both.mintToken(both.signInBrowser().sessionId, 'convex');
    await both.close();
  });

  it('names a taken port, an unknown user, session and template', async () => {
    const port = Number(new URL(clerk.url).port);
    await expect(createClerkEmulator({ port })).rejects.toMatchObject({
      code: 'port_taken',
      message: expect.stringContaining(String(port)),
    });
    expect(() => clerk.signInBrowser('eve@example.com')).toThrow(/no user "eve@example.com".*ada@example.com/);
    expect(() => clerk.revokeSession('sess_x')).toThrow(/no session "sess_x"/);
    await expect(clerk.mintToken(seeded().sessionId, 'none')).rejects.toThrow(
      /no JWT template "none" \(there is: convex\)/,
    );
  });

  it('runs twenty times in one process, each for itself', { timeout: 60_000 }, async () => {
    const many = await Promise.all(Array.from({ length: 20 }, () => createClerkEmulator()));
    expect(new Set(many.map(({ url }) => url)).size).toBe(20);
    const [first, second] = many as [ClerkEmulator, ClerkEmulator];
    await createTestBrowser(first).signIn('ada@example.com', 'correct-horse-battery');
    first.faults.add({ action: 'hang' });
    const hanging = fetch(`${first.url}/v1/client`).catch(() => 'closed');
    expect(second.log).toEqual([]);
    expect((await fetch(`${second.url}/v1/client`)).status).toBe(200);
    await Promise.all(many.map((emulator) => emulator.close()));
    expect(await hanging).toBe('closed');
  });
});
