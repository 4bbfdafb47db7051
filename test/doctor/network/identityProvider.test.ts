import { describe } from 'vitest';
import { createCertificate } from '../../support/createCertificate.ts';
import { openBench, patience } from './openBench.ts';

const bench = openBench();
const { serve, page, withDomain, table, clerkSuffers } = bench;

describe('the identity provider', () => {
  const discovery = 'GET /.well-known/openid-configuration';
  const unreachable = ['IDENTITY_PROVIDER_UNREACHABLE'];
  const wrong = ['IDENTITY_PROVIDER_WRONG'];
  table([
    [
      'has no address',
      () => ({ project: withDomain('https://issuer.invalid') }),
      { identityProvider: { fault: 'dns', issuer: 'https://issuer.invalid' } },
      unreachable,
    ],
    ['refuses', () => ({ project: withDomain(bench.closed) }), { identityProvider: { fault: 'refused' } }, unreachable],
    [
      'has a certificate that it signed itself',
      async () => ({ project: withDomain(await serve((_, response) => response.end(), createCertificate())) }),
      { identityProvider: { fault: 'tls' } },
      unreachable,
    ],
    [
      'resets every connection',
      clerkSuffers(discovery, 'reset'),
      { identityProvider: { fault: 'reset' } },
      unreachable,
    ],
    ['hangs', clerkSuffers(discovery, 'hang', patience), { identityProvider: { fault: 'timeout' } }, unreachable],
    [
      'answers 500',
      clerkSuffers(discovery, { type: 'status', status: 500 }),
      { identityProvider: { status: 500 } },
      unreachable,
    ],
    [
      'answers 401',
      clerkSuffers(discovery, { type: 'status', status: 401 }),
      { identityProvider: { status: 401, isGenuine: false } },
      wrong,
    ],
    [
      'answers 404',
      clerkSuffers(discovery, { type: 'status', status: 404 }),
      { identityProvider: { status: 404, isGenuine: false } },
      wrong,
    ],
    [
      'is a web site',
      async () => ({ project: withDomain(await page(200)) }),
      { identityProvider: { status: 200, isGenuine: false } },
      wrong,
    ],
    [
      'leads elsewhere',
      async () => ({ project: withDomain(await page(301, { location: 'https://www.example.invalid/' })) }),
      { identityProvider: { status: 301, isGenuine: false } },
      wrong,
    ],
    [
      'says that it is another issuer',
      clerkSuffers(discovery, {
        type: 'status',
        status: 200,
        json: { issuer: 'https://other.invalid', jwks_uri: 'https://other.invalid/jwks' },
      }),
      { identityProvider: { status: 200, isGenuine: false } },
      wrong,
    ],
  ]);
});
