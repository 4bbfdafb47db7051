import { describe, expect, it } from 'vitest';
import type { ProjectEvidence } from '../../evidence.ts';
import { checkIssuer } from './checkIssuer.ts';
import {
  cleanProject,
  instanceHost,
  issuer,
  named,
  publishableKeyFor,
  withDeployed,
  withEnv,
  withoutDeployment,
  withProviders,
  withSource,
} from './testProject.ts';

const clean = cleanProject();
const variable = 'CLERK_JWT_ISSUER_DOMAIN';
const another = 'https://other-fish-9.clerk.accounts.dev';
const key = named('vite', 'CLERK_PUBLISHABLE_KEY');
const found = (project: ProjectEvidence) => checkIssuer({ project }).map(({ code, args, at }) => ({ code, args, at }));
const codes = (project: ProjectEvidence) => found(project).map(({ code }) => code);

/** As gathered: the domain is what the variable holds. */
const deployed = (value: string): ProjectEvidence =>
  withProviders(withDeployed(clean, variable, value), { domain: value });

/** The deployment cannot be asked, and an env file has that. */
const local = (value: string): ProjectEvidence =>
  withProviders(withEnv(withoutDeployment(clean), variable, value), { domain: value });

describe('what the variable of the issuer holds', () => {
  it.each<[string, string, readonly string[]]>([
    ['the issuer', issuer, []],
    ['the issuer without a scheme, which Convex adds', instanceHost, []],
    ['the issuer in capitals', 'HTTPS://Happy-Animal-12.clerk.accounts.dev', []],
    ['a slash at its end', `${issuer}/`, ['ISSUER_TRAILING_SLASH']],
    ['http', `http://${instanceHost}`, ['ISSUER_NOT_HTTPS']],
    ['the address of the keys', `${issuer}/.well-known/jwks.json`, ['ISSUER_WITH_PATH']],
    ['the same without a scheme', `${instanceHost}/.well-known/jwks.json`, ['ISSUER_WITH_PATH']],
    ['the same with a slash at its end', `${issuer}/.well-known/jwks.json/`, ['ISSUER_WITH_PATH']],
    ['another path', `${issuer}/oauth`, ['ISSUER_WITH_PATH']],
    ['a path of another instance', `${another}/.well-known/jwks.json`, ['ISSUER_OF_ANOTHER_INSTANCE']],
    ['another instance', another, ['ISSUER_OF_ANOTHER_INSTANCE']],
    ['a loopback address that is not the key’s', 'http://localhost:4200', ['ISSUER_OF_ANOTHER_INSTANCE']],
    ['no address at all', 'not an address', ['ISSUER_OF_ANOTHER_INSTANCE']],
    ['http and a slash', `http://${instanceHost}/`, ['ISSUER_TRAILING_SLASH', 'ISSUER_NOT_HTTPS']],
    ['everything at once', 'http://other-fish-9.clerk.accounts.dev/', ['ISSUER_OF_ANOTHER_INSTANCE']],
  ])('%s', (_name, value, expected) => {
    expect(codes(deployed(value))).toEqual(expected);
    expect(codes(local(value))).toEqual(expected);
  });

  it('is shown beside what it should be', () => {
    expect(found(deployed(`${issuer}/`))).toEqual([
      {
        code: 'ISSUER_TRAILING_SLASH',
        args: { name: variable, seen: `${issuer}/`, expected: issuer },
        at: 'convex/auth.config.ts:5',
      },
    ]);
    expect(found(local(another))).toEqual([
      {
        code: 'ISSUER_OF_ANOTHER_INSTANCE',
        args: { name: variable, seen: another, expected: issuer },
        at: '.env.local:5',
      },
    ]);
  });

  it('is one thing, whatever is wrong with it: no step takes back what another has set', () => {
    for (const project of [
      deployed(`http://${instanceHost}/`),
      withEnv(deployed(`http://${instanceHost}/`), key, undefined),
    ])
      expect(found(project).map(({ args }) => 'expected' in args && args.expected)).toEqual([issuer, issuer]);
  });

  it('is told where it is written out', () => {
    const written = withProviders(clean, { domain: `${issuer}/.well-known/jwks.json`, domainEnv: [] });
    expect(found(written)).toEqual([
      {
        code: 'ISSUER_WITH_PATH',
        args: { name: 'domain', seen: `${issuer}/.well-known/jwks.json`, expected: issuer, isWrittenOut: true },
        at: 'convex/auth.config.ts:5',
      },
    ]);
  });

  it('is the issuer without the path, with https, also where no key tells the instance', () => {
    const seen = `http://${instanceHost}/.well-known/jwks.json`;
    for (const project of [deployed(seen), withEnv(deployed(seen), key, undefined)])
      expect(found(project).map(({ code, args }) => [code, args])).toEqual(
        ['ISSUER_NOT_HTTPS', 'ISSUER_WITH_PATH'].map((code) => [code, { name: variable, seen, expected: issuer }]),
      );
  });

  it('is not shown when it is no address, since it may be a key', () => {
    expect(JSON.stringify(found(deployed('sk_live_a1B2c3D4')))).toContain('sk_live_… (16 characters)');
    expect(JSON.stringify(found(deployed('a1B2c3D4e5F6')))).not.toContain('a1B2');
  });
});

describe('an emulator on this machine', () => {
  const emulated = (value: string) => withEnv(deployed(value), key, publishableKeyFor('fapi.localhost:4200'));

  it.each(['http://fapi.localhost:4200', 'http://127.0.0.1:4200', 'http://localhost:4200', 'http://[::1]:4200'])(
    'may be %s',
    (value) => {
      expect(codes(emulated(value))).toEqual([]);
    },
  );

  it('is not an instance of Clerk', () => {
    expect(codes(emulated(issuer))).toEqual(['ISSUER_OF_ANOTHER_INSTANCE']);
    expect(codes(emulated('http://localhost.example.com'))).toEqual(['ISSUER_OF_ANOTHER_INSTANCE']);
  });
});

it('takes the proxy that Clerk is behind for the issuer', () => {
  const proxied = withEnv(
    deployed('https://app.example.com/__clerk'),
    'VITE_CLERK_PROXY_URL',
    'https://app.example.com/__clerk',
  );
  expect(codes(proxied)).toEqual([]);
});

describe('a proxy of the app’s', () => {
  const proxied = 'https://app.example.com/__clerk';
  const another = 'https://other-fish-9.clerk.accounts.dev';
  const byVariable = (issuerNow: string, url: string) =>
    withEnv(deployed(issuerNow), 'NEXT_PUBLIC_CLERK_PROXY_URL', url);
  const bySource = (issuerNow: string, proxyUrl: string) => withSource(deployed(issuerNow), { proxyUrl });

  it.each<[string, ProjectEvidence, readonly string[]]>([
    ['by its path: the app is the issuer, wherever it runs', byVariable(proxied, '/__clerk'), []],
    ['by its path, in code', bySource(proxied, '/__clerk'), []],
    ['by its address, in code', bySource(proxied, proxied), []],
    ['at another address', bySource(proxied, 'https://other.example.com'), ['ISSUER_OF_ANOTHER_INSTANCE']],
    [
      'by its path, and the issuer is an instance’s own',
      byVariable(another, '/__clerk'),
      ['ISSUER_OF_ANOTHER_INSTANCE'],
    ],
    ['that is blank', byVariable(proxied, ' '), ['ISSUER_OF_ANOTHER_INSTANCE']],
  ])('%s', (_name, project, expected) => {
    expect(codes(project)).toEqual(expected);
  });
});

it('compares with no instance when the publishable key does not tell which', () => {
  expect(codes(withEnv(deployed(another), key, undefined))).toEqual([]);
  expect(codes(withEnv(deployed(another), key, 'pk_test_cut'))).toEqual([]);
});

describe('a variable that is not set', () => {
  const unset = withProviders(clean, { domain: '' });
  it.each<[string, ProjectEvidence, readonly string[]]>([
    ['in the deployment', withDeployed(unset, variable, undefined), ['ISSUER_ENV_MISSING']],
    ['in the deployment, which has it blank', withDeployed(unset, variable, ' '), ['ISSUER_ENV_MISSING']],
    [
      'in the deployment, though an env file has it',
      withEnv(withDeployed(clean, variable, undefined), variable, issuer),
      ['ISSUER_ENV_MISSING'],
    ],
    ['in env files, which do not name it', withoutDeployment(unset), []],
    ['in the env file that names it', withEnv(withoutDeployment(unset), variable, ''), ['ISSUER_ENV_MISSING']],
    ['in the env file, but in the deployment', withEnv(clean, variable, ''), []],
  ])('%s', (_name, project, expected) => {
    expect(codes(project)).toEqual(expected);
  });

  it('is not told of a provider that reads none', () => {
    expect(codes(withProviders(clean, { domain: '', domainEnv: [] }))).toEqual([]);
  });

  it('has no place in an env file when it is the deployment that lacks it', () => {
    const project = withEnv(withDeployed(unset, variable, undefined), variable, '');
    expect(found(project)).toEqual([expect.objectContaining({ at: 'convex/auth.config.ts:5' })]);
  });

  it('may be called as something that every object has', () => {
    expect(codes(withProviders(clean, { domain: '', domainEnv: ['constructor'] }))).toEqual(['ISSUER_ENV_MISSING']);
  });

  it('is told with what it should hold', () => {
    expect(found(withEnv(withoutDeployment(unset), variable, ''))).toEqual([
      { code: 'ISSUER_ENV_MISSING', args: { name: variable, expected: issuer }, at: '.env.local:5' },
    ]);
    expect(found(withEnv(withDeployed(unset, variable, undefined), key, undefined))).toEqual([
      { code: 'ISSUER_ENV_MISSING', args: { name: variable }, at: 'convex/auth.config.ts:5' },
    ]);
  });

  it('is no mistake when another one is tried after it', () => {
    const newer = withDeployed(withDeployed(clean, variable, undefined), 'CLERK_FRONTEND_API_URL', `${issuer}/`);
    const both = withProviders(newer, { domainEnv: [variable, 'CLERK_FRONTEND_API_URL'] });
    expect(found(both)).toEqual([
      expect.objectContaining({ args: { name: 'CLERK_FRONTEND_API_URL', seen: `${issuer}/`, expected: issuer } }),
    ]);
  });

  it('is no mistake when an issuer is written out behind it', () => {
    expect(codes(withDeployed(clean, variable, undefined))).toEqual([]);
  });
});

describe('an issuer that is written out', () => {
  it.each<[string, readonly string[]]>([
    [issuer, []],
    [`${issuer}/`, ['ISSUER_TRAILING_SLASH']],
    [`http://${instanceHost}`, ['ISSUER_NOT_HTTPS']],
    // `checkAuthConfig` says that.
    [another, []],
  ])('%s', (domain, expected) => {
    expect(codes(withProviders(clean, { domain, domainEnv: [] }))).toEqual(expected);
  });

  it('is called what it is called in auth.config', () => {
    const written = (kind: 'oidc' | 'customJwt') =>
      found(withProviders(clean, { kind, domain: `${issuer}/`, domainEnv: [] }))[0]?.args;
    expect(written('oidc')).toMatchObject({ name: 'domain' });
    expect(written('customJwt')).toMatchObject({ name: 'issuer' });
  });

  it('is told from one that a variable holds', () => {
    const written = (domain: string) => found(withProviders(clean, { domain, domainEnv: [] }))[0]?.args;
    expect(written(`${issuer}/`)).toHaveProperty('isWrittenOut', true);
    expect(written(`http://${instanceHost}`)).toHaveProperty('isWrittenOut', true);
    expect(found(deployed(`${issuer}/`))[0]?.args).not.toHaveProperty('isWrittenOut');
  });
});

describe('an issuer that is made of a variable and more', () => {
  const made = (host: string) =>
    withProviders(withDeployed(clean, 'HOST', host), { domainEnv: ['HOST'], domain: issuer });

  it('is judged as a whole', () => {
    expect(codes(made(instanceHost))).toEqual([]);
  });

  it('is shown as a whole', () => {
    const plain = withProviders(made(instanceHost), { domainEnv: ['HOST'], domain: `http://${instanceHost}` });
    expect(found(plain)).toEqual([
      {
        code: 'ISSUER_NOT_HTTPS',
        args: { name: 'HOST', seen: `http://${instanceHost}`, expected: issuer },
        at: 'convex/auth.config.ts:5',
      },
    ]);
  });

  it('is made anew with the variable of the deployment when it was made with that of an env file', () => {
    const project = withEnv(made('other-fish-9.clerk.accounts.dev'), 'HOST', instanceHost);
    expect(found(project)).toEqual([
      expect.objectContaining({
        code: 'ISSUER_OF_ANOTHER_INSTANCE',
        args: { name: 'HOST', seen: another, expected: issuer },
      }),
    ]);
  });
});

it('takes what the deployment has, though auth.config was read with an env file', () => {
  const withSlash = withProviders(withEnv(clean, variable, `${issuer}/`), { domain: `${issuer}/` });
  expect(codes(withSlash)).toEqual([]);
});

it('knows Clerk’s provider among others by the name of its variable', () => {
  const others = withDeployed(
    withDeployed(clean, 'AUTH_DOMAIN', 'https://example.eu.auth0.com'),
    variable,
    'https://login.example.com',
  );
  const project = withProviders(
    others,
    { domainEnv: ['AUTH_DOMAIN'], domain: 'https://example.eu.auth0.com' },
    { domain: 'https://login.example.com' },
  );
  expect(found(project)).toEqual([
    expect.objectContaining({
      code: 'ISSUER_OF_ANOTHER_INSTANCE',
      args: { name: variable, seen: 'https://login.example.com', expected: issuer },
    }),
  ]);
});
