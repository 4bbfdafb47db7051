import { describe, expect, it } from 'vitest';
import type { Evidence, LogEvidence, NetworkEvidence, ProjectEvidence, WebhookEvidence } from '../../evidence.ts';
import { checkWebhookRoute, checkWebhookSecrets } from './checkWebhooks.ts';
import { cleanProject, webhookSecret, withDeployed, withEnv, withoutDeployment, withWebhook } from './testProject.ts';

const name = 'CLERK_WEBHOOK_SIGNING_SECRET';
const older = 'CLERK_WEBHOOK_SECRET';
const clean = cleanProject();
type Handler = WebhookEvidence['handlers'][number];
const inApp: Handler = { at: 'app/api/webhooks/clerk/route.ts:4', runsIn: 'app', secretNames: [name, older] };
const app = withWebhook(cleanProject('next'), { handlers: [inApp] });
const twoSecrets = `${webhookSecret}, whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7o=`;

describe('the signing secret', () => {
  it.each<[string, ProjectEvidence, readonly string[]]>([
    ['of Convex is there', clean, []],
    ['of Convex is missing', withDeployed(clean, name, undefined), ['WEBHOOK_SECRET_MISSING']],
    [
      'of Convex is missing, though an env file has it',
      withEnv(withDeployed(clean, name, undefined), name, webhookSecret),
      ['WEBHOOK_SECRET_MISSING'],
    ],
    ['of Convex has the older name', withDeployed(withDeployed(clean, name, undefined), older, webhookSecret), []],
    ['of Convex is malformed', withDeployed(clean, name, 'whsec_oops!'), ['WEBHOOK_SECRET_MALFORMED']],
    ['of Convex is unknown', withoutDeployment(clean), []],
    ['of Convex is blank in an env file', withEnv(withoutDeployment(clean), name, ''), ['WEBHOOK_SECRET_MISSING']],
    [
      'of Convex is malformed in an env file',
      withEnv(withoutDeployment(clean), name, 'whsec_oops!'),
      ['WEBHOOK_SECRET_MALFORMED'],
    ],
    ['of the app is there', withEnv(app, name, webhookSecret), []],
    ['of the app is missing, though the deployment has it', app, ['WEBHOOK_SECRET_MISSING']],
    ['of the app is blank', withEnv(app, name, ' '), ['WEBHOOK_SECRET_MISSING']],
    ['of the app is two, while one replaces the other', withEnv(app, name, twoSecrets), []],
    ['of the app is two, one of them malformed', withEnv(app, name, `${twoSecrets}x`), ['WEBHOOK_SECRET_MALFORMED']],
    ['of the app is the secret key', withEnv(app, name, 'sk_test_a1B2c3D4'), ['WEBHOOK_SECRET_MALFORMED']],
    ['of the app is only commas', withEnv(app, name, ', ,'), ['WEBHOOK_SECRET_MALFORMED']],
    ['of the app is handed to the handler', withWebhook(app, { handlers: [{ ...inApp, secretNames: [] }] }), []],
    [
      'of two handlers is missing once',
      withWebhook(app, { handlers: [inApp, { ...inApp, at: 'app/api/other/route.ts:4' }] }),
      ['WEBHOOK_SECRET_MISSING'],
    ],
    [
      'of two handlers in two places is missing twice',
      withDeployed(withWebhook(app, { handlers: [inApp, ...clean.webhook.handlers] }), name, undefined),
      ['WEBHOOK_SECRET_MISSING', 'WEBHOOK_SECRET_MISSING'],
    ],
    ['is not needed without a handler', withWebhook(app, { handlers: [] }), []],
  ])('%s', (_name, project, expected) => {
    expect(checkWebhookSecrets({ project }).map(({ code }) => code)).toEqual(expected);
  });

  it('is shown by its prefix and length, in its place', () => {
    expect(checkWebhookSecrets({ project: withEnv(app, name, 'whsec_oops!') })).toEqual([
      expect.objectContaining({ args: { name, seen: 'whsec_… (11 characters)' }, at: '.env.local:5' }),
    ]);
    expect(checkWebhookSecrets({ project: withEnv(app, name, '') })[0]?.at).toBe('.env.local:5');
    expect(checkWebhookSecrets({ project: app })[0]?.at).toBe(inApp.at);
    // What is blank in the env file is not what is missing in the deployment.
    const deployed = withEnv(withDeployed(clean, name, undefined), name, '');
    expect(checkWebhookSecrets({ project: deployed })[0]?.at).toBe('convex/http.ts:8');
  });
});

describe('the signing secret that is missing', () => {
  const endpoint = (code?: string): NetworkEvidence => ({
    webhook: { host: 'app.example.com', url: 'https://app.example.com/x', status: 500, ...(code && { code }) },
  });
  const log: LogEvidence = {
    tokenFailures: {},
    templateNotFound: 0,
    withoutIdentity: [],
    refusals: [],
    codes: ['WEBHOOK_SECRET_MISSING'],
  };
  const isMissing = { name };
  const mayBeThere = { name, mayBeOnHost: true };
  it.each<[string, Evidence, string, object]>([
    ['is just in no file', { project: app }, 'warning', mayBeThere],
    ['is left blank', { project: withEnv(app, name, '') }, 'error', isMissing],
    ['is left blank by its older name', { project: withEnv(app, older, '') }, 'error', isMissing],
    ['is not in the deployment', { project: withDeployed(clean, name, undefined) }, 'error', isMissing],
    ['is missed by the endpoint', { project: app, network: endpoint('not_configured') }, 'error', isMissing],
    ['is missed by the log', { project: app, log }, 'error', isMissing],
    [
      'is in no file, and the endpoint says another thing',
      { project: app, network: endpoint() },
      'warning',
      mayBeThere,
    ],
  ])('%s', (_name, evidence, severity, args) => {
    expect(checkWebhookSecrets(evidence)).toEqual([expect.objectContaining({ severity, args })]);
  });
});

describe('the way to the handler', () => {
  it('is missing', () => {
    expect(checkWebhookRoute({ project: withWebhook(clean, { routeMissing: 'convex/http.ts' }) })).toEqual([
      expect.objectContaining({
        code: 'WEBHOOK_ROUTE_MISSING',
        args: { expected: 'convex/http.ts' },
        at: 'convex/http.ts:8',
      }),
    ]);
  });

  it('takes no POST', () => {
    const webhook = { handlers: [inApp], path: '/api/webhooks/clerk', refusesPost: `${inApp.at}` };
    expect(checkWebhookRoute({ project: { ...app, webhook } })).toEqual([
      expect.objectContaining({
        code: 'WEBHOOK_METHOD_REFUSED',
        args: { url: '/api/webhooks/clerk' },
        at: inApp.at,
      }),
    ]);
  });

  it.each([
    ['/api/webhooks/clerk', '/api/webhooks/clerk'],
    [undefined, inApp.at],
  ])('is closed: %s', (path, url) => {
    const webhook = { handlers: [inApp], protectedBy: 'proxy.ts:6', ...(path !== undefined && { path }) };
    expect(checkWebhookRoute({ project: { ...app, webhook } })).toEqual([
      expect.objectContaining({ code: 'WEBHOOK_ROUTE_PROTECTED', args: { url }, at: 'proxy.ts:6' }),
    ]);
  });
});
