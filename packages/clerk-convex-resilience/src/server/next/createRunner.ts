import type { NextMiddleware } from 'next/server';
import type { Clock } from '../../core/clock.ts';
import { within } from '../webhooks/within.ts';

/** What `withClerkGuard` takes: a middleware, or what makes one. */
export type MaybeMiddleware = NextMiddleware | (() => NextMiddleware | Promise<NextMiddleware>) | null | undefined;

type Answer = Awaited<ReturnType<NextMiddleware>>;

/**
 * How long requests wait for the first one, in milliseconds: longer than a module takes to load. It happens once, and only
 * where several come before any was answered.
 */
const tellsWithinMs = 1_000;

/**
 * Runs the middleware, or makes it and runs that. Nothing tells the two apart but the first answer: a middleware answers a
 * request, and what answers with a function was one that makes a middleware. So that it makes one only, the requests that come
 * meanwhile wait for that answer. After a failure the next one calls again.
 */
export function createRunner(
  given: MaybeMiddleware,
  clock: Clock,
): ((...args: Parameters<NextMiddleware>) => Promise<Answer>) | null {
  if (!given) return null;
  const call = given as (...args: unknown[]) => unknown;
  let made: NextMiddleware | undefined;
  /** Settles when the first call has told what `given` is, or has failed; null while nobody has called, and once nobody has to wait. */
  let telling: Promise<void> | null = null;
  let isTold = false;
  return async (request, event) => {
    const until = clock.now() + tellsWithinMs;
    while (!isTold && telling) {
      // Who is so slow has a request to answer.
      if ((await within(clock, Math.max(0, until - clock.now()), telling)) === 'late') isTold = true;
    }
    if (made) return made(request, event);
    const answering = (async () => call(request, event))();
    const settle = (hasTold: boolean): void => {
      isTold ||= hasTold;
      telling = null;
    };
    if (!isTold) {
      telling = answering.then(
        () => settle(true),
        () => settle(false),
      );
    }
    const answer = await answering;
    if (typeof answer !== 'function') return answer as Answer;
    made ??= answer as NextMiddleware;
    return made(request, event);
  };
}
