import { expect, it } from 'vitest';
import { createRoutes } from './createRoutes.ts';
import { isPlainPath } from './plainPath.ts';
import { loadClerk, navigation } from './testClerk.ts';

const lists = { publicRoutes: ['/', '/about', '/blog/*', '/fr/*'], protectedRoutes: ['/blog/drafts/*'] };

it.each<[string, boolean]>([
  ['/', true],
  ['/?a=/admin', true],
  ['/about', true],
  ['/about/', true],
  ['/About', false], // a page of that name may be another: /[slug]
  ['/about/team', false],
  ['/aboutus', false],
  ['/blog', true],
  ['/blog/2026/a-post', true],
  ['/blog/%D0%BF%D0%BE%D1%81%D1%82', true],
  ['/blog/two%20words', true],
  ['/blogs', false],
  ['/blog/drafts', false],
  ['/blog/drafts/', false],
  ['/blog/drafts/1', false],
  ['/blog/draftsman', true],
  ['/admin', false],
  ['/fr/about', true],
  ['/de/about', false],
  ['/_next/data/build/about.json', true], // the data of /about
  ['/_next/data/build/admin.json', false],
  ['/_next/data/build/../../../admin', false],
  ['/_next/data/b;x/about.json', false],
  ['/blog/../admin', false],
  ['/blog/%2e%2e/admin', false],
  ['/blog/..%2fadmin', false],
  ['/blog/%252e%252e/admin', false],
  ['/blog/..;/admin', false],
  ['/blog\\..\\admin', false],
  ['//about', false],
  ['/blog//a', false],
  ['/%61bout', false],
  ['/about%00', false],
  ['/blog/%c0%ae', false],
  ['/blog/100%', false],
  ['/blog/drafts%20', false],
  ['/blog/drafts%20/1', false],
  ['/blog/%20drafts/1', false],
])('%s is public: %s', (path, expected) => {
  expect(createRoutes(lists)(navigation(path))).toBe(expected);
});

it('shuts what is protected however it is written', () => {
  const isPublic = createRoutes({
    publicRoutes: ['/blog/*'],
    protectedRoutes: ['/blog/черновики/*', '/blog/my drafts/*'],
  });
  const paths = [
    '/blog/%D1%87%D0%B5%D1%80%D0%BD%D0%BE%D0%B2%D0%B8%D0%BA%D0%B8/1',
    '/blog/my%20drafts/1',
    '/blog/My%20Drafts/1',
  ];
  expect(paths.map((path) => isPublic(navigation(path)))).toEqual([false, false, false]);
  expect(isPublic(navigation('/blog/my%20posts/1'))).toBe(true);
});

it.each([
  ['a promise', async () => false],
  ['a match', () => ['/blog']],
  ['nothing', () => undefined],
])('shuts what a function answers %s for where `false` would open it', (_name, answer) => {
  const protectedRoutes = answer as unknown as () => boolean;
  expect(createRoutes({ publicRoutes: ['/blog'], protectedRoutes })(navigation('/blog'))).toBe(false);
  expect(createRoutes({ publicRoutes: ['/blog'], protectedRoutes: () => false })(navigation('/blog'))).toBe(true);
});

it('takes one of Clerk’s matchers, with and without the slash at the end', () => {
  const { createRouteMatcher } = loadClerk({});
  const isPublic = createRoutes({ publicRoutes: createRouteMatcher(['/about', '/docs/(.+)']) });
  const paths = ['/about', '/docs/a', '/docs', '/docs/', '/docs/a/', '/admin'];
  expect(paths.filter((path) => isPublic(navigation(path)))).toEqual(['/about', '/docs/a', '/docs/a/']);
  // Below a path, but with the slash alone it is the page of the path itself.
  const below = createRoutes({ publicRoutes: ({ nextUrl }) => nextUrl.pathname.startsWith('/docs/') });
  expect(['/docs/a', '/docs/'].map((path) => below(navigation(path)))).toEqual([true, false]);
});

it.each<[string, () => unknown]>([
  [
    'throws',
    () => {
      throw new Error('x');
    },
  ],
  ['answers a promise', async () => true],
  ['answers a word', () => 'yes'],
])('protects what its matcher does not say yes to: %s', (_name, matcher) => {
  expect(createRoutes({ publicRoutes: matcher as never })(navigation('/about'))).toBe(false);
});

it('hands the matcher the request itself', () => {
  const isPublic = createRoutes({
    publicRoutes: (request) =>
      request.headers.get('x-a') === '1' &&
      request.cookies.has('c') &&
      request.url.endsWith('/x') &&
      request.method === 'GET',
  });
  expect(isPublic(navigation('/x/', { headers: { 'x-a': '1', cookie: 'c=1' } }))).toBe(false);
  expect(isPublic(navigation('/x', { headers: { 'x-a': '1', cookie: 'c=1' } }))).toBe(true);
});

it('protects everything where nothing is declared', () => {
  expect(['/', '/about'].map((path) => createRoutes({})(navigation(path)))).toEqual([false, false]);
  expect(createRoutes({ protectedRoutes: ['/admin'] })(navigation('/about'))).toBe(false);
});

it.each<[string, boolean]>([
  ['/a/.b', true],
  ['/a/b.c', true],
  ['/a..b', true],
  ['/[a]', true],
  ['/%5Ba%5D', true],
  ['/a/.', false],
  ['/..', false],
  ['/%2E%2E', false],
  ['/a%5Cb', false],
  ['/a%3bb', false],
  ['/a%0a', false],
  ['/a%20b', true],
  ['/a%20', false],
  ['/a/%C2%A0b', false],
  ['/%E4', false],
  ['a', false],
])('%s can be read in one way only: %s', (path, expected) => {
  expect(isPlainPath(path)).toBe(expected);
});
