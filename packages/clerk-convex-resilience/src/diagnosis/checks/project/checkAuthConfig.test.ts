import { describe, expect, it } from 'vitest';
import type { ProjectEvidence } from '../../evidence.ts';
import { checkAuthConfig } from './checkAuthConfig.ts';
import { checkIssuer } from './checkIssuer.ts';
import { cleanProject, issuer, named, publishableKeyFor, withDeployed, withEnv, withProviders } from './testProject.ts';

const clean = cleanProject();
const key = named('vite', 'CLERK_PUBLISHABLE_KEY');
const found = (project: ProjectEvidence) =>
  checkAuthConfig({ project }).map(({ code, args, at }) => ({ code, args, at }));
const codes = (project: ProjectEvidence) => found(project).map(({ code }) => code);

const own = {};
const auth0 = {
  domain: 'https://example.eu.auth0.com',
  domainEnv: [],
  applicationID: 'q1W2e3R4',
  at: 'convex/auth.config.ts:9',
};
const another = { domain: 'https://other-fish-9.clerk.accounts.dev', domainEnv: [] };

describe('the providers of auth.config', () => {
  it.each<[string, Parameters<typeof withProviders>[1][], readonly string[]]>([
    ['Clerk', [own], []],
    ['Clerk, written out', [{ domainEnv: [] }], []],
    ['Clerk behind another identity provider', [auth0, own], []],
    ['development and production, both written out', [another, { domainEnv: [] }], []],
    ['none', [], ['AUTH_CONFIG_WITHOUT_ISSUER']],
    ['another identity provider alone', [auth0], ['AUTH_CONFIG_WITHOUT_ISSUER']],
    ['two other identity providers', [auth0, auth0], ['AUTH_CONFIG_WITHOUT_ISSUER']],
    ['another instance of Clerk, written out', [another], ['AUTH_CONFIG_WITHOUT_ISSUER']],
    ['another identity provider, of an unknown variable', [auth0, { domain: '', domainEnv: ['AUTH_DOMAIN'] }], []],
    ['another applicationID', [{ applicationID: 'convex ' }], ['APPLICATION_ID_WRONG']],
    ['an OIDC provider as a customJwt one', [{ kind: 'customJwt' }], []],
    [
      'a customJwt provider with another applicationID',
      [{ kind: 'customJwt', applicationID: 'app' }],
      ['APPLICATION_ID_WRONG'],
    ],
    [
      'another instance and another applicationID',
      [{ ...another, applicationID: 'app' }],
      ['AUTH_CONFIG_WITHOUT_ISSUER', 'APPLICATION_ID_WRONG'],
    ],
  ])('%s', (_name, providers, expected) => {
    expect(codes(withProviders(clean, ...providers))).toEqual(expected);
  });

  it('may have no applicationID only where they are customJwt', () => {
    const without = (kind: 'oidc' | 'customJwt'): ProjectEvidence => {
      const at = 'convex/auth.config.ts:5';
      const providers = [{ kind, domain: issuer, domainEnv: [], at }];
      return { ...clean, authConfig: { status: 'read', file: 'convex/auth.config.ts', providers } };
    };
    expect(codes(without('customJwt'))).toEqual([]);
    expect(found(without('oidc'))).toEqual([
      { code: 'APPLICATION_ID_WRONG', args: { seen: 'undefined', expected: 'convex' }, at: 'convex/auth.config.ts:5' },
    ]);
  });

  it('are shown beside the issuer that is missing', () => {
    expect(found(withProviders(clean, auth0, auth0))).toEqual([
      {
        code: 'AUTH_CONFIG_WITHOUT_ISSUER',
        args: { seen: `${auth0.domain}, ${auth0.domain}`, expected: issuer },
        at: 'convex/auth.config.ts:9',
      },
    ]);
    expect(found(withEnv(withProviders(clean), key, undefined))).toEqual([
      {
        code: 'AUTH_CONFIG_WITHOUT_ISSUER',
        args: { seen: '[]', expected: 'process.env.CLERK_JWT_ISSUER_DOMAIN' },
        at: 'convex/auth.config.ts',
      },
    ]);
  });

  it('are compared with no instance when the publishable key does not tell which', () => {
    expect(codes(withEnv(withProviders(clean, another), key, 'pk_test_cut'))).toEqual([]);
    expect(codes(withEnv(withProviders(clean, auth0, auth0), key, undefined))).toEqual([]);
  });

  it('may be an emulator, by another name of this machine', () => {
    const emulated = withEnv(clean, key, publishableKeyFor('clerk.localhost:4200'));
    expect(codes(withProviders(emulated, { domain: 'http://127.0.0.1:4200', domainEnv: [] }))).toEqual([]);
  });

  it('leave it to the issuer’s check when a variable holds another instance', () => {
    const project = withProviders(withDeployed(clean, 'CLERK_JWT_ISSUER_DOMAIN', another.domain), {
      domain: another.domain,
    });
    expect(codes(project)).toEqual([]);
    expect(checkIssuer({ project }).map(({ code }) => code)).toEqual(['ISSUER_OF_ANOTHER_INSTANCE']);
  });
});

it('says nothing where there is no Convex folder', () => {
  const { authConfig: _, ...without } = clean;
  expect(codes(without)).toEqual([]);
});

it('says why auth.config cannot be read, without what is secret in it', () => {
  const reason = 'at line 3: import of "./secret" with sk_live_a1B2c3';
  const authConfig = { status: 'unreadable', file: 'convex/auth.config.ts', reason } as const;
  expect(found({ ...clean, authConfig })).toEqual([
    {
      code: 'AUTH_CONFIG_UNREADABLE',
      args: { reason: 'at line 3: import of "./secret" with sk_live_…' },
      at: 'convex/auth.config.ts',
    },
  ]);
});

it('is an error where Convex cannot read it either, and a doubt where only a run could tell', () => {
  const broken = { status: 'unreadable', file: 'convex/auth.config.ts', reason: 'no `providers` in line 1' } as const;
  const severity = (authConfig: NonNullable<ProjectEvidence['authConfig']>) =>
    checkAuthConfig({ project: { ...clean, authConfig } })[0]?.severity;
  expect([severity(broken), severity({ ...broken, isBroken: true })]).toEqual(['warning', 'error']);
});

it('names the issuer of a file that is missing, where the publishable key tells it', () => {
  const project: ProjectEvidence = { ...clean, authConfig: { status: 'missing', expected: 'convex/auth.config.ts' } };
  expect(found(project)).toMatchObject([{ args: { issuer } }]);
  expect(found(withEnv(project, key, undefined))).toMatchObject([{ args: { expected: 'convex/auth.config.ts' } }]);
});
