import { type ClerkEmulator, createClerkEmulator } from 'clerk-convex-emulators';
import { describeFinding, diagnose } from 'clerk-convex-resilience/diagnosis';
import { describe, expect, it } from 'vitest';
import {
  secretKey,
  withEnv,
} from '../../../packages/clerk-convex-resilience/src/diagnosis/checks/project/testProject.ts';
import { createCertificate } from '../../support/createCertificate.ts';
import { openBench, patience } from './openBench.ts';

const bench = openBench();
const { serve, project, ask, table, clerkSuffers } = bench;

describe('the Backend API', () => {
  const list = 'GET /v1/jwt_templates';
  const html = (status: number) => ({ type: 'status', status, html: '<h1>Log in</h1>' }) as const;
  const templates =
    (jwtTemplates: Parameters<ClerkEmulator['configure']>[0]['jwtTemplates'], convexIntegration = false) =>
    () => {
      bench.clerk.signInBrowser();
      bench.clerk.configure({ ...(jwtTemplates && { jwtTemplates }), convexIntegration });
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
      () => ({ endpoints: { backendApi: bench.otherClerk.url } }),
      { backendApi: { status: 200, sameInstance: false } },
      ['SECRET_KEY_OF_ANOTHER_INSTANCE'],
    ],
    ['answers 500', clerkSuffers(list, { type: 'status', status: 500 }), { backendApi: { status: 500 } }, []],
    // What is in the way of Clerk says nothing of the key.
    ['is a captive portal that answers 401', clerkSuffers(list, html(401)), { backendApi: {} }, []],
    ['answers 405', clerkSuffers(list, html(405)), { backendApi: {} }, []],
    ['is a page of a captive portal', clerkSuffers(list, html(200)), { backendApi: {} }, []],
    ['hangs', clerkSuffers(list, 'hang', patience), { backendApi: {} }, []],
    ['resets every connection', clerkSuffers(list, 'reset'), { backendApi: {} }, []],
    ['refuses', () => ({ endpoints: { backendApi: bench.closed } }), { backendApi: {} }, []],
    [
      'has a certificate that it signed itself',
      async () => ({ endpoints: { backendApi: await serve((_, response) => response.end(), createCertificate()) } }),
      { backendApi: {} },
      [],
    ],
    ['has no address', () => ({ endpoints: { backendApi: 'https://api.invalid' } }), { backendApi: {} }, []],
  ]);

  it.each([
    ['nobody is signed in', secretKey],
    ['the key is of production', `sk_live_${secretKey.slice('sk_test_'.length)}`],
  ])('tells as a note that there is no template where %s, since the integration may be on', async (_, key) => {
    const clerk = await createClerkEmulator({ secretKey: key, jwtTemplates: {}, convexIntegration: true });
    try {
      if (key !== secretKey) clerk.signInBrowser();
      const endpoints = { backendApi: clerk.url, frontendApi: clerk.url };
      const { network } = await ask({ project: withEnv(project(), 'CLERK_SECRET_KEY', key), endpoints });
      expect(network.backendApi).toEqual({ status: 200, templates: [], sameInstance: true });
      const told = diagnose({ network }).find(({ code }) => code === 'JWT_TEMPLATE_MISSING');
      expect(told?.severity).toBe('info');
      expect(told && describeFinding(told, 'en').title).toMatch(/right only where the Convex integration is on/);
    } finally {
      await clerk.close();
    }
  });

  it('says that it looked at a session token of the last user', async () => {
    templates({})();
    const { steps } = await ask();
    expect(steps.find(({ id, status }) => id === 'backend-api' && status === 'done')?.detail).toMatch(
      /JWT templates: none; a session token of the last user: integration off$/,
    );
  });

  it('gets the secret key over https or on this machine alone', async () => {
    const { network, steps } = await ask({ endpoints: { backendApi: 'http://api.invalid' } });
    expect(network.backendApi).toBeUndefined();
    expect(steps.find(({ id, status }) => id === 'backend-api' && status === 'skipped')?.detail).toBe(
      'The secret key is sent over https only.',
    );
  });
});
