import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  type ClerkEmulator,
  type ConvexEmulator,
  createClerkEmulator,
  createConvexEmulator,
} from 'clerk-convex-emulators';
import { diagnose, type NetworkEvidence, type ProjectEvidence } from 'clerk-convex-resilience/diagnosis';
import { createNodeWebhookHandler } from 'clerk-convex-resilience/webhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gatherNetwork } from '../../packages/clerk-convex-doctor/src/gather/network/gatherNetwork.ts';
import { networkSteps } from '../../packages/clerk-convex-doctor/src/gather/network/networkSteps.ts';
import type { DoctorOptions, Step } from '../../packages/clerk-convex-doctor/src/types.ts';
import {
  cleanProject,
  secretKey,
  webhookSecret,
  withDeployed,
  withEnv,
  withProviders,
  withWebhook,
} from '../../packages/clerk-convex-resilience/src/diagnosis/checks/project/testProject.ts';
import { createCertificate } from '../support/createCertificate.ts';
import { type Served, serveAnswer } from './serveAnswer.ts';

// Every question to the network against a server that answers, and against the same one broken. Nothing but this machine is
// asked: names that must not resolve end in `.invalid` (RFC 2606).

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const hookPath = '/webhooks/clerk';
const patience = { timeoutMs: 1500 };

let clerk: ClerkEmulator;
let otherClerk: ClerkEmulator;
let convex: ConvexEmulator;
let app: Served;
let closed: string;
const served: Served[] = [];

beforeAll(async () => {
  [clerk, otherClerk, app, closed] = await Promise.all([
    createClerkEmulator({ secretKey }),
    createClerkEmulator({ secretKey }),
    serveAnswer(webhookHandler(webhookSecret)),
    closedPort(),
  ]);
  const env = { CLERK_JWT_ISSUER_DOMAIN: clerk.issuer, CLERK_WEBHOOK_SIGNING_SECRET: webhookSecret };
  convex = await createConvexEmulator({ dir: path('../../examples/vite-app/convex'), env });
}, 60_000);
afterAll(() => Promise.all([clerk, otherClerk, convex, app].map((each) => each?.close())));
beforeEach(async () => {
  clerk.reset();
  await convex.reset();
});
afterEach(async () => {
  await Promise.all(served.splice(0).map((each) => each.close()));
});

const serve = async (...args: Parameters<typeof serveAnswer>): Promise<string> => {
  const each = await serveAnswer(...args);
  served.push(each);
  return each.url;
};
/** The library's own handler, in an app. */
function webhookHandler(secrets: string): RequestListener {
  const handle = createNodeWebhookHandler({ secrets, logger: null, on: {} });
  return (request, response) => void handle(request, response);
}
const page = (status: number, headers: Record<string, string> = {}) =>
  serve((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'text/html', ...headers }).end('<h1>Welcome to the hotel</h1>');
  });

/** Something else, that speaks JSON too. */
const json = () =>
  serve((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"login":"here"}');
  });

/** A project whose files are right, on the emulators. */
function project(): ProjectEvidence {
  const variables = {
    CONVEX_DEPLOYMENT: undefined,
    VITE_CONVEX_URL: convex.url,
    CONVEX_SITE_URL: convex.siteUrl,
    VITE_CLERK_PUBLISHABLE_KEY: clerk.publishableKey,
  };
  const withVariables = Object.entries(variables).reduce(
    (before, [name, value]) => withEnv(before, name, value),
    cleanProject(),
  );
  const deployed = withDeployed(withVariables, 'CLERK_JWT_ISSUER_DOMAIN', clerk.issuer);
  return withWebhook(withProviders(deployed, { domain: clerk.issuer }), { path: hookPath });
}
const withDomain = (domain: string) => withProviders(project(), { domain });
const withConvex = (url: string) => withEnv(project(), 'VITE_CONVEX_URL', url);
const withSite = (url: string) => withEnv(project(), 'CONVEX_SITE_URL', url);
const inApp = (secretNames: readonly string[] = []) =>
  withWebhook(project(), { handlers: [{ at: 'api/clerk.ts:1', runsIn: 'app', secretNames }] });

interface Asked extends Omit<Partial<DoctorOptions>, 'endpoints'> {
  readonly project?: ProjectEvidence;
  readonly endpoints?: DoctorOptions['endpoints'];
}

async function ask({ project: given = project(), endpoints, ...options }: Asked = {}) {
  const steps: Step[] = [];
  const network = await gatherNetwork(given, {
    root: '.',
    timeoutMs: 10_000,
    onStep: (step) => steps.push(step),
    ...options,
    endpoints: { backendApi: clerk.url, statusPage: clerk.url, ...endpoints },
  });
  // The files are right: what is wrong is what was asked.
  const codes = diagnose({ project: project(), network }).map(({ code }) => code);
  return { network, codes, steps };
}

/** What is broken, what the question sees, and what the doctor says of it. */
type Row = readonly [
  name: string,
  breakIt: () => Asked | Promise<Asked>,
  seen: { readonly [Part in keyof NetworkEvidence]?: unknown },
  codes: readonly string[],
];
const table = (rows: readonly Row[]) =>
  it.each(rows)('%s', async (_, breakIt, seen, expected) => {
    const { network, codes } = await ask(await breakIt());
    expect({ network, codes }).toMatchObject({ network: seen, codes: expected });
  });

/** Breaks requests to Clerk's emulator. */
const clerkSuffers =
  (match: string, action: Parameters<ClerkEmulator['faults']['add']>[0]['action'], options: Asked = {}) =>
  (): Asked => {
    clerk.faults.add({ match, action });
    return options;
  };
const convexSuffers =
  (match: string, action: Parameters<ConvexEmulator['faults']['add']>[0]['action'], options: Asked = {}) =>
  (): Asked => {
    convex.faults.add({ match, action });
    return options;
  };

describe('a healthy project', () => {
  it('answers every question, and nothing is wrong', async () => {
    clerk.signInBrowser();
    const { network, codes, steps } = await ask();
    expect(network).toMatchObject({
      frontendApi: { host: new URL(clerk.url).host, status: 200, isGenuine: true },
      identityProvider: { status: 200, isGenuine: true, issuer: clerk.issuer },
      convex: { status: 200, isGenuine: true, url: convex.url },
      webhook: { status: 400, code: 'bad_headers', url: `${convex.siteUrl}${hookPath}` },
      backendApi: { status: 200, sameInstance: true, templates: [{ name: 'convex', lifetime: 60, aud: 'convex' }] },
      incidents: [],
    });
    expect(Math.abs(network.clockAheadMs ?? Number.NaN)).toBeLessThan(5000);
    expect(codes).toEqual([]);
    // The list was there: the status page is not asked a second time.
    expect(clerk.log.filter(({ path }) => path.startsWith('/api/')).map(({ path }) => path)).toEqual([
      '/api/v2/summary.json',
    ]);
    const asked = networkSteps.map(({ id }) => id).filter((id) => id !== 'convex-env');
    const told = (status: Step['status']) =>
      steps.filter((step) => step.status === status && step.group === 'network').map(({ id }) => id);
    expect(told('started').toSorted()).toEqual(asked.toSorted());
    expect(told('done').toSorted()).toEqual(asked.toSorted());
  });

  it('asks the webhook of an app where --url says, and a 405 to a GET is healthy', async () => {
    const { network, codes, steps } = await ask({ project: inApp(), url: app.url });
    expect(network.webhook).toMatchObject({ status: 400, code: 'bad_headers', url: `${app.url}${hookPath}` });
    expect(steps.find(({ id, status }) => id === 'webhook' && status === 'done')?.detail).toContain('to a GET: 405');
    expect(codes).toEqual([]);
  });

  it.each([
    ['of a later version', () => clerk.configure({ responseShape: 'unknown_version' })],
    ['that is slow', () => clerk.faults.add({ action: { type: 'delay', delayMs: 700 } })],
    ['that resets one connection', () => clerk.faults.add({ match: 'GET /v1/environment', times: 1, action: 'reset' })],
    [
      'that is asked too often',
      () => clerk.faults.add({ match: 'GET /v1/environment', action: { type: 'status', status: 429 } }),
    ],
  ])('is still healthy with a Clerk %s', async (_, change) => {
    change();
    expect((await ask()).codes).toEqual([]);
  });

  it('is asked nothing offline, and says so', async () => {
    const before = clerk.log.length;
    const { network, steps } = await ask({ offline: true });
    expect([network, clerk.log.length]).toEqual([{}, before]);
    expect(new Set(steps.map(({ status }) => status))).toEqual(new Set(['skipped']));
  });
});

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
    ['speaks no TLS', () => at(clerk.url.replace('http:', 'https:')), unreachable('tls'), ['FRONTEND_API_TLS_FAULT']],
    ['refuses', () => at(closed), unreachable('refused', 'ECONNREFUSED'), ['FRONTEND_API_UNREACHABLE']],
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

  it('is asked for nothing more when it fails', async () => {
    await ask(clerkSuffers(environment, { type: 'status', status: 500 })());
    expect(clerk.log.map(({ path }) => path)).not.toContain('/.well-known/jwks.json');
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
        ['--import', 'tsx', path('./askTrusting.ts'), url],
        { env: { ...process.env, NODE_EXTRA_CA_CERTS: file }, cwd: path('../..') },
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
    ['refuses', () => ({ project: withDomain(closed) }), { identityProvider: { fault: 'refused' } }, unreachable],
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

describe('the Convex deployment', () => {
  const version = 'GET /version';
  const unreachable = ['CONVEX_UNREACHABLE'];
  table([
    [
      'has no address',
      () => ({ project: withConvex('https://happy-animal-123.convex.invalid') }),
      { convex: { fault: 'dns' } },
      unreachable,
    ],
    [
      'refuses',
      () => ({ project: withConvex(closed) }),
      { convex: { fault: 'refused', reason: 'ECONNREFUSED' } },
      unreachable,
    ],
    [
      'has a certificate that it signed itself',
      async () => ({ project: withConvex(await serve((_, response) => response.end(), createCertificate())) }),
      { convex: { fault: 'tls' } },
      unreachable,
    ],
    ['resets every connection', convexSuffers(version, 'reset'), { convex: { fault: 'reset' } }, unreachable],
    ['hangs', convexSuffers(version, 'hang', patience), { convex: { fault: 'timeout' } }, unreachable],
    ['answers 500', convexSuffers(version, { type: 'status', status: 500 }), { convex: { status: 500 } }, unreachable],
    [
      'is not there any more',
      convexSuffers(version, { type: 'status', status: 404 }),
      { convex: { status: 404 } },
      unreachable,
    ],
    [
      'is a page of a captive portal',
      async () => ({ project: withConvex(await page(200)) }),
      { convex: { status: 200, isGenuine: false } },
      ['CAPTIVE_PORTAL'],
    ],
    [
      'is something else that answers JSON',
      async () => ({ project: withConvex(await json()) }),
      { convex: { status: 200, isGenuine: false } },
      ['CAPTIVE_PORTAL'],
    ],
    [
      'leads to a captive portal',
      async () => ({ project: withConvex(await page(302, { location: 'https://portal.invalid/' })) }),
      { convex: { status: 302, isGenuine: false } },
      ['CAPTIVE_PORTAL'],
    ],
  ]);
});

describe('the webhook endpoint', () => {
  const post = `POST ${hookPath}`;
  const answers = (status: number, headers = {}) => convexSuffers(post, { type: 'status', status, headers, text: '' });
  const protects = ['WEBHOOK_ROUTE_PROTECTED'];
  const failing = ['WEBHOOK_ENDPOINT_FAILING'];
  const unreachable = ['WEBHOOK_UNREACHABLE'];
  table([
    [
      'has no route',
      () => ({ project: withWebhook(project(), { path: '/nowhere' }) }),
      { webhook: { status: 404 } },
      ['WEBHOOK_ROUTE_MISSING'],
    ],
    ['takes no POST', answers(405), { webhook: { status: 405 } }, ['WEBHOOK_METHOD_REFUSED']],
    ['is behind a middleware that answers 401', answers(401), { webhook: { status: 401 } }, protects],
    ['is behind a middleware that answers 403', answers(403), { webhook: { status: 403 } }, protects],
    [
      'is behind a middleware that leads to the sign-in page',
      answers(307, { location: '/sign-in?redirect_url=x' }),
      { webhook: { status: 307, location: expect.stringMatching(/\/sign-in$/) } },
      protects,
    ],
    ['takes what nobody has signed', answers(200), { webhook: { status: 200 } }, failing],
    ['fails', answers(500), { webhook: { status: 500 } }, failing],
    [
      'has no secret',
      async () => ({
        project: inApp(['CLERK_WEBHOOK_SIGNING_SECRET']),
        url: await serve(webhookHandler('')),
      }),
      { webhook: { status: 500, code: 'not_configured' } },
      ['WEBHOOK_SECRET_MISSING'],
    ],
    [
      'has no address',
      () => ({ project: inApp(), url: 'https://app.invalid' }),
      { webhook: { fault: 'dns' } },
      unreachable,
    ],
    ['refuses', () => ({ project: withSite(closed) }), { webhook: { fault: 'refused' } }, unreachable],
    [
      'has a certificate that it signed itself',
      async () => ({ project: inApp(), url: await serve((_, response) => response.end(), createCertificate()) }),
      { webhook: { fault: 'tls' } },
      unreachable,
    ],
    ['resets every connection', convexSuffers(post, 'reset'), { webhook: { fault: 'reset' } }, unreachable],
    ['hangs', convexSuffers(post, 'hang', patience), { webhook: { fault: 'timeout' } }, unreachable],
  ]);
});

describe('the Backend API', () => {
  const list = 'GET /v1/jwt_templates';
  const html = (status: number) => ({ type: 'status', status, html: '<h1>Log in</h1>' }) as const;
  const templates =
    (jwtTemplates: Parameters<ClerkEmulator['configure']>[0]['jwtTemplates'], convexIntegration = false) =>
    () => {
      clerk.signInBrowser();
      clerk.configure({ ...(jwtTemplates && { jwtTemplates }), convexIntegration });
      return {};
    };
  const good = { claims: { aud: 'convex' } };
  table([
    [
      'knows no template, and the integration is off',
      templates({}),
      { backendApi: { templates: [], integration: false } },
      ['JWT_TEMPLATE_MISSING'],
    ],
    [
      'knows no template, and the integration is on',
      templates({}, true),
      { backendApi: { templates: [], integration: true } },
      [],
    ],
    [
      'knows a template with a capital',
      templates({ Convex: good }),
      { backendApi: { templates: [{ name: 'Convex' }] } },
      ['JWT_TEMPLATE_MISNAMED'],
    ],
    [
      'knows a template with a space',
      templates({ 'convex ': good }),
      { backendApi: { templates: [{ name: 'convex ' }] } },
      ['JWT_TEMPLATE_MISNAMED'],
    ],
    [
      'knows a template for another audience',
      templates({ convex: { claims: { aud: 'my-app' } } }),
      { backendApi: { templates: [{ aud: 'my-app' }] } },
      ['TOKEN_AUDIENCE_WRONG'],
    ],
    [
      'knows a template for nobody',
      templates({ convex: { claims: {} } }),
      { backendApi: { status: 200 } },
      ['TOKEN_AUDIENCE_WRONG'],
    ],
    [
      'knows a template for five seconds',
      templates({ convex: { ...good, lifetimeSeconds: 5 } }),
      { backendApi: { templates: [{ lifetime: 5 }] } },
      ['TOKEN_LIFETIME_TOO_SHORT'],
    ],
    [
      'refuses the secret key',
      () => ({ project: withEnv(project(), 'CLERK_SECRET_KEY', 'sk_test_ofYesterday') }),
      { backendApi: { status: 401 } },
      ['SECRET_KEY_REFUSED'],
    ],
    [
      'is of another instance',
      () => ({ endpoints: { backendApi: otherClerk.url } }),
      { backendApi: { status: 200, sameInstance: false } },
      ['SECRET_KEY_OF_ANOTHER_INSTANCE'],
    ],
    ['answers 500', clerkSuffers(list, { type: 'status', status: 500 }), { backendApi: { status: 500 } }, []],
    // What is in the way of Clerk says nothing of the key.
    ['is a captive portal that answers 401', clerkSuffers(list, html(401)), { backendApi: {} }, []],
    ['is a page of a captive portal', clerkSuffers(list, html(200)), { backendApi: {} }, []],
    ['hangs', clerkSuffers(list, 'hang', patience), { backendApi: {} }, []],
    ['resets every connection', clerkSuffers(list, 'reset'), { backendApi: {} }, []],
    ['refuses', () => ({ endpoints: { backendApi: closed } }), { backendApi: {} }, []],
    ['has no address', () => ({ endpoints: { backendApi: 'https://api.invalid' } }), { backendApi: {} }, []],
  ]);

  it('gets the secret key over https or on this machine alone', async () => {
    const { network, steps } = await ask({ endpoints: { backendApi: 'http://api.invalid' } });
    expect(network.backendApi).toBeUndefined();
    expect(steps.find(({ id, status }) => id === 'backend-api' && status === 'skipped')?.detail).toBe(
      'The secret key is sent over https only.',
    );
  });
});

describe("Clerk's status page", () => {
  const summary = 'GET /api/v2/summary.json';
  const incidents = ['Sign-ins are failing', 'Webhooks are late'];
  const isUnknown = async (breakIt: () => Asked | Promise<Asked>) => {
    const { network, codes, steps } = await ask(await breakIt());
    expect([network.incidents, codes]).toEqual([undefined, []]);
    expect(steps.find(({ id, status }) => id === 'status-page' && status === 'skipped')).toBeDefined();
  };
  table([
    [
      'tells of two incidents',
      () => {
        clerk.configure({ incidents });
        return {};
      },
      { incidents },
      ['CLERK_INCIDENT', 'CLERK_INCIDENT'],
    ],
    [
      'tells of one in the shape of incident.io',
      () => {
        clerk.faults.add({ match: summary, action: { type: 'status', status: 404 } });
        const json = { page_title: 'Clerk', ongoing_incidents: [{ name: incidents[0], status: 'investigating' }] };
        clerk.faults.add({ match: 'GET /api/v1/summary', action: { type: 'status', status: 200, json } });
        return {};
      },
      { incidents: [incidents[0]] },
      ['CLERK_INCIDENT'],
    ],
  ]);
  it.each([
    ['answers 500', clerkSuffers(summary, { type: 'status', status: 500 })],
    ['is a page of a captive portal', async () => ({ endpoints: { statusPage: await page(200) } })],
    ['hangs', clerkSuffers(summary, 'hang', patience)],
    ['resets every connection', clerkSuffers(summary, 'reset')],
    ['refuses', () => ({ endpoints: { statusPage: closed } })],
    ['has no address', () => ({ endpoints: { statusPage: 'https://status.invalid' } })],
    [
      'has a certificate that it signed itself',
      async () => ({ endpoints: { statusPage: await serve((_, response) => response.end(), createCertificate()) } }),
    ],
  ] as ReadonlyArray<readonly [string, () => Asked | Promise<Asked>]>)('is no finding where it %s', (_, breakIt) =>
    isUnknown(breakIt),
  );
});

describe('the clock', () => {
  it.each([
    [300, -300_000],
    [-300, 300_000],
  ])('is told from answers: Clerk is %i s ahead', async (clockSkewSeconds, aheadMs) => {
    clerk.configure({ clockSkewSeconds });
    const { network, codes } = await ask();
    expect(Math.abs((network.clockAheadMs ?? Number.NaN) - aheadMs)).toBeLessThan(5000);
    expect(codes).toEqual(['CLOCK_SKEW']);
  });

  it.each([[200], [302], [403]])('is not told from what is not Clerk (%i)', async (status) => {
    const portal = await page(status, { date: 'Thu, 01 Jan 2015 00:00:00 GMT' });
    const { network } = await ask({ endpoints: { frontendApi: portal } });
    expect(Math.abs(network.clockAheadMs ?? Number.NaN)).toBeLessThan(5000);
  });
});

it('says once that there is no network', async () => {
  const endpoints = { frontendApi: closed, backendApi: closed, statusPage: closed };
  const another = await closedPort();
  const everywhere = withEnv(withEnv(withDomain(closed), 'VITE_CONVEX_URL', another), 'CONVEX_SITE_URL', another);
  expect((await ask({ project: everywhere, endpoints })).codes).toEqual(['FRONTEND_API_UNREACHABLE']);
});

it('takes no longer than one timeout where nothing answers', async () => {
  clerk.faults.add({ action: 'hang' });
  convex.faults.add({ action: 'hang' });
  const startedAt = Date.now();
  const { network } = await ask({ timeoutMs: 1000 });
  expect(Date.now() - startedAt).toBeLessThan(4000);
  expect([network.frontendApi, network.convex, network.webhook].map((answer) => answer?.fault)).toEqual(
    Array(3).fill('timeout'),
  );
});

it('sends the secret key to the Backend API alone, and shows it nowhere', async () => {
  const listener = await serveAnswer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"keys":[]}');
  });
  served.push(listener);
  const { url } = listener;
  const everywhere = withEnv(withEnv(withDomain(url), 'VITE_CONVEX_URL', url), 'CONVEX_SITE_URL', url);
  const { network, steps } = await ask({ project: everywhere, endpoints: { frontendApi: url, statusPage: url } });
  expect(listener.requests.length).toBeGreaterThan(6);
  for (const secret of [secretKey, webhookSecret]) {
    expect(listener.requests.filter((request) => request.includes(secret.slice(8)))).toEqual([]);
    expect(JSON.stringify([network, steps])).not.toContain(secret.slice(8));
  }
  expect(network.backendApi?.status).toBe(200);
});

/** A port of this machine that nobody listens on. */
async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
