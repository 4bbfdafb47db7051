import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { preloadQuery } from 'convex/nextjs';
import { makeFunctionReference } from 'convex/server';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { createServerConvex } from './createServerConvex.ts';
import { getServerToken } from './getServerToken.ts';
import { startRequestBudget } from './requestBudget.ts';

// With `cacheComponents` Next.js renders a page in advance up to where it asks for the request or for data. What asks for the
// time or for chance before that ends it, and fails the build. These are its own watchmen (next 16.4: node-environment-extensions).

interface Storage {
  run<T>(store: unknown, callback: () => T): T;
}

const watch = loadWatchmen();
const url = 'https://happy-animal-123.convex.cloud';
const me = makeFunctionReference<'query', Record<string, never>, string>('users:me');
/** How Next.js ends what is left waiting when it has rendered enough. */
const enough = Object.assign(new Error('During prerendering, …'), { digest: 'HANGING_PROMISE_REJECTION' });

/** `auth()` and an uncached `fetch` wait while a page is rendered in advance. */
let end: () => void = () => {};
const asks = vi.fn(
  () =>
    new Promise<never>((_, reject) => {
      end = () => reject(enough);
    }),
);

afterEach(() => vi.unstubAllGlobals());
afterAll(() => watch.undo());

/** What Next.js breaks off at while the component is rendered in advance, up to where it waits; null where it does not. */
async function brokenOffBy(component: () => Promise<unknown>): Promise<string | null> {
  vi.stubGlobal('fetch', asks);
  const controller = new AbortController();
  const dynamicTracking = { dynamicAccesses: [], syncDynamicErrorWithStack: null as Error | null };
  const unit = { type: 'prerender', phase: 'render', controller, renderSignal: controller.signal, dynamicTracking };
  const rendered = watch.work.run({ route: '/profile' }, () => watch.unit.run(unit, () => component().catch(String)));
  await vi.waitFor(() => expect(asks).toHaveBeenCalled(), { timeout: 20_000 });
  end();
  expect(await rendered).toBe(String(enough));
  expect(asks).toHaveBeenCalledTimes(1);
  asks.mockClear();
  const { syncDynamicErrorWithStack: error } = dynamicTracking;
  expect(controller.signal.aborted).toBe(error !== null);
  return error && (/`(.+?)`/.exec(error.message)?.[1] ?? '');
}

const convex = createServerConvex({ auth: asks, url });
const anonymous = createServerConvex({ url });

it.each<[string, () => Promise<unknown>]>([
  ['a query', () => convex.fetchQuery(me, {})],
  ['a query that is preloaded', () => convex.preloadQuery(me, {})],
  ['a client that is made by the component', () => createServerConvex({ auth: asks, url }).preloadQuery(me, {})],
  ['a budget that is started by the component', () => convex.fetchQuery(me, {}, { budget: startRequestBudget(8_000) })],
  ['a token', () => getServerToken({ getToken: asks })],
])('lets Next.js render in advance what asks as the user: %s', async (_name, component) => {
  expect(await brokenOffBy(component)).toBe(null);
});

it('breaks it off no sooner than Convex’s own client where it asks as nobody', async () => {
  const plain = await brokenOffBy(() => preloadQuery(me, {}, { url }));
  expect(plain).toBe('Math.random()'); // convex 1.48, browser/logging
  expect(await brokenOffBy(() => anonymous.preloadQuery(me, {}))).toBe(plain);
});

it.each<[string, () => unknown]>([
  ['Date.now()', () => Date.now()],
  ['new Date()', () => new Date()],
  ['Math.random()', () => Math.random()],
])('would see %s', async (name, ask) => {
  const component = async (): Promise<unknown> => {
    ask();
    return asks();
  };
  expect(await brokenOffBy(component)).toBe(name);
});

/** Next.js’ watchmen with the storages that they look into, for as long as this file runs: others share its worker. */
function loadWatchmen(): { readonly work: Storage; readonly unit: Storage; readonly undo: () => void } {
  const require = createRequire(import.meta.url);
  const putBack = [
    // What others have loaded is without storages, which Next.js makes of a global that its own server sets, and keeps in globals.
    setAside(require.cache, (key) => /[\\/]next[\\/]dist[\\/]/.test(String(key))),
    setAside(globalThis, (key) => typeof key === 'symbol' && /^@next\//.test(key.description ?? '')),
  ];
  const { Date: RealDate } = globalThis;
  const { random } = Math;
  vi.stubGlobal('AsyncLocalStorage', AsyncLocalStorage);
  const { workAsyncStorage } = require('next/dist/server/app-render/work-async-storage.external.js') as {
    readonly workAsyncStorage: Storage;
  };
  const { workUnitAsyncStorage } = require('next/dist/server/app-render/work-unit-async-storage.external.js') as {
    readonly workUnitAsyncStorage: Storage;
  };
  for (const name of ['date', 'random']) require(`next/dist/server/node-environment-extensions/${name}.js`);
  vi.unstubAllGlobals();
  for (const each of putBack) each();
  return {
    work: workAsyncStorage,
    unit: workUnitAsyncStorage,
    undo: () => {
      globalThis.Date = RealDate;
      RealDate.prototype.constructor = RealDate;
      Math.random = random;
    },
  };
}

/** Takes out what is named so, and hands back what puts it in again, in place of what has come meanwhile. */
function setAside(from: object, isNamed: (key: string | symbol) => boolean): () => void {
  const take = (): [string | symbol, unknown][] => {
    const keys = Reflect.ownKeys(from).filter(isNamed);
    const taken = keys.map((key): [string | symbol, unknown] => [key, Reflect.get(from, key)]);
    for (const key of keys) Reflect.deleteProperty(from, key);
    return taken;
  };
  const taken = take();
  return () => {
    take();
    for (const [key, value] of taken) Reflect.set(from, key, value);
  };
}
