// @vitest-environment jsdom
import { format } from 'node:util';
import { cleanup, render } from '@testing-library/react';
import { diagnose } from 'clerk-convex-resilience/diagnosis';
import { ConvexClerkProvider } from 'clerk-convex-resilience/react';
import { createElement } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readLog } from '../../packages/clerk-convex-doctor/src/log/readLog.ts';
import type { AuthEvent } from '../../packages/clerk-convex-resilience/src/core/events.ts';
import { installClerkFetchGuard } from '../../packages/clerk-convex-resilience/src/core/installClerkFetchGuard.ts';
import { createEventLog } from '../../packages/clerk-convex-resilience/src/core/milestones.ts';
import { retryPolicies } from '../../packages/clerk-convex-resilience/src/core/policy.ts';
import { createTestClock } from '../../packages/clerk-convex-resilience/src/core/testClock.ts';
import { createTestConnectivity } from '../../packages/clerk-convex-resilience/src/core/testConnectivity.ts';
import { createScriptedFetch } from '../../packages/clerk-convex-resilience/src/core/testFetch.ts';
import { createTokenSource } from '../../packages/clerk-convex-resilience/src/core/tokenSource.ts';
import { ClerkConfigGuard } from '../../packages/clerk-convex-resilience/src/react/bindings/next/ClerkConfigGuard.tsx';
import { createTestApp } from '../../packages/clerk-convex-resilience/src/server/convex/testApp.ts';
import { navigation } from '../../packages/clerk-convex-resilience/src/server/next/testClerk.ts';
import { rigOf } from '../../packages/clerk-convex-resilience/src/server/next/testGuard.ts';

// What this library really prints: its code runs, and what it has written is read.

const lines: string[] = [];
const write = (...words: readonly unknown[]): void => void lines.push(format(...words));
const logger = { debug: write, info: write, warn: write, error: write };
const read = () => readLog(lines.join('\n'));
const codes = () => diagnose({ log: read() }).map(({ code }) => code);

beforeEach(() => {
  lines.length = 0;
  vi.stubEnv('CLERK_JWT_ISSUER_DOMAIN', '');
  vi.stubEnv('CLERK_FRONTEND_API_URL', '');
});
afterEach(() => {
  cleanup();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('the guard of Next.js', () => {
  it.each([
    ['no secret key', { secretKey: undefined }, ['SECRET_KEY_MISSING']],
    ['a publishable key that is cut off', { publishableKey: 'pk_live_Y2xlcms' }, ['PUBLISHABLE_KEY_MALFORMED']],
    [
      'neither key',
      { publishableKey: undefined, secretKey: undefined },
      ['PUBLISHABLE_KEY_MISSING', 'SECRET_KEY_MISSING'],
    ],
  ])('tells of %s', async (_, options, expected) => {
    const { see } = rigOf(async () => undefined, { ...options, logger });
    expect((await see(navigation('/admin'))).status).toBe(503);
    expect(lines).toHaveLength(1);
    expect(codes().toSorted()).toEqual(expected);
  });

  it('tells of no setting where the handler of the app has thrown', async () => {
    const broken = () => Promise.reject(new TypeError('no such column'));
    await rigOf(broken, { logger }).see(navigation('/admin'));
    expect(lines).toHaveLength(1);
    expect(codes()).toEqual([]);
  });
});

/** Clerk's requests for a token, through the fetch guard, with what the provider's logger writes of it. */
async function askForToken(answer: () => Response | Error, url: string): Promise<void> {
  const clock = createTestClock();
  const target = { fetch: createScriptedFetch(clock.now, answer).fetch };
  const onEvent = createEventLog(() => ({ logger }));
  const guard = installClerkFetchGuard({ clock, connectivity: createTestConnectivity(), target, onEvent });
  const asked = target.fetch(url, { method: 'POST' }).catch(() => undefined);
  await clock.advance(1_000);
  guard.uninstall();
  await clock.advance(120_000);
  await asked;
}
const tokens = 'https://clerk.app.test/v1/client/sessions/sess_1/tokens';
const version = '?__clerk_api_version=2025-11-10&_clerk_js_version=5.128.0';

describe('the fetch guard', () => {
  it('tells of requests that failed for a while', async () => {
    await askForToken(() => new Response('<!doctype html>', { status: 500 }), `${tokens}${version}`);
    expect(read().tokenFailures).toEqual({ 500: 1 });
    await askForToken(() => new TypeError('Failed to fetch'), `${tokens}${version}`);
    expect(read().tokenFailures).toEqual({ 500: 1, NETWORK: 1 });
    expect(codes()).toEqual(['TOKEN_REQUESTS_FAILED']);
  });
});

describe("the provider's token", () => {
  it('tells of a template that there is not', async () => {
    const clock = createTestClock();
    const log = createEventLog(() => ({ logger }));
    const source = createTokenSource({
      clock,
      connectivity: createTestConnectivity(),
      policy: retryPolicies.session,
      report: (event) => log({ at: clock.now(), ...event } as AuthEvent),
      // As @clerk/shared 4 throws it, `ClerkAPIResponseError`.
      getToken: () => Promise.reject({ status: 404, clerkError: true, errors: [{ code: 'resource_not_found' }] }),
      tryToken: () => Promise.resolve(null),
    });
    source.startSession();
    const asked = source.request({ fresh: true });
    await clock.advance(1_000);
    source.endSession();
    await asked;
    expect(lines).toHaveLength(1);
    expect(codes()).toEqual(['JWT_TEMPLATE_MISSING']);
  });
});

describe.each(['production', 'development'])('in %s', (mode) => {
  beforeEach(() => {
    vi.stubEnv('NODE_ENV', mode);
    vi.spyOn(console, 'error').mockImplementation(write);
  });

  it('the provider tells of every setting that is wrong', () => {
    render(createElement(ConvexClerkProvider, { publishableKey: undefined, convexUrl: 'nowhere' }));
    expect(lines).toHaveLength(1);
    expect(codes().toSorted()).toEqual(['CONVEX_URL_MALFORMED', 'PUBLISHABLE_KEY_MISSING']);
  });

  it("the layout of Next.js tells of every setting that is wrong, and of a secret key in a public one's place", async () => {
    render(await ClerkConfigGuard({ publishableKey: 'sk_live_abcdefgh', convexUrl: undefined, children: null }));
    expect(lines).toHaveLength(1);
    expect(codes().toSorted()).toEqual(['CONVEX_URL_MISSING', 'SECRET_KEY_IN_PUBLIC_VARIABLE']);
    expect(JSON.stringify(read())).not.toContain('abcdefgh');
  });
});

describe('storeUser', () => {
  const store = { logger: { info: write, warn: write } };
  const ada = { subject: 'user_ada', issuer: 'https://clerk.example.com' };

  it('tells of a function that ran as nobody, once', async () => {
    await expect(createTestApp({ store }).store(null)).rejects.toThrow();
    expect(lines).toHaveLength(2);
    expect(read().withoutIdentity).toHaveLength(1);
    expect(codes()).toEqual(['FUNCTION_RAN_WITHOUT_IDENTITY']);
  });

  it('tells of a token of another instance', async () => {
    vi.stubEnv('CLERK_JWT_ISSUER_DOMAIN', 'https://clerk.other.example');
    await expect(createTestApp({ store }).store(ada)).rejects.toThrow();
    expect(codes()).toEqual(['TOKEN_ISSUER_WRONG']);
  });

  it('tells of nothing where all is well', async () => {
    await createTestApp({ store }).store(ada);
    expect(lines.length).toBeGreaterThan(1);
    expect(codes()).toEqual([]);
  });
});
