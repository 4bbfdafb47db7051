import type { NextMiddleware } from 'next/server';
import { expect, it, vi } from 'vitest';
import { createRunner } from './createRunner.ts';
import { event, navigation } from './testClerk.ts';

type Run = NonNullable<ReturnType<typeof createRunner>>;
const made = (): NextMiddleware => async () => new Response('made');
const textOf = async (run: Run, path = '/'): Promise<string> => {
  const answer = await run(navigation(path), event);
  return answer ? answer.text() : 'nothing';
};
const runnerOf = (given: Parameters<typeof createRunner>[0]): Run => {
  const run = createRunner(given);
  if (!run) throw new Error('no runner');
  return run;
};
const paths = ['/a', '/b', '/c'];

it('makes the middleware once, for requests that come at the same time too', async () => {
  const make = vi.fn(made);
  const run = runnerOf(make);
  expect(await Promise.all(paths.map((path) => textOf(run, path)))).toEqual(['made', 'made', 'made']);
  expect(make).toHaveBeenCalledTimes(1);
});

it('makes it for each request that comes while it is being made, keeps the first, and makes none after it', async () => {
  const finish: (() => void)[] = [];
  const make = vi.fn(
    () =>
      new Promise<NextMiddleware>((resolve) => {
        const name = `made ${finish.length}`;
        finish.push(() => resolve(async () => new Response(name)));
      }),
  );
  const run = runnerOf(make);
  const all = paths.map((path) => textOf(run, path));
  finish[1]?.();
  expect(await all[1]).toBe('made 1');
  expect(await textOf(run)).toBe('made 1');
  for (const each of finish) each();
  expect(await Promise.all(all)).toEqual(['made 1', 'made 1', 'made 1']);
  expect(make).toHaveBeenCalledTimes(3);
});

it('makes it again after a failure', async () => {
  const make = vi.fn(async () => {
    if (make.mock.calls.length < 3) throw new Error('no vault');
    return made();
  });
  const run = runnerOf(make);
  for (let times = 0; times < 2; times++) await expect(textOf(run)).rejects.toThrow('no vault');
  expect([await textOf(run), await textOf(run)]).toEqual(['made', 'made']);
  expect(make).toHaveBeenCalledTimes(3);
});

it('lets no request wait behind another that a middleware is slow to answer, the first one neither', async () => {
  const run = runnerOf(async ({ nextUrl }) =>
    nextUrl.pathname === '/slow' ? new Promise(() => {}) : new Response(nextUrl.pathname),
  );
  void run(navigation('/slow'), event);
  expect(await Promise.all(paths.map((path) => textOf(run, path)))).toEqual(paths);
});

it('does not take for a middleware what answered nothing at first, nor hand a function to Next.js', async () => {
  let given: NextMiddleware | undefined;
  const run = runnerOf((() => given) as never);
  expect(await textOf(run)).toBe('nothing');
  given = made();
  expect(await textOf(run)).toBe('made');
});
