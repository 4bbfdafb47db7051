import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeFinding, diagnose, type NetworkEvidence } from 'clerk-convex-resilience/diagnosis';
import { describe, expect, it } from 'vitest';
import { createCertificate } from '../../support/createCertificate.ts';
import { type Asked, openBench, path, patience, type Row } from './openBench.ts';

const bench = openBench();
const { serve, page, json, project, ask, table, clerkSuffers } = bench;

describe('the Frontend API', () => {
  const at = (url: string, options: Asked = {}): Asked => ({ ...options, endpoints: { frontendApi: url } });
  const environment = 'GET /v1/environment';
  const jwks = 'GET /.well-known/jwks.json';
  const unreachable = (fault: string, reason?: string) => ({ frontendApi: { fault, ...(reason && { reason }) } });
  table([
    [
      'has no address',
      () => at('https://clerk.invalid'),
      { frontendApi: { host: 'clerk.invalid', fault: 'dns' } },
      ['FRONTEND_API_NOT_RESOLVED'],
    ],
    [
      'has a certificate that it signed itself',
      async () => at(await serve((_, response) => response.end(), createCertificate())),
      unreachable('tls', 'DEPTH_ZERO_SELF_SIGNED_CERT'),
      ['FRONTEND_API_TLS_FAULT'],
    ],
    [
      'speaks no TLS',
      () => at(bench.clerk.url.replace('http:', 'https:')),
      unreachable('tls'),
      ['FRONTEND_API_TLS_FAULT'],
    ],
    ['refuses', () => at(bench.closed), unreachable('refused', 'ECONNREFUSED'), ['FRONTEND_API_UNREACHABLE']],
    ['resets every connection', clerkSuffers(environment, 'reset'), unreachable('reset'), ['FRONTEND_API_UNREACHABLE']],
    ['closes every connection', clerkSuffers(environment, 'close'), unreachable('reset'), ['FRONTEND_API_UNREACHABLE']],
    [
      'hangs',
      clerkSuffers(environment, 'hang', patience),
      unreachable('timeout', 'ETIMEDOUT'),
      ['FRONTEND_API_UNREACHABLE'],
    ],
    ['breaks off', clerkSuffers(environment, 'truncate'), unreachable('reset'), ['FRONTEND_API_UNREACHABLE']],
    [
      'answers 401',
      clerkSuffers(environment, { type: 'status', status: 401 }),
      { frontendApi: { status: 401, isGenuine: true } },
      ['FRONTEND_API_FAILING'],
    ],
    [
      'knows no instance there',
      clerkSuffers(environment, { type: 'status', status: 400, json: { errors: [{ code: 'host_invalid' }] } }),
      { frontendApi: { status: 400, isGenuine: true, code: 'host_invalid' } },
      ['FRONTEND_API_FAILING'],
    ],
    [
      'answers 405',
      clerkSuffers(environment, { type: 'status', status: 405 }),
      { frontendApi: { status: 405, isGenuine: true } },
      [],
    ],
    [
      'answers 500',
      clerkSuffers(environment, { type: 'status', status: 500 }),
      { frontendApi: { status: 500 } },
      ['FRONTEND_API_FAILING'],
    ],
    [
      'answers 502 at its edge, in HTML',
      clerkSuffers(environment, { type: 'status', status: 502 }),
      { frontendApi: { status: 502 } },
      ['FRONTEND_API_FAILING'],
    ],
    [
      'has no keys',
      clerkSuffers(jwks, { type: 'status', status: 500 }),
      { frontendApi: { status: 500 } },
      ['FRONTEND_API_FAILING'],
    ],
    [
      'is a page of a captive portal',
      async () => at(await page(200)),
      { frontendApi: { status: 200, isGenuine: false, contentType: 'text/html' } },
      ['CAPTIVE_PORTAL'],
    ],
    [
      'leads to a captive portal',
      async () => at(await page(302, { location: 'https://portal.invalid/login?from=clerk' })),
      { frontendApi: { status: 302, location: 'https://portal.invalid/login' } },
      ['CAPTIVE_PORTAL'],
    ],
    [
      'is a captive portal that says so',
      async () => at(await page(511)),
      { frontendApi: { status: 511, isGenuine: false } },
      ['CAPTIVE_PORTAL'],
    ],
    [
      'is blocked by something in between',
      async () => at(await page(403)),
      { frontendApi: { status: 403, isGenuine: false } },
      ['CAPTIVE_PORTAL'],
    ],
    // Cloudflare, Vercel and AWS ask whether somebody is human, or refuse: that is no captive portal.
    ...(
      [
        ['is challenged', 403, { 'cf-mitigated': 'challenge', server: 'cloudflare' }],
        ['is blocked', 403, { server: 'cloudflare' }],
        ['is challenged, at Vercel,', 429, { 'x-vercel-mitigated': 'challenge' }],
        ['is challenged, at AWS,', 202, { 'x-amzn-waf-action': 'challenge' }],
      ] as const
    ).map(
      ([name, status, headers]): Row => [
        `${name} by a firewall in front of it`,
        async () => at(await page(status, headers)),
        { frontendApi: { status, isFirewall: true } },
        ['FRONTEND_API_FAILING'],
      ],
    ),
    [
      'answers nonsense',
      clerkSuffers(environment, 'garbage'),
      { frontendApi: { status: 200, isGenuine: false } },
      ['CAPTIVE_PORTAL'],
    ],
    [
      'is something else that answers JSON',
      async () => at(await json()),
      { frontendApi: { status: 200, isGenuine: false } },
      ['CAPTIVE_PORTAL'],
    ],
    [
      'resets every connection for its keys',
      clerkSuffers(jwks, 'reset'),
      unreachable('reset'),
      ['FRONTEND_API_UNREACHABLE'],
    ],
  ]);

  it('says that the key is of no instance, and waits for nothing', async () => {
    const json = { errors: [{ code: 'host_invalid' }] };
    const { network } = await ask(clerkSuffers(environment, { type: 'status', status: 400, json })());
    const [found] = diagnose({ project: project(), network });
    expect(found).toMatchObject({ severity: 'error', args: { isUnknown: true } });
    expect(found && describeFinding(found, 'en').title).toContain('Clerk knows no instance');
  });

  it('is asked for nothing more when it fails', async () => {
    await ask(clerkSuffers(environment, { type: 'status', status: 500 })());
    expect(bench.clerk.log.map(({ path }) => path)).not.toContain('/.well-known/jwks.json');
  });

  it.each([
    ['that has expired', createCertificate('240101000000Z'), 'CERT_HAS_EXPIRED'],
    ['for another name', createCertificate(), 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('has a trusted certificate %s', async (_, certificate, reason) => {
    const folder = mkdtempSync(join(tmpdir(), 'doctor-tls-'));
    try {
      const file = join(folder, 'trusted.pem');
      writeFileSync(file, certificate.cert);
      const url = await serve((_request, response) => response.end('{}'), certificate);
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--import', 'tsx', path('../askTrusting.ts'), url],
        { env: { ...process.env, NODE_EXTRA_CA_CERTS: file }, cwd: path('../../..') },
      );
      const frontendApi = JSON.parse(stdout) as NonNullable<NetworkEvidence['frontendApi']>;
      expect(frontendApi).toEqual({ host: new URL(url).host, fault: 'tls', reason });
      const found = diagnose({ project: project(), network: { frontendApi } });
      expect(found.map(({ code }) => code)).toEqual(['FRONTEND_API_TLS_FAULT']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
