import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  frontendApi,
  jwtKey,
  loadClerk,
  loadLiveClerk,
  navigation,
  next,
  outcomeOf,
  type RealClerk,
  sessionToken,
  testKeys,
} from './testClerk.ts';
import { cookie, middlewareOf, rigOf } from './testGuard.ts';

// A token that is over is renewed in a handshake, which only a document can be sent to: Clerk takes whatever else asks for
// somebody who is signed out.

let clerk: RealClerk;
beforeAll(() => {
  clerk = loadLiveClerk();
});
afterEach(() => vi.unstubAllEnvs());

/** As the router asks. Next.js 16.4 takes `rsc` and `next-router-*` out before a middleware sees them, and leaves `next-url`. */
const router = { accept: '*/*', 'sec-fetch-dest': 'empty', 'next-url': '/about' };
const wholeRouter = { ...router, rsc: '1', 'next-router-state-tree': '%5B%5D' };
const program = { accept: 'application/json', 'sec-fetch-dest': 'empty' };
const action = { ...router, accept: 'text/x-component', 'next-action': '7f0a' };

const over = (now: number) => sessionToken(now - 600_000);
const ask = (path: string, headers: Record<string, string>, token = over(Date.now()), method = 'GET') =>
  navigation(path, { method, headers: { ...headers, ...cookie(token).headers } });

const refused: typeof fetch = async () =>
  Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } }));

it.each<[string, Record<string, string>, string, string, string]>([
  ['a navigation of the router', router, 'GET', 'sign-in', 'text/plain'],
  ['one with all its headers', wholeRouter, 'GET', 'sign-in', 'text/plain'],
  ['a program', program, 'GET', '404', 'application/json'],
  ['a server action', action, 'POST', '401', 'text/plain'],
])('%s is told of the outage, not to sign in, and is no loop', async (_name, headers, method, alone, type) => {
  const rig = rigOf(middlewareOf(clerk), { fetch: refused });
  const well = rigOf(middlewareOf(clerk));
  expect(outcomeOf(await well.see(ask('/admin', headers, undefined, method)))).toBe(alone);
  for (let times = 0; times < 5; times++) {
    const answer = await rig.see(ask('/admin', headers, undefined, method));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      503,
      type === 'text/plain' ? type : `${type}; charset=utf-8`,
    ]);
    expect(answer.headers.has('set-cookie')).toBe(false);
  }
  expect(rig.lines[0]).toMatch(/guard FRONTEND_API_UNREACHABLE refused/);
});

it('is asked about only where Clerk has refused somebody whose session may go on', async () => {
  const asked = vi.fn(refused);
  const rig = rigOf(middlewareOf(clerk), { fetch: asked });
  const outcomes = await Promise.all(
    [
      ask('/about', router),
      navigation('/admin', { headers: router }),
      ask('/admin', router, sessionToken(Date.now(), {}, 'another')),
      ask('/admin', router, sessionToken(Date.now())),
    ].map(async (request) => outcomeOf(await rig.see(request))),
  );
  expect(outcomes).toEqual(['page', 'sign-in', 'sign-in', 'page']);
  expect(asked).not.toHaveBeenCalled();
});

it('is told of an outage at once, though a document is sent to a Clerk that was there two seconds ago', async () => {
  const asked = vi.fn<typeof fetch>(async () => new Response('{}'));
  const rig = rigOf(middlewareOf(clerk), { fetch: asked });
  const document = async () => outcomeOf(await rig.see(navigation('/admin', cookie(over(Date.now())))));
  const link = async () => outcomeOf(await rig.see(ask('/admin', router)));
  const posted = async () => outcomeOf(await rig.see(ask('/about', action, undefined, 'POST')));
  expect([await link(), await document(), await posted()]).toEqual(['sign-in', 'handshake', 'page']);
  asked.mockImplementation(refused);
  await rig.clock.advance(1);
  expect([await document(), await posted()]).toEqual(['handshake', '503']);
  expect(asked).toHaveBeenCalledTimes(2);
  // A bad word holds for all.
  await rig.clock.advance(1);
  expect([await document(), await link(), await posted()]).toEqual(['503', '503', '503']);
  expect(asked).toHaveBeenCalledTimes(2);
  asked.mockImplementation(async () => new Response('{}'));
  await rig.clock.advance(2_000);
  expect([await document(), await link()]).toEqual(['handshake', 'sign-in']);
});

it.each<[string, string, Record<string, string>, string]>([
  ['an action on a public page', '/about', action, 'POST'],
  ['a navigation of the router', '/dashboard', router, 'GET'],
  ['a fetch', '/dashboard', program, 'GET'],
  ['an action', '/dashboard', action, 'POST'],
])('does not run as nobody where the handler refuses nobody: %s', async (_name, path, headers, method) => {
  const bare = clerk.clerkMiddleware({ jwtKey });
  expect(outcomeOf(await rigOf(bare).see(ask(path, headers, undefined, method)))).toBe('page');
  expect(outcomeOf(await rigOf(bare, { fetch: refused }).see(ask(path, headers, undefined, method)))).toBe('503');
});

it('tells the log where the handler refuses what is declared public, and leaves Clerk’s answer', async () => {
  const strict = clerk.clerkMiddleware(async (auth) => void (await auth.protect()), { jwtKey });
  const rig = rigOf(strict, { fetch: refused });
  expect(outcomeOf(await rig.see(ask('/about', program)))).toBe('404');
  expect(rig.lines[0]).toMatch(/guard FRONTEND_API_UNREACHABLE served/);
});

it('leaves the app’s own redirect of a public page as it is', async () => {
  const moved = clerk.clerkMiddleware(async () => next.NextResponse.redirect('https://app.example.com/new'), {
    jwtKey,
  });
  const rig = rigOf(moved, { fetch: refused });
  expect((await rig.see(ask('/about', router))).headers.get('location')).toBe('https://app.example.com/new');
});

it.each<[string, Record<string, string>, string | null]>([
  ['the key’s host', {}, `https://${frontendApi}/v1/environment`],
  [
    'a proxy',
    { NEXT_PUBLIC_CLERK_PROXY_URL: 'https://app.example.com/clerk/' },
    'https://app.example.com/clerk/v1/environment',
  ],
  ['nobody, where the proxy is only a path', { NEXT_PUBLIC_CLERK_PROXY_URL: '/clerk' }, null],
])('asks %s', async (_name, env, expected) => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const asked = vi.fn(refused);
  const rig = rigOf(middlewareOf(clerk), { fetch: asked });
  expect((await rig.see(ask('/admin', router))).status).toBe(expected ? 503 : 307);
  expect(asked.mock.calls.map(([address]) => address)).toEqual(expected ? [expected] : []);
});

it('asks nobody once handshakes have been seen to lead elsewhere', async () => {
  const asked = vi.fn(refused);
  const { clerkMiddleware } = clerk;
  const proxied = clerkMiddleware(async (auth) => void (await auth.protect()), {
    frontendApiProxy: { enabled: true },
    jwtKey,
  } as never);
  const rig = rigOf(proxied, { fetch: asked });
  expect(outcomeOf(await rig.see(navigation('/admin', cookie(over(Date.now())))))).toBe('handshake');
  expect((await rig.see(ask('/admin', router))).status).toBe(307);
  expect(asked).not.toHaveBeenCalled();
  // Of another host of the same server nothing is known.
  const other = new next.NextRequest('https://other.example.com/admin', { headers: ask('/admin', router).headers });
  expect((await rig.see(other)).status).toBe(503);
});

describe('on a development instance', () => {
  const development = (fetch: typeof globalThis.fetch) => {
    const { publishableKey, secretKey } = testKeys;
    const env = { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: publishableKey, CLERK_SECRET_KEY: secretKey };
    const quiet = { NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED: '1' };
    return rigOf(middlewareOf(loadClerk({ ...env, ...quiet })), { ...testKeys, fetch });
  };
  const well: typeof fetch = async () => new Response('{}');

  it('is told of the outage where the cookie that names the browser has gone, and only with a session', async () => {
    const link = () => ask('/admin', router, sessionToken(Date.now()));
    expect(outcomeOf(await development(well).see(link()))).toBe('sign-in');
    const rig = development(refused);
    expect(outcomeOf(await rig.see(link()))).toBe('503');
    expect(outcomeOf(await rig.see(navigation('/admin', { headers: router })))).toBe('sign-in');
  });

  it('asks on, though somebody has had themselves led to an address of their own', async () => {
    const rig = development(refused);
    for (const to of ['https://evil.example/', 'https://evil.example/v1/client/handshake'])
      expect((await rig.see(navigation(`/?__clerk_redirect_url=${to}`))).status).toBe(307);
    expect(outcomeOf(await rig.see(ask('/admin', { ...router, cookie: '' }, over(Date.now()))))).toBe('503');
  });
});
