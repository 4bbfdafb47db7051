import { once } from 'node:events';
import { createContext, runInContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { exportsOf, library, scripts } from './support/entries.ts';

// Every entry in a thread of Node, as it is installed; and those that React Native loads, with as little as it has.

it('loads every entry in a worker thread of Node, which then ends by itself', async () => {
  const worker = new Worker(new URL('./support/importEntries.mjs', import.meta.url), {
    workerData: scripts.map(({ specifier }) => specifier),
  });
  const answer = once(worker, 'message');
  const [code] = (await once(worker, 'exit')) as [number];
  expect(code).toBe(0);
  expect((await answer)[0]).toEqual({ isMainThread: false, seen: await exportsOf() });
});

/**
 * What Hermes leaves out of the language, by its own documents (doc/Features.md and doc/IntlAPIs.md): all of `Intl` but three
 * classes, shared memory, and what is newer than ES2023.
 */
const notInHermes = `
  for (const name of Object.getOwnPropertyNames(Intl))
    if (!['Collator', 'NumberFormat', 'DateTimeFormat', 'getCanonicalLocales'].includes(name)) delete Intl[name];
  for (const name of ['Atomics', 'SharedArrayBuffer', 'Iterator', 'WebAssembly']) delete globalThis[name];
  for (const [of, names] of [[Array, ['fromAsync']], [Object, ['groupBy']], [Map, ['groupBy']], [Promise, ['withResolvers', 'try']], [RegExp, ['escape']], [Set.prototype, ['union', 'intersection', 'difference']]])
    for (const name of names) delete of[name];
`;
/** What React Native 0.80 adds: no page, no locks, no channels, no crypto, no \`structuredClone\`. */
const reactNative = {
  console,
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
  AbortController,
  Headers,
  Request,
  Response,
  URL,
};

it.each(['', '/core'])('clerk-convex-resilience%s works with what Hermes has', async (name) => {
  const file = scripts.find(({ specifier }) => specifier === `clerk-convex-resilience${name}`)?.file;
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${file}';`, resolveDir: library },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'entry',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['react-native'],
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const context = createContext({ ...reactNative });
  runInContext(notInHermes, context);
  runInContext(outputFiles[0]?.text ?? '', context);
  expect(
    runInContext(
      '[typeof window, typeof document, typeof BroadcastChannel, typeof navigator, typeof Intl.PluralRules]',
      context,
    ).join(),
  ).toBe('undefined,undefined,undefined,undefined,undefined');
  const used = runInContext(
    `
    let calls = 0;
    const send = entry.createTokenRetryFetch({
      fetch: async () => {
        if (++calls < 3) throw new TypeError('Network request failed');
        return new Response('{"jwt":"a.b.c"}', { headers: { 'content-type': 'application/json' } });
      },
      policy: { firstDelayMs: 1 },
    });
    const ask = async () => [
      (await send('https://api.example.com/token')).status,
      calls,
      entry.classifyAuthError(new TypeError('Network request failed')).kind,
    ].join();
    ask();
    `,
    context,
  ) as Promise<string>;
  expect(await used).toBe('200,3,network');
});
