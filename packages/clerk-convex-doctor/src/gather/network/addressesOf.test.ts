import type { AuthProviderEvidence, ProjectEvidence } from 'clerk-convex-resilience/diagnosis';
import { describe, expect, it } from 'vitest';
import { type Addresses, addressesOf } from './addressesOf.ts';
import { publishableKeyOf, testProject } from './testProject.ts';

const hrefOf = (
  what: Exclude<keyof Addresses, 'secretKey'>,
  project: ProjectEvidence,
  options: Parameters<typeof addressesOf>[1] = {},
) => addressesOf(project, options)[what]?.href;

it('asks Clerk itself unless it is told otherwise', () => {
  const at = addressesOf(testProject(), {});
  expect(at).toEqual({
    backendApi: new URL('https://api.clerk.com'),
    statusPage: new URL('https://status.clerk.com'),
  });
  const endpoints = {
    backendApi: 'http://127.0.0.1:1',
    statusPage: 'http://127.0.0.1:2',
    frontendApi: 'http://127.0.0.1:3',
  };
  const given = addressesOf(testProject(), { endpoints });
  expect([given.backendApi.port, given.statusPage.port, given.frontendApi?.port]).toEqual(['1', '2', '3']);
});

describe('the Frontend API', () => {
  it.each([
    ['VITE_CLERK_PUBLISHABLE_KEY', 'happy-cat-1.clerk.accounts.dev', 'https://happy-cat-1.clerk.accounts.dev/'],
    ['NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY', 'clerk.example.com', 'https://clerk.example.com/'],
    ['CLERK_PUBLISHABLE_KEY', '127.0.0.1:4200', 'http://127.0.0.1:4200/'],
  ])('is the host in %s', (name, host, expected) => {
    expect(hrefOf('frontendApi', testProject({ [name]: publishableKeyOf(host) }))).toBe(expected);
  });

  it('is the proxy, where there is one', () => {
    const env = { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: publishableKeyOf('clerk.example.com') };
    const proxied = testProject({ ...env, NEXT_PUBLIC_CLERK_PROXY_URL: 'https://example.com/__clerk' });
    expect(hrefOf('frontendApi', proxied)).toBe('https://example.com/__clerk');
    const relative = testProject({ ...env, NEXT_PUBLIC_CLERK_PROXY_URL: '/__clerk' });
    expect(hrefOf('frontendApi', relative)).toBe('https://clerk.example.com/');
    const inCode = testProject(env);
    const source = { ...inCode.source, proxyUrl: 'https://example.com/__clerk' };
    expect(hrefOf('frontendApi', { ...inCode, source })).toBe('https://example.com/__clerk');
  });

  it.each([['pk_test_broken'], ['sk_test_abc'], ['']])('is not known from %j', (key) => {
    expect(hrefOf('frontendApi', testProject({ VITE_CLERK_PUBLISHABLE_KEY: key }))).toBeUndefined();
  });
});

describe('the issuer', () => {
  const provider = (domain: string | undefined, applicationID: string): AuthProviderEvidence => ({
    kind: 'oidc',
    ...(domain !== undefined && { domain }),
    domainEnv: [],
    applicationID,
    at: 'convex/auth.config.ts:4',
  });
  const configured = (...providers: readonly AuthProviderEvidence[]): Partial<ProjectEvidence> => ({
    authConfig: { status: 'read', file: 'convex/auth.config.ts', providers },
  });
  const key = { VITE_CLERK_PUBLISHABLE_KEY: publishableKeyOf('c.example.com') };

  it.each([
    ['the domain of auth.config', testProject(key, configured(provider('https://a.example.com', 'convex')))],
    [
      'the provider for Clerk',
      testProject({}, configured(provider('https://b.example.com', 'x'), provider('https://a.example.com/', 'convex'))),
    ],
    ['a domain without a scheme', testProject({}, configured(provider('a.example.com', 'convex')))],
    [
      'the environment of the deployment',
      testProject(
        { CLERK_JWT_ISSUER_DOMAIN: 'https://b.example.com' },
        {
          deploymentEnv: { CLERK_JWT_ISSUER_DOMAIN: 'https://a.example.com' },
          ...configured(provider(undefined, 'convex')),
        },
      ),
    ],
    ['the env files', testProject({ ...key, CLERK_FRONTEND_API_URL: 'https://a.example.com' })],
    ['the publishable key', testProject({ VITE_CLERK_PUBLISHABLE_KEY: publishableKeyOf('a.example.com') })],
  ])('is read from %s', (_, project) => {
    expect(hrefOf('issuer', project)).toBe('https://a.example.com/');
  });
});

describe('the Convex deployment', () => {
  it.each([
    [{ VITE_CONVEX_URL: 'https://happy-animal-123.convex.cloud' }, 'https://happy-animal-123.convex.cloud/'],
    [{ EXPO_PUBLIC_CONVEX_URL: ' https://a.convex.cloud/ ' }, 'https://a.convex.cloud/'],
    [{ CONVEX_URL: 'http://127.0.0.1:3210' }, 'http://127.0.0.1:3210/'],
    [{ CONVEX_URL: 'https://user:password@a.convex.cloud?x=1#y' }, 'https://a.convex.cloud/'],
    [{ CONVEX_DEPLOYMENT: 'dev:happy-animal-123' }, 'https://happy-animal-123.convex.cloud/'],
    [{ CONVEX_DEPLOYMENT: 'local:me-app' }, undefined],
    [{ CONVEX_DEPLOYMENT: 'dev:evil.example/' }, undefined],
    [{ VITE_CONVEX_URL: 'happy-animal-123' }, undefined],
    [{ CONVEX_URL: 'file:///etc/passwd' }, undefined],
  ])('of %j is %s', (env, expected) => {
    expect(hrefOf('convex', testProject(env as Record<string, string>))).toBe(expected);
  });
});

describe('the webhook endpoint', () => {
  const handled = (runsIn: 'app' | 'convex', path?: string): Partial<ProjectEvidence> => ({
    webhook: { handlers: [{ at: 'x.ts:1', runsIn, secretNames: [] }], ...(path !== undefined && { path }) },
  });
  const local = { CONVEX_URL: 'http://127.0.0.1:3210' };

  it.each([
    ['an app', testProject({}, handled('app', '/api/webhooks/clerk')), 'https://a.example.com/api/webhooks/clerk'],
    [
      'a hosted deployment',
      testProject({ CONVEX_URL: 'https://a.convex.cloud' }, handled('convex', '/clerk')),
      'https://a.convex.site/clerk',
    ],
    [
      'a deployment in a region',
      testProject({ CONVEX_URL: 'https://a.eu-west-1.convex.cloud' }, handled('convex', '/clerk')),
      'https://a.eu-west-1.convex.site/clerk',
    ],
    ['a local deployment', testProject(local, handled('convex', '/clerk')), 'http://127.0.0.1:3211/clerk'],
    [
      'a local deployment that says where',
      testProject({ ...local, CONVEX_SITE_URL: 'http://127.0.0.1:9' }, handled('convex', 'clerk')),
      'http://127.0.0.1:9/clerk',
    ],
    [
      'a deployment elsewhere',
      testProject({ CONVEX_URL: 'https://convex.example.com' }, handled('convex', '/clerk')),
      undefined,
    ],
    ['a path that is filled in', testProject({}, handled('app', '/api/[...slug]')), undefined],
    ['a path that cannot be read', testProject({}, handled('app')), undefined],
    ['nothing', testProject(), undefined],
  ])('of %s', (_, project, expected) => {
    expect(hrefOf('webhook', project, { url: 'https://a.example.com/' })).toBe(expected);
  });

  it.each([
    ['localhost:3000', 'http://localhost:3000/hook'],
    ['a.example.com', 'https://a.example.com/hook'],
    ['http://a.example.com/base/', 'http://a.example.com/base/hook'],
    ['not a url', undefined],
  ])('of an app at --url %s is %s', (url, expected) => {
    expect(hrefOf('webhook', testProject({}, handled('app', '/hook')), { url })).toBe(expected);
  });

  it('of an app is not known without --url', () => {
    expect(hrefOf('webhook', testProject({}, handled('app', '/hook')))).toBeUndefined();
  });
});

it.each([
  ['sk_test_abc', 'sk_test_abc'],
  [' sk_live_abc ', 'sk_live_abc'],
  ['pk_test_abc', undefined],
  ['sk_test_a b', undefined],
  ['', undefined],
])('takes %j for the secret key %s', (value, expected) => {
  expect(addressesOf(testProject({ CLERK_SECRET_KEY: value }), {}).secretKey).toBe(expected);
});
