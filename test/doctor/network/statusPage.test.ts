import { describe, expect, it } from 'vitest';
import { createCertificate } from '../../support/createCertificate.ts';
import { type Asked, openBench, patience } from './openBench.ts';

const bench = openBench();
const { serve, page, ask, table, clerkSuffers } = bench;

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
        bench.clerk.configure({ incidents });
        return {};
      },
      { incidents },
      ['CLERK_INCIDENT', 'CLERK_INCIDENT'],
    ],
    [
      'tells of one in the shape of incident.io',
      () => {
        bench.clerk.faults.add({ match: summary, action: { type: 'status', status: 404 } });
        const json = { page_title: 'Clerk', ongoing_incidents: [{ name: incidents[0], status: 'investigating' }] };
        bench.clerk.faults.add({ match: 'GET /api/v1/summary', action: { type: 'status', status: 200, json } });
        return {};
      },
      { incidents: [incidents[0]] },
      ['CLERK_INCIDENT'],
    ],
  ]);
  it.each([
    ['answers 401', clerkSuffers(summary, { type: 'status', status: 401 })],
    ['answers 405', clerkSuffers(summary, { type: 'status', status: 405 })],
    ['answers 500', clerkSuffers(summary, { type: 'status', status: 500 })],
    ['is a page of a captive portal', async () => ({ endpoints: { statusPage: await page(200) } })],
    ['hangs', clerkSuffers(summary, 'hang', patience)],
    ['resets every connection', clerkSuffers(summary, 'reset')],
    ['refuses', () => ({ endpoints: { statusPage: bench.closed } })],
    ['has no address', () => ({ endpoints: { statusPage: 'https://status.invalid' } })],
    [
      'has a certificate that it signed itself',
      async () => ({ endpoints: { statusPage: await serve((_, response) => response.end(), createCertificate()) } }),
    ],
  ] as ReadonlyArray<readonly [string, () => Asked | Promise<Asked>]>)('is no finding where it %s', (_, breakIt) =>
    isUnknown(breakIt),
  );
});
