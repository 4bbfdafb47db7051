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
  // Whatever is not said plainly shuts: only `true` declares public, and only `false` says not protected. A promise is neither.
  const isDeclared = matcherOf('publicRoutes', options.publicRoutes, (answer) => answer === true);
  const isProtected = matcherOf('protectedRoutes', options.protectedRoutes, (answer) => answer !== false, lowerCase);
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

const same = (text: string): string => text;
/** What is protected is so in whatever case: Clerk's matcher, which may have declared it public, knows no case. */
const lowerCase = (text: string): string => text.toLowerCase();

function matcherOf(
  option: string,
  routes: GuardRoutes | undefined,
  isYes: (answer: unknown) => boolean,
  spell: (text: string) => string = same,
): (request: NextRequest) => boolean {
  if (routes === undefined) return () => false;
  if (typeof routes === 'function') return (request) => isYes(routes(request));
  if (!Array.isArray(routes) || routes.some((each) => typeof each !== 'string' || !isPattern(each))) {
    throw invalidOption(option, routes, "a function of the request, or a list of paths such as '/about' and '/blog/*'");
  }
  // A path comes with its letters escaped, and a pattern may be written either way.
  const read = (text: string): string => spell(decodeURI(text));
  const patterns = (routes as readonly string[]).map(read);
  return ({ nextUrl: { pathname } }) => {
    const path = read(pathname.length > 1 ? pathname.replace(/\/$/, '') : pathname);
    return patterns.some((route) => {
      if (!route.endsWith('/*')) return path === route;
      const folder = route.slice(0, -2);
      return path === folder || path.startsWith(`${folder}/`);
    });
  };
}

/** `*` stands at the end alone: a pattern that looks as if it said more would be misread, and so would an escape that is none. */
const isPattern = (route: string): boolean =>
  route === '/' || (/^(?:\/[^/*()?:]+)*(?:\/\*)?$/.test(route) && route !== '' && !/%(?![\da-f]{2})/i.test(route));
