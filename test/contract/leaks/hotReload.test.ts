import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { Browser, Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { noAccident } from '../../../scripts/noAccident.mjs';
import { launchChromium } from '../../support/chromium.ts';
import { takeTurns } from '../../support/inTurn.ts';
import { type Rig, withRig } from '../sessions/Rig.ts';
import type { Held } from './instruments.ts';

// An app that is edited while it runs: Vite's hot reload with React Refresh, the real clients, and what the library holds after each edit.

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const sources = path('../../../packages/clerk-convex-resilience/src');

/** How an app has the provider: the change of one import, or the one that renders Clerk's too. */
const sides = ['all-in-one', 'drop-in'] as const;
const majors = [5, 6] as const;
const clerkPackages = { 5: 'clerk-react', 6: 'react' } as const;

interface App {
  readonly side: (typeof sides)[number];
  readonly major: 5 | 6;
}
const nameOf = ({ side, major }: App): string => `${side}-${major}`;

const providersOf = ({ side, major }: App): { imports: string; open: string; close: string } => {
  const name = clerkPackages[major];
  if (side === 'all-in-one')
    return {
      imports: `import { ConvexClerkProvider } from 'clerk-convex-resilience/${name}';`,
      open: '<ConvexClerkProvider {...window.sessionsSettings.clerk} telemetry={false} client={client}>',
      close: '</ConvexClerkProvider>',
    };
  return {
    imports: `
    import { ClerkProvider, useAuth } from '@clerk/${name}';
    import { ConvexClerkProvider } from 'clerk-convex-resilience';`,
    open: '<ClerkProvider {...window.sessionsSettings.clerk} telemetry={false}><ConvexClerkProvider client={client} useAuth={useAuth}>',
    close: '</ConvexClerkProvider></ClerkProvider>',
  };
};

/** The files of an app: the one that an edit changes, as it is after the edit with that number. */
const files = {
  'index.html': () =>
    '<!doctype html><title>Test page</title><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="./main.tsx"></script>',
  'main.tsx': () => `
    import { installInstruments } from ${JSON.stringify(path('./instruments.ts'))};
    const { held } = installInstruments();
    const { fetch: own } = held();
    window.held = () => {
      const { fetch, listeners, ...rest } = held();
      return { ...rest, listeners: listeners.toSorted(), isOwnFetch: fetch === own };
    };
    window.shown = [];
    const { createRoot } = await import('react-dom/client');
    const { Providers } = await import('./Providers.tsx');
    const root = createRoot(document.getElementById('root'));
    root.render(<Providers />);
    window.unmount = () => root.unmount();`,
  'client.ts': () => `
    import { ConvexReactClient } from 'convex/react';
    export const client = new ConvexReactClient(window.sessionsSettings.convex, { unsavedChangesWarning: false });`,
  // Another number of hooks, so that React Refresh mounts it anew with all that is below it.
  'Providers.tsx': (app: App, edit = 0) => `
    import { useState } from 'react';
    ${providersOf(app).imports}
    import { client } from './client.ts';
    import { App } from './App.tsx';
    export function Providers() {
      ${'useState(0); '.repeat(edit)}
      return ${providersOf(app).open}<i id="providers">{${edit}}</i><App />${providersOf(app).close};
    }`,
  'App.tsx': (_: App, edit = 0) => `
    import { useConvexAuth, useQuery } from 'convex/react';
    import { makeFunctionReference } from 'convex/server';
    const me = makeFunctionReference('users:me');
    export function App() {
      const { isLoading, isAuthenticated } = useConvexAuth();
      const user = useQuery(me, isAuthenticated ? {} : 'skip');
      const auth = isLoading ? 'loading' : isAuthenticated ? 'authenticated' : 'signed_out';
      if (window.shown.at(-1) !== auth) window.shown.push(auth);
      return <><i id="app">{${edit}}</i><p id="me">{JSON.stringify(user ?? null)}</p></>;
    }`,
} as const;

let browser: Browser;
let folder: string;
let vite: ViteDevServer;
let url: string;
const write = (app: App, file: keyof typeof files, edit = 0) =>
  writeFile(join(folder, nameOf(app), file), files[file](app, edit));

beforeAll(async () => {
  // Below the repository's root, so that its packages are found.
  await mkdir(path('../../../.cache'), { recursive: true });
  folder = await mkdtemp(path('../../../.cache/hot-reload-'));
  for (const app of sides.flatMap((side) => majors.map((major) => ({ side, major })))) {
    await mkdir(join(folder, nameOf(app)));
    for (const file of Object.keys(files)) await write(app, file as keyof typeof files);
  }
  browser = await launchChromium();
  vite = await createServer({
    configFile: false,
    root: folder,
    cacheDir: join(folder, 'deps'),
    logLevel: 'error',
    plugins: [react()],
    resolve: {
      dedupe: ['react', 'react-dom', 'convex'],
      alias: [
        { find: /^clerk-convex-resilience$/, replacement: `${sources}/index.ts` },
        { find: /^clerk-convex-resilience\/(.*)$/, replacement: `${sources}/$1.ts` },
      ],
    },
    // All of them at once: one that is found later would reload the page.
    optimizeDeps: {
      include: ['react', 'react-dom/client', '@clerk/react', '@clerk/clerk-react', 'convex/react', 'convex/server'],
    },
    server: { host: '127.0.0.1', port: 0, fs: { strict: false } },
  });
  await vite.listen();
  url = vite.resolvedUrls?.local[0] ?? '';
});
afterAll(async () => {
  await browser?.close();
  await vite?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

interface HeldByPage extends Omit<Held, 'fetch'> {
  readonly isOwnFetch: boolean;
}
const held = (page: Page) => page.evaluate<HeldByPage>('held()');
const textOf = (page: Page, id: string) => page.locator(id).textContent();

describe.concurrent.each(majors)('hot reload under clerk-js %i', (major) => {
  const itInTurn = takeTurns(major);
  for (const side of sides)
    itInTurn(`leaves nothing of what was before the edit, and the user signed in (${side})`, () =>
      withRig(
        { browser, server: { url, port: 0, close() {} }, url: `${url}${nameOf({ side, major })}/`, side, major },
        (rig) => playEdits(rig, { side, major }),
      ),
    );
});

async function playEdits(rig: Rig, app: App): Promise<void> {
  const page = await rig.openTab();
  await rig.signedIn(page);
  const loads = await page.evaluate(() => performance.timeOrigin);
  const settled = await held(page);

  for (const [file, id] of [
    ['App.tsx', '#app'],
    ['Providers.tsx', '#providers'],
  ] as const) {
    for (let edit = 1; edit <= 5; edit++) {
      await write(app, file, edit);
      await rig.until(`edit ${edit} of ${file} to be shown`, async () => (await textOf(page, id)) === String(edit));
      await rig.signedIn(page);
    }
    let now: unknown;
    await rig.until(
      () => `the page to hold after five edits of ${file} what it held before: ${JSON.stringify({ settled, now })}`,
      async () => {
        now = await held(page);
        return JSON.stringify(now) === JSON.stringify(settled);
      },
    );
  }

  // It was an edit, and no reload; and nobody was signed out by it.
  expect(await page.evaluate(() => performance.timeOrigin)).toBe(loads);
  expect(await page.evaluate('shown')).not.toContain('signed_out');
  expect(rig.ranAsNobody(), noAccident).toEqual([]);
  await page.evaluate('unmount()');
  // What Clerk and React keep is theirs.
  await rig.until('nothing of the library to be left', async () => {
    const { timers, listeners, locks, isOwnFetch } = await held(page);
    const ours = listeners.filter((name) => /storage|pageshow/.test(name));
    return timers === 0 && locks === 0 && ours.length === 0 && isOwnFetch;
  });
  expect(rig.problems).toEqual([]);
}
