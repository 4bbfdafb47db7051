import { describe, expect, it } from 'vitest';
import { runChecks } from '../../diagnose.ts';
import type { AuthProviderEvidence, Evidence, ProjectEvidence, TokenEvidence } from '../../evidence.ts';
import { tokenChecks } from '../tokenChecks.ts';
import { judgeToken } from './judgeToken.ts';

const host = 'happy-hippo-1.clerk.accounts.dev';
const issuer = `https://${host}`;
const now = 1_700_000_000_000;
const claims = {
  iss: issuer,
  aud: 'convex',
  sub: 'user_1',
  iat: now / 1000 - 10,
  nbf: now / 1000 - 20,
  exp: now / 1000 + 50,
};
const header = { alg: 'RS256', kid: 'ins_1' };

/** It lived for a minute, until five seconds ago. */
const expired = { iat: now / 1000 - 65, nbf: now / 1000 - 75, exp: now / 1000 - 5 };

const project = (...providers: Partial<AuthProviderEvidence>[]): ProjectEvidence => ({
  framework: 'vite',
  app: '.',
  packages: {},
  env: [{ name: 'VITE_CLERK_PUBLISHABLE_KEY', value: `pk_test_${btoa(`${host}$`)}` }],
  envFiles: [],
  authConfig: {
    status: 'read',
    file: 'convex/auth.config.ts',
    providers: providers.map((provider) => ({
      kind: 'oidc',
      domainEnv: [],
      at: 'convex/auth.config.ts:3',
      ...provider,
    })),
  },
  source: { providers: [], readsClerkSecretKey: [], usesUsersTable: [], readsEnv: [] },
  webhook: { handlers: [] },
  secretsInFiles: [],
  isProduction: false,
});
const ours = { domain: issuer, applicationID: 'convex' };

const evidence = (token: Partial<TokenEvidence> = {}, rest: Partial<Evidence> = {}): Evidence => ({
  now,
  token: { claims, header, ...token },
  project: project(ours),
  ...rest,
});
const withClaims = (changed: Record<string, unknown>, rest: Partial<Evidence> = {}) =>
  evidence({ claims: { ...claims, ...changed } }, rest);

describe('judgeToken', () => {
  it('says what was seen and expected of each claim of a good token', () => {
    expect(judgeToken(evidence({ publishedKids: ['ins_1', 'ins_2'] }))).toEqual([
      { claim: 'iss', seen: issuer, expected: issuer, ok: true },
      { claim: 'aud', seen: 'convex', expected: 'convex', ok: true },
      { claim: 'sub', seen: 'user_1', expected: 'user_…', ok: true },
      { claim: 'exp', seen: '2023-11-14T22:14:10.000Z', expected: '> 2023-11-14T22:13:20.000Z', ok: true },
      { claim: 'iat', seen: '2023-11-14T22:13:10.000Z', expected: '<= 2023-11-14T22:13:20.000Z', ok: true },
      { claim: 'lifetime', seen: '60 s', expected: '>= 18 s', ok: true },
      { claim: 'nbf', seen: '2023-11-14T22:13:00.000Z', expected: '<= 2023-11-14T22:13:20.000Z', ok: true },
      { claim: 'alg', seen: 'RS256', expected: 'RS256, ES256, EdDSA', ok: true },
      { claim: 'kid', seen: 'ins_1', expected: 'ins_1, ins_2', ok: true },
    ]);
  });

  it('says nothing where there is no token', () => {
    expect(judgeToken({ now, project: project(ours) })).toEqual([]);
  });

  it.each<[string, Evidence, [string, string, unknown][]]>([
    ['a good one', evidence(), []],
    [
      'a good one, for a domain with a slash',
      evidence({}, { project: project({ ...ours, domain: `${issuer}/` }) }),
      [],
    ],
    ['a good one, for a domain without a scheme', evidence({}, { project: project({ ...ours, domain: host }) }), []],
    ['a good one, and nobody knows what is expected', { now, token: { claims, header } }, []],
    ['a good one, and nobody knows the time', { token: { claims: { ...claims, exp: 60, iat: 0, nbf: 0 } } }, []],
    [
      'a good one, for a customJwt that takes any audience',
      withClaims({ aud: 'mine' }, { project: project({ kind: 'customJwt', domain: issuer }) }),
      [],
    ],
    ['no JWT', evidence({ claims: null }), [['jwt', 'TOKEN_MALFORMED', { reason: 'no JWT' }]]],
    [
      'of another issuer than auth.config’s',
      withClaims({ iss: 'https://other.example.com' }),
      [['iss', 'TOKEN_ISSUER_WRONG', { seen: 'https://other.example.com', expected: issuer }]],
    ],
    [
      'of another issuer than the publishable key’s, where auth.config cannot be read',
      withClaims(
        { iss: 'https://other.example.com' },
        { project: project({ domainEnv: ['CLERK_JWT_ISSUER_DOMAIN'] }) },
      ),
      [['iss', 'TOKEN_ISSUER_WRONG', { seen: 'https://other.example.com', expected: issuer }]],
    ],
    ['of nobody’s', withClaims({ iss: undefined }), [['iss', 'TOKEN_MALFORMED', { reason: 'iss is missing' }]]],
    [
      'for nobody',
      withClaims({ aud: undefined }),
      [['aud', 'TOKEN_AUDIENCE_WRONG', { seen: 'none', expected: 'convex' }]],
    ],
    [
      'for others',
      withClaims({ aud: 'mine' }),
      [['aud', 'TOKEN_AUDIENCE_WRONG', { seen: 'mine', expected: 'convex' }]],
    ],
    [
      'for Convex and others',
      withClaims({ aud: ['convex', 'mine'] }),
      [['aud', 'TOKEN_AUDIENCE_WRONG', { seen: 'convex, mine', expected: 'convex' }]],
    ],
    [
      'for Convex, whose applicationID is another',
      evidence({}, { project: project({ ...ours, applicationID: 'mine' }) }),
      [['aud', 'APPLICATION_ID_WRONG', { seen: 'mine', expected: 'convex' }]],
    ],
    ['about nobody', withClaims({ sub: '' }), [['sub', 'TOKEN_MALFORMED', { reason: 'sub is missing' }]]],
    [
      'without a time, of the wrong type',
      withClaims({ exp: '1700000050', iat: null }),
      [
        ['exp', 'TOKEN_MALFORMED', { reason: 'exp is missing' }],
        ['iat', 'TOKEN_MALFORMED', { reason: 'iat is missing' }],
      ],
    ],
    ['expired', withClaims(expired), [['exp', 'TOKEN_EXPIRED', { seconds: 5 }]]],
    [
      'expired, by a clock that is behind',
      withClaims(expired, { network: { clockAheadMs: -60_000 } }),
      [['exp', 'CLOCK_SKEW', { seconds: -60 }]],
    ],
    ['not expired, by the server’s clock', withClaims(expired, { network: { clockAheadMs: 60_000 } }), []],
    [
      'short-lived',
      withClaims({ iat: now / 1000, exp: now / 1000 + 10 }),
      [['lifetime', 'TOKEN_LIFETIME_TOO_SHORT', { seconds: 10, neededSeconds: 18 }]],
    ],
    [
      'from the future',
      withClaims({ iat: now / 1000 + 120, nbf: now / 1000 + 110, exp: now / 1000 + 180 }),
      [
        ['iat', 'CLOCK_SKEW', { seconds: -120 }],
        ['nbf', 'CLOCK_SKEW', { seconds: -110 }],
      ],
    ],
    [
      'from the future, by a clock that is right',
      withClaims({ nbf: now / 1000 + 40 }, { network: { clockAheadMs: 0 } }),
      [['nbf', 'TOKEN_MALFORMED', { reason: 'nbf is in the future' }]],
    ],
    [
      'signed by a key that is not published',
      evidence({ publishedKids: ['ins_2'] }),
      [['kid', 'TOKEN_SIGNATURE_MISMATCH', { issuer, kid: 'ins_1' }]],
    ],
    [
      'without a key',
      evidence({ header: { alg: 'RS256' } }),
      [['kid', 'TOKEN_MALFORMED', { reason: 'kid is missing' }]],
    ],
    [
      'signed by the template’s own key',
      evidence({ header: { alg: 'HS256' } }),
      [
        ['alg', 'TOKEN_SIGNATURE_MISMATCH', { issuer, kid: 'none' }],
        ['kid', 'TOKEN_SIGNATURE_MISMATCH', { issuer, kid: 'none' }],
      ],
    ],
  ])('%s', (_name, given, expected) => {
    const bad = judgeToken(given).filter(({ ok }) => !ok);
    expect(bad.map(({ claim, finding }) => [claim, finding?.code, finding?.args])).toEqual(expected);
    const codes = runChecks(tokenChecks, given).map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(expected.map(([, code]) => code)));
  });

  it('makes one finding of one cause that spoils two claims', () => {
    const future = withClaims({ iat: now / 1000 + 120, nbf: now / 1000 + 110, exp: now / 1000 + 180 });
    expect(runChecks(tokenChecks, future)).toHaveLength(1);
  });
});
