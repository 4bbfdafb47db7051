import { expect, it, vi } from 'vitest';
import { asNobody } from './asNobody.ts';
import {
  forwardedHeaders,
  liveKeys,
  loadClerk,
  navigation,
  next,
  outcomeOf,
  sessionToken,
  testKeys,
} from './testClerk.ts';
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

const cookieOf = (cookie: string): string | null =>
  asNobody(navigation('/about', { headers: { cookie } })).headers.get('cookie');

it.each([
  ['encoded', 'x=1%3B%20__session%3Da.b.c%3B%20__client_uat%3D1700000000'],
  ['encoded in lower case', 'x=1%3b%20__session%3da.b.c'],
  ['encoded twice', 'x=1%253B%20__session%253Da.b.c'],
  ['in its name', 'x%3B__session=a.b.c'],
  ['with letters of its name encoded', '%5F%5Fsession=a.b.c'],
  ['behind a tab', '\t__session=a.b.c'],
  ['behind an encoded tab', 'x=1%3B%09__session=a.b.c'],
  ['in the name of a browser', '__clerk_db_jwt=d%3B%20__session%3Da.b.c'],
])('takes out a cookie that holds a session, %s', (_name, hidden) => {
  expect(cookieOf(`a=1;${hidden}; b=2`)).toBe('a=1; b=2');
});

it.each([
  ['no header takes, decoded', 'name=%E2%82%AC; city=%D0%9C; null=%00; line=%0D%0A'],
  ['is not UTF-8', 'name=%FF; other=%'],
  ['is no pair', 'flag; =empty; name='],
  ['has a name twice', 'a=1; a=2'],
  ['is encoded without need', 'a=1%3B%202; q=%22x%22'],
  ['only names Clerk', 'from=%2Fsign-in%3Fvia%3D__session; my__session=1'],
  ['is very long', `a=${'%3B%20x'.repeat(10_000)}`],
])('keeps a cookie as it was written that %s', (_name, cookie) => {
  expect(cookieOf(`${cookie}; __session=a.b.c`)).toBe(cookie);
});

it.each([
  ['encoded', (token: string) => `x=1%3B%20__session%3D${token}%3B%20__client_uat%3D1700000000`],
  ['behind a tab', (token: string) => `x=1;\t__session=${token}`],
  ['beside letters that no header takes', () => 'name=%E2%82%AC'],
])('serves nobody a public page whose visitor brings a session in another cookie, %s', async (_name, hidden) => {
  const { publishableKey: NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY, secretKey: CLERK_SECRET_KEY } = liveKeys;
  const clerk = loadClerk({ NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY, CLERK_SECRET_KEY });
  const outage = rigOf(middlewareOf(clerk), { fetch: async () => Promise.reject(new TypeError('fetch failed')) });
  const otherKind = rigOf(middlewareOf(clerk), { secretKey: 'sk_test_other' });
  const over = sessionToken(Date.now() - 600_000);
  const cookie = `__session=${over}; __client_uat=1700000000; ${hidden(sessionToken(Date.now(), { sub: 'user_2' }))}`;
  for (const { see } of [outage, otherKind]) {
    const request = navigation('/about', { headers: { cookie } });
    const answer = await see(request);
    expect(outcomeOf(answer)).toBe('page');
    const behind = new next.NextRequest(request.url, { headers: forwardedHeaders(request, answer) });
    expect(clerk.getAuth(behind as never).userId).toBeNull();
  }
});

it.each([
  ['public', '/about', 'a.b.c', { clerkError: true, status: 503 }, '503'],
  ['with a token that was cut off', '/admin', 'a.b.c.d', {}, '500'],
])('answers a request of which none of nobody can be made: %s', async (_name, path, token, failure, outcome) => {
  const { see } = rigOf(async () => Promise.reject(Object.assign(new Error('broken'), failure)));
  const request = navigation(path, { headers: { cookie: `__session=${token}` } });
  vi.spyOn(request.nextUrl, 'clone').mockImplementation(() => {
    throw new TypeError('Invalid URL');
  });
  expect(outcomeOf(await see(request))).toBe(outcome);
});
