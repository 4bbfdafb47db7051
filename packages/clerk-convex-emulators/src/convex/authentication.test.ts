import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createIssuer, type Issuer } from '../../../../test/contract/convexFixture/createIssuer.ts';
import { authenticate } from './authentication.ts';
import { type AuthProvider, readAuthProviders } from './authProviders.ts';
import { type AskProvider, createAskProvider } from './fetchPublicKeys.ts';

let issuer: Issuer;
let ask: AskProvider;
beforeAll(async () => {
  issuer = await createIssuer();
});
afterAll(() => issuer.close());
beforeEach(() => {
  Object.assign(issuer, { behaviour: 'answer', cacheControl: undefined });
  issuer.requests.length = 0;
  ask = createAskProvider();
});

const oidc = (): AuthProvider => ({ type: 'oidc', domain: issuer.url, applicationID: 'convex' });
const custom = (more: Partial<Extract<AuthProvider, { type: 'customJwt' }>> = {}): AuthProvider => ({
  type: 'customJwt',
  issuer: issuer.url,
  applicationID: undefined,
  jwks: `${issuer.url}/jwks`,
  algorithm: 'RS256',
  ...more,
});
const verify = (token: string, { providers = [oidc()], redact = false, now = Date.now() } = {}) =>
  authenticate(token, { providers, redact, ask, now });
const refusal = (token: string, options?: Parameters<typeof verify>[1]) =>
  verify(token, options).then(
    () => 'accepted',
    (error: Error) => error.message,
  );

describe('a token of an OpenID Connect provider', () => {
  test('is accepted, and its claims are where functions look for them', async () => {
    const claims = { email: 'ada@example.com', email_verified: true, picture: 'p.png', org_id: 'org_1', fva: [0, -1] };
    const { user, expiresAt } = await verify(await issuer.mint({ claims }));
    expect(user).toEqual({
      subject: 'user_1',
      issuer: issuer.url,
      tokenIdentifier: `${issuer.url}|user_1`,
      name: 'Ada',
      email: 'ada@example.com',
      emailVerified: true,
      pictureUrl: 'p.png',
      org_id: 'org_1',
    });
    expect(expiresAt / 1000).toBeGreaterThan(Date.now() / 1000 + 50);
  });

  test('of another audience is told what was expected', async () => {
    expect(await refusal(await issuer.mint({ aud: 'other' }))).toBe(
      `No auth provider found matching the given token. Check that your JWT's issuer and audience match one of your configured providers: [OIDC(domain=${issuer.url}, app_id=convex)]`,
    );
  });

  test('of another issuer is not, where errors are redacted', async () => {
    const token = await issuer.mint({ issuer: 'https://elsewhere.example' });
    expect(await refusal(token, { redact: true })).toBe('No auth provider found matching the given token');
  });

  test('without any provider is sent to auth.config.ts', async () => {
    expect(await refusal(await issuer.mint(), { providers: [] })).toBe(
      'No auth provider found matching the given token (no providers configured). Check convex/auth.config.ts.',
    );
  });

  const unverified =
    "Could not verify OIDC token claim. Check that the token signature is valid and the token hasn't expired.";
  test('that has expired is refused, to the second', async () => {
    const now = Date.now();
    expect(await refusal(await issuer.mint({ lifeSeconds: 30 }), { now: now + 31_000 })).toBe(unverified);
    expect(await refusal(await issuer.mint({ lifeSeconds: 30 }), { now: now + 28_000 })).toBe('accepted');
  });

  test('that is not valid yet is accepted: the verifier of the backend does not look at nbf', async () => {
    expect(await refusal(await issuer.mint({ claims: { nbf: Date.now() / 1000 + 600 } }))).toBe('accepted');
  });

  test('for two audiences is refused', async () => {
    expect(await refusal(await issuer.mint({ aud: ['convex', 'other'] }))).toBe(unverified);
  });

  test('whose signature was altered is refused', async () => {
    const [header, payload, signature = ''] = (await issuer.mint()).split('.');
    const altered = (signature[0] === 'A' ? 'B' : 'A') + signature.slice(1);
    expect(await refusal(`${header}.${payload}.${altered}`)).toBe(unverified);
  });

  test('that is none says so', async () => {
    expect(await refusal('not-a-token')).toMatch(/^Could not parse JWT payload\./);
  });
});

describe('an identity provider', () => {
  test('that cannot be reached is named, and the next token is accepted once it can', async () => {
    issuer.behaviour = 'cut';
    expect(await refusal(await issuer.mint())).toBe(`Auth provider discovery of ${issuer.url} failed`);
    issuer.behaviour = 'answer';
    expect(await refusal(await issuer.mint())).toBe('accepted');
  });

  test('that answers 500 counts as overloaded, its answer is passed on', async () => {
    issuer.behaviour = 500;
    await expect(verify(await issuer.mint())).rejects.toMatchObject({
      kind: 'overloaded',
      message: `Auth provider discovery of ${issuer.url} failed: 500 Unavailable`,
    });
  });

  test('is asked anew for each token, unless it says how long its answer holds', async () => {
    await verify(await issuer.mint());
    await verify(await issuer.mint());
    expect(issuer.requests).toHaveLength(4);
    issuer.cacheControl = 'public, max-age=60';
    for (let i = 0; i < 3; i++) await verify(await issuer.mint());
    expect(issuer.requests).toHaveLength(6);
  });

  test('is asked again when what it said has run out', async () => {
    let now = 0;
    const patient = createAskProvider(fetch, () => now);
    issuer.cacheControl = 'max-age=60';
    await patient(`${issuer.url}/jwks`);
    now = 59_000;
    await patient(`${issuer.url}/jwks`);
    expect(issuer.requests).toHaveLength(1);
    now = 60_001;
    await patient(`${issuer.url}/jwks`);
    expect(issuer.requests).toHaveLength(2);
  });
});

describe('a customJwt token', () => {
  test('is accepted without an audience, nested claims by their path', async () => {
    const token = await issuer.mint({ aud: null, claims: { properties: { plan: 'pro' } } });
    const { user } = await verify(token, { providers: [custom()] });
    expect(user).toMatchObject({ subject: 'user_1', name: 'Ada', 'properties.plan': 'pro' });
  });

  test('is verified against keys in a data URL', async () => {
    const jwks = `data:application/json;base64,${Buffer.from(JSON.stringify(issuer.jwks)).toString('base64')}`;
    expect(await refusal(await issuer.mint(), { providers: [custom({ jwks })] })).toBe('accepted');
    expect(issuer.requests).toEqual([]);
  });

  test('of an unknown key names the key, or not where errors are redacted', async () => {
    const token = await issuer.mint({ kid: 'key_2' });
    expect(await refusal(token, { providers: [custom()] })).toBe(
      "Could not decode token. The JWT's 'kid' (key ID) header is 'key_2', does this key match any key in the provider's JWKS?",
    );
    expect(await refusal(token, { providers: [custom()], redact: true })).toBe(
      "Could not decode token. The JWT's 'kid' (key ID) header doesn't match any key in the provider's JWKS, or the JWT signature is invalid.",
    );
  });

  test('is refused by an unreachable JWKS URL', async () => {
    issuer.behaviour = 503;
    expect(await refusal(await issuer.mint(), { providers: [custom()] })).toBe(
      `Could not fetch JWKS from URL '${issuer.url}/jwks': HTTP 503 Service Unavailable. Check that the URL is correct and accessible.`,
    );
  });

  test('may be five seconds late, not more', async () => {
    const options = (late: number) => ({ providers: [custom()], now: Date.now() + 60_000 + late });
    expect(await refusal(await issuer.mint(), options(3000))).toBe('accepted');
    expect(await refusal(await issuer.mint(), options(7000))).toBe('Could not validate token: Token expired');
  });
});

describe('auth.config.ts', () => {
  test.each([
    [undefined, 'auth config file is missing default export'],
    [{}, 'missing field `providers`'],
    [
      { providers: [{ domain: 'https://a', applicationId: 'convex' }] },
      "lowercase 'application', capital I, capital D",
    ],
    [{ providers: [{ domain: '', applicationID: 'convex' }] }, 'Provider at index 0 needs `domain`'],
    [{ providers: [{ type: 'saml' }] }, "unexpected 'type' value 'saml'"],
    [{ providers: [{ type: 'customJwt', domain: 'x' }] }, "cannot have a 'domain' specified"],
    [{ providers: [{ issuer: 'x', domain: 'x', applicationID: 'x' }] }, "cannot have an 'issuer' specified"],
  ])('%j is refused', (config, message) => {
    expect(() => readAuthProviders(config)).toThrow(message);
  });

  test('a domain may be written without https://', () => {
    expect(readAuthProviders({ providers: [{ domain: 'clerk.example.com', applicationID: 'convex' }] })).toEqual([
      { type: 'oidc', domain: 'https://clerk.example.com', applicationID: 'convex' },
    ]);
  });
});
