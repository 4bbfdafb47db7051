import type { NextMiddleware } from 'next/server';

/** What `withClerkGuard` takes: a middleware, or what makes one. */
export type MaybeMiddleware = NextMiddleware | (() => NextMiddleware | Promise<NextMiddleware>) | null | undefined;

type Answer = Awaited<ReturnType<NextMiddleware>>;

/**
 * Runs the middleware, or makes it and runs that. Nothing tells the two apart but the answer (clerkMiddleware of @clerk/nextjs
 * 7.9 names no parameter either): a middleware answers a request, and what answers with a function was one that makes a
 * middleware. What makes one at once is called once. What takes a while over it is called by every request that comes
 * meanwhile, and the first one counts: requests that waited for each other would do so behind a mere middleware too.
 */
export function createRunner(
  given: MaybeMiddleware,
): ((...args: Parameters<NextMiddleware>) => Promise<Answer>) | null {
  if (!given) return null;
  const call = given as (...args: unknown[]) => unknown;
  let made: NextMiddleware | undefined;
  return async (request, event) => {
    if (made) return made(request, event);
    const answering = call(request, event);
    const answer = typeof answering === 'function' ? answering : await answering;
    if (typeof answer !== 'function') return answer as Answer;
    made ??= answer as NextMiddleware;
    return made(request, event);
  };
}
