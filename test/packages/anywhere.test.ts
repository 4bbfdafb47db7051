import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { build, type Plugin } from 'esbuild';
import { describe, expect, it } from 'vitest';

// The built entries where there is no page: React Native's engine, a worker, an edge runtime, a server component.

const library = fileURLToPath(new URL('../../packages/clerk-convex-resilience', import.meta.url));
const manifest = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>;
};
const locale = readdirSync(join(library, 'dist/locales')).find((name) => name.endsWith('.js')) ?? '';
const entries = Object.keys(manifest.exports)
  .filter((key) => !/\.(css|json)$/.test(key))
  .map((key) => (key === '.' ? 'index' : key.slice(2).replace('*', locale.replace('.js', ''))));
/** What stands on Next.js reads `process.env` while it is imported, as does @clerk/nextjs: Next.js has it everywhere. */
const ofNext = ['next', 'nextjs'];

/** One script of everything that an entry imports. `exported.names()` and the entry itself, as `exported.entry`. */
async function script(
  entry: string,
  conditions: readonly string[],
  plugins: Plugin[] = [],
  nodeEnv = 'production',
): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: `import * as entry from './dist/${entry}.js'; export { entry };`, resolveDir: library },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'exported',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: [...conditions],
    define: { 'process.env.NODE_ENV': JSON.stringify(nodeEnv) },
    logLevel: 'error',
    plugins,
  });
  return outputFiles[0]?.text ?? '';
}

const page = [
  ...['window', 'document', 'navigator', 'location', 'localStorage', 'sessionStorage', 'indexedDB', 'BroadcastChannel'],
  ...[
    'Event',
    'EventTarget',
    'DOMException',
    'MutationObserver',
    'crypto',
    'structuredClone',
    'performance',
    'process',
  ],
];
const timers = { setTimeout, clearTimeout, setInterval, clearInterval };
/** What React Native 0.80 has besides the language: no DOM, no locks, no channels, no crypto. */
const hermes = { ...timers, console, AbortController, Headers, Request, Response, URL };
/** The web's APIs of a worker and of an edge runtime. */
const web = {
  ...hermes,
  ...{ AbortSignal, Blob, DOMException, Event, EventTarget, ReadableStream, TransformStream, TextDecoder, TextEncoder },
  ...{
    MessageChannel,
    WebSocket: class {},
    URLSearchParams,
    atob,
    btoa,
    crypto,
    fetch,
    performance,
    queueMicrotask,
    structuredClone,
  },
};

/** Runs the script where there are these globals and the language alone. */
function run(code: string, globals: Readonly<Record<string, unknown>>) {
  const context = createContext({ ...globals });
  runInContext(code, context);
  return (expression: string): unknown => runInContext(expression, context);
}

describe('in Hermes, which has nothing of a page', () => {
  it.each(['index', 'core'])('%s loads, and leaves no global behind', async (entry) => {
    const evaluate = run(await script(entry, ['react-native']), hermes);
    expect(page.filter((name) => evaluate(`typeof ${name}`) !== 'undefined')).toEqual([]);
    expect(evaluate('typeof exported.entry.classifyAuthError')).toBe('function');
    expect(evaluate('Object.keys(globalThis).sort().join()')).toBe([...Object.keys(hermes), 'exported'].sort().join());
  });

  it('./core retries a request there, and knows how React Native says that there is no network', async () => {
    const evaluate = run(await script('core', ['react-native']), hermes);
    const calls = evaluate(`
      globalThis.calls = 0;
      const send = exported.entry.createTokenRetryFetch({
        fetch: () => (++calls < 3 ? Promise.reject(new TypeError('Network request failed')) : Promise.resolve(new Response('{"jwt":"a.b.c"}', { headers: { 'content-type': 'application/json' } }))),
        policy: { firstDelayMs: 1 },
      });
      send('https://api.example.com/token').then((answer) => answer.text().then((text) => calls + ' ' + text));
    `);
    expect(await calls).toBe('3 {"jwt":"a.b.c"}');
    expect(evaluate(`exported.entry.classifyAuthError(new TypeError('Network request failed')).kind`)).toBe('network');
  });
});

describe.each([
  ['a worker', ['worker', 'browser']],
  ['an edge runtime', ['edge-light', 'worker']],
])('in %s', (_, conditions) => {
  it.each(entries)('%s loads without a page and without Node', async (entry) => {
    const globals = ofNext.includes(entry) ? { ...web, process: { env: {} } } : web;
    const evaluate = run(await script(entry, conditions, [nextModules]), globals);
    expect(evaluate('typeof window + typeof document + typeof require')).toBe('undefined'.repeat(3));
    expect(evaluate('Object.keys(exported.entry).length')).toBeGreaterThan(0);
  });
});

describe('in a server component, where React has no hooks and a client file is a reference', () => {
  it.each(entries)('%s loads', async (entry) => {
    const evaluate = run(await script(entry, ['react-server', 'edge-light'], [nextModules, clientReferences]), {
      ...web,
      process: { env: {} },
    });
    const kinds = evaluate(
      `Object.entries(exported.entry).map(([name, it]) => [name, it?.$$typeof === Symbol.for('react.client.reference') ? 'client' : 'server'])`,
    ) as Array<[string, string]>;
    expect(kinds.length).toBeGreaterThan(0);
    for (const [name, kind] of kinds) {
      const isClient =
        /^(use[A-Z]|(ConvexClerkProvider|AuthErrorHandler|AuthDevtools|UserSync|UserSynced|PublicReads)$)/;
      if (isClient.test(name)) expect([name, kind]).toEqual([name, 'client']);
    }
  });

  it('of ./next everything is the server’s own: a middleware calls it', async () => {
    const evaluate = run(await script('next', ['react-server', 'edge-light'], [nextModules, clientReferences]), {
      ...web,
      process: { env: {} },
    });
    expect(evaluate('typeof exported.entry.withClerkGuard')).toBe('function');
    expect(evaluate('typeof exported.entry.ClerkConfigGuard')).toBe('function');
  });

  it('and a client file without its directive would not load', async () => {
    const withoutDirective: Plugin = {
      name: 'without-directive',
      setup: ({ onLoad }) =>
        onLoad({ filter: /clerk-convex-resilience\/dist\/[^/]*\.js$/ }, ({ path }) => ({
          contents: readFileSync(path, 'utf8').replace(/^'use client';/, ''),
        })),
    };
    const code = await script('nextjs', ['react-server', 'edge-light'], [nextModules, withoutDirective]).catch(String);
    expect(() => run(code, { ...web, process: { env: {} } })).toThrow(/createContext|is not a function|is not defined/);
  });
});

describe('ClerkConfigGuard, rendered as a server component', () => {
  const key = `pk_test_${btoa('happy-otter-1.clerk.accounts.dev$')}`;
  const url = 'https://happy-animal-123.convex.cloud';
  const secret = 'sk_live_abcdefghijklmnop';

  /** What it hands to the browser, and whether it shows the banner. */
  async function render(env: Readonly<Record<string, string>>, nodeEnv?: string) {
    const code = await script('next', ['react-server', 'edge-light'], [nextModules, clientReferences], nodeEnv);
    const evaluate = run(code, { ...web, process: { env } });
    const element = (await evaluate(`exported.entry.ClerkConfigGuard({ children: 'the app', signInUrl: '/in' })`)) as {
      props: { children: [{ props: Record<string, unknown> } | false, { props: Record<string, unknown> }] };
    };
    const [banner, { props }] = element.props.children;
    return { banner: banner ? JSON.stringify(banner) : banner, props };
  }
  const names = { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: key, NEXT_PUBLIC_CONVEX_URL: url, CLERK_SECRET_KEY: 'sk_test_a' };

  it('renders the app with keys, and hands on what is for Clerk', async () => {
    const { banner, props } = await render(names);
    expect(banner).toBe(false);
    expect(props).toEqual({
      signInUrl: '/in',
      publishableKey: key,
      convexUrl: url,
      fallback: null,
      children: 'the app',
    });
  });

  it.each([
    ['no publishable key', { ...names, NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: '' }],
    ['one that is cut off', { ...names, NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: key.slice(0, 20) }],
    ['no Convex URL', { ...names, NEXT_PUBLIC_CONVEX_URL: '' }],
    ['nothing', {}],
  ])('renders the app as the fallback, and no banner in production, with %s', async (_, env) => {
    const { banner, props } = await render(env);
    expect(banner).toBe(false);
    expect(props).toMatchObject({ fallback: 'the app', children: null });
  });

  it('shows in development what to set', async () => {
    const { banner } = await render({}, 'development');
    expect(banner).toMatch(/PUBLISHABLE_KEY_MISSING.*CONVEX_URL_MISSING.*SECRET_KEY_MISSING/s);
    expect((await render(names, 'development')).banner).toBe(false);
  });

  it('hands no secret key to the browser, not even one that was set as the public key', async () => {
    for (const nodeEnv of ['production', 'development']) {
      const { banner, props } = await render({ ...names, NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: secret }, nodeEnv);
      expect(JSON.stringify([banner, props])).not.toContain('abcdefgh');
      expect(props.publishableKey).toBe('sk_');
    }
  });
});

/** Of Next.js, what Next.js itself would put there: @clerk/nextjs imports it without an extension. */
const nextModules: Plugin = {
  name: 'next-modules',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(next|node:.*|server-only)(\/|$)/ }, ({ path }) => ({ path, namespace: 'next' }));
    onLoad({ filter: /.*/, namespace: 'next' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
  },
};

/** What a bundler of server components makes of a file that begins with `'use client'`. */
const clientReferences: Plugin = {
  name: 'client-references',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.js$/ }, ({ path }) => {
      const code = readFileSync(path, 'utf8');
      if (!/^\s*['"]use client['"]/.test(code)) return undefined;
      const names = [...code.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, list = '']) =>
        list.split(',').flatMap(
          (each) =>
            each
              .trim()
              .split(/\s+as\s+/)
              .at(-1) || [],
        ),
      );
      const reference = `{ $$typeof: Symbol.for('react.client.reference') }`;
      return { contents: names.map((name) => `export const ${name} = ${reference};`).join('\n') };
    }),
};
