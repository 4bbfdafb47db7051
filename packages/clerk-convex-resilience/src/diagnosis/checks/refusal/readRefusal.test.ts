import { describe, expect, it } from 'vitest';
import { readRefusal } from './readRefusal.ts';

const url = 'https://id.example.com/jwks';
const none = 'No auth provider found matching the given token';
const provider = (isAnswering: boolean, domain?: string) => ({
  reason: 'identity_provider',
  ...(domain && { domain }),
  isAnswering,
});

describe('readRefusal', () => {
  it.each([
    ['Could not fetch JWKS', provider(false)],
    [`Could not fetch JWKS from URL '${url}': connection reset. Check that the URL is correct.`, provider(false, url)],
    [`Could not fetch JWKS from URL '${url}': HTTP 503 Service Unavailable.`, provider(false, url)],
    [`Could not fetch JWKS from URL '${url}': HTTP 404 Not Found.`, provider(true, url)],
    [`Invalid JWKS response body from '${url}'. The response is not valid JSON`, provider(true, url)],
    ['Invalid JWKS data URL. Check that the data URL is properly formatted', provider(true)],
    [`Invalid Content-Type 'text/html' when fetching JWKS from '${url}'.`, provider(true, url)],
    ['Invalid Content-Type of a request', null],
    ["Missing issuer claim ('iss') in JWT payload.", { reason: 'malformed', problem: 'iss is missing' }],
    ["Missing audience claim ('aud') in JWT payload.", { reason: 'audience' }],
    ['Invalid audience: convex not in ["mine"]', { reason: 'audience' }],
    ['Invalid issuer: a.example.com != b.example.com', { reason: 'issuer' }],
    ['Could not decode token. JWT may be missing a', { reason: 'not_signed' }],
    ["Could not decode token. JWT may be missing a 'kid'", { reason: 'malformed', problem: 'kid is missing' }],
    [
      "Could not decode token. The JWT's 'kid' (key ID) header is 'ins_1', does",
      { reason: 'not_signed', kid: 'ins_1' },
    ],
    ['Could not validate token: Token not valid yet', { reason: 'malformed', problem: 'nbf is in the future' }],
    ['Could not validate token: Token expired at Thu', { reason: 'expired' }],
    ['Could not parse JWT payload.', { reason: 'malformed', problem: 'no JWT' }],
    ['Could not parse as OIDC ID token. Token might not be', { reason: 'malformed', problem: 'no JWT' }],
    ['Could not verify token claim.', { reason: 'malformed', problem: 'sub or exp is missing' }],
    ['Could not verify OIDC token claim.', { reason: 'not_verified' }],
    [`${none} (no providers configured).`, { reason: 'no_providers' }],
    [none, { reason: 'no_provider_fits' }],
    ['Convex token identity expired', null],
  ])('%s', (text, expected) => {
    expect(readRefusal(text)).toEqual(expected);
  });

  it.each([
    ['400 Bad Request', true],
    ['401', true],
    ['403 Forbidden', true],
    ['404 <html>', true],
    ['408 Request Timeout', false],
    ['429 Too Many Requests', false],
    ['499 ', true],
    ['302 Found', false],
    ['500 ', false],
    ['503 <html>', false],
    ['504 Gateway Timeout', false],
    ['4040', false],
    ['a 404', false],
  ])('knows somebody who answers from an outage: %s', (answer, isAnswering) => {
    const domain = 'https://x.example.com';
    expect(readRefusal(`Auth provider discovery of ${domain} failed: ${answer}`)).toEqual(
      provider(isAnswering, domain),
    );
  });

  it.each([
    ['', undefined],
    ['OIDC(domain=https://a.dev, app_id=convex)', [{ domain: 'https://a.dev', applicationID: 'convex' }]],
    [
      'OIDC(domain=https://a.dev, app_id=none), CustomJWT(issuer=https://b.dev, app_id=none)',
      [{ domain: 'https://a.dev' }, { domain: 'https://b.dev' }],
    ],
    [
      'CustomJWT(issuer=https://b.dev, app_id=mine), XOIDC(domain=https://c.dev, app_id=convex)',
      [{ domain: 'https://b.dev', applicationID: 'mine' }],
    ],
  ])('reads the providers that a deployment lists: [%s]', (list, providers) => {
    expect(readRefusal(`${none}. Check that they match one of your configured providers: [${list}]`)).toEqual({
      reason: 'no_provider_fits',
      ...(providers && { providers }),
    });
  });

  it('takes a list of providers for no empty one, whatever is said of those', () => {
    const text = `${none}: [OIDC(domain=https://a.dev, app_id=convex)] (no providers configured)`;
    expect(readRefusal(text)).toMatchObject({ reason: 'no_provider_fits' });
    expect(readRefusal(`${none}${' '.repeat(201)}(no providers configured)`)).toEqual({ reason: 'no_provider_fits' });
  });

  it.each([
    ['CLERK_JWT_ISSUER_DOMAIN', 'CLERK_JWT_ISSUER_DOMAIN'],
    ['AuthConfigMissingEnvironmentVariable: Environment variable A1', 'A1'],
    ['xCLERK', null],
    ['A', null],
    ['lower', null],
  ])('reads the name of a variable: %s', (name, expected) => {
    expect(readRefusal(`${name} is used in auth config file but its value was not set.`)).toEqual(
      expected && { reason: 'variable_missing', name: expected },
    );
  });

  it('looks at the start of a text alone', () => {
    expect(readRefusal(`${'x '.repeat(1_900)}${none}`)).toEqual({ reason: 'no_provider_fits' });
    expect(readRefusal(`${'x '.repeat(2_000)}${none}`)).toBeNull();
  });
});
