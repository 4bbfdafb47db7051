import type { NextMiddleware, NextRequest } from 'next/server';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually } from '../../../../../test/support/eventually.ts';
import { mayAskClerk } from './mayAskClerk.ts';
import { frontendApi, loadLiveClerk, navigation, outcomeOf, type RealClerk, sessionToken } from './testClerk.ts';
import { cookie, middlewareOf, type Rig, rigOf } from './testGuard.ts';

let clerk: RealClerk;
beforeAll(() => {
  clerk = loadLiveClerk();
});
afterEach(() => vi.unstubAllEnvs());

const asUser = (path: string) => navigation(path, cookie(sessionToken(Date.now())));

/** The real middleware, with a handler that waits until it is told. */
function slowHandler() {
  let finish = (): void => {};
  const before = vi.fn(
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
  return { middleware: middlewareOf(clerk, before), before, finish: () => finish() };
}

/** Clerk's while its Backend API takes connections and says nothing: it never answers, but for who has nothing to be asked about. */
const hangs: NextMiddleware = async (request) =>
  mayAskClerk(request)
    ? new Promise<Response>(() => {})
    : new Response(null, { headers: { 'x-middleware-next': '1' } });

/** The outcome as far as there is one. */
function watch({ see }: Rig, request: NextRequest): { outcome: string | undefined } {
  const seen: { outcome: string | undefined } = { outcome: undefined };
  void see(request).then((answer) => {
    seen.outcome = outcomeOf(answer);
  });
  return seen;
}

const silent: typeof fetch = () => new Promise(() => {});

describe('a handler that takes longer than Clerk may', () => {
  it.each<[string, () => NextRequest, string]>([
    ['a user on a protected page', () => asUser('/admin'), 'page'],
    ['a user on a public page', () => asUser('/about'), 'page'],
    ['a visitor on a public page', () => navigation('/about'), 'page'],
    ['a visitor on a protected page', () => navigation('/admin'), 'sign-in'],
  ])('is waited for, and decides: %s', async (_name, request, expected) => {
    const { middleware, before, finish } = slowHandler();
    const rig = rigOf(middleware);
    const seen = watch(rig, request());
    await eventually(() => expect(before).toHaveBeenCalled());
    await rig.clock.advance(60_000);
    expect(seen.outcome).toBeUndefined();
    finish();
    await eventually(() => expect(seen.outcome).toBe(expected));
    expect(rig.lines).toEqual([]);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('of a visitor is waited for in an outage too: Clerk asks nobody about somebody without a session', async () => {
    const { middleware, before, finish } = slowHandler();
    const rig = rigOf(middleware, { fetch: silent });
    const seen = watch(rig, navigation('/about'));
    await eventually(() => expect(before).toHaveBeenCalled());
    await rig.clock.advance(60_000);
    expect(seen.outcome).toBeUndefined();
    finish();
    await eventually(() => expect(seen.outcome).toBe('page'));
  });
});

describe('Clerk, when it hangs', () => {
  it.each<[string, () => NextRequest]>([
    ['a session', () => asUser('/about')],
    ['a session behind a tab', () => navigation('/about', { headers: { cookie: 'x=1;\t__session=a.b.c' } })],
    ['a bearer token', () => navigation('/about', { headers: { authorization: 'Bearer x' } })],
    ['what a handshake has brought', () => navigation('/about?__clerk_handshake_nonce=x')],
  ])('is not waited for longer than it may take: %s', async (_name, request) => {
    const rig = rigOf(hangs, { fetch: silent });
    const seen = watch(rig, request());
    await rig.clock.advance(4_999);
    expect(seen.outcome).toBeUndefined();
    await rig.clock.advance(1);
    expect(seen.outcome).toBe('page');
    expect(rig.lines[0]).toMatch(/served/);
    const shut = watch(rig, asUser('/admin'));
    await rig.clock.advance(5_000);
    // The page's words are loaded the first time, which takes real time.
    await eventually(() => expect(shut.outcome).toBe('503'));
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('is asked at its Backend API, without a key, and once for all who wait', async () => {
    vi.stubEnv('CLERK_API_URL', 'https://clerk-api.example.com/');
    const asked = vi.fn(silent);
    const rig = rigOf(hangs, { fetch: asked });
    const seen = [watch(rig, asUser('/about')), watch(rig, asUser('/admin'))];
    await rig.clock.advance(5_000);
    expect(seen.map(({ outcome }) => outcome)).toEqual(['page', '503']);
    expect(asked).toHaveBeenCalledTimes(1);
    const [address, init] = asked.mock.calls[0] ?? [];
    expect(address).toBe('https://clerk-api.example.com/v1/jwks');
    expect(init).not.toHaveProperty('headers');
  });

  it('has no good word left from before it hung', async () => {
    const asked = vi.fn<typeof fetch>(async () => new Response('', { status: 401 }));
    const { middleware, before, finish } = slowHandler();
    const clock = rigOf(middleware, { fetch: asked });
    const first = watch(clock, asUser('/admin'));
    await eventually(() => expect(before).toHaveBeenCalled());
    await clock.clock.advance(5_000);
    asked.mockImplementation(silent);
    const late = watch(clock, asUser('/admin'));
    await clock.clock.advance(5_000);
    expect([first.outcome, late.outcome]).toEqual([undefined, '503']);
    finish();
  });

  it('cannot be told from a handler where nobody may be asked: then every route is shut', async () => {
    const rig = rigOf(hangs, { checkFrontendApi: false });
    const seen = [watch(rig, asUser('/about')), watch(rig, asUser('/admin'))];
    await rig.clock.advance(5_000);
    expect(seen.map(({ outcome }) => outcome)).toEqual(['503', '503']);
    expect(rig.lines).toHaveLength(2);
  });
});

it('is asked about for no longer than the request has left, when the middleware has taken its time', async () => {
  const handshake = {
    status: 307,
    headers: { 'x-clerk-auth-status': 'handshake', location: `https://${frontendApi}/v1/client/handshake` },
  };
  const slow = slowHandler();
  const rig = rigOf(async () => slow.before().then(() => new Response(null, handshake)), { fetch: silent });
  const seen = watch(rig, navigation('/admin', cookie('a.b.c')));
  await vi.waitFor(() => expect(slow.before).toHaveBeenCalled());
  await rig.clock.advance(2_400);
  slow.finish();
  await rig.clock.advance(2_599);
  expect(seen.outcome).toBeUndefined();
  await rig.clock.advance(1);
  await vi.waitFor(() => expect(seen.outcome).toBe('503'));
});

it.each([
  ['is refused', async () => Response.json({ errors: [{ code: 'proxy_request_failed' }] }, { status: 502 })],
  ['hangs', () => new Promise<Response>(() => {})],
])('answers a browser that waits at a proxied handshake which %s', async (_name, middleware) => {
  const through = vi.fn(middleware);
  const rig = rigOf(through, { fetch: silent, publicRoutes: ['/*'] });
  const seen = watch(rig, navigation('/__clerk/v1/client/handshake?redirect_url=x', cookie('a.b.c')));
  await rig.clock.advance(5_000);
  await eventually(() => expect(seen.outcome).toBe('503'));
  // Once more, without the session, it would sign out.
  await rig.clock.advance(5_000);
  expect(through).toHaveBeenCalledTimes(1);
});

it('tells the browser at a proxied handshake to wait as long as the Frontend API says', async () => {
  const busy = async () => new Response('', { status: 503, headers: { 'retry-after': '40' } });
  const { see } = rigOf(busy, { fetch: silent });
  const answer = await see(navigation('/__clerk/v1/client/handshake?redirect_url=x', cookie('a.b.c')));
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(40);
});

it.each<[string, string | undefined, string, boolean]>([
  ['Clerk’s own path', undefined, '/__clerk/v1/me/profile_image', true],
  ['the path of a proxy URL', '/clerk', '/clerk/v1/me/profile_image', true],
  ['that of one that is written out', 'https://app.example.com/clerk/', '/clerk/v1/client', true],
  ['one that only begins so', '/clerk', '/clerks', false],
  ['a proxy that is a host of its own', 'https://clerk-proxy.example.com', '/about', false],
])('has no time for what goes through to the Frontend API: %s', async (_name, proxyUrl, path, isProxied) => {
  vi.stubEnv('NEXT_PUBLIC_CLERK_PROXY_URL', proxyUrl);
  const rig = rigOf(hangs, { fetch: silent });
  const seen = watch(rig, navigation(path, { ...cookie(sessionToken(Date.now())), method: 'POST' }));
  await rig.clock.advance(600_000);
  expect(seen.outcome === undefined).toBe(isProxied);
});
