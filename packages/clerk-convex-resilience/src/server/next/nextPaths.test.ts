import { expect, it } from 'vitest';
import { createRoutes } from './createRoutes.ts';
import { next } from './testClerk.ts';

// What Next.js takes off a path before it looks for the page: base path, locale, the name of the build. Its own NextRequest
// does it, as for a middleware (next 16.4, web/next-url).

const nextConfig = { basePath: '/base', trailingSlash: true, i18n: { locales: ['en', 'fr'], defaultLocale: 'en' } };
const isPublic = createRoutes({ publicRoutes: ['/', '/about', '/blog/*'], protectedRoutes: ['/blog/drafts/*'] });
const data = '/base/_next/data/build';

it.each<[path: string, is: boolean]>([
  ['/base', true],
  ['/base/', true],
  ['/base/about', true],
  ['/base/about/', true],
  ['/base/fr', true],
  ['/base/fr/about/', true],
  ['/base/FR/about', true], // Next.js takes a locale in capitals too
  ['/base/fr/blog/a-post/', true],
  [`${data}/index.json`, true],
  [`${data}/fr.json`, true],
  [`${data}/fr/about.json`, true],
  ['/base/admin', false],
  ['/base/fr/admin', false],
  ['/base/FR/admin/', false],
  ['/base/de/about', false], // no locale of the app's, so a page of that name
  ['/base/fr/fr/about', false],
  ['/base/blog/drafts/x', false],
  ['/base/fr/blog/drafts/', false],
  ['/base/fr/blog/../admin', false],
  ['/base/fr//about', false],
  ['/base/fr/%61bout', false],
  ['/base/base/about', false],
  ['/basement/about', false],
  ['/baseabout', false],
  [`${data}/fr/admin.json`, false],
  [`${data}/en/blog/drafts.json`, false],
  [`${data}/blog/drafts/index.json`, false],
  ['/base/_next/data/about/admin.json', false],
  [`${data}/_next/data/build/about.json`, false],
  ['/base/en/_next/data/build/about.json', false],
  [`${data}/fr/%2e%2e/admin.json`, false],
  [`${data}/fr/blog/..%2fdrafts.json`, false],
])('with a base path, locales and slashes at the end %s is public: %s', (path, expected) => {
  // What the middleware is given; the type leaves `nextConfig` half out.
  const init = { nextConfig } as ConstructorParameters<typeof next.NextRequest>[1];
  expect(isPublic(new next.NextRequest(`https://app.example.com${path}`, init))).toBe(expected);
});
