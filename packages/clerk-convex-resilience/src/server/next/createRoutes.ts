import type { NextRequest } from 'next/server';
import { invalidOption } from '../../core/errors.ts';
import { isPlainPath } from './plainPath.ts';
import { requestAt } from './requestAt.ts';

/**
 * Which routes: paths (`/about`; `/blog/*` is `/blog` and what is below it; upper and lower case differ), or a function of
 * the request, such as one of Clerk's `createRouteMatcher`.
 */
export type GuardRoutes = readonly string[] | ((request: NextRequest) => boolean);

/** Says of a request whether it is for a public route. Never throws. */
export type IsPublic = (request: NextRequest) => boolean;

/**
 * Makes the rule. What is not declared public is protected; so is what is in `protectedRoutes`, whatever else says that it
 * is public; so is a path that can be read in more than one way; so is one whose matcher throws.
 * @throws AuthResilienceError `invalid_option`
 */
export function createRoutes(options: {
  readonly publicRoutes?: GuardRoutes | undefined;
  readonly protectedRoutes?: GuardRoutes | undefined;
}): IsPublic {
  const isDeclared = matcherOf('publicRoutes', options.publicRoutes);
  const isProtected = matcherOf('protectedRoutes', options.protectedRoutes);
  return (request) => {
    try {
      const { pathname } = request.nextUrl;
      // The one is what came, the other what Next.js has made of it: without base path, locale and `_next/data`.
      if (!isPlainPath(new URL(request.url).pathname) || !isPlainPath(pathname)) return false;
      const readings = readingsOf(pathname).map((path) => (path === pathname ? request : requestAt(request, path)));
      // Declared in every reading, protected in none.
      return readings.every((each) => isDeclared(each)) && !readings.some((each) => isProtected(each));
    } catch {
      return false;
    }
  };
}

/** With and without the slash at the end: Next.js serves one page for both (`skipTrailingSlashRedirect`). */
const readingsOf = (pathname: string): readonly string[] => {
  const bare = pathname.replace(/\/$/, '');
  return bare === '' || bare === pathname ? [pathname] : [pathname, bare];
};

function matcherOf(option: string, routes: GuardRoutes | undefined): (request: NextRequest) => boolean {
  if (routes === undefined) return () => false;
  // Only `true` is a yes: a promise would be one otherwise.
  if (typeof routes === 'function') return (request) => (routes(request) as unknown) === true;
  if (!Array.isArray(routes) || routes.some((each) => typeof each !== 'string' || !isPattern(each))) {
    throw invalidOption(option, routes, "a function of the request, or a list of paths such as '/about' and '/blog/*'");
  }
  return ({ nextUrl: { pathname } }) => {
    const path = pathname.length > 1 ? pathname.replace(/\/$/, '') : pathname;
    return routes.some((route: string) => {
      if (!route.endsWith('/*')) return path === route;
      const folder = route.slice(0, -2);
      return path === folder || path.startsWith(`${folder}/`);
    });
  };
}

/** `*` stands at the end alone: a pattern that looks as if it said more would be misread. */
const isPattern = (route: string): boolean =>
  route === '/' || (/^(?:\/[^/*()?:]+)*(?:\/\*)?$/.test(route) && route !== '');
