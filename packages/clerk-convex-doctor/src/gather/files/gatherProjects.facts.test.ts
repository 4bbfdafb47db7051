import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { removeTrees, type Tree, writeTree } from '../../testing/writeTree.ts';
import { gatherProjects } from './gatherProjects.ts';

afterAll(removeTrees);

const next: Tree = { 'package.json': { dependencies: { next: '16', '@clerk/nextjs': '7', convex: '1' } } };
const one = async (tree: Tree) => (await gatherProjects({ root: await writeTree(tree), processEnv: {} }))[0];

describe('what needs the middleware', () => {
  const auth = "import { auth } from '@clerk/nextjs/server';\n";
  it.each<[string, string, string, boolean]>([
    ['auth()', 'app/page.tsx', `${auth}export default async () => (await auth()).userId;`, true],
    ['auth.protect()', 'app/page.tsx', `${auth}export default async () => { await auth.protect(); };`, true],
    [
      'currentUser() in an action',
      'lib/user.ts',
      "import { currentUser as me } from '@clerk/nextjs/server';\nexport const id = async () => (await me())?.id;",
      true,
    ],
    [
      'getAuth() in pages',
      'pages/api/me.ts',
      "import { getAuth } from '@clerk/nextjs/server';\nexport default (req) => getAuth(req);",
      true,
    ],
    [
      'a namespace',
      'app/page.tsx',
      "import * as clerk from '@clerk/nextjs/server';\nexport default () => clerk.auth();",
      true,
    ],
    [
      'a guard on the server',
      'app/page.tsx',
      "import { SignedIn } from '@clerk/nextjs';\nexport default () => <SignedIn />;",
      true,
    ],
    [
      'a guard in the browser',
      'app/page.tsx',
      "'use client';\nimport { SignedIn } from '@clerk/nextjs';\nexport default () => <SignedIn />;",
      false,
    ],
    [
      'clerkClient() alone',
      'app/page.tsx',
      "import { clerkClient } from '@clerk/nextjs/server';\nexport default () => clerkClient();",
      false,
    ],
    ['an import that nobody calls', 'app/page.tsx', `${auth}export default () => null;`, false],
    ['another auth()', 'app/page.tsx', "import { auth } from './clerk';\nexport default () => auth();", false],
  ])('%s', async (_, file, text, expected) => {
    expect((await one({ ...next, [file]: text }))?.source.usesServerAuth).toBe(expected);
  });

  it('is not asked where there is no server', async () => {
    const vite = { 'package.json': { dependencies: { '@clerk/react': '6' }, devDependencies: { vite: '7' } } };
    expect((await one(vite))?.source).not.toHaveProperty('usesServerAuth');
  });
});

describe('the proxy that is written in code', () => {
  const layout = (prop: string) =>
    `import { ClerkProvider } from '@clerk/nextjs';\nexport default () => <ClerkProvider ${prop}><p /></ClerkProvider>;`;
  const proxy = (args: string) =>
    `import { clerkMiddleware } from '@clerk/nextjs/server';\nexport default clerkMiddleware(${args});`;
  it.each<[string, Tree, string | undefined]>([
    ['a prop', { 'app/layout.tsx': layout('proxyUrl="https://a.example/__clerk"') }, 'https://a.example/__clerk'],
    ['a prop in braces', { 'app/layout.tsx': layout("proxyUrl={'/__clerk'}") }, '/__clerk'],
    ['options', { 'app/page.tsx': '', 'proxy.ts': proxy("{ proxyUrl: '/clerk' }") }, '/clerk'],
    [
      'options after a handler',
      { 'app/page.tsx': '', 'proxy.ts': proxy("() => {}, { proxyUrl: '/clerk' }") },
      '/clerk',
    ],
    [
      'options of a callback',
      { 'app/page.tsx': '', 'proxy.ts': proxy("() => {}, () => ({ proxyUrl: '/clerk' })") },
      '/clerk',
    ],
    [
      "Clerk's own proxy",
      { 'app/page.tsx': '', 'proxy.ts': proxy('{ frontendApiProxy: { enabled: true } }') },
      '/__clerk',
    ],
    [
      "Clerk's own, elsewhere",
      { 'app/page.tsx': '', 'proxy.ts': proxy("{ frontendApiProxy: { enabled: isProd, path: '/c' } }") },
      '/c',
    ],
    [
      "Clerk's own, off",
      { 'app/page.tsx': '', 'proxy.ts': proxy('{ frontendApiProxy: { enabled: false } }') },
      undefined,
    ],
    ['a variable', { 'app/layout.tsx': layout('proxyUrl={process.env.NEXT_PUBLIC_CLERK_PROXY_URL}') }, undefined],
    [
      'of another component',
      { 'app/layout.tsx': 'import { Tracker } from \'tracker\';\nexport default () => <Tracker proxyUrl="/clerk" />;' },
      undefined,
    ],
    ['none', {}, undefined],
  ])('%s', async (_, tree, expected) => {
    expect((await one({ ...next, ...tree }))?.source.proxyUrl).toBe(expected);
  });
});

it('knows an app without keys, in which Clerk has made some', async () => {
  expect((await one({ ...next, '.clerk/.tmp/keyless.json': '{}' }))?.isKeyless).toBe(true);
  expect(await one(next)).not.toHaveProperty('isKeyless');
});

it('leaves the tables and functions of a component to the component', async () => {
  const users = "export const list = query({ handler: (ctx) => ctx.db.query('users').collect() });";
  const tree = { ...next, 'convex/schema.ts': 'export default defineSchema({});', 'convex/mine/users.ts': users };
  const source = async (more: Tree) => (await one({ ...tree, ...more }))?.source.usesUsersTable;
  expect(await source({})).toEqual(['convex/mine/users.ts:1']);
  expect(await source({ 'convex/convex.config.ts': '' })).toEqual(['convex/mine/users.ts:1']);
  expect(await source({ 'convex/mine/convex.config.ts': '' })).toEqual([]);
});

describe('a build that is older than the env file', () => {
  const key = 'pk_test_aGFwcHktaGlwcG8tMS5jbGVyay5hY2NvdW50cy5kZXYk';
  async function stale(env: string, chunk?: string) {
    const root = await writeTree({
      ...next,
      '.env.local': env,
      '.next/BUILD_ID': 'a',
      ...(chunk !== undefined && { '.next/static/chunks/app.js': chunk }),
    });
    const hourAgo = new Date(Date.now() - 3_600_000);
    for (const path of ['.next/BUILD_ID', '.next']) await utimes(join(root, path), hourAgo, hourAgo);
    return (await gatherProjects({ root, processEnv: {} }))[0]?.staleBuild?.file;
  }
  it.each<[string, string, string | undefined, string | undefined]>([
    ['has the old keys', `NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=${key}`, 'const a = "pk_test_other";', '.env.local'],
    ['has who knows which', `NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=${key}`, undefined, '.env.local'],
    ["has today's", `NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=${key}`, `const a = "${key}";`, undefined],
    [
      'has nothing of what only the server reads',
      'CLERK_SECRET_KEY=a\nCLERK_JWT_ISSUER_DOMAIN=b',
      undefined,
      undefined,
    ],
    ['has nothing of what is of no concern', 'NEXT_PUBLIC_ANALYTICS=a', undefined, undefined],
  ])('%s', async (_, env, chunk, expected) => {
    expect(await stale(env, chunk)).toBe(expected);
  });
});
