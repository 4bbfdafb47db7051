import { describe, expect, it } from 'vitest';
import { runChecks } from '../diagnose.ts';
import type { Evidence, HostAnswer, NetworkEvidence, ProjectEvidence } from '../evidence.ts';
import { networkChecks } from './networkChecks.ts';
import { oncePerCode } from './oncePerCode.ts';
import { withoutFollowUps } from './withoutFollowUps.ts';

const host = 'happy-hippo-1.clerk.accounts.dev';
const issuer = `https://${host}`;
const convexHost = 'happy-animal-123.convex.cloud';
const url = `https://${convexHost}`;
const hook = 'https://happy-animal-123.convex.site/clerk';

const frontendApi: HostAnswer = { host, status: 200, contentType: 'application/json', isGenuine: true };
const identityProvider = { ...frontendApi, issuer };
const convex = { host: convexHost, url, status: 200, contentType: 'text/plain', isGenuine: true };
const webhook = { host: 'happy-animal-123.convex.site', url: hook, status: 400, contentType: 'application/json' };
const healthy: NetworkEvidence = {
  frontendApi,
  identityProvider,
  convex,
  webhook,
  backendApi: { status: 200, templates: [{ name: 'convex', aud: 'convex', lifetime: 60 }], sameInstance: true },
  incidents: [],
  clockAheadMs: 400,
};
const project: ProjectEvidence = {
  framework: 'vite',
  app: '.',
  packages: {},
  env: [
    { name: 'VITE_CLERK_PUBLISHABLE_KEY', value: `pk_test_${btoa(`${host}$`)}` },
    { name: 'CLERK_SECRET_KEY', value: 'sk_test_abcdefgh' },
  ],
  envFiles: [],
  source: { providers: [], readsClerkSecretKey: [], usesUsersTable: [], readsEnv: [] },
  webhook: { handlers: [] },
  secretsInFiles: [],
  isProduction: false,
};

type Changed = { [Part in keyof NetworkEvidence]?: NetworkEvidence[Part] | undefined };
type Row = readonly [string, Changed, readonly (readonly [string, unknown])[]];

const fapi = (answer: Partial<HostAnswer>): Partial<NetworkEvidence> => ({ frontendApi: { host, ...answer } });
const idp = (answer: Partial<HostAnswer>): Partial<NetworkEvidence> => ({
  identityProvider: { host, issuer, ...answer },
});
const deployment = (answer: Partial<HostAnswer>): Partial<NetworkEvidence> => ({
  convex: { host: convexHost, url, ...answer },
});
const endpoint = (answer: Partial<HostAnswer>): Partial<NetworkEvidence> => ({
  webhook: { host: webhook.host, url: hook, ...answer },
});
const html = 'text/html; charset=utf-8';

const frontendApiRows: readonly Row[] = [
  ['no such host', fapi({ fault: 'dns', reason: 'ENOTFOUND' }), [['FRONTEND_API_NOT_RESOLVED', { host }]]],
  [
    'a certificate that has expired',
    fapi({ fault: 'tls', reason: 'CERT_HAS_EXPIRED' }),
    [['FRONTEND_API_TLS_FAULT', { host, reason: 'CERT_HAS_EXPIRED' }]],
  ],
  ...(['refused', 'timeout', 'reset', 'other'] as const).map(
    (fault): Row => [fault, fapi({ fault }), [['FRONTEND_API_UNREACHABLE', { host, reason: fault }]]],
  ),
  [
    'a portal’s page',
    fapi({ status: 200, contentType: html, isGenuine: false }),
    [['CAPTIVE_PORTAL', { host, seen: `200 ${html}` }]],
  ],
  [
    'a way to a portal',
    fapi({ status: 302, location: 'http://portal.example/login?from=here' }),
    [['CAPTIVE_PORTAL', { host, seen: '302 -> portal.example' }]],
  ],
  ['a portal that says so', fapi({ status: 511 }), [['CAPTIVE_PORTAL', { host, seen: '511' }]]],
  [
    'a firewall’s page',
    fapi({ status: 403, contentType: html, isGenuine: false }),
    [['CAPTIVE_PORTAL', { host, seen: `403 ${html}` }]],
  ],
  ['a server that fails', fapi({ status: 500, isGenuine: true }), [['FRONTEND_API_FAILING', { host, status: 500 }]]],
  [
    'its edge that fails, with a page',
    fapi({ status: 502, contentType: html }),
    [['FRONTEND_API_FAILING', { host, status: 502 }]],
  ],
  [
    'a refusal of Clerk’s own',
    fapi({ status: 401, isGenuine: true }),
    [['FRONTEND_API_FAILING', { host, status: 401 }]],
  ],
  ['a way to itself', fapi({ status: 307, location: `https://${host}/v1/environment/` }), []],
  ['405: it is there', fapi({ status: 405, isGenuine: true }), []],
  ['429: it is there', fapi({ status: 429 }), []],
  [
    'the same of its identity provider: said once',
    { ...fapi({ fault: 'dns' }), ...idp({ fault: 'dns' }) },
    [['FRONTEND_API_NOT_RESOLVED', { host }]],
  ],
  [
    'a refusal of Clerk’s own, of its identity provider too: said once',
    { ...fapi({ status: 401, isGenuine: true }), ...idp({ status: 401, isGenuine: false }) },
    [['FRONTEND_API_FAILING', { host, status: 401 }]],
  ],
  [
    'a page of a portal, for everything',
    {
      ...fapi({ status: 200, contentType: html, isGenuine: false }),
      ...idp({ status: 200, contentType: html, isGenuine: false }),
      ...deployment({ status: 200, contentType: html, isGenuine: false }),
    },
    [['CAPTIVE_PORTAL', { host, seen: `200 ${html}` }]],
  ],
  [
    'no network: said once',
    {
      ...fapi({ fault: 'dns' }),
      ...idp({ fault: 'dns' }),
      ...deployment({ fault: 'dns' }),
      ...endpoint({ fault: 'dns' }),
      backendApi: {},
      incidents: undefined,
    },
    [['FRONTEND_API_NOT_RESOLVED', { host, isEverybody: true }]],
  ],
];

/** Behind a proxy of the app’s own, which is what was asked. */
const proxyHost = 'app.example.com';
const behindProxy = (proxyUrl: string): ProjectEvidence => ({ ...project, source: { ...project.source, proxyUrl } });
const { identityProvider: _, ...withoutProvider } = healthy;
const proxy = (answer: Partial<HostAnswer>): NetworkEvidence => ({
  ...withoutProvider,
  frontendApi: { host: proxyHost, ...answer },
});

const identityProviderRows: readonly Row[] = [
  ['no answer', idp({ fault: 'timeout' }), [['IDENTITY_PROVIDER_UNREACHABLE', { domain: issuer }]]],
  ['a server that fails', idp({ status: 503 }), [['IDENTITY_PROVIDER_UNREACHABLE', { domain: issuer }]]],
  ['nothing there', idp({ status: 404, isGenuine: false }), [['IDENTITY_PROVIDER_WRONG', { domain: issuer }]]],
  [
    'a page',
    idp({ status: 200, contentType: html, isGenuine: false }),
    [['IDENTITY_PROVIDER_WRONG', { domain: issuer }]],
  ],
  ['429: it is there', idp({ status: 429 }), []],
];

const convexRows: readonly Row[] = [
  [
    'no such host',
    deployment({ fault: 'dns', reason: 'ENOTFOUND' }),
    [['CONVEX_UNREACHABLE', { url, reason: 'ENOTFOUND' }]],
  ],
  ['no such deployment', deployment({ status: 404 }), [['CONVEX_UNREACHABLE', { url, reason: '404' }]]],
  ['a server that fails', deployment({ status: 500 }), [['CONVEX_UNREACHABLE', { url, reason: '500' }]]],
  [
    'a page',
    deployment({ status: 200, contentType: html }),
    [['CAPTIVE_PORTAL', { host: convexHost, seen: `200 ${html}` }]],
  ],
];

const webhookRows: readonly Row[] = [
  ['400: it looks at signatures', endpoint({ status: 400 }), []],
  [
    'no answer',
    endpoint({ fault: 'refused', reason: 'ECONNREFUSED' }),
    [['WEBHOOK_UNREACHABLE', { url: hook, reason: 'ECONNREFUSED' }]],
  ],
  ['no route', endpoint({ status: 404 }), [['WEBHOOK_ROUTE_MISSING', { expected: hook, status: 404 }]]],
  ['a route for GET', endpoint({ status: 405 }), [['WEBHOOK_METHOD_REFUSED', { url: hook }]]],
  ['middleware', endpoint({ status: 401 }), [['WEBHOOK_ROUTE_PROTECTED', { url: hook, status: 401 }]]],
  ['a firewall', endpoint({ status: 403 }), [['WEBHOOK_ROUTE_PROTECTED', { url: hook, status: 403 }]]],
  ...[
    'https://app.example.com/sign-in',
    '/login',
    `${issuer}/v1/client/handshake`,
    'https://accounts.example.com/',
  ].map(
    (location): Row => [
      `a way to ${location}`,
      endpoint({ status: 307, location }),
      [['WEBHOOK_ROUTE_PROTECTED', { url: hook, status: 307 }]],
    ],
  ),
  [
    'a way to elsewhere, which Svix does not go',
    endpoint({ status: 308, location: 'https://www.example.com/clerk?token=1' }),
    [['WEBHOOK_ENDPOINT_FAILING', { url: hook, status: 308, location: 'https://www.example.com/clerk' }]],
  ],
  [
    'an endpoint that believes everybody',
    endpoint({ status: 200 }),
    [['WEBHOOK_ENDPOINT_FAILING', { url: hook, status: 200 }]],
  ],
  ['an endpoint that fails', endpoint({ status: 500 }), [['WEBHOOK_ENDPOINT_FAILING', { url: hook, status: 500 }]]],
  [
    'our handler without a secret',
    endpoint({ status: 500, code: 'not_configured' }),
    [['WEBHOOK_SECRET_MISSING', { name: 'CLERK_WEBHOOK_SIGNING_SECRET' }]],
  ],
];

const named = (...names: string[]) => names.map((name) => ({ name, aud: 'convex', lifetime: 60 }));
const backend = (answer: NetworkEvidence['backendApi']): Partial<NetworkEvidence> => ({
  backendApi: { status: 200, ...answer },
});

const backendRows: readonly Row[] = [
  [
    'a key that Clerk does not know',
    backend({ status: 401 }),
    [['SECRET_KEY_REFUSED', { name: 'CLERK_SECRET_KEY', seen: 'sk_test_… (16 characters)' }]],
  ],
  [
    'a key of another instance, whose templates say nothing',
    backend({ sameInstance: false, templates: [], integration: false }),
    [
      [
        'SECRET_KEY_OF_ANOTHER_INSTANCE',
        { name: 'CLERK_SECRET_KEY', seen: 'sk_test_… (16 characters)', expected: host },
      ],
    ],
  ],
  [
    'no template',
    backend({ templates: named('supabase'), integration: false }),
    [['JWT_TEMPLATE_MISSING', { frontendApi: host }]],
  ],
  ['no template, and the integration on', backend({ templates: [], integration: true }), []],
  [
    'no template, and nobody knows of the integration',
    backend({ templates: [] }),
    [['JWT_TEMPLATE_MISSING', { frontendApi: host, mayBeIntegration: true }]],
  ],
  ...['Convex', 'convex ', ' CONVEX'].map(
    (name): Row => [
      `a template "${name}"`,
      backend({ templates: named(name), integration: false }),
      [['JWT_TEMPLATE_MISNAMED', { seen: JSON.stringify(name) }]],
    ],
  ),
  [
    'a template by nearly the name, and the integration on',
    backend({ templates: named('Convex'), integration: true }),
    [],
  ],
  ['the template, and another by nearly its name', backend({ templates: named('Convex', 'convex') }), []],
  [
    'a template for others',
    backend({ templates: [{ name: 'convex', aud: 'mine' }] }),
    [['TOKEN_AUDIENCE_WRONG', { seen: 'mine', expected: 'convex' }]],
  ],
  [
    'a template for nobody',
    backend({ templates: [{ name: 'convex' }] }),
    [['TOKEN_AUDIENCE_WRONG', { seen: 'none', expected: 'convex' }]],
  ],
  ['a template for Convex alone, in a list', backend({ templates: [{ name: 'convex', aud: ['convex'] }] }), []],
  [
    'a template for Convex and others',
    backend({ templates: [{ name: 'convex', aud: ['convex', 'mine'] }] }),
    [['TOKEN_AUDIENCE_WRONG', { seen: 'convex, mine', expected: 'convex' }]],
  ],
  [
    'a template of short-lived tokens',
    backend({ templates: [{ name: 'convex', aud: 'convex', lifetime: 10 }] }),
    [['TOKEN_LIFETIME_TOO_SHORT', { seconds: 10, neededSeconds: 18 }]],
  ],
];

const otherRows: readonly Row[] = [
  [
    'incidents',
    { incidents: ['Elevated errors', 'Slow dashboard'] },
    [
      ['CLERK_INCIDENT', { title: 'Elevated errors' }],
      ['CLERK_INCIDENT', { title: 'Slow dashboard' }],
    ],
  ],
  ['a clock that is behind', { clockAheadMs: -45_000 }, [['CLOCK_SKEW', { seconds: -45 }]]],
];

const found = (evidence: Evidence) =>
  withoutFollowUps(oncePerCode(runChecks(networkChecks, evidence))).map(({ code, args }) => [code, args]);

describe.each([
  ['the Frontend API', frontendApiRows],
  ['the identity provider', identityProviderRows],
  ['Convex', convexRows],
  ['the webhook', webhookRows],
  ['the Backend API', backendRows],
  ['the rest', otherRows],
])('networkChecks of %s', (_part, rows) => {
  it.each(rows)('%s', (_name, changed, expected) => {
    expect(found({ project, network: { ...healthy, ...changed } as NetworkEvidence })).toEqual(expected);
  });
});

describe('networkChecks of the app’s own proxy', () => {
  const failing = (status: number) => ['FRONTEND_API_FAILING', { host: proxyHost, status, isProxy: true }];
  it.each<[string, Partial<HostAnswer>, readonly unknown[]]>([
    ['that is well', { status: 200, isGenuine: true }, []],
    ['whose path is nobody’s', { status: 404, contentType: html, isGenuine: false }, [failing(404)]],
    ['whose path is protected', { status: 403, contentType: html, isGenuine: false }, [failing(403)]],
    ['whose path is the app’s page', { status: 200, contentType: html, isGenuine: false }, [failing(200)]],
    ['whose path leads to sign-in', { status: 307, location: 'https://accounts.example.com/sign-in' }, [failing(307)]],
    [
      'behind a portal that says so',
      { status: 511, contentType: html },
      [['CAPTIVE_PORTAL', { host: proxyHost, seen: `511 ${html}` }]],
    ],
    [
      'behind which Clerk fails',
      { status: 502, contentType: html },
      [['FRONTEND_API_FAILING', { host: proxyHost, status: 502 }]],
    ],
  ])('%s', (_name, answer, expected) => {
    expect(found({ project: behindProxy(`https://${proxyHost}/__clerk`), network: proxy(answer) })).toEqual(expected);
  });

  it('is an error: it does not pass', () => {
    const evidence = {
      project: behindProxy(`https://${proxyHost}`),
      network: proxy({ status: 404, isGenuine: false }),
    };
    expect(runChecks(networkChecks, evidence)).toEqual([expect.objectContaining({ severity: 'error' })]);
  });

  it('do not miss the host that the key names, which nobody asks then', () => {
    const network = { ...withoutProvider, ...fapi({ fault: 'dns' }) };
    expect(found({ project: behindProxy('/__clerk'), network })).toEqual([]);
    expect(found({ project, network })).toEqual([['FRONTEND_API_NOT_RESOLVED', { host }]]);
  });
});

describe('networkChecks', () => {
  it('find nothing where everything is well, or nobody has asked', () => {
    expect(found({ project, network: healthy })).toEqual([]);
    expect(found({ network: {} })).toEqual([]);
    expect(found({})).toEqual([]);
  });
});
