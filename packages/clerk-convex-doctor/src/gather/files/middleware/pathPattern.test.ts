import { expect, it } from 'vitest';
import { matches } from './pathPattern.ts';

// As path-to-regexp 6 answers, which Next.js 16 and Clerk's packages carry with them.
it.each<[pattern: string, taken: readonly string[], left: readonly string[]]>([
  ['/', ['/'], ['/a']],
  ['/dashboard(.*)', ['/dashboard', '/dashboard/a', '/dashboards'], ['/', '/a/dashboard']],
  ['/dashboard/:path*', ['/dashboard', '/dashboard/a/b'], ['/dashboards']],
  ['/dashboard/:path+', ['/dashboard/a/b'], ['/dashboard']],
  ['/:id', ['/a'], ['/', '/a/b']],
  ['/a/:id?', ['/a', '/a/b'], ['/a/b/c']],
  ['/:locale(en|de)/:path*', ['/en', '/de/a/b'], ['/', '/fr', '/fr/a']],
  ['/a/(b|c)?', ['/a', '/a/b'], ['/a/d']],
  ['/(api|trpc)(.*)', ['/api/a', '/trpc'], ['/a']],
  ['/((?!api|_next/static|favicon.ico).*)', ['/', '/a/b'], ['/api/a', '/favicon.ico']],
  ['/((?!_next|[^?]*\\.(?:html?|js(?!on))).*)', ['/', '/a.json'], ['/a.js', '/_next/a']],
  ['/a.json', ['/a.json'], ['/axjson']],
  ['{/:lang(en|de)}?/a', ['/a', '/en/a'], ['/fr/a']],
  ['/\\(a\\)', ['/(a)'], ['/a']],
])('%s', (pattern, taken, left) => {
  expect(taken.map((path) => [path, matches(pattern, path)])).toEqual(taken.map((path) => [path, true]));
  expect(left.map((path) => [path, matches(pattern, path)])).toEqual(left.map((path) => [path, false]));
});

it.each([
  '/(a+)+',
  '/:a(b*)*',
  '/((a|aa)*)*',
  '/(a',
  `/${'a'.repeat(300)}`,
  '/.*',
  '/(.*)(.*)(.*)(.*)(.*)',
  '/(.{1,}.{1,}.{1,}.{1,}.{1,}b)',
])('cannot tell of %s', (pattern) => {
  expect(matches(pattern, '/a')).toBeUndefined();
});
