import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const library = fileURLToPath(new URL('../../packages/clerk-convex-resilience', import.meta.url));
const manifest = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8')) as {
  exports: Record<string, string | { default: string }>;
};
const locales = readdirSync(join(library, 'dist/locales')).filter((name) => name.endsWith('.js'));
const entries = Object.values(manifest.exports)
  .filter((target) => typeof target === 'object')
  .filter(({ default: target }) => !target.endsWith('.css'))
  .flatMap(({ default: target }) =>
    target.includes('*') ? locales.map((name) => target.replace('*.js', name)) : target,
  );

const read = (file: string): string => readFileSync(join(library, file), 'utf8');
const importsOf = (file: string): string[] =>
  [
    ...read(file).matchAll(
      /^(?:'use client';)?(?:import|export)\b[^;'"]*?\bfrom\s*["']([^"']+)["']|^import\s*["']([^"']+)["']/gm,
    ),
  ].map((match) => match[1] ?? match[2] ?? '');

/** A built file and every file of the package that it imports. */
function closureOf(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  for (const specifier of importsOf(file))
    if (specifier.startsWith('.')) closureOf(join(dirname(file), specifier), seen);
  return [...seen];
}
const packagesOf = (entry: string): string[] => [
  ...new Set(
    closureOf(entry)
      .flatMap(importsOf)
      .filter((name) => !name.startsWith('.')),
  ),
];
const built = readdirSync(join(library, 'dist'))
  .filter((name) => name.endsWith('.js'))
  .map((name) => `dist/${name}`);

test('has every entry to look at', () => {
  expect(entries).toContain('./dist/core.js');
  expect(entries.length).toBeGreaterThanOrEqual(4);
  expect(closureOf('dist/index.js').length).toBeGreaterThan(1);
});

test.each(built)("%s says 'use client' first when it is React's, and nowhere else", (file) => {
  // A file with a client half beside it is the server's (scripts/clientHalf.ts).
  const isServer = importsOf(file).some((name) => name.endsWith('.client.js'));
  const isReact = !isServer && importsOf(file).some((name) => /^(react(\/.*)?|convex\/react)$/.test(name));
  const directives = read(file).match(/^['"]use client['"];?/gm) ?? [];
  expect(directives).toHaveLength(isReact ? 1 : 0);
  if (isReact) expect(read(file)).toMatch(/^'use client';/);
});

// Also the style sheet: TypeScript 6 refuses an import that it finds no types of.
test.each(Object.entries(manifest.exports).filter(([key]) => key !== './package.json'))('%s has types', (_, target) => {
  const { types = '' } = target as { types?: string };
  expect(() => read(types.replace('*', 'ru'))).not.toThrow();
});

test('./core imports no package and can be imported by a server component', () => {
  expect(packagesOf('dist/core.js')).toEqual([]);
  expect(closureOf('dist/core.js').filter((file) => read(file).includes('use client'))).toEqual([]);
});

test('the entry . names nothing of Clerk, and each binding only its own Clerk package', () => {
  const clerkPackages = (entry: string) => packagesOf(entry).filter((name) => name.startsWith('@clerk/'));
  expect(clerkPackages('dist/index.js')).toEqual([]);
  expect(clerkPackages('dist/clerk-react.js')).toEqual(['@clerk/clerk-react']);
  expect(clerkPackages('dist/react.js')).toEqual(['@clerk/react']);
  expect(clerkPackages('dist/nextjs.js')).toEqual(['@clerk/nextjs']);
});

test("the server half of ./next is the server's, and what it renders in the browser is a file of its own", () => {
  expect(importsOf('dist/next.js')).toContain('./next.client.js');
  const own = closureOf('dist/next.js').filter((file) => file !== 'dist/next.client.js');
  const client = closureOf('dist/next.client.js');
  // A chunk that is the client's would give the server references in place of functions.
  const ofServer = importsOf('dist/next.js').filter((name) => name.startsWith('./') && !name.endsWith('.client.js'));
  for (const name of ofServer)
    for (const file of closureOf(join('dist', name)))
      expect([file, read(file).startsWith("'use client'")]).toEqual([file, false]);
  expect(own.length).toBeGreaterThan(1);
  expect(read('dist/next.client.js')).toMatch(/^'use client';/);
  expect(client.some((file) => /createContext/.test(read(file)))).toBe(true);
});

test('./webhooks imports standardwebhooks and nothing of React or Clerk', () => {
  expect(packagesOf('dist/webhooks.js')).toEqual(['standardwebhooks']);
});

test("./convex imports Convex's server side and what ./webhooks does, and nothing of React or Clerk", () => {
  expect(packagesOf('dist/convex.js').sort()).toEqual(['convex/server', 'convex/values', 'standardwebhooks']);
});

test('every locale of the sources is an entry of its own, and imports no package', () => {
  const sources = readdirSync(join(library, 'src/locales')).filter((name) => /^[a-z]+\.ts$/.test(name));
  const names = sources.map((name) => name.replace('.ts', '.js')).filter((name) => name !== 'messages.js');
  expect(locales.sort()).toEqual(names.sort());
  expect(locales.flatMap((name) => packagesOf(`dist/locales/${name}`))).toEqual([]);
});

test('the entries share one copy of each React context', () => {
  const made = built.flatMap((file) =>
    [...read(file).matchAll(/(\w+) = createContext\d*\(/g)].map(([, name]) => [name, file]),
  );
  const names = made.map(([name]) => name);
  expect(names).toContain('AuthRuntimeContext');
  expect(names).toHaveLength(new Set(names).size);
  const [, file] = made.find(([name]) => name === 'AuthRuntimeContext') ?? [];
  for (const entry of [
    'dist/index.js',
    'dist/clerk-react.js',
    'dist/react.js',
    'dist/nextjs.js',
    'dist/next.client.js',
    'dist/testing.js',
    'dist/devtools.js',
  ])
    expect(closureOf(entry)).toContain(file);
});

/** What an app gets that imports this, minified as its bundler would. */
async function bundle(code: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: library },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    external: ['react', 'convex', '@clerk/*'],
    logLevel: 'error',
  });
  return outputFiles.map(({ text }) => text).join('');
}
/** Of the panel, its look, its faults, its report and what it needs of the page. */
const ofDevtools = /ccr-dt|devtools|Auth report|adoptedStyleSheets|pretendOffline|blockSockets|cachedSync/i;

test.each(['index', 'clerk-react', 'react', 'nextjs'])(
  'an app that imports its provider and the handler from %s has nothing of the devtools',
  async (entry) => {
    const app = await bundle(`export { ConvexClerkProvider, AuthErrorHandler } from './dist/${entry}.js'`);
    expect(app.match(ofDevtools)).toBe(null);
    for (const file of closureOf(`dist/${entry}.js`))
      expect([file, ofDevtools.test(read(file))]).toEqual([file, false]);
  },
);

test('an app that imports the devtools besides has them, and one copy of the rest', async () => {
  const app = await bundle(
    `export { ConvexClerkProvider } from './dist/index.js'; export { AuthDevtools } from './dist/devtools.js'`,
  );
  expect(app).toMatch(/ccr-dt/);
  expect(app.match(/was rendered outside of|outside of ConvexClerkProvider/g)).toHaveLength(1);
});

test.each(entries)('importing %s on a server touches no global', async (entry) => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--import',
      nextLoader,
      '--input-type=module',
      '-e',
      watchImport,
      resolve(library, entry),
      JSON.stringify(packagesOf(entry)),
    ],
    { cwd: library },
  );
  expect(JSON.parse(stdout)).toEqual([]);
});

const nextLoader = new URL('asNextResolves.mjs', import.meta.url).href;

/** Prints what an import reads of, calls on or adds to the globals; what it depends on has been imported before. */
const watchImport = `
  const [entry, packages] = process.argv.slice(1);
  for (const name of JSON.parse(packages)) await import(name);
  const seen = [];
  const before = new Set(Reflect.ownKeys(globalThis));
  const valuesBefore = new Map(['fetch', 'WebSocket', 'Promise', 'console'].map((name) => [name, globalThis[name]]));
  const page = ['window', 'document', 'navigator', 'location', 'localStorage', 'sessionStorage', 'BroadcastChannel', 'self'];
  for (const name of [...page, 'setTimeout', 'setInterval', 'performance']) {
    const value = globalThis[name];
    Object.defineProperty(globalThis, name, { configurable: true, get: () => (seen.push('read ' + name), value) });
  }
  for (const [object, name] of [[Date, 'now'], [Math, 'random']]) object[name] = () => (seen.push('called ' + name), 0);
  await import(entry);
  for (const name of Reflect.ownKeys(globalThis))
    if (!before.has(name) && !page.includes(name)) seen.push('added ' + String(name));
  for (const [name, value] of valuesBefore) if (globalThis[name] !== value) seen.push('replaced ' + name);
  process.stdout.write(JSON.stringify(seen));
`;
