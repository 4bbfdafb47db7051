import type { RequestListener } from 'node:http';
import { describe } from 'vitest';
import { createCertificate } from '../../support/createCertificate.ts';
import { type Asked, openBench, patience, type Row } from './openBench.ts';

const bench = openBench();
const { serve, page, withDomain, table, clerkSuffers } = bench;

describe('the identity provider', () => {
  const discovery = 'GET /.well-known/openid-configuration';
  /** An issuer that is not Clerk's Frontend API, and answers so whoever asks for its keys. */
  const issuerWith =
    (keys: RequestListener, more: Asked = {}) =>
    async (): Promise<Asked> => ({
      ...more,
      project: withDomain(
        await serve((request, response) => {
          const issuer = `http://${request.headers.host}`;
          if (request.url === '/keys') keys(request, response);
          else response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` }));
        }),
      ),
    });
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
      'is challenged by a firewall',
      async () => ({ project: withDomain(await page(403, { 'cf-mitigated': 'challenge' })) }),
      { identityProvider: { status: 403, isFirewall: true } },
      unreachable,
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
    [
      'answers 405',
      clerkSuffers(discovery, { type: 'status', status: 405 }),
      { identityProvider: { status: 405, isGenuine: false } },
      wrong,
    ],
    [
      'resets whoever asks for its keys',
      issuerWith((_, response) => response.destroy()),
      { identityProvider: { fault: 'reset' } },
      unreachable,
    ],
    ['hangs on its keys', issuerWith(() => {}, patience), { identityProvider: { fault: 'timeout' } }, unreachable],
    [
      'answers 500 for its keys',
      issuerWith((_, response) => response.writeHead(500).end()),
      { identityProvider: { status: 500 } },
      unreachable,
    ],
    [
      'answers 404 for its keys',
      issuerWith((_, response) => response.writeHead(404).end()),
      { identityProvider: { status: 404, isGenuine: false } },
      wrong,
    ],
    [
      'has a page where its keys were',
      issuerWith((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>')),
      { identityProvider: { status: 200, isGenuine: false } },
      wrong,
    ],
    [
      'has its keys in a place of its own',
      issuerWith((_, response) => response.end('{"keys":[{"kid":"ins_1"}]}')),
      { identityProvider: { status: 200, isGenuine: true } },
      [],
    ],
    ...['https://keys.invalid/jwks.json', 'keys.json', 'file:///etc/keys.json'].map(
      (jwks_uri): Row => [
        `has its keys at ${jwks_uri}`,
        () =>
          clerkSuffers(discovery, { type: 'status', status: 200, json: { issuer: bench.clerk.issuer, jwks_uri } })(),
        { identityProvider: jwks_uri.includes('.invalid') ? { fault: 'dns' } : { isGenuine: false } },
        jwks_uri.includes('.invalid') ? unreachable : wrong,
      ],
    ),
  ]);
});
