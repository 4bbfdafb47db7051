import type { NextMiddleware } from 'next/server';
import { beforeAll, expect, it, vi } from 'vitest';
import { jwtKey, loadLiveClerk, navigation, next, outcomeOf, type RealClerk, sessionToken } from './testClerk.ts';
import { middlewareOf, type Rig, rigOf } from './testGuard.ts';

// A browser with its cookies, sent to and fro by the real clerkMiddleware. What is a loop has an end, and nothing else is taken for one.

let clerk: RealClerk;
beforeAll(() => {
  for (const method of ['log', 'warn', 'error'] as const) vi.spyOn(console, method).mockImplementation(() => {});
  // Clerk binds the fetch that it finds as it is loaded. A handshake leads back to the page, and nothing says who is there.
  const back = { status: 307, headers: { location: 'https://app.example.com/dashboard' } };
  vi.stubGlobal('fetch', async (address: Parameters<typeof fetch>[0]) => {
    const href = typeof address === 'object' && 'url' in address ? address.url : `${address}`;
    return href.includes('/v1/client/handshake') ? new Response(null, back) : Response.json({});
  });
  clerk = loadLiveClerk();
  return () => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  };
});

interface Browser extends Rig {
  /** Asks for a path with what cookies there are, and keeps those that the answer sets. */
  readonly go: (path: string, headers?: Readonly<Record<string, string>>) => Promise<string>;
  readonly cookies: ReadonlyMap<string, string>;
  /** Where the last answer has led to. */
  readonly leadsTo: () => string;
}

/** Has a session, whose tokens are all over when they come: whatever a handshake brings is of no use. */
function browserOf(middleware: NextMiddleware, token = () => sessionToken(Date.now() - 600_000)): Browser {
  const rig = rigOf(middleware);
  const cookies = new Map([['__client_uat', '1700000000']]);
  let location = '';
  return {
    ...rig,
    cookies,
    leadsTo: () => location,
    async go(path, headers = {}) {
      // Clerk's own count lives 2 s, and this network is slower.
      cookies.delete('__clerk_redirect_count');
      cookies.set('__session', token());
      const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
      const answer = await rig.see(navigation(path, { headers: { ...headers, cookie } }));
      for (const set of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
      }
      location = answer.headers.get('location') ?? '';
      return outcomeOf(answer);
    },
  };
}

it.each([
  ['/__clerk', {}],
  ['a path of the app’s own', { path: '/auth/clerk' }],
])('ends a loop of handshakes that go through the app itself, by %s', async (_name, proxy) => {
  const middleware = clerk.clerkMiddleware(
    async (auth, request) => {
      if (request.nextUrl.pathname === '/dashboard') await auth.protect();
    },
    { jwtKey, frontendApiProxy: { enabled: true, ...proxy } },
  );
  const { go, leadsTo, lines } = browserOf(middleware);
  const seen: string[] = [];
  while (seen.length < 10 && seen.at(-1) !== '503') {
    seen.push(await go('/dashboard'));
    if (leadsTo() === '') break;
    const { pathname, search, host } = new URL(leadsTo());
    expect([host, pathname]).toEqual(['app.example.com', expect.stringMatching(/\/v1\/client\/handshake$/)]);
    await go(pathname + search);
    // As a page does in another tab.
    expect(await go(pathname.replace('/handshake', ''))).toBe('200');
  }
  expect(seen).toEqual(['handshake', 'handshake', 'handshake', '503']);
  expect(lines).toEqual([expect.stringMatching(/guard \w+ refused/)]);
});

/** As the router asks for a page: a middleware of Next.js cannot tell whether it is a prefetch. */
const router = { accept: '*/*', 'sec-fetch-dest': 'empty', 'next-url': '/' };
const times = async (most: number, go: () => Promise<string>): Promise<readonly string[]> => {
  const seen: string[] = [];
  while (seen.length < most) seen.push(await go());
  return seen;
};

it.each([
  ['links of one page that differ in what is asked for', ['/orders?page=2', '/orders?page=3', '/orders?page=4']],
  ['the same link three times', ['/orders', '/orders', '/orders']],
])('sends a document to its handshake behind what the router has asked for: %s', async (_name, links) => {
  const { go, lines } = browserOf(middlewareOf(clerk));
  for (const link of links) expect(await go(link, router)).toBe('sign-in');
  expect(await go('/orders')).toBe('handshake');
  expect(lines).toEqual([]);
});

it('takes tabs for no loop that are restored together, each of other parameters', async () => {
  const { go } = browserOf(middlewareOf(clerk));
  const seen: string[] = [];
  for (let id = 1; id <= 12; id++) seen.push(await go(`/orders?id=${id}`));
  expect(new Set(seen)).toEqual(new Set(['handshake']));
});

it.each([
  ['a fetch that asks again and again', { accept: 'application/json', 'sec-fetch-dest': 'empty' }],
  ['a prefetch of the pages router', { ...router, 'x-nextjs-data': '1', purpose: 'prefetch' }],
  ['a browser that speculates', { 'sec-purpose': 'prefetch;prerender' }],
  ['a prefetch, where Next.js leaves its headers', { ...router, 'next-router-prefetch': '1' }],
])('leaves it at what Clerk answers: %s', async (_name, headers) => {
  // A handler that redirects whoever has no session, whatever they ask with.
  const redirecting = clerk.clerkMiddleware(
    async (auth) => ((await auth()).userId ? undefined : next.NextResponse.redirect('https://app.example.com/sign-in')),
    { jwtKey },
  );
  const { go, lines, cookies } = browserOf(redirecting, () => sessionToken(Date.now(), {}, 'another'));
  expect(new Set(await times(8, () => go('/orders', headers)))).toEqual(new Set(['sign-in']));
  expect([lines, [...cookies.keys()].filter((name) => name.includes('guard'))]).toEqual([[], []]);
});

it.each<[string, Readonly<Record<string, string>>, string]>([
  ['documents', {}, 'handshake'],
  ['the router’s requests, as clerk-js pushes it to and fro', router, 'sign-in'],
])('ends a loop of %s', async (_name, headers, step) => {
  const { go } = browserOf(middlewareOf(clerk));
  let asked = 0;
  // The router's own, which Next.js leaves there where an app sets `skipProxyUrlNormalize`.
  const path = () => `/orders?page=2${headers === router ? `&_rsc=${asked++}` : ''}`;
  expect(await times(4, () => go(path(), headers))).toEqual([step, step, step, '503']);
});

it('takes what a handshake brings in the address for no other address', async () => {
  const { go } = browserOf(middlewareOf(clerk));
  let brought = 0;
  expect(await times(4, () => go(`/orders?page=2&__clerk_hs_reason=${brought++}`))).toContain('503');
});

it.each<[string, readonly string[]]>([
  ['over two addresses', ['/orders', '/dashboard']],
  ['in two tabs at once, of one page with other parameters', ['/orders?id=1', '/orders?id=2']],
])('ends a loop %s', async (_name, paths) => {
  const { go } = browserOf(middlewareOf(clerk));
  let at = 0;
  const seen = await times(7, () => go(paths[at++ % paths.length] as string));
  expect(seen.indexOf('503')).toBe(6);
});

it('does not forget an address of the loop where another of them is stopped', async () => {
  const { go } = browserOf(middlewareOf(clerk));
  let at = 0;
  const seen = await times(8, () => go(at++ % 2 === 0 ? '/about' : '/dashboard'));
  expect(seen.slice(6)).toEqual(['page', '503']);
  // "Retry" begins anew.
  expect(await times(4, () => go('/dashboard'))).toEqual(['handshake', 'handshake', 'handshake', '503']);
});

it('believes no count of a sibling domain’s, which no answer of this one could end', async () => {
  const { go, cookies } = browserOf(middlewareOf(clerk));
  for (let n = 0; n < 3; n++) await go('/orders');
  const [name = '', count] = [...cookies].find((pair) => pair[0].includes('guard_loop')) ?? [];
  expect(name).toBe('__Host-__clerk_guard_loop');
  expect(await go('/orders')).toBe('503');
  // Written with a Domain, beside what is of this host alone: the browser sends it for ever, and takes `__Host-` from nobody else.
  const planted = `${name.replace('__Host-', '')}=${count}`;
  const { see } = rigOf(middlewareOf(clerk));
  const headers = { cookie: `__session=${sessionToken(Date.now() - 600_000)}; __client_uat=1700000000; ${planted}` };
  expect(outcomeOf(await see(navigation('/orders', { headers })))).toBe('handshake');
});

it('has a name that a browser takes on http too, as on localhost', async () => {
  const { see } = rigOf(middlewareOf(clerk));
  const headers = { cookie: `__session=${sessionToken(Date.now() - 600_000)}; __client_uat=1700000000` };
  const { headers: all } = navigation('/orders', { headers });
  let count = '';
  const seen = await times(4, async () => {
    const cookie = [headers.cookie, count].filter(Boolean).join('; ');
    const request = new next.NextRequest('http://localhost:3000/orders', {
      headers: { ...Object.fromEntries(all), cookie },
    });
    const answer = await see(request);
    const set = answer.headers.getSetCookie().find((each) => each.includes('guard_loop')) ?? '';
    expect(set).toMatch(/^__clerk_guard_loop=.*; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
    count = set.split(';')[0] ?? '';
    return outcomeOf(answer);
  });
  expect(seen).toEqual(['handshake', 'handshake', 'handshake', '503']);
});
