import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { launchChromium } from '../../support/chromium.ts';
import { buildPages } from '../sessions/buildPages.ts';
import { namedWithinMs } from './diagnosed.ts';

// An app in whose bundle a package is twice: the library has another copy of it than the app.

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const ofLibrary = /clerk-convex-resilience\/src\//;

/** What the library imports by this name is another package; all others have the one that is there. */
const secondCopy = (name: RegExp, other: string): Plugin => ({
  name: 'second copy',
  setup(build) {
    build.onResolve({ filter: name }, ({ path: wanted, importer, kind }) =>
      ofLibrary.test(importer)
        ? build.resolve(wanted.replace(name, other), { kind, resolveDir: path('.') })
        : undefined,
    );
  },
});

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

it.concurrent.each([
  ['React', 'REACT_DUPLICATED', secondCopy(/^react$/, 'react-18')],
  ['Convex’s client', 'CONVEX_DUPLICATED', secondCopy(/^convex\/react$/, 'convex-oldest/react')],
  ['nothing', undefined, undefined],
] as const)('%s twice: %s', async (_what, code, plugin) => {
  const scripts = await buildPages(path('./page'), 19, 'development', {
    pages: ['copies.tsx'],
    plugins: plugin ? [plugin] : [],
  });
  const page = await browser.newPage();
  const lines: string[] = [];
  page.on('console', (message) => lines.push(message.text()));
  const thrown: string[] = [];
  page.on('pageerror', (error) => thrown.push(error.message));
  await page.route('http://app.test/', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<div id="root"></div>' }),
  );
  await page.goto('http://app.test/');
  const startedAt = Date.now();
  await page.addScriptTag({ content: scripts.get('/copies.js') ?? '' });
  const named = () => lines.filter((line) => line.startsWith('[clerk-convex-resilience] '));
  if (code === undefined) {
    await page.locator('#app').filter({ hasText: 'there' }).waitFor();
    expect([named(), thrown]).toEqual([[], []]);
    return;
  }
  const line = new RegExp(`^\\S+ ${code}: There are two copies of .+ https://`);
  await vi.waitFor(() => expect(named()).toEqual([expect.stringMatching(line)]), { timeout: namedWithinMs });
  expect(Date.now() - startedAt).toBeLessThan(namedWithinMs);
  // It breaks all the same: this is why.
  expect(thrown.length).toBeGreaterThan(0);
  expect(await page.evaluate(() => (window as { events?: unknown[] }).events)).toContainEqual(
    expect.objectContaining({ type: 'misconfiguration_found', codes: [code] }),
  );
  await page.close();
});
