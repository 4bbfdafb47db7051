import { describe, expect } from 'vitest';
import { withWebhook } from '../../../packages/clerk-convex-resilience/src/diagnosis/checks/project/testProject.ts';
import { createCertificate } from '../../support/createCertificate.ts';
import { hookPath, openBench, patience, webhookHandler } from './openBench.ts';

const bench = openBench();
const { serve, page, project, withSite, inApp, table, convexSuffers } = bench;

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
    // By itself it may be the app's own page: a handler answers none. Where Clerk's host answers so too, it is the portal's.
    [
      'is a page',
      async () => ({ project: inApp(), url: await page(200) }),
      { webhook: { status: 200, contentType: 'text/html' } },
      failing,
    ],
    [
      'is a page of a captive portal',
      async () => {
        const url = await page(200);
        return { project: inApp(), url, endpoints: { frontendApi: url } };
      },
      { webhook: { status: 200, contentType: 'text/html' } },
      ['CAPTIVE_PORTAL'],
    ],
    [
      'leads to a captive portal',
      async () => {
        const url = await page(302, { location: 'https://portal.invalid/' });
        return { project: inApp(), url, endpoints: { frontendApi: url } };
      },
      { webhook: { status: 302, location: 'https://portal.invalid/' } },
      ['CAPTIVE_PORTAL'],
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
    ['refuses', () => ({ project: withSite(bench.closed) }), { webhook: { fault: 'refused' } }, unreachable],
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
