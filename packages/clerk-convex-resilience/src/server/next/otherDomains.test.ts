import type { NextRequest } from 'next/server';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { liveKeys, loadClerk, navigation, outcomeOf, type RealClerk, sessionToken } from './testClerk.ts';
import { cookie, middlewareOf, rigOf } from './testGuard.ts';

// Apps whose Frontend API is not where the publishable key says: satellite domains, and a proxy on a path of the app's own.

const settings = {
  'a satellite domain': {
    env: {
      NEXT_PUBLIC_CLERK_IS_SATELLITE: 'true',
      NEXT_PUBLIC_CLERK_DOMAIN: 'satellite.example.org',
      NEXT_PUBLIC_CLERK_SIGN_IN_URL: 'https://primary.example.com/sign-in',
    },
    frontendApi: 'https://clerk.satellite.example.org',
  },
  'a proxy on a path of the app': {
    env: { NEXT_PUBLIC_CLERK_PROXY_URL: 'https://app.example.com/auth/clerk' },
    frontendApi: 'https://app.example.com/auth/clerk',
  },
} as const;
const names = Object.keys(settings) as Array<keyof typeof settings>;

const loaded = new Map<string, RealClerk>();
beforeAll(() => {
  for (const method of ['log', 'warn', 'error'] as const) vi.spyOn(console, method).mockImplementation(() => {});
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('fetch failed')));
  const keys = {
    NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: liveKeys.publishableKey,
    CLERK_SECRET_KEY: liveKeys.secretKey,
  };
  for (const name of names) loaded.set(name, loadClerk({ ...keys, ...settings[name].env }));
  return () => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  };
});
afterEach(() => vi.unstubAllEnvs());

/** A guard under these settings, whose questions are answered so. */
function setUp(name: keyof typeof settings, answer: typeof fetch) {
  for (const [variable, value] of Object.entries(settings[name].env)) vi.stubEnv(variable, value);
  const asked = vi.fn(answer);
  return { ...rigOf(middlewareOf(loaded.get(name) as RealClerk), { fetch: asked }), asked };
}
const up = async () => new Response('{}');
const down = async () => Promise.reject(new TypeError('fetch failed'));

/** Clerk takes a token for this app's by its issuer (@clerk/backend 3.25); null is a visitor. */
const navigates = (path: string, name: keyof typeof settings, ageMs: number | null): NextRequest => {
  const claims = name === 'a satellite domain' ? { iss: settings[name].frontendApi } : {};
  return navigation(path, ageMs === null ? {} : cookie(sessionToken(Date.now() - ageMs, claims)));
};

it.each(
  names.flatMap((name) => [
    [name, 'is there', 'a visitor', up, navigates('/about', name, null), 'page'] as const,
    [name, 'is there', 'a visitor', up, navigates('/admin', name, null), 'sign-in'] as const,
    [name, 'is there', 'a session', up, navigates('/admin', name, 0), 'page'] as const,
    [name, 'is there', 'a session that is over', up, navigates('/admin', name, 120_000), 'handshake'] as const,
    [name, 'is down', 'a visitor', down, navigates('/about', name, null), 'page'] as const,
    [name, 'is down', 'a session', down, navigates('/admin', name, 0), 'page'] as const,
    [name, 'is down', 'a session that is over', down, navigates('/about', name, 120_000), 'page'] as const,
    [name, 'is down', 'a session that is over', down, navigates('/admin', name, 120_000), '503'] as const,
  ]),
)('%s, whose Frontend API %s: %s', async (name, _is, _who, answer, request: NextRequest, outcome) => {
  const { see, asked } = setUp(name, answer);
  expect(outcomeOf(await see(request))).toBe(outcome);
  for (const [address] of asked.mock.calls) expect(address).toBe(`${settings[name].frontendApi}/v1/environment`);
});

it.each(names)('%s: whoever has a session that is over is not asked to sign in by the router either', async (name) => {
  const { see, asked } = setUp(name, down);
  const cookies = navigates('/admin', name, 120_000).headers.get('cookie') ?? '';
  const headers = { cookie: cookies, 'sec-fetch-dest': 'empty', accept: '*/*', 'next-url': '/about' };
  expect(outcomeOf(await see(navigation('/admin', { headers })))).toBe('503');
  expect(asked.mock.calls.map(([address]) => address)).toEqual([`${settings[name].frontendApi}/v1/environment`]);
});
