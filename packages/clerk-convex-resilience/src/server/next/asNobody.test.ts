import { expect, it, vi } from 'vitest';
import { asNobody } from './asNobody.ts';
import { navigation, outcomeOf } from './testClerk.ts';
import { rigOf } from './testGuard.ts';

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
