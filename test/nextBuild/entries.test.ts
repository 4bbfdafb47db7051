import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildNext, type NextServer, serveNext } from '../../scripts/demo/runNext.ts';
import { freePort } from '../next/support/freePort.ts';
import { launchChromium } from '../support/chromium.ts';
import { data, entries, exportsOf, scripts, styles } from './support/entries.ts';
import { prepareEntriesApp } from './support/prepareEntriesApp.ts';

// Every entry of the built package, in every place where Next.js runs code. Built packages: run `pnpm build` first.

const env = { NEXT_TELEMETRY_DISABLED: '1' };

interface Look {
  readonly at: string;
  readonly data: Readonly<Record<string, string>>;
  readonly seen: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly used?: string;
}
let output = '';
let server: NextServer;
let browser: Browser;
let exported: Readonly<Record<string, readonly string[]>>;

beforeAll(async () => {
  const dir = await prepareEntriesApp('whole');
  const built = await buildNext({ dir, env });
  output = built.output;
  if (!built.ok) throw new Error(output);
  [server, browser, exported] = await Promise.all([
    freePort().then((port) => serveNext('start', port, { dir, env })),
    launchChromium(),
    exportsOf(),
  ]);
});
afterAll(() => Promise.all([server?.close(), browser?.close()]));

/** What a page or a route has seen. */
async function lookAt(path: string): Promise<Look> {
  const response = await fetch(server.url + path);
  expect(response.status).toBe(200);
  const text = await response.text();
  const [, shown = text] = /<pre id="seen">([^<]*)</.exec(text) ?? [];
  return JSON.parse(shown.replaceAll('&quot;', '"')) as Look;
}

/** Every entry with every export; `client` where the browser's is no more than a reference. */
function expectAll({ seen, data: read }: Look, clients: 'references' | 'real'): void {
  const names = Object.entries(seen).map(([entry, kinds]) => [entry, Object.keys(kinds)]);
  expect(Object.fromEntries(names)).toEqual(exported);
  expect(Object.values(read)).toEqual(data.map(() => 'object'));
  for (const [entry, kinds] of Object.entries(seen))
    for (const [name, kind] of Object.entries(kinds)) {
      if (clients === 'real')
        expect([entry, name, kind]).toEqual([entry, name, expect.stringMatching(/^(function|object)$/)]);
      else if (isReacts.test(name)) expect([entry, name, kind]).toEqual([entry, name, 'client']);
    }
  // What a middleware and a webhook call is never the client's.
  for (const entry of ['core', 'next', 'webhooks', 'convex'])
    expect(Object.values(seen[`clerk-convex-resilience/${entry}`] ?? {})).not.toContain('client');
}
const isReacts =
  /^(use[A-Z]\w*|ConvexClerkProvider|AuthErrorHandler|AuthDevtools|UserSync|UserSynced|PublicReads|ScriptedAuthProvider)$/;

it('has an entry of every kind to import, and leaves none out', () => {
  expect([...scripts, ...styles, ...data]).toHaveLength(entries.length);
  expect(scripts.length).toBeGreaterThan(10);
  expect(Object.values(exported).every((names) => names.length > 0)).toBe(true);
});

it('builds without a warning about the package', () => {
  expect(output).toMatch(/Compiled successfully/);
  expect(output).not.toMatch(/Compiled with warnings|clerk-convex-resilience/);
});

it.each([
  ['a server component', '/server', 'node'],
  ['a server component in the edge runtime', '/server-edge', 'edge'],
  ['a route handler', '/route', 'node'],
  ['a route handler in the edge runtime', '/route-edge', 'edge'],
  ['the middleware, which is in the edge runtime', '/middleware', 'edge'],
])('loads in %s', async (_, path, at) => {
  const look = await lookAt(path);
  expect(look.at).toBe(at);
  expectAll(look, 'references');
});

it('loads in a client component: rendered by the server, and in the browser', async () => {
  expectAll(await lookAt('/client'), 'real');
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico')) complaints.push(message.text());
  });
  await page.goto(`${server.url}/client`);
  const look = JSON.parse((await page.textContent('#browser')) ?? '') as Look;
  await page.close();
  expect(look.at).toBe('page');
  expectAll(look, 'real');
  expect(complaints).toEqual([]);
});

it('loads in a worker of the browser, and ./core works there', async () => {
  const page = await browser.newPage();
  await page.goto(`${server.url}/worker`);
  const look = JSON.parse((await page.textContent('#worker')) ?? '') as Look;
  await page.close();
  expect(look.used).toBe('false,true,no cookie,200');
  expect(look.at).toBe('worker');
  expectAll(look, 'real');
});
