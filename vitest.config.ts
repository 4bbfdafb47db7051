import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

// Tests run on the sources, so that no build stands between an edit and its test.
const alias = [
  { find: /^clerk-convex-resilience$/, replacement: path('./packages/clerk-convex-resilience/src/index.ts') },
  { find: /^clerk-convex-resilience\/(.*)$/, replacement: path('./packages/clerk-convex-resilience/src/$1.ts') },
  { find: /^clerk-convex-emulators$/, replacement: path('./packages/clerk-convex-emulators/src/index.ts') },
];

/** How long a test waits for what must come: only a failure takes that long, however busy the machine is. */
const poll = { timeout: 20_000 };

/**
 * The longest of each project, longest first: one that is begun last is waited for with nothing else to do. The first of the contract mostly wait, and so
 * leave the processor to the diagnosis, which is held to seconds.
 */
const longest = [
  'contract/healthy/healthy.test.ts',
  'contract/outages.test.ts',
  'contract/healthy/secrets.test.ts',
  'contract/diagnosis/diagnosis.test.ts',
  'contract/users/users.test.ts',
  'contract/sessions/ends.test.ts',
  'contract/clerk.test.ts',
  'contract/frontendApi/scripts.test.ts',
  'contract/diagnosis/production.test.ts',
  'contract/tabs/tabs.test.ts',
  'contract/engines/signedIn.test.ts',
  'contract/engines/handler.test.ts',
  'contract/engines/demo.test.ts',
  'stories/sheet.test.ts',
  'doctor/precision.test.ts',
  'doctor/fuzz.property.test.ts',
  'webhooks/fuzz.property.test.ts',
  'next/security.simulation.test.ts',
];

/** Files of one environment one after the other: a worker is shared only with the next file, and only if that is of the same. */
class ByEnvironment extends BaseSequencer {
  override async sort(files: Parameters<BaseSequencer['sort']>[0]) {
    const inDom = ({ moduleId }: { moduleId: string }) =>
      Number(readFileSync(moduleId, 'utf8').startsWith('// @vitest-environment jsdom'));
    const rank = ({ moduleId }: { moduleId: string }) => {
      const place = longest.findIndex((file) => moduleId.endsWith(file));
      return place === -1 ? longest.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => inDom(b) - inDom(a) || rank(a) - rank(b));
  }
}

/** Files share workers: a fresh one for each file takes twice the time. */
const sharedWorkers = { pool: 'threads', isolate: false } as const;

export default defineConfig({
  resolve: { alias },
  test: {
    sequence: { sequencer: ByEnvironment },
    projects: [
      {
        // The inner loop: no browser, no server. A test that needs a DOM says `// @vitest-environment jsdom` in its first line.
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/clerk-convex-resilience/src/**/*.test.{ts,tsx}',
            'test/lint/**/*.test.ts',
            'test/faults/**/*.test.ts',
            'test/support/**/*.test.ts',
          ],
          exclude: ['**/*.{property,mutants,simulation}.test.ts'],
          // What was compiled is kept from one run to the next.
          experimental: { fsModuleCache: true },
          testTimeout: 30_000, // only a failure takes that long, however busy the machine is
          ...sharedWorkers,
        },
      },
      {
        // Properties, each over thousands of random runs, simulations, and the wrong machines that they must find.
        extends: true,
        test: {
          name: 'properties',
          include: ['{packages/clerk-convex-resilience/src,test/herd}/**/*.{property,mutants,simulation}.test.ts'],
          testTimeout: 300_000,
          ...sharedWorkers,
        },
      },
      {
        // The emulators by themselves: most of these start one.
        extends: true,
        test: {
          name: 'emulators',
          include: ['packages/clerk-convex-emulators/src/**/*.test.ts'],
          testTimeout: 30_000,
          expect: { poll },
          ...sharedWorkers,
        },
      },
      {
        // The built packages, as an app gets them: run `pnpm build` first.
        extends: true,
        test: { name: 'dist', include: ['test/packages/**/*.test.ts'] },
      },
      {
        // Each emulator driven by the real clients, in Node and in Chromium.
        extends: true,
        test: {
          name: 'contract',
          isolate: false, // a process for each file takes a quarter more time
          expect: { poll },
          include: ['test/contract/**/*.test.ts'],
          exclude: ['test/contract/engines/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // The same clients in Chromium, Firefox and WebKitGTK, as far as they are installed; see test/support/engines.
        extends: true,
        test: {
          name: 'engines',
          expect: { poll },
          maxConcurrency: 6,
          include: ['test/contract/engines/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Convex's client and the provider on it in Node, each file with a page of its own.
        extends: true,
        test: {
          name: 'contract-client',
          expect: { poll },
          include: ['test/contract/**/*.test.tsx'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // The same once more, with the oldest Convex that is supported.
        extends: true,
        resolve: { alias: [{ find: /^convex\/(react|react-clerk)$/, replacement: 'convex-oldest/$1' }] },
        test: {
          name: 'contract-oldest',
          expect: { poll },
          include: ['test/contract/{provider,convexClient}/**/*.test.tsx'],
          env: { CONVEX_CLIENT: 'oldest' },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Every story in Chromium, with axe.
        extends: true,
        test: {
          name: 'stories',
          include: ['test/stories/**/*.test.ts'],
          expect: { poll },
          globalSetup: ['test/stories/serveStorybook.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // The example app in Chromium, as a person uses it.
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          // Signs in to an app that is deployed, `PREVIEW_URL=https://… pnpm test:e2e preview`; without it to the demo, which the other files play.
          exclude: process.argv.includes('preview') ? [] : ['test/e2e/preview.test.ts'],
          expect: { poll },
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        // The example for Next.js, built and started, beside the same app without the library; see test/next.
        extends: true,
        test: {
          name: 'next',
          include: ['test/next/**/*.test.ts'],
          // Without NEXT it is a gate, of one build. The demo waits for `next dev`.
          exclude: ['**/node_modules/**', ...(process.env.NEXT ? [] : ['test/next/{demo,keys}.test.ts'])],
          globalSetup: ['test/next/installVersions.ts'],
          expect: { poll },
          testTimeout: 300_000, // with NEXT=all four builds and two browsers share the machine
          hookTimeout: 180_000,
        },
      },
      {
        // What is built of the package in Next.js: every entry in every place, and what the example weighs. Run `pnpm build` first.
        extends: true,
        test: {
          name: 'next-build',
          include: ['test/nextBuild/**/*.test.ts'],
          // Both sides once more: the gate has what the library's side weighs from the project `next`.
          exclude: process.env.NEXT_BUILD === 'brief' ? ['test/nextBuild/weight.test.ts'] : [],
          testTimeout: 120_000,
          hookTimeout: 900_000,
        },
      },
      {
        // The doctor, on projects and against the emulators.
        extends: true,
        test: {
          name: 'doctor',
          include: ['packages/clerk-convex-doctor/src/**/*.test.ts', 'test/doctor/**/*.test.ts'],
          testTimeout: 60_000,
          ...sharedWorkers,
        },
      },
      {
        // Networks that are really broken; `pnpm test:network` makes the namespaces that it needs.
        extends: true,
        test: {
          name: 'network',
          expect: { poll },
          include: ['test/network/**/*.test.ts'],
          maxConcurrency: 6,
          testTimeout: 400_000,
          hookTimeout: 60_000,
        },
      },
      {
        // The contract tests against a real Clerk instance and a real Convex deployment; needs keys.
        extends: true,
        test: {
          name: 'live',
          include: ['test/live/**/*.test.ts'],
          globalSetup: ['test/live/requireKeys.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
