import { types } from 'node:util';
import type { NextRequest } from 'next/server';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { asNobody } from './asNobody.ts';
import { requestAt } from './requestAt.ts';
import { requestLike } from './requestLike.ts';
import { navigation, next } from './testClerk.ts';
import { rigOf } from './testGuard.ts';

beforeAll(() => {
  // As it was when Next.js was loaded: @hono/node-server, which a test before this one may have started, puts its own in the place.
  vi.stubGlobal('Request', Object.getPrototypeOf(next.NextRequest));
  return () => vi.unstubAllGlobals();
});

const kinds: readonly (readonly [string, (request: NextRequest) => NextRequest, string])[] = [
  ['of nobody', asNobody, 'app=1'],
  ['for another path', (request) => requestAt(request, '/other'), 'app=1; __session=a.b.c'],
];
const ofAda = { headers: { cookie: 'app=1; __session=a.b.c', 'x-app': 'kept' } };

/** As apps' own steps, and other libraries, make a request of the one that they get. */
const made: Readonly<Record<string, (request: NextRequest) => Pick<Request, 'headers' | 'url'>>> = {
  'new Request(request)': (request) => new Request(request),
  'new Request(url, request)': (request) => new Request(request.url, request),
  'new NextRequest(request)': (request) => new next.NextRequest(request),
  'new NextRequest(request, { headers })': (request) =>
    new next.NextRequest(request, { headers: new Headers(request.headers) }),
  'new NextRequest(url, request)': (request) => new next.NextRequest(request.url, request),
  'request.clone()': (request) => request.clone(),
};

describe.each(kinds)('a request %s', (_name, make, cookie) => {
  it.each(Object.entries(made))('can be made another of: %s', (_how, of) => {
    const request = make(navigation('/about', ofAda));
    const { headers, url } = of(request);
    expect([url, headers.get('cookie'), headers.get('x-app')]).toEqual([request.url, cookie, 'kept']);
  });

  it('is a real one, of Next.js’s class, and a fetch takes it', async () => {
    const controller = new AbortController();
    const request = make(new next.NextRequest('https://app.example.com/about', { signal: controller.signal }));
    expect([types.isProxy(request), request instanceof next.NextRequest]).toEqual([false, true]);
    controller.abort();
    await expect(fetch(request)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('is made of what Next.js hands to a middleware, which is of a class below', () => {
    // next 16.4, web/adapter.
    class NextRequestHint extends next.NextRequest {
      constructor({ input, init }: { readonly input: string; readonly init: object }) {
        super(input, init);
      }
      get request(): never {
        throw new Error('not for a middleware');
      }
    }
    const nextConfig = { basePath: '/base', i18n: { locales: ['en', 'fr'], defaultLocale: 'en' } };
    const input = 'https://app.example.com/base/fr/about?page=2';
    const request = make(new NextRequestHint({ input, init: { method: 'POST', body: 'a draft', nextConfig } }));
    const { nextUrl, method, body } = request;
    expect([nextUrl.basePath, nextUrl.locale, nextUrl.search, method, body]).toEqual([
      '/base',
      'fr',
      '?page=2',
      'POST',
      null,
    ]);
    expect([nextUrl.href, request.url]).toEqual([request.url, new URL(request.url).href]);
    expect(nextUrl.clone().locale).toBe('fr');
  });

  it('leaves the body to the first one', async () => {
    const request = navigation('/about', { method: 'POST', body: 'a draft' });
    expect(make(request).body).toBeNull();
    expect(await request.text()).toBe('a draft');
  });
});

it('says where somebody is, where the platform says so, and nothing else that was put on a request', () => {
  const request = Object.assign(navigation('/about'), { geo: { country: 'NL' }, user: 'ada' });
  const { nextUrl, headers } = request;
  expect(requestLike(request, nextUrl, headers)).toMatchObject({ geo: { country: 'NL' } });
  expect(requestLike(request, nextUrl, headers)).not.toHaveProperty('user');
});

it('serves a public page in an outage behind a step of the app’s that makes a request of its own', async () => {
  const { see } = rigOf((request) => {
    const mine = new next.NextRequest(request, { headers: new Headers(request.headers) });
    if (!mine.cookies.has('__session')) return next.NextResponse.next();
    throw Object.assign(new Error('unavailable'), { clerkError: true, status: 503 });
  });
  expect((await see(navigation('/about', ofAda))).headers.get('x-middleware-next')).toBe('1');
  expect((await see(navigation('/admin', ofAda))).status).toBe(503);
});
