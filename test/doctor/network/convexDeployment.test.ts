import { describe } from 'vitest';
import { createCertificate } from '../../support/createCertificate.ts';
import { openBench, patience } from './openBench.ts';

const bench = openBench();
const { serve, page, json, withConvex, table, convexSuffers } = bench;

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
      () => ({ project: withConvex(bench.closed) }),
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
    ['answers 401', convexSuffers(version, { type: 'status', status: 401 }), { convex: { status: 401 } }, unreachable],
    ['answers 405', convexSuffers(version, { type: 'status', status: 405 }), { convex: { status: 405 } }, unreachable],
    [
      'is not there any more',
      convexSuffers(version, { type: 'status', status: 404 }),
      { convex: { status: 404 } },
      unreachable,
    ],
    [
      'is challenged by a firewall',
      async () => ({ project: withConvex(await page(403, { 'cf-mitigated': 'challenge' })) }),
      { convex: { status: 403, isFirewall: true } },
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
