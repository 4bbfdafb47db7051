import type { NextMiddleware } from 'next/server';
import { beforeAll, expect, it, vi } from 'vitest';
import { jwtKey, loadLiveClerk, navigation, outcomeOf, type RealClerk, sessionToken } from './testClerk.ts';
import { type Rig, rigOf } from './testGuard.ts';

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
