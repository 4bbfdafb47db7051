import { ESLint } from 'eslint';
import { beforeAll, expect, test } from 'vitest';

// The rules of the house, each on a line that breaks it: a rule that never fires is only a wish.
const eslint = new ESLint({ cwd: new URL('../..', import.meta.url).pathname });
const library = 'packages/clerk-convex-resilience/src';
const emulators = 'packages/clerk-convex-emulators/src';
const doctor = 'packages/clerk-convex-doctor/src';

const refusals = async (file: string, code: string): Promise<string[]> => {
  const [result] = await eslint.lintText(code, { filePath: file });
  return (result?.messages ?? []).map(({ ruleId, message }) => `${ruleId}: ${message}`);
};

// The first snippet loads all of ESLint, which takes seconds on a busy machine.
beforeAll(() => refusals(`${library}/core/x.ts`, ''), 60_000);

test.each<[file: string, code: string, reason: string]>([
  // a floor imports only the floors below it
  [`${library}/core/x.ts`, `import { useState } from 'react'; useState;`, 'core imports no package'],
  [
    `${library}/core/x.ts`,
    `import { ConvexReactClient } from 'convex/react'; ConvexReactClient;`,
    'core imports no package',
  ],
  [`${library}/core/x.ts`, `import '@clerk/react';`, 'core imports no package'],
  [`${library}/core/x.ts`, `import { join } from 'node:path'; join;`, 'core imports no package'],
  [`${library}/core/x.ts`, `export { keys } from '../config/keys.ts';`, 'ground floor'],
  [
    `${library}/core/x.ts`,
    `import type { Props } from '../react/clerkTypes.ts'; export type P = Props;`,
    'ground floor',
  ],
  [`${library}/config/x.ts`, `import { useState } from 'react'; useState;`, 'config imports no package'],
  [`${library}/config/x.ts`, `import '../react/x.tsx';`, 'only the floors below it'],
  [`${library}/react/x.tsx`, `import { useAuth } from '@clerk/react'; useAuth;`, 'react imports only react'],
  [`${library}/react/x.tsx`, `import './bindings/react.tsx';`, 'A binding stands on top'],
  [`${library}/react/x.tsx`, `import 'clerk-convex-emulators';`, 'react imports only react'],
  [`${library}/react/x.tsx`, `import './devtools/AuthDevtools.tsx';`, 'has nothing of it'],
  [`${library}/public.ts`, `export * from './react/devtools/AuthDevtools.tsx';`, 'has nothing of it'],
  [`${library}/react/devtools/x.tsx`, `import '@clerk/react';`, 'react imports only react'],
  [`${library}/react/devtools/x.tsx`, `import '../../testing/createScript.ts';`, 'only the floors below it'],
  [`${library}/react/bindings/react.tsx`, `import '@clerk/clerk-react';`, 'no Clerk package but @clerk/react'],
  [`${library}/react/bindings/clerk-react.tsx`, `import '@clerk/react';`, 'no Clerk package but @clerk/clerk-react'],
  // what a layout of Next.js renders is for Next.js alone
  ...[
    ['react.ts', './react/bindings/next/ClerkConfigGuard.tsx'],
    ['clerk-react.ts', './react/bindings/next/variables.ts'],
    ['testing.ts', './react/bindings/next/ConfigBanner.tsx'],
    ['devtools.ts', './react/bindings/next/ConfigBanner.tsx'],
    ['react/bindings/react.tsx', './next/variables.ts'],
    ['react/bindings/clerk-react.tsx', './next/variables.ts'],
  ].map(([file, from]): [string, string, string] => [
    `${library}/${file}`,
    `export * from '${from}';`,
    'Only next.ts, next.client.ts',
  ]),
  [`${library}/public.ts`, `export * from './react/bindings/next/variables.ts';`, 'The entry . names nothing of Clerk'],
  [`${library}/react/x.tsx`, `export * from './bindings/next/variables.ts';`, 'A binding stands on top'],
  [
    `${library}/server/next/x.ts`,
    `export * from '../../react/bindings/next/variables.ts';`,
    'only the floors below it',
  ],
  [`${library}/react/bindings/next/x.tsx`, `import '../react.tsx';`, 'Of the bindings, only nextjs.tsx'],
  [`${library}/react/bindings/next/x.tsx`, `import '../../../server/next/faults.ts';`, 'only the floors below it'],
  [`${library}/react/bindings/next/x.tsx`, `import '@clerk/nextjs';`, 'takes Clerk from nextjs.tsx'],
  [`${library}/core/x.ts`, `export { en } from '../locales/en.ts';`, 'ground floor'],
  [`${library}/testing/x.ts`, `export { en } from '../locales/en.ts';`, 'only the floors below it'],
  [`${library}/react/x.ts`, `export * from '../testing/createScriptedAuth.ts';`, 'only the floors below it'],
  [`${library}/core/x.ts`, `export * from '../server/webhooks/store.ts';`, 'ground floor'],
  [
    `${library}/server/webhooks/x.ts`,
    `import { join } from 'node:path'; join;`,
    'server imports only standardwebhooks',
  ],
  [`${library}/server/x.ts`, `export * from '../react/clerkTypes.ts';`, 'only the floors below it'],
  [`${library}/server/webhooks/x.ts`, `export * from '../../react/clerkTypes.ts';`, 'only the floors below it'],
  [
    `${library}/server/webhooks/x.ts`,
    `import { verifyWebhook } from '@clerk/backend/webhooks'; verifyWebhook;`,
    'types',
  ],
  [`${library}/server/webhooks/x.ts`, `export const at = Date.now();`, 'Only core/clock.ts'],
  [`${library}/webhooks.ts`, `export * from './react/useAuthHealth.ts';`, 'nothing of React'],
  [
    `${library}/server/webhooks/x.ts`,
    `import { v } from 'convex/values'; export const text = v.string();`,
    'server imports only standardwebhooks',
  ],
  [
    `${library}/server/convex/x.ts`,
    `import { ConvexReactClient } from 'convex/react'; ConvexReactClient;`,
    'server/convex imports only convex/server',
  ],
  [`${library}/server/convex/x.ts`, `export * from '../../react/clerkTypes.ts';`, 'only the floors below it'],
  [`${library}/server/convex/x.ts`, `export const at = Date.now();`, 'Only core/clock.ts'],
  [`${library}/server/convex/x.ts`, `import { verifyWebhook } from '@clerk/backend/webhooks'; verifyWebhook;`, 'types'],
  [`${library}/convex.ts`, `export * from './react/useAuthHealth.ts';`, 'nothing of React'],
  [`${library}/server/next/x.ts`, `import { join } from 'node:path'; join;`, 'server/next imports only next/server'],
  [`${library}/server/next/x.ts`, `export * from '../../react/clerkTypes.ts';`, 'only the floors below it'],
  [`${library}/server/next/x.ts`, `import { NextResponse } from 'next/server'; NextResponse;`, 'Only its types'],
  [`${library}/server/next/x.ts`, `import { fetchQuery } from 'convex/nextjs'; fetchQuery;`, 'Only its types'],
  [`${library}/server/next/x.ts`, `import { en } from '../../locales/en.ts'; en;`, 'Only its types'],
  [`${library}/server/next/x.ts`, `import { en } from '../../diagnosis/prose/en.ts'; en;`, 'Only its types'],
  [`${library}/server/next/x.ts`, `export const at = Date.now();`, 'Only core/clock.ts'],
  [`${library}/next.ts`, `export * from './react/devtools/AuthDevtools.tsx';`, 'only what a layout renders'],
  [`${library}/next.ts`, `export * from './diagnosis/findings.ts';`, 'The entry ./next runs on servers'],
  [
    `${library}/locales/x.ts`,
    `export { systemClock } from '../core/clock.ts';`,
    'A locale imports ./messages.ts alone',
  ],
  [`${library}/locales/x.ts`, `import { en } from './en.ts'; export const x = { ...en };`, 'A locale imports ./mess'],
  [`${library}/locales/x.ts`, `import { format } from 'date-fns'; format;`, 'A locale imports ./messages.ts alone'],
  [
    `${library}/locales/x.ts`,
    `import { AuthMessages } from './messages.ts'; export type Messages = AuthMessages;`,
    'consistent-type-imports',
  ],
  [`${library}/index.ts`, `export * from './react/bindings/react.tsx';`, 'The entry . names nothing of Clerk'],
  [`${library}/index.ts`, `export * from '@clerk/react';`, 'The entry . names nothing of Clerk'],
  [`${library}/core.ts`, `export * from './react/ConvexClerkProvider.tsx';`, 'the core alone'],
  [`${library}/diagnosis/checks/x.ts`, `import { join } from 'node:path'; join;`, 'diagnosis imports no package'],
  [`${library}/diagnosis/x.ts`, `import { parse } from 'yaml'; parse;`, 'diagnosis imports no package'],
  [`${library}/diagnosis/x.ts`, `export * from '../react/useAuthHealth.ts';`, 'only the floors below it'],
  [`${library}/diagnosis/checks/log/x.ts`, `export * from '../../../server/webhooks/answers.ts';`, 'only the floors'],
  [`${library}/diagnosis/checks/x.ts`, `export * from '../../react/useAuthHealth.ts';`, 'only the floors below it'],
  [`${library}/diagnosis/checks/x.ts`, `export const at = Date.now();`, 'Only core/clock.ts'],
  [`${library}/core/x.ts`, `export * from '../diagnosis/findings.ts';`, 'ground floor'],
  [`${library}/config/x.ts`, `export * from '../diagnosis/findings.ts';`, 'only the floors below it'],
  [`${library}/server/webhooks/x.ts`, `export * from '../../diagnosis/findings.ts';`, 'only the floors below it'],
  [`${library}/diagnosis.ts`, `export * from './react/useAuthHealth.ts';`, 'The entry ./diagnosis is pure'],
  [`${library}/diagnosis.ts`, `export * from './server/webhooks/answers.ts';`, 'The entry ./diagnosis is pure'],
  [`${library}/diagnosis.ts`, `export { readFileSync } from 'node:fs';`, 'The entry ./diagnosis is pure'],
  [`${doctor}/gather/x.ts`, `import { useAuthHealth } from 'clerk-convex-resilience'; useAuthHealth;`, 'alone'],
  [
    `${doctor}/gather/x.ts`,
    `import 'clerk-convex-resilience/webhooks';`,
    'clerk-convex-resilience/diagnosis and /core alone',
  ],
  [`${doctor}/main.ts`, `export * from '../../clerk-convex-resilience/src/core/jwt.ts';`, 'import what it exports'],
  [`${doctor}/main.ts`, `import 'clerk-convex-emulators';`, 'Only tests of the doctor'],
  [`${emulators}/clerk/x.ts`, `import 'clerk-convex-resilience/core';`, 'independent witness'],
  // a global has one owner
  [`${library}/core/x.ts`, `export const at = Date.now();`, 'Only core/clock.ts'],
  [`${library}/core/x.ts`, `export const at = new Date();`, 'It reads the clock'],
  [`${library}/core/x.ts`, `export const chance = Math.random();`, 'Only core/clock.ts'],
  [`${library}/core/x.ts`, `setTimeout(() => {}, 1);`, 'Only core/clock.ts'],
  [`${library}/core/x.ts`, `export const signal = AbortSignal.timeout(1);`, 'Only core/clock.ts'],
  [`${library}/core/connectivity.ts`, `setTimeout(() => {}, 1);`, 'Only core/clock.ts'],
  [`${library}/core/clock.ts`, `export const isThere = typeof window;`, 'Only core/connectivity.ts'],
  [`${library}/react/x.tsx`, `export const here = window.location.href;`, 'Only core/connectivity.ts'],
  [`${library}/react/x.tsx`, `globalThis.setTimeout(() => {}, 1);`, 'Only core/clock.ts'],
  [`${library}/react/x.tsx`, `const { document: page } = globalThis; page;`, 'Only core/connectivity.ts'],
  [`${library}/index.ts`, `export const on = navigator.onLine;`, 'Only core/connectivity.ts'],
  [`${library}/react/devtools/x.ts`, `export const on = navigator.onLine;`, 'Only core/connectivity.ts'],
  [`${library}/react/devtools/devtoolsPage.ts`, `setTimeout(() => {}, 1);`, 'Only core/clock.ts'],
  // what Biome cannot see
  [
    `${library}/react/x.tsx`,
    `import { useState } from 'react'; export const f = (on: boolean) => { if (on) useState(0); };`,
    'rules-of-hooks',
  ],
])('%s may not say %s', async (file, code, reason) => {
  expect(await refusals(file, code)).toEqual([expect.stringContaining(reason)]);
});

test.each([
  [`${library}/core/x.ts`, `export { systemClock } from './clock.ts';`],
  [`${library}/core/clock.ts`, `export const at = Date.now() + Math.random(); setTimeout(() => {}, 1);`],
  [
    `${library}/core/connectivity.ts`,
    `export const page = typeof window === 'undefined' ? undefined : window.document;`,
  ],
  [
    `${library}/core/x.test.ts`,
    `import { test } from 'vitest'; test('t', () => { setTimeout(() => {}, Date.now()); });`,
  ],
  [`${library}/config/x.ts`, `export type { Clock } from '../core/clock.ts';`],
  [
    `${library}/server/convex/x.ts`,
    `import { v } from 'convex/values'; import '../webhooks/store.ts'; import '../../config/env.ts'; export const text = v.string();`,
  ],
  [
    `${library}/react/x.tsx`,
    `import { useState } from 'react'; import { ConvexReactClient } from 'convex/react'; import '../core/x.ts'; import '../config/y.ts'; import './z.tsx'; useState; ConvexReactClient;`,
  ],
  [
    `${library}/react/bindings/clerk-react.tsx`,
    `import '@clerk/clerk-react'; import '../ConvexClerkProvider.tsx'; import '../../core/x.ts';`,
  ],
  [
    `${library}/locales/x.ts`,
    `import type { AuthMessages } from './messages.ts'; export const x: Partial<AuthMessages> = {};`,
  ],
  [`${library}/react/x.tsx`, `export { en } from '../locales/en.ts';`],
  [
    `${library}/server/webhooks/x.ts`,
    `import type { WebhookEvent } from '@clerk/backend/webhooks'; import { Webhook } from 'standardwebhooks'; import '../../core/x.ts'; import './y.ts'; export type E = WebhookEvent; Webhook;`,
  ],
  [`${library}/webhooks.ts`, `export * from './server/webhooks/store.ts'; export * from './core/clock.ts';`],
  [
    `${library}/server/next/x.ts`,
    `import type { NextRequest } from 'next/server'; import type { Finding } from '../../diagnosis/findings.ts'; import { redactText } from '../../diagnosis/redact.ts'; import '../webhooks/within.ts'; import '../../core/clock.ts'; export const x = async (r: NextRequest, f: Finding) => [r, f, redactText(''), await import('../../locales/en.ts')];`,
  ],
  [
    `${library}/next.ts`,
    `export * from './server/next/x.ts'; export * from './core/errors.ts'; export * from './react/bindings/next/x.tsx';`,
  ],
  [
    `${library}/react/devtools/devtoolsPage.ts`,
    `export const page = typeof window === 'undefined' ? undefined : window;`,
  ],
  [
    `${library}/react/devtools/x.tsx`,
    `import { version } from 'convex'; import { useState } from 'react'; import '../../core/x.ts'; import '../useAuthHealth.ts'; import './y.ts'; useState; version;`,
  ],
  [`${library}/index.ts`, `export * from './react/ConvexClerkProvider.tsx'; export * from './core/classify.ts';`],
  [`${library}/core.ts`, `export * from './core/classify.ts';`],
  [
    `${library}/diagnosis/checks/log/x.ts`,
    `export * from '../../findings.ts'; export * from '../../../config/convexUrl.ts'; export * from '../../../core/jwt.ts';`,
  ],
  [
    `${library}/diagnosis.ts`,
    `export * from './diagnosis/findings.ts'; export * from './config/publishableKey.ts'; export * from './core/jwt.ts';`,
  ],
  [`${library}/react/x.ts`, `export * from '../diagnosis/runtimeEngine.ts';`],
  [
    `${doctor}/gather/x.ts`,
    `import { readFileSync } from 'node:fs'; import { finding } from 'clerk-convex-resilience/diagnosis'; import { systemClock } from 'clerk-convex-resilience/core'; import './y.ts'; readFileSync; finding; systemClock;`,
  ],
  [`${doctor}/gather/x.test.ts`, `import 'clerk-convex-emulators';`],
  [`${emulators}/clerk/x.ts`, `import 'jose'; setTimeout(() => {}, Date.now());`],
])('%s may say %s', async (file, code) => {
  expect(await refusals(file, code)).toEqual([]);
});
