import { describe, expect, it } from 'vitest';
import type { Claims } from '../../../core/jwt.ts';
import { judgeRefusal, type RefusalContext } from './judgeRefusal.ts';

const issuer = 'https://happy-hippo-1.clerk.accounts.dev';
const now = 1_700_000_000_000;
const claims: Claims = { iss: issuer, aud: 'convex', sub: 'user_1', iat: now / 1000 - 10, exp: now / 1000 + 50 };
const known: RefusalContext = { claims, header: { kid: 'ins_1', alg: 'RS256' }, now, issuer };
const withClaims = (changed: Record<string, unknown>): RefusalContext => ({
  ...known,
  claims: { ...claims, ...changed },
});

// The texts are those of convex-backend crates/authentication, as clerk-convex-emulators gives them.
const none = 'No auth provider found matching the given token';
const notDeployed = `${none} (no providers configured). Check convex/auth.config.ts.`;
const listing = (...providers: string[]) =>
  `${none}. Check that your JWT's issuer and audience match one of your configured providers: [${providers.join(', ')}]`;
const oidc = (domain: string, id = 'convex') => `OIDC(domain=${domain}, app_id=${id})`;
const custom = (domain: string, id = 'none') => `CustomJWT(issuer=${domain}, app_id=${id})`;
const notVerified =
  "Could not verify OIDC token claim. Check that the token signature is valid and the token hasn't expired.";
const other = 'https://other-1.clerk.accounts.dev';

describe('judgeRefusal', () => {
  it.each<[string, string, RefusalContext, [string, unknown][]]>([
    [
      'no providers',
      notDeployed,
      { ...known, deployment: 'happy-1' },
      [['AUTH_CONFIG_NOT_DEPLOYED', { deployment: 'happy-1' }]],
    ],
    [
      'no providers, inside of what the client says',
      `Failed to authenticate: "${notDeployed}", check your server auth config`,
      known,
      [['AUTH_CONFIG_NOT_DEPLOYED', {}]],
    ],
    ['another issuer', listing(oidc(other)), known, [['TOKEN_ISSUER_WRONG', { seen: issuer, expected: other }]]],
    [
      'another issuer, of several',
      listing(oidc(other), custom('https://id.example.com')),
      known,
      [['TOKEN_ISSUER_WRONG', { seen: issuer, expected: `${other}, https://id.example.com` }]],
    ],
    [
      'another issuer and another audience',
      listing(oidc(other)),
      withClaims({ aud: 'mine' }),
      [
        ['TOKEN_ISSUER_WRONG', { seen: issuer, expected: other }],
        ['TOKEN_AUDIENCE_WRONG', { seen: 'mine', expected: 'convex' }],
      ],
    ],
    [
      'a provider of another make, with an audience of its own',
      listing(oidc('https://id.example.com', 'abc')),
      known,
      [['TOKEN_ISSUER_WRONG', { seen: issuer, expected: 'https://id.example.com' }]],
    ],
    [
      'another audience',
      listing(oidc(issuer)),
      withClaims({ aud: 'mine' }),
      [['TOKEN_AUDIENCE_WRONG', { seen: 'mine', expected: 'convex' }]],
    ],
    [
      'no audience',
      listing(oidc(other, 'abc'), oidc(issuer)),
      withClaims({ aud: undefined }),
      [['TOKEN_AUDIENCE_WRONG', { seen: 'none', expected: 'convex' }]],
    ],
    [
      'another applicationID',
      listing(oidc(issuer, 'Convex')),
      known,
      [['APPLICATION_ID_WRONG', { seen: 'Convex', expected: 'convex' }]],
    ],
    [
      'a slash at the end of the domain',
      listing(oidc(`${issuer}/`)),
      known,
      [['ISSUER_TRAILING_SLASH', { name: 'domain', seen: `${issuer}/`, expected: issuer }]],
    ],
    [
      'a slash at the end of the domain, and another audience: Convex cares for the audience alone',
      listing(oidc(`${issuer}/`)),
      withClaims({ aud: 'mine' }),
      [['TOKEN_AUDIENCE_WRONG', { seen: 'mine', expected: 'convex' }]],
    ],
    [
      'http in place of https',
      listing(oidc(issuer.replace('https', 'http'))),
      known,
      [['ISSUER_NOT_HTTPS', { name: 'domain', seen: issuer.replace('https', 'http'), expected: issuer }]],
    ],
    ['a customJwt that takes any audience', listing(custom(issuer)), withClaims({ aud: 'mine' }), []],
    [
      'a customJwt that takes any audience, beside a provider that does not',
      listing(oidc(issuer, 'abc'), custom(issuer)),
      withClaims({ aud: 'mine' }),
      [],
    ],
    [
      'a customJwt that takes any audience, and a slash at the end of its issuer',
      listing(custom(issuer), custom(`${issuer}/`)),
      withClaims({ aud: 'mine' }),
      [['ISSUER_TRAILING_SLASH', { name: 'domain', seen: `${issuer}/`, expected: issuer }]],
    ],
    ['a slash at both ends', listing(oidc(`${issuer}/`)), withClaims({ iss: `${issuer}/` }), []],
    ['of a log, a customJwt that takes any audience', listing(custom(issuer)), { issuer }, []],
    [
      'of a log, a customJwt that takes any audience, and a slash',
      listing(custom(`${issuer}/`)),
      { issuer },
      [['ISSUER_TRAILING_SLASH', { name: 'domain', seen: `${issuer}/`, expected: issuer }]],
    ],
    [
      'another issuer and an audience of another provider’s',
      listing(oidc(other), oidc('https://id.example.com', 'mine')),
      withClaims({ aud: 'mine' }),
      [['TOKEN_ISSUER_WRONG', { seen: issuer, expected: `${other}, https://id.example.com` }]],
    ],
    [
      'another issuer, and nobody who cares for the audience',
      listing(custom(other)),
      withClaims({ aud: 'mine' }),
      [['TOKEN_ISSUER_WRONG', { seen: issuer, expected: other }]],
    ],
    [
      'another issuer and no audience',
      listing(oidc(other)),
      withClaims({ aud: undefined }),
      [
        ['TOKEN_ISSUER_WRONG', { seen: issuer, expected: other }],
        ['TOKEN_AUDIENCE_WRONG', { seen: 'none', expected: 'convex' }],
      ],
    ],
    [
      'for Convex and others, and another applicationID',
      listing(oidc(issuer, 'abc')),
      withClaims({ aud: ['convex', 'mine'] }),
      [['TOKEN_AUDIENCE_WRONG', { seen: 'convex, mine', expected: 'abc' }]],
    ],
    ['a list that fits, so that there is nothing to see', listing(oidc(issuer)), known, []],
    [
      'in production, another audience',
      none,
      withClaims({ aud: 'mine' }),
      [['TOKEN_AUDIENCE_WRONG', { seen: 'mine', expected: 'convex' }]],
    ],
    ['in production, the right one', none, known, [['AUTH_CONFIG_WITHOUT_ISSUER', { seen: '…', expected: issuer }]]],
    ['in production, of a log', none, {}, [['AUTH_CONFIG_WITHOUT_ISSUER', { seen: '…', expected: '…' }]]],
    [
      'of a log, another applicationID',
      listing(oidc(issuer, 'mine')),
      { issuer },
      [['APPLICATION_ID_WRONG', { seen: 'mine', expected: 'convex' }]],
    ],
    [
      'of a log, with the right provider',
      listing(oidc(issuer)),
      { issuer },
      [['TOKEN_AUDIENCE_WRONG', { seen: '…', expected: 'convex' }]],
    ],
    [
      'of a log, with another provider',
      listing(oidc(other)),
      { issuer },
      [['TOKEN_ISSUER_WRONG', { seen: issuer, expected: other }]],
    ],
    [
      'of a log, where nobody knows the issuer',
      listing(oidc(other)),
      {},
      [['AUTH_CONFIG_WITHOUT_ISSUER', { seen: other, expected: '…' }]],
    ],

    ['expired', notVerified, withClaims({ exp: now / 1000 - 7 }), [['TOKEN_EXPIRED', { seconds: 7 }]]],
    [
      'expired by the server’s clock, which this device’s is behind',
      notVerified,
      { ...known, clockAheadMs: -90_000 },
      [['CLOCK_SKEW', { seconds: -90 }]],
    ],
    [
      'not expired by the server’s clock, which this device’s is ahead of',
      notVerified,
      { ...withClaims({ exp: now / 1000 - 7 }), clockAheadMs: 20_000 },
      [['TOKEN_SIGNATURE_MISMATCH', { issuer, kid: 'ins_1' }]],
    ],
    [
      'the same, and signed by a key that its issuer publishes: so it is over by Convex’s clock too',
      notVerified,
      { ...withClaims({ exp: now / 1000 - 7 }), clockAheadMs: 20_000, publishedKids: ['ins_1'] },
      [['TOKEN_EXPIRED', { seconds: 7 }]],
    ],
    [
      'good by Clerk’s clock, and over by this device’s and Convex’s',
      notVerified,
      { ...withClaims({ exp: now / 1000 - 90 }), clockAheadMs: 120_000 },
      [['CLOCK_SKEW', { seconds: 120 }]],
    ],
    [
      'signed by another key',
      notVerified,
      { ...known, publishedKids: ['ins_2'] },
      [['TOKEN_SIGNATURE_MISMATCH', { issuer, kid: 'ins_1' }]],
    ],
    [
      'signed by another key, and expired since',
      notVerified,
      { ...withClaims({ exp: 1 }), publishedKids: ['ins_2'] },
      [['TOKEN_SIGNATURE_MISMATCH', { issuer, kid: 'ins_1' }]],
    ],
    [
      'nothing else that it could be',
      notVerified,
      { ...known, publishedKids: ['ins_1'] },
      [['TOKEN_SIGNATURE_MISMATCH', { issuer, kid: 'ins_1' }]],
    ],
    [
      'for several',
      notVerified,
      withClaims({ aud: ['convex', 'mine'] }),
      [['TOKEN_AUDIENCE_WRONG', { seen: 'convex, mine', expected: 'convex' }]],
    ],
    ['of nobody', notVerified, withClaims({ sub: undefined }), [['TOKEN_MALFORMED', { reason: 'sub is missing' }]]],
    ['of a log: it may have expired, as they do', notVerified, {}, []],
    ['by a clock that nobody has looked at', notVerified, { claims, header: { kid: 'ins_1' } }, []],

    [
      'an identity provider that cannot be reached',
      `Auth provider discovery of ${issuer} failed`,
      { ...known, refusedForMs: 60_000 },
      [['IDENTITY_PROVIDER_UNREACHABLE', { domain: issuer }]],
    ],
    [
      'the same for more than a minute',
      `Auth provider discovery of ${issuer} failed`,
      { ...known, refusedForMs: 60_001 },
      [['IDENTITY_PROVIDER_WRONG', { domain: issuer }]],
    ],
    [
      'an identity provider that fails',
      `Auth provider discovery of ${issuer} failed: 503 <html>`,
      known,
      [['IDENTITY_PROVIDER_UNREACHABLE', { domain: issuer }]],
    ],
    [
      'an identity provider that is none',
      `Auth provider discovery of ${issuer} failed: 404 Not Found`,
      known,
      [['IDENTITY_PROVIDER_WRONG', { domain: issuer }]],
    ],
    [
      'keys that cannot be reached',
      "Could not fetch JWKS from URL 'https://id.example.com/jwks': ECONNREFUSED. Check that the URL is correct and accessible.",
      known,
      [['IDENTITY_PROVIDER_UNREACHABLE', { domain: 'https://id.example.com/jwks' }]],
    ],
    [
      'keys that are not there',
      "Could not fetch JWKS from URL 'https://id.example.com/jwks': HTTP 404 Not Found. Check that the URL is correct and accessible.",
      known,
      [['IDENTITY_PROVIDER_WRONG', { domain: 'https://id.example.com/jwks' }]],
    ],
    [
      'keys that are a page',
      "Invalid Content-Type 'text/html' when fetching JWKS from 'https://id.example.com/'. Expected 'application/json' or 'application/jwk-set+json'.",
      known,
      [['IDENTITY_PROVIDER_WRONG', { domain: 'https://id.example.com/' }]],
    ],
    [
      'keys that are no keys',
      "Invalid JWKS response body from 'https://id.example.com/'. The response is not valid JSON or doesn't match the expected JWKS format.",
      known,
      [['IDENTITY_PROVIDER_WRONG', { domain: 'https://id.example.com/' }]],
    ],

    [
      'customJwt: a key that is not published',
      "Could not decode token. The JWT's 'kid' (key ID) header is 'ins_1', does this key match any key in the provider's JWKS?",
      {},
      [['TOKEN_SIGNATURE_MISMATCH', { kid: 'ins_1' }]],
    ],
    [
      'customJwt: the same in production',
      "Could not decode token. The JWT's 'kid' (key ID) header doesn't match any key in the provider's JWKS, or the JWT signature is invalid.",
      known,
      [['TOKEN_SIGNATURE_MISMATCH', { issuer, kid: 'ins_1' }]],
    ],
    [
      'customJwt: no kid',
      "Could not decode token. JWT may be missing a 'kid' (key ID) header.",
      known,
      [['TOKEN_MALFORMED', { reason: 'kid is missing' }]],
    ],
    [
      'customJwt: expired',
      'Could not validate token: Token expired',
      withClaims({ exp: now / 1000 - 7 }),
      [['TOKEN_EXPIRED', { seconds: 7 }]],
    ],
    [
      'customJwt: too early',
      'Could not validate token: Token not valid yet',
      known,
      [['TOKEN_MALFORMED', { reason: 'nbf is in the future' }]],
    ],
    [
      'customJwt: without claims',
      'Could not verify token claim. Check that the JWT contains valid claims and matches your auth provider configuration.',
      known,
      [['TOKEN_MALFORMED', { reason: 'sub or exp is missing' }]],
    ],
    ['customJwt: audience', 'Invalid audience', known, [['TOKEN_AUDIENCE_WRONG', { seen: 'convex', expected: '…' }]]],
    ['customJwt: issuer', 'Invalid issuer', known, [['TOKEN_ISSUER_WRONG', { seen: issuer, expected: '…' }]]],
    [
      'no issuer',
      "Missing issuer claim ('iss') in JWT payload. The JWT must include an 'iss' claim that matches one of your configured auth providers.",
      known,
      [['TOKEN_MALFORMED', { reason: 'iss is missing' }]],
    ],
    [
      'no JWT',
      'Could not parse JWT payload. Check that the token is a valid JWT format with three base64-encoded parts separated by dots.',
      known,
      [['TOKEN_MALFORMED', { reason: 'no JWT' }]],
    ],
    [
      'a variable that is not set',
      'AuthConfigMissingEnvironmentVariable: Environment variable CLERK_JWT_ISSUER_DOMAIN is used in auth config file but its value was not set.',
      known,
      [['ISSUER_ENV_MISSING', { name: 'CLERK_JWT_ISSUER_DOMAIN', expected: issuer }]],
    ],
    ['ordinary expiry', 'Convex token identity expired', known, []],
    ['something else', 'Something went wrong', known, []],
    ['nothing', '', known, []],
  ])('%s', (_name, text, context, expected) => {
    expect(judgeRefusal(text, context).map(({ code, args }) => [code, args])).toEqual(expected);
  });
});
