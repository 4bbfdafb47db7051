import { expect, it, vi } from 'vitest';
import { asNobody } from './asNobody.ts';
import { liveKeys, loadClerk, navigation, next, outcomeOf, testKeys } from './testClerk.ts';
import { middlewareOf, rigOf } from './testGuard.ts';

const ofAda = {
  method: 'POST',
  body: 'a draft',
  headers: {
    authorization: 'Bearer a.b.c',
    cookie: 'app=1; __session=a.b.c; __client_uat=1700000000; __refresh_x=r',
    'x-clerk-auth-status': 'signed-in',
    'x-app': 'kept',
  },
};

it.each<[string, (request: ReturnType<typeof navigation>) => Pick<Request, 'headers' | 'text'>]>([
  ['itself', (request) => request],
  ['in its copy', (request) => request.clone()],
  ['in what is made of it', (request) => new Request(request)],
])('has nothing of who it was, %s', async (_name, made) => {
  const request = made(asNobody(navigation('/about?__clerk_db_jwt=d&page=2', ofAda)));
  expect(
    Object.fromEntries(
      ['authorization', 'cookie', 'x-clerk-auth-status', 'x-app'].map((name) => [name, request.headers.get(name)]),
    ),
  ).toEqual({
    authorization: null,
    cookie: 'app=1',
    'x-clerk-auth-status': null,
    'x-app': 'kept',
  });
  expect(await request.text()).toBe('');
});

it('keeps the address but for what is Clerk’s, and the method', () => {
  const { url, nextUrl, method, cookies } = asNobody(navigation('/about?__clerk_db_jwt=d&page=2', ofAda));
  expect([new URL(url).search, nextUrl.search, method, cookies.getAll()]).toEqual([
    '?page=2',
    '?page=2',
    'POST',
    [{ name: 'app', value: '1' }],
  ]);
});

/** Or Clerk reports a development instance, over the network. */
const quiet = { NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED: '1' };

it.each(['live', 'test'] as const)('serves the visitor of a %s instance who has no cookie yet', async (kind) => {
  const keys = kind === 'live' ? liveKeys : testKeys;
  const { publishableKey: NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY, secretKey: CLERK_SECRET_KEY } = keys;
  const middleware = middlewareOf(loadClerk({ NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY, CLERK_SECRET_KEY, ...quiet }));
  const outage = rigOf(middleware, { ...keys, fetch: async () => Promise.reject(new TypeError('fetch failed')) });
  const otherKind = rigOf(middleware, { ...keys, secretKey: kind === 'live' ? 'sk_test_other' : 'sk_live_other' });
  for (const { see } of [outage, otherKind]) {
    expect(outcomeOf(await see(navigation('/about')))).toBe('page');
    expect(outcomeOf(await see(navigation('/about', { headers: { cookie: '__client_uat=1700000000' } })))).toBe('page');
  }
});

it.each([
  ['GET', 2, 'page'],
  ['HEAD', 2, 'page'],
  ['POST', 1, '503'],
  ['DELETE', 1, '503'],
])('runs the handler of a %s %i times where Clerk fails in it', async (method, times, outcome) => {
  const failure = Object.assign(new Error('unavailable'), { clerkError: true, status: 503 });
  const middleware = vi.fn(async (): Promise<undefined> => {
    if (middleware.mock.calls.length === 1) throw failure;
  });
  const { see } = rigOf(middleware);
  expect(outcomeOf(await see(navigation('/about', { headers: ofAda.headers, method })))).toBe(outcome);
  expect(middleware).toHaveBeenCalledTimes(times);
});

it('hands a page that the middleware says nothing of the request of nobody', async () => {
  const failure = Object.assign(new Error('unavailable'), { clerkError: true, status: 503 });
  const middleware = vi.fn(async (): Promise<undefined> => {
    if (middleware.mock.calls.length === 1) throw failure;
  });
  const { headers } = await rigOf(middleware).see(navigation('/about', { headers: ofAda.headers }));
  expect([headers.get('x-middleware-request-cookie'), headers.get('x-middleware-request-authorization')]).toEqual([
    'app=1',
    null,
  ]);
});

it('sends no browser away that would be sent away without a session too', async () => {
  const failure = Object.assign(new Error('unavailable'), { clerkError: true, status: 503 });
  const headers = { 'x-clerk-auth-status': 'handshake', location: 'https://clerk.example.com/v1/client/handshake' };
  const middleware = vi.fn(async (): Promise<Response> => {
    if (middleware.mock.calls.length === 1) throw failure;
    return new Response(null, { status: 307, headers });
  });
  expect(outcomeOf(await rigOf(middleware).see(navigation('/about', { headers: ofAda.headers })))).toBe('503');
});

it('has the name of a browser on a development instance, its own where it has one', () => {
  const cookieOf = (cookie: string, instance: 'live' | 'test') =>
    asNobody(navigation('/about', { headers: { cookie } }), instance).headers.get('cookie');
  expect(cookieOf('a=1; __session=a.b.c', 'test')).toMatch(/^a=1; __clerk_db_jwt=\w+$/);
  expect(cookieOf('__clerk_db_jwt=dvb_1; __session=a.b.c', 'test')).toBe('__clerk_db_jwt=dvb_1');
  expect(cookieOf('__session=a.b.c', 'live')).toBeNull();
});

it('ends when the request does', () => {
  const controller = new AbortController();
  const request = new next.NextRequest('https://app.example.com/about', { signal: controller.signal });
  const { signal } = asNobody(request);
  controller.abort();
  expect(signal.aborted).toBe(true);
});
