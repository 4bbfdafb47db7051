import type { NextMiddleware } from 'next/server';
import { expect, it, vi } from 'vitest';
import { createTestClock } from '../../core/testClock.ts';
import { createRunner } from './createRunner.ts';
import { event, navigation } from './testClerk.ts';

type Run = NonNullable<ReturnType<typeof createRunner>>;
const made = (): NextMiddleware => async () => new Response('made');
const textOf = async (run: Run, path = '/'): Promise<string> => {
  const answer = await run(navigation(path), event);
  return answer ? answer.text() : 'nothing';
};
const runnerOf = (given: Parameters<typeof createRunner>[0], clock = createTestClock()): Run => {
  const run = createRunner(given, clock);
  if (!run) throw new Error('no runner');
  return run;
};

it('makes the middleware once for requests that come at the same time', async () => {
  let finish = (): void => {};
  const make = vi.fn(
    () =>
      new Promise<NextMiddleware>((resolve) => {
        finish = () => resolve(made());
      }),
  );
  const run = runnerOf(make);
  const all = Promise.all(['/a', '/b', '/c'].map((path) => textOf(run, path)));
  await vi.waitFor(() => expect(make).toHaveBeenCalled());
  finish();
  expect(await all).toEqual(['made', 'made', 'made']);
  expect(await textOf(run)).toBe('made');
  expect(make).toHaveBeenCalledTimes(1);
});

it('makes it again after a failure, one at a time', async () => {
  let fails = 2;
  let atOnce = 0;
  let most = 0;
  const make = vi.fn(async () => {
    most = Math.max(most, ++atOnce);
    await Promise.resolve();
    atOnce -= 1;
    if (fails-- > 0) throw new Error('no vault');
    return made();
  });
  const run = runnerOf(make);
  const results = await Promise.allSettled(['/a', '/b', '/c', '/d'].map((path) => textOf(run, path)));
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
  expect([make.mock.calls.length, most]).toEqual([3, 1]);
});

it('lets no request wait long behind one that a middleware is slow to answer, and none a second time', async () => {
  const clock = createTestClock();
  const run = runnerOf(
    async ({ nextUrl }) => (nextUrl.pathname === '/slow' ? new Promise(() => {}) : new Response(nextUrl.pathname)),
    clock,
  );
  void run(navigation('/slow'), event);
  const answered: string[] = [];
  const ask = (path: string) => void textOf(run, path).then((text) => answered.push(text));
  ask('/a');
  await clock.advance(999);
  expect(answered).toEqual([]);
  await clock.advance(1);
  expect(answered).toEqual(['/a']);
  ask('/b');
  await clock.advance(0);
  expect(answered).toEqual(['/a', '/b']);
  expect(clock.pendingTimers).toBe(0);
});

it('does not take for a middleware what answered nothing at first, nor hand a function to Next.js', async () => {
  let given: NextMiddleware | undefined;
  const run = runnerOf((() => given) as never);
  expect(await textOf(run)).toBe('nothing');
  given = made();
  expect(await textOf(run)).toBe('made');
});
