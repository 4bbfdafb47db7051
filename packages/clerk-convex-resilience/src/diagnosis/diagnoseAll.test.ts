import { describe, expect, it } from 'vitest';
import { diagnose } from './diagnoseAll.ts';
import type { Evidence, LogEvidence, ProjectEvidence } from './evidence.ts';

const host = 'happy-hippo-1.clerk.accounts.dev';
const issuer = `https://${host}`;
const log: LogEvidence = { tokenFailures: {}, templateNotFound: 0, withoutIdentity: [], refusals: [], codes: [] };
const withoutIdentity = ['users:store called { hasIdentity: false }', 'Uncaught Error: Not authenticated'];
const claims = { iss: issuer, aud: 'convex', sub: 'user_1', iat: 0, exp: 60 };
const refusedOf = (domain: string) =>
  `No auth provider found matching the given token. Check that your JWT's issuer and audience match one of your configured providers: [OIDC(domain=${domain}, app_id=convex)]`;
const project: ProjectEvidence = {
  framework: 'vite',
  app: '.',
  convexFolder: 'convex',
  packages: {},
  env: [
    { name: 'VITE_CLERK_PUBLISHABLE_KEY', value: `pk_test_${btoa(`${host}$`)}`, at: '.env.local:1' },
    { name: 'VITE_CONVEX_URL', value: 'https://happy-animal-123.convex.cloud', at: '.env.local:2' },
  ],
  envFiles: [],
  authConfig: {
    status: 'read',
    file: 'convex/auth.config.ts',
    providers: [
      { kind: 'oidc', domain: issuer, domainEnv: [], applicationID: 'convex', at: 'convex/auth.config.ts:4' },
    ],
  },
  source: { providers: [], readsClerkSecretKey: [], usesUsersTable: [], readsEnv: ['VITE_CLERK_PUBLISHABLE_KEY'] },
  webhook: { handlers: [] },
  secretsInFiles: [],
  isProduction: false,
};
const withApplicationId: ProjectEvidence = {
  ...project,
  authConfig: {
    status: 'read',
    file: 'convex/auth.config.ts',
    providers: [{ kind: 'oidc', domain: issuer, domainEnv: [], applicationID: 'mine', at: 'convex/auth.config.ts:4' }],
  },
};

describe('diagnose', () => {
  it.each<[string, Evidence, string[]]>([
    ['nothing', {}, []],
    ['a project that is well', { project }, []],
    [
      'the symptom, where nobody knows why',
      { project, log: { ...log, withoutIdentity } },
      ['FUNCTION_RAN_WITHOUT_IDENTITY'],
    ],
    [
      'the symptom, and the template that is not there',
      { project, log: { ...log, withoutIdentity, templateNotFound: 1 } },
      ['JWT_TEMPLATE_MISSING'],
    ],
    [
      'the symptom, and a template by nearly the name',
      {
        project,
        log: { ...log, withoutIdentity, templateNotFound: 1 },
        network: { backendApi: { status: 200, templates: [{ name: 'Convex' }], integration: false } },
      },
      ['JWT_TEMPLATE_MISNAMED'],
    ],
    [
      'one template, missed by the page, the network and the log',
      {
        runtime: { tokenRequest: { status: 404, code: 'resource_not_found', template: true } },
        network: { backendApi: { status: 200, templates: [], integration: false } },
        log: { ...log, templateNotFound: 3 },
      },
      ['JWT_TEMPLATE_MISSING'],
    ],
    [
      'an applicationID that is seen in the file, in the token and in the refusal',
      {
        now: 10_000,
        project: withApplicationId,
        token: { claims },
        runtime: { claims, refusal: refusedOf(issuer).replace('app_id=convex', 'app_id=mine') },
      },
      ['APPLICATION_ID_WRONG'],
    ],
    ['one clock', { runtime: { clockAheadMs: 60_000 }, network: { clockAheadMs: 61_000 } }, ['CLOCK_SKEW']],
    [
      'no way to Clerk, and what comes of it',
      {
        runtime: { scriptBlocked: { host, csp: false }, refusal: `Auth provider discovery of ${issuer} failed` },
        network: {
          frontendApi: { host, fault: 'dns', reason: 'ENOTFOUND' },
          identityProvider: { host, issuer, fault: 'dns', reason: 'ENOTFOUND' },
          incidents: [],
        },
      },
      ['FRONTEND_API_NOT_RESOLVED'],
    ],
    [
      'a cascade of failures, and a webhook secret that is not there',
      {
        log: {
          ...log,
          tokenFailures: { ERR_NETWORK_CHANGED: 2, ERR_CONNECTION_CLOSED: 1, 500: 4 },
          codes: ['WEBHOOK_SECRET_MISSING'],
        },
        network: { webhook: { host: 'a.example', url: 'https://a.example/clerk', status: 500 }, incidents: [] },
      },
      ['WEBHOOK_SECRET_MISSING', 'TOKEN_REQUESTS_FAILED'],
    ],
    [
      'two causes: errors first',
      { runtime: { clockAheadMs: 60_000, claims, refusal: refusedOf('https://other.example.com') } },
      ['TOKEN_ISSUER_WRONG', 'CLOCK_SKEW'],
    ],
  ])('%s', (_name, evidence, expected) => {
    expect(diagnose(evidence).map(({ code }) => code)).toEqual(expected);
  });

  it('names the file where one is to blame, whoever else has seen it', () => {
    const [finding] = diagnose({ now: 10_000, project: withApplicationId, token: { claims } });
    expect(finding?.at).toBe('convex/auth.config.ts:4');
  });
});
