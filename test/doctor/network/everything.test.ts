import { describe, expect, it } from 'vitest';
import { networkSteps } from '../../../packages/clerk-convex-doctor/src/gather/network/networkSteps.ts';
import type { Step } from '../../../packages/clerk-convex-doctor/src/types.ts';
import {
  secretKey,
  webhookSecret,
  withEnv,
} from '../../../packages/clerk-convex-resilience/src/diagnosis/checks/project/testProject.ts';
import { closedPort, hookPath, openBench } from './openBench.ts';

const bench = openBench();
const { withDomain, inApp, ask } = bench;

describe('a healthy project', () => {
  it('answers every question, and nothing is wrong', async () => {
    bench.clerk.signInBrowser();
    const { network, codes, steps } = await ask();
    expect(network).toMatchObject({
      frontendApi: { host: new URL(bench.clerk.url).host, status: 200, isGenuine: true },
      identityProvider: { status: 200, isGenuine: true, issuer: bench.clerk.issuer },
      convex: { status: 200, isGenuine: true, url: bench.convex.url },
      webhook: { status: 400, code: 'bad_headers', url: `${bench.convex.siteUrl}${hookPath}` },
      backendApi: { status: 200, sameInstance: true, templates: [{ name: 'convex', lifetime: 60, aud: 'convex' }] },
      incidents: [],
    });
    expect(Math.abs(network.clockAheadMs ?? Number.NaN)).toBeLessThan(5000);
    expect(codes).toEqual([]);
    // The list was there: the status page is not asked a second time.
    expect(bench.clerk.log.filter(({ path }) => path.startsWith('/api/')).map(({ path }) => path)).toEqual([
      '/api/v2/summary.json',
    ]);
    const asked = networkSteps.map(({ id }) => id).filter((id) => id !== 'convex-env');
    const told = (status: Step['status']) =>
      steps.filter((step) => step.status === status && step.group === 'network').map(({ id }) => id);
    expect(told('started').toSorted()).toEqual(asked.toSorted());
    expect(told('done').toSorted()).toEqual(asked.toSorted());
  });

  it('asks the webhook of an app where --url says, and a 405 to a GET is healthy', async () => {
    const { network, codes, steps } = await ask({ project: inApp(), url: bench.app.url });
    expect(network.webhook).toMatchObject({ status: 400, code: 'bad_headers', url: `${bench.app.url}${hookPath}` });
    expect(steps.find(({ id, status }) => id === 'webhook' && status === 'done')?.detail).toContain('to a GET: 405');
    expect(codes).toEqual([]);
  });

  it.each([
    ['of a later version', () => bench.clerk.configure({ responseShape: 'unknown_version' })],
    ['that is slow', () => bench.clerk.faults.add({ action: { type: 'delay', delayMs: 700 } })],
    [
      'that resets one connection',
      () => bench.clerk.faults.add({ match: 'GET /v1/environment', times: 1, action: 'reset' }),
    ],
    [
      'that is asked too often',
      () => bench.clerk.faults.add({ match: 'GET /v1/environment', action: { type: 'status', status: 429 } }),
    ],
  ])('is still healthy with a Clerk %s', async (_, change) => {
    change();
    expect((await ask()).codes).toEqual([]);
  });

  it('is asked nothing offline, and says so', async () => {
    const before = bench.clerk.log.length;
    const { network, steps } = await ask({ offline: true });
    expect([network, bench.clerk.log.length]).toEqual([{}, before]);
    expect(new Set(steps.map(({ status }) => status))).toEqual(new Set(['skipped']));
  });
});

it('says once that there is no network', async () => {
  const endpoints = { frontendApi: bench.closed, backendApi: bench.closed, statusPage: bench.closed };
  const another = await closedPort();
  const everywhere = withEnv(withEnv(withDomain(bench.closed), 'VITE_CONVEX_URL', another), 'CONVEX_SITE_URL', another);
  expect((await ask({ project: everywhere, endpoints })).codes).toEqual(['FRONTEND_API_UNREACHABLE']);
});

it('takes no longer than one timeout where nothing answers', async () => {
  bench.clerk.faults.add({ action: 'hang' });
  bench.convex.faults.add({ action: 'hang' });
  const startedAt = Date.now();
  const { network } = await ask({ timeoutMs: 1000 });
  expect(Date.now() - startedAt).toBeLessThan(4000);
  expect([network.frontendApi, network.convex, network.webhook].map((answer) => answer?.fault)).toEqual(
    Array(3).fill('timeout'),
  );
});

it('sends the secret key to the Backend API alone, and shows it nowhere', async () => {
  const listener = await bench.listen((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"keys":[]}');
  });
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
