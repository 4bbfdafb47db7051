import { describe, expect, it } from 'vitest';
import type { RuntimeEvidence } from '../evidence.ts';
import { diagnoseRuntime } from '../runtimeEngine.ts';

const host = 'happy-hippo-1.clerk.accounts.dev';
const key = (of: string, instance = 'test'): string => `pk_${instance}_${btoa(`${of}$`)}`;
const now = 1_700_000_000_000;
const claims = { iss: `https://${host}`, aud: 'convex', sub: 'user_1', iat: now / 1000, exp: now / 1000 + 60 };
const healthy: RuntimeEvidence = {
  origin: 'https://app.example.com',
  publishableKey: key(host),
  convexUrl: 'https://happy-animal-123.convex.cloud',
  claims,
  header: { kid: 'ins_1' },
  clockAheadMs: 0,
  cookieIssuer: host,
  versions: { react: '19.3.1', 'react-dom': '19.3.1', convex: '1.48.0', 'clerk-js': '6.40.0' },
};
const noTemplate = { status: 404, code: 'resource_not_found', template: true };

type Changed = { [Part in keyof RuntimeEvidence]?: RuntimeEvidence[Part] | undefined };

describe('runtimeChecks', () => {
  it.each<[string, Changed, [string, unknown][]]>([
    ['nothing is wrong', {}, []],
    ['no template', { tokenRequest: noTemplate }, [['JWT_TEMPLATE_MISSING', { frontendApi: host }]]],
    ['no session, which is no template', { tokenRequest: { ...noTemplate, template: false } }, []],
    ['a 404 of somebody else’s', { tokenRequest: { status: 404, template: true } }, []],
    [
      'an origin that Clerk does not know',
      { tokenRequest: { status: 400, code: 'origin_invalid', template: true } },
      [['ORIGIN_NOT_ALLOWED', { origin: 'https://app.example.com' }]],
    ],
    [
      'no word about the token, from a deployment that answers others',
      { isUnanswered: true },
      [['IDENTITY_PROVIDER_UNREACHABLE', { domain: `https://${host}` }]],
    ],
    [
      'the same for more than a minute',
      { isUnanswered: true, refusedForMs: 60_001 },
      [['IDENTITY_PROVIDER_WRONG', { domain: `https://${host}` }]],
    ],
    [
      'no auth.config on the deployment',
      {
        refusal:
          'No auth provider found matching the given token (no providers configured). Check convex/auth.config.ts.',
      },
      [['AUTH_CONFIG_NOT_DEPLOYED', { deployment: 'happy-animal-123' }]],
    ],
    [
      'production that keeps its providers to itself, and no claims',
      { claims: undefined, refusal: 'No auth provider found matching the given token' },
      [['AUTH_CONFIG_WITHOUT_ISSUER', { seen: '…', expected: `https://${host}` }]],
    ],
    [
      'a token that ends before it is renewed',
      { claims: { ...claims, exp: claims.iat + 17 } },
      [['TOKEN_LIFETIME_TOO_SHORT', { seconds: 17, neededSeconds: 18 }]],
    ],
    ['a token that is renewed just in time', { claims: { ...claims, exp: claims.iat + 18 } }, []],
    ['a clock that is ahead', { clockAheadMs: 31_000 }, [['CLOCK_SKEW', { seconds: 31 }]]],
    ['a clock that is behind', { clockAheadMs: -600_000 }, [['CLOCK_SKEW', { seconds: -600 }]]],
    ['a clock that is as good as right', { clockAheadMs: -30_000 }, []],
    [
      'a clock that is behind, and what it hands out',
      {
        clockAheadMs: -90_400,
        refusal:
          "Could not verify OIDC token claim. Check that the token signature is valid and the token hasn't expired.",
      },
      [['CLOCK_SKEW', { seconds: -90 }]],
    ],
    [
      'a test key in production',
      { isProduction: true },
      [['TEST_KEY_IN_PRODUCTION', { name: 'publishableKey', where: 'https://app.example.com' }]],
    ],
    ['a test key, and nobody knows of production', { isProduction: undefined }, []],
    ['a live key in production', { isProduction: true, publishableKey: key(host, 'live') }, []],
    ...[
      'http://app.example.com',
      'https://localhost:3000',
      'https://app.localhost',
      'https://127.0.0.1:5173',
      'https://[::1]:5173',
      'https://192.168.1.20:3000',
      'https://10.0.0.7',
      'https://172.20.0.2',
      'https://mac.local:3000',
    ].map((origin): [string, Changed, []] => [`a test key on ${origin}`, { isProduction: true, origin }, []]),
    [
      'a test key on an address that only looks like home',
      { isProduction: true, origin: 'https://172.40.0.2' },
      [['TEST_KEY_IN_PRODUCTION', { name: 'publishableKey', where: 'https://172.40.0.2' }]],
    ],
    ['no key', { publishableKey: '' }, [['PUBLISHABLE_KEY_MISSING', { name: 'publishableKey' }]]],
    [
      'a secret key in its place',
      { publishableKey: 'sk_test_abcdefgh' },
      [['SECRET_KEY_IN_PUBLIC_VARIABLE', { name: 'publishableKey', seen: 'sk_test_… (16 characters)' }]],
    ],
    [
      'a key that was cut off',
      { publishableKey: 'pk_test_abc' },
      [['PUBLISHABLE_KEY_MALFORMED', { name: 'publishableKey', seen: 'pk_test_… (11 characters)' }]],
    ],
    ['no URL', { convexUrl: '' }, [['CONVEX_URL_MISSING', { name: 'convexUrl' }]]],
    [
      'the URL of the HTTP actions',
      { convexUrl: 'https://happy-animal-123.convex.site' },
      [['CONVEX_URL_MALFORMED', { name: 'convexUrl', seen: 'https://happy-animal-123.convex.site' }]],
    ],
    [
      'a script that the page’s policy blocks',
      { scriptBlocked: { host, csp: true } },
      [['CLERK_JS_BLOCKED', { host, reason: 'csp' }]],
    ],
    [
      'a script that does not come',
      { scriptBlocked: { host, csp: false } },
      [['CLERK_JS_BLOCKED', { host, reason: 'network' }]],
    ],
    [
      'cookies of another instance',
      { cookieIssuer: 'https://clerk.example.com' },
      [['STALE_CLERK_COOKIES', { seen: 'clerk.example.com', expected: host }]],
    ],
    ['cookies of the app’s own proxy', { cookieIssuer: 'https://app.example.com/__clerk' }, []],
    ...(
      [
        ['react', '17.0.2', '^18.0.0 || ^19.0.0'],
        ['react', '20.0.0', '^18.0.0 || ^19.0.0'],
        ['react-dom', '17.0.2', '^18.0.0 || ^19.0.0'],
        ['convex', '1.24.9', '>=1.25.0 <2'],
        ['convex', '2.0.0', '>=1.25.0 <2'],
        ['clerk-js', '4.73.0', '5 || 6'],
        ['clerk-js', '7.0.0', '5 || 6'],
      ] as const
    ).map(([name, seen, expected]): [string, Changed, [string, unknown][]] => [
      `${name} ${seen}`,
      { versions: { [name]: seen } },
      [['VERSION_UNSUPPORTED', { name, seen, expected }]],
    ]),
    ['versions that are none', { versions: { react: '0.0.0-experimental-1', convex: 'canary' } }, []],
    ['the oldest that are supported', { versions: { react: '18.0.0', convex: '1.25.0', 'clerk-js': '5.0.0' } }, []],
  ])('%s', (_name, changed, expected) => {
    const findings = diagnoseRuntime({ now, runtime: { ...healthy, ...changed } as RuntimeEvidence });
    expect(findings.map(({ code, args }) => [code, args])).toEqual(expected);
  });

  it('say nothing where nothing is known', () => {
    expect(diagnoseRuntime({})).toEqual([]);
    expect(diagnoseRuntime({ runtime: {} })).toEqual([]);
  });
});
