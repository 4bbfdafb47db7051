import { pathToRegexp } from 'path-to-regexp';

/**
 * A path against a pattern of path-to-regexp 6, as `createRouteMatcher` and Next.js take them: `/api(.*)`, `/:locale(en|de)/:path*`.
 * Undefined: it is no pattern, or one that may take for ever to try.
 */
export function matches(pattern: string, path: string): boolean | undefined {
  if (pattern.length > 300 || path.length > 200 || mayTakeForEver(pattern)) return undefined;
  try {
    return pathToRegexp(pattern).test(path);
  } catch {
    return undefined;
  }
}

/** Many repetitions after each other, or a group that is repeated and repeats within itself, or is: a project's text is anybody's. */
const mayTakeForEver = (pattern: string): boolean =>
  (pattern.match(/[*+{]/g) ?? []).length > 4 || /\)[*+]|\)\{\d/.test(pattern);
