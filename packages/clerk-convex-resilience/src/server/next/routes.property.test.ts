import fc from 'fast-check';
import { expect, it } from 'vitest';
import { passThrough } from './passThrough.ts';
import { event, liveKeys, navigation, outcomeOf } from './testClerk.ts';
import { withClerkGuard } from './withClerkGuard.ts';

const publicRoutes = ['/', '/about', '/blog/*'];
const protectedRoutes = ['/blog/drafts/*'];

/** Every way in which a server, a proxy or a framework may read a path: decoded once or more, folded, cut at `;`. */
function readings(path: string): Set<string> {
  const found = new Set<string>();
  const grow = (text: string, depth: number): void => {
    if (depth > 4 || found.has(text)) return;
    found.add(text);
    for (const change of [
      (it: string) => it.replace(/%[\da-f]{2}/gi, (byte) => String.fromCharCode(Number.parseInt(byte.slice(1), 16))),
      (it: string) => it.replaceAll('\\', '/'),
      (it: string) => it.replace(/\/\/+/g, '/'),
      (it: string) => it.replace(/;[^/]*/g, ''),
      (it: string) => it.split('\0')[0] ?? '',
      (it: string) => new URL(it.startsWith('/') ? `http://x${it}` : 'http://x/admin').pathname,
    ]) {
      try {
        grow(change(text), depth + 1);
      } catch {
        found.add('/admin'); // what cannot be read is nobody's public page
      }
    }
  };
  grow(path, 0);
  return found;
}

function isPublicTruth(path: string): boolean {
  const bare = path.replace(/\/+$/, '') || '/';
  if (bare === '/blog/drafts' || bare.startsWith('/blog/drafts/')) return false;
  return bare === '/' || bare === '/about' || bare === '/blog' || bare.startsWith('/blog/');
}

const pieces = [
  '/',
  '//',
  '.',
  '..',
  '/..',
  '/../',
  '%2e',
  '%2E%2e',
  '%2f',
  '%5c',
  '\\',
  ';',
  '%00',
  '%25',
  '%252f',
  '%61',
  'a',
  'about',
  'admin',
  'blog',
  'drafts',
  'ABOUT',
  'п',
  '%D0%BF',
  ' ',
  '%20',
  '_next/data/x/',
  '.json',
  'fr',
];
const paths = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => `/${parts.join('')}`),
  fc.array(fc.constantFrom(...pieces), { maxLength: 4 }).map((parts) => `/blog/${parts.join('')}`),
  fc.webPath().map((path) => `/${path}`),
);
const headers = fc.dictionary(
  fc.constantFrom(
    'x-middleware-subrequest',
    'x-middleware-next',
    'x-middleware-rewrite',
    'x-middleware-override-headers',
    'x-middleware-request-x-clerk-auth-status',
    'x-clerk-auth-status',
    'X-Clerk-Auth-Token',
    'x-clerk-request-data',
    'x-clerk-auth-signature',
    'x-forwarded-host',
    'x-original-url',
    'x-nextjs-data',
    'authorization',
    'cookie',
  ),
  fc.constantFrom(
    '1',
    '/about',
    'signed-in',
    'middleware:middleware',
    'https://app.example.com/about',
    '__session=a.b.c',
  ),
  { maxKeys: 5 },
);

it('serves no path without keys that somebody could read as a protected one', async () => {
  const guard = withClerkGuard(undefined, {
    ...liveKeys,
    secretKey: undefined,
    publicRoutes,
    protectedRoutes,
    logger: null,
  });
  let served = 0;
  await fc.assert(
    fc.asyncProperty(paths, headers, fc.constantFrom('GET', 'POST', 'PUT'), async (path, extra, method) => {
      let request: ReturnType<typeof navigation>;
      try {
        request = navigation(path, { headers: extra, method });
      } catch {
        return; // no URL, so no request
      }
      if (outcomeOf(await guard(request, event)) !== 'page') return;
      served += 1;
      for (const reading of readings(new URL(request.url).pathname)) {
        // The data of a page is read as its page by Next.js alone.
        if (!reading.startsWith('/_next/data/')) expect([reading, isPublicTruth(reading)]).toEqual([reading, true]);
      }
      expect(isPublicTruth(request.nextUrl.pathname)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
  expect(served).toBeGreaterThan(50);
});

it('hands no word of a visitor’s about who is signed in to a page', () => {
  fc.assert(
    fc.property(headers, (extra) => {
      const answer = passThrough(navigation('/about', { headers: extra }));
      const told = [...answer.headers].filter(([name]) => name.startsWith('x-middleware-request-x-clerk-'));
      expect(told).toEqual([['x-middleware-request-x-clerk-auth-status', 'signed-out']]);
      const names = answer.headers.get('x-middleware-override-headers')?.split(',') ?? [];
      expect(names.filter((name) => name.startsWith('x-clerk-'))).toEqual(['x-clerk-auth-status']);
      expect([...answer.headers.keys()].every((name) => name.startsWith('x-middleware-'))).toBe(true);
      expect(answer.headers.has('x-middleware-rewrite')).toBe(false);
    }),
    { numRuns: 1_000 },
  );
});
