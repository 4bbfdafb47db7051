import { afterAll, describe, expect, it } from 'vitest';
import { removeTrees, type Tree, writeTree } from '../../../testing/writeTree.ts';
import { gatherProjects } from '../gatherProjects.ts';

afterAll(removeTrees);

const middlewareOf = async (tree: Tree) => {
  const root = await writeTree(tree);
  return (await gatherProjects({ root, processEnv: {} }))[0]?.middleware;
};
const next = (version = '16.4.6'): Tree => ({
  'package.json': { name: 'web', dependencies: { next: version, '@clerk/nextjs': '7' } },
});
const clerk = `import { clerkMiddleware } from '@clerk/nextjs/server';\nexport default clerkMiddleware();\n`;
const page = 'export default () => null;\n';

describe('the middleware of Next.js', () => {
  it.each<[string, Tree, readonly string[], string]>([
    ['proxy.ts', { ...next(), 'app/page.tsx': page, 'proxy.ts': clerk }, ['proxy.ts'], 'proxy.ts'],
    [
      'proxy.ts in src',
      { ...next(), 'src/app/page.tsx': page, 'src/proxy.ts': clerk },
      ['src/proxy.ts'],
      'src/proxy.ts',
    ],
    [
      'the earlier name, which is read too',
      { ...next(), 'app/page.tsx': page, 'middleware.ts': clerk },
      ['middleware.ts'],
      'proxy.ts',
    ],
    ['not proxy.ts before 16', { ...next('15.3.0'), 'app/page.tsx': page, 'proxy.ts': clerk }, [], 'middleware.ts'],
    ['not one above src', { ...next(), 'src/app/page.tsx': page, 'proxy.ts': clerk }, [], 'src/proxy.ts'],
    ['not one in src beside app', { ...next(), 'app/page.tsx': page, 'src/middleware.ts': clerk }, [], 'proxy.ts'],
    [
      'beside pages',
      { ...next('15.3.0'), 'pages/index.js': page, 'middleware.js': clerk },
      ['middleware.js'],
      'middleware.ts',
    ],
    [
      'both, where both are read',
      { ...next(), 'src/pages/index.js': page, 'src/middleware.ts': clerk, 'src/proxy.ts': clerk },
      ['src/proxy.ts', 'src/middleware.ts'],
      'src/proxy.ts',
    ],
    [
      'the earlier name before 16, where proxy.ts is a file like any other',
      { ...next('15.3.0'), 'src/pages/index.js': page, 'src/middleware.ts': clerk, 'src/proxy.ts': page },
      ['src/middleware.ts'],
      'src/middleware.ts',
    ],
    [
      'one of the newest, by its tag',
      { ...next('canary'), 'app/page.tsx': page, 'proxy.ts': clerk },
      ['proxy.ts'],
      'proxy.ts',
    ],
    [
      'as pageExtensions has it',
      {
        ...next('15.3.0'),
        'next.config.mjs': "export default { pageExtensions: ['page.tsx', 'page.ts'] };",
        'app/page.page.tsx': page,
        'middleware.page.ts': clerk,
      },
      ['middleware.page.ts'],
      'middleware.page.ts',
    ],
    [
      'as ever, where it is not written out',
      {
        ...next(),
        'next.config.ts': 'export default { pageExtensions: all };',
        'app/page.tsx': page,
        'proxy.ts': clerk,
      },
      ['proxy.ts'],
      'proxy.ts',
    ],
    ['anywhere, before there are pages', { ...next(), 'src/proxy.ts': clerk }, ['src/proxy.ts'], 'proxy.ts'],
  ])('is %s', async (_, tree, files, expected) => {
    expect(await middlewareOf(tree)).toMatchObject({ files, expected });
  });

  it.each<[string, Tree, string | undefined]>([
    ['by the name of a later version', { ...next('15.3.0'), 'app/page.tsx': page, 'proxy.ts': clerk }, 'proxy.ts'],
    ['above src', { ...next(), 'src/app/page.tsx': page, 'proxy.js': clerk }, 'proxy.js'],
    [
      'in the folder of the routes',
      { ...next(), 'app/page.tsx': page, 'app/middleware.ts': clerk },
      'app/middleware.ts',
    ],
    ['of somebody else', { ...next('15.3.0'), 'app/page.tsx': page, 'proxy.ts': page }, undefined],
    [
      'beside one that is read',
      { ...next(), 'app/page.tsx': page, 'proxy.ts': page, 'src/proxy.ts': clerk },
      undefined,
    ],
    ['nowhere', { ...next(), 'app/page.tsx': page }, undefined],
  ])('tells one that is not read: %s', async (_, tree, passedOver) => {
    expect((await middlewareOf(tree))?.passedOver).toBe(passedOver);
  });

  const asks = "import { auth } from '@clerk/nextjs/server'; export default async function Page() { await auth(); }";
  const route = "import { auth } from '@clerk/nextjs/server'; export async function GET() { await auth(); }";
  const forPaths = (matcher: string) => `${clerk}export const config = { matcher: ${matcher} };`;
  const wide = `['/((?!_next|[^?]*\\\\.(?:html?|css|js(?!on)|jpe?g)).*)', '/(api|trpc)(.*)']`;
  it.each<[string, Tree, string | undefined]>([
    ['a page', { 'proxy.ts': forPaths("['/dashboard/:path*']"), 'app/page.tsx': asks }, '/'],
    [
      'a page in a group',
      { 'proxy.ts': forPaths("'/dashboard(.*)'"), 'app/(site)/me/page.tsx': asks, 'app/page.tsx': page },
      '/me',
    ],
    [
      'a route',
      { 'proxy.ts': forPaths("['/dashboard']"), 'app/api/a/route.ts': route, 'app/page.tsx': page },
      '/api/a',
    ],
    [
      'nothing that it takes',
      { 'proxy.ts': forPaths("['/dashboard/:path*', '/']"), 'app/page.tsx': asks, 'app/dashboard/page.tsx': asks },
      undefined,
    ],
    [
      'nothing of what Clerk suggests',
      { 'proxy.ts': forPaths(wide), 'app/page.tsx': asks, 'app/api/a/route.ts': route },
      undefined,
    ],
    [
      'what it does not take, whatever type the config has',
      {
        'proxy.ts': `${clerk}export const config = { matcher: ['/b'] as const } satisfies ProxyConfig;`,
        'app/a/page.tsx': asks,
      },
      '/a',
    ],
    [
      'nothing below a name that stands for some words',
      { 'proxy.ts': forPaths("['/:locale(en|de)/:path*']"), 'app/en/me/page.tsx': asks },
      undefined,
    ],
    ['no page that does not ask', { 'proxy.ts': forPaths("['/dashboard']"), 'app/page.tsx': page }, undefined],
    ['no path that is filled in', { 'proxy.ts': forPaths("['/dashboard']"), 'app/[id]/page.tsx': asks }, undefined],
    ['nothing without a matcher', { 'proxy.ts': clerk, 'app/page.tsx': asks }, undefined],
    [
      'nothing where it cannot be told',
      { 'proxy.ts': forPaths("[{ source: '/a' }]"), 'app/page.tsx': asks },
      undefined,
    ],
  ])('leaves out %s', async (_, tree, path) => {
    expect((await middlewareOf({ ...next(), ...tree }))?.leftOut?.path).toBe(path);
  });

  const forDashboard = forPaths("['/dashboard/:path*']");
  const usesUser = "import { getUser } from '@/lib/session'; export default async function Page() { await getUser(); }";
  const session = "export { getUser } from './clerk';";
  const user = (body: string) => `import { auth } from '@clerk/nextjs/server'; ${body}`;
  const menu = "import { SignedIn as In } from '@clerk/nextjs'; export const Menu = () => <In><p /></In>;";
  const rendersMenu = "import { Menu } from '../components/Menu'; export default () => <Menu />;";
  it.each<[string, Tree, string | undefined]>([
    [
      'a function that it calls, through other files',
      {
        'app/page.tsx': usesUser,
        'lib/session.ts': session,
        'lib/clerk.ts': user('export async function getUser() { return (await auth()).userId; }'),
      },
      'app/page.tsx',
    ],
    [
      'a function of its own and one that is wrapped',
      {
        'app/page.tsx': usesUser,
        'lib/session.ts': user(
          'const user = async () => auth(); export const getUser = cache(async () => await user());',
        ),
      },
      'app/page.tsx',
    ],
    ['a component that it renders', { 'app/page.tsx': rendersMenu, 'components/Menu.tsx': menu }, 'app/page.tsx'],
    ['a layout around it', { 'app/me/page.tsx': page, 'app/layout.tsx': asks }, 'app/layout.tsx'],
    [
      'a component of a layout around it',
      {
        'app/(site)/me/page.tsx': page,
        'app/(site)/layout.tsx': rendersMenu.replace('..', '@'),
        'components/Menu.tsx': menu,
      },
      'app/(site)/layout.tsx',
    ],
    ['no layout beside it', { 'app/page.tsx': page, 'app/dashboard/layout.tsx': asks }, undefined],
    [
      'no layout around a route',
      { 'app/layout.tsx': asks, 'app/hook/route.ts': 'export const POST = () => {};' },
      undefined,
    ],
    ['no layout without a page', { 'app/layout.tsx': asks, 'app/dashboard/page.tsx': page }, undefined],
    [
      'nothing that is only imported, or handed on',
      {
        'app/page.tsx':
          "import { getUser } from '@/lib/session'; export default () => <form action={getUser}>{String(getUser.name)}</form>;",
        'lib/session.ts': user('export const getUser = () => auth();'),
      },
      undefined,
    ],
    [
      'no other function of the same file',
      {
        'app/page.tsx': usesUser,
        'lib/session.ts': user('export const getUser = () => null; export const requireUser = () => auth();'),
      },
      undefined,
    ],
    [
      'no function that catches it',
      {
        'app/page.tsx': usesUser,
        'lib/session.ts': user(
          'export async function getUser() { try { return await auth(); } catch { return null; } }',
        ),
      },
      undefined,
    ],
    [
      'nothing in the browser',
      { 'app/page.tsx': rendersMenu, 'components/Menu.tsx': `'use client'; ${menu}` },
      undefined,
    ],
    ['no page in a private folder', { 'app/_old/page.tsx': asks, 'app/page.tsx': page }, undefined],
    [
      'nothing else of the package',
      {
        'app/page.tsx':
          "import * as clerk from '@clerk/nextjs/server'; export default async () => { await clerk.clerkClient(); };",
      },
      undefined,
    ],
  ])('sees what is left out by %s', async (_, tree, at) => {
    expect((await middlewareOf({ ...next(), 'proxy.ts': forDashboard, ...tree }))?.leftOut?.at).toBe(at);
  });

  const wrapped = `import { clerkMiddleware } from '@clerk/nextjs/server';\nexport const withClerk = () => clerkMiddleware();\n`;
  it.each<[string, Tree, boolean]>([
    ['itself', { 'proxy.ts': clerk }, true],
    [
      'through a re-export',
      { 'proxy.ts': "export { default, config } from './lib/middleware';", 'lib/middleware.ts': clerk },
      true,
    ],
    [
      'through an import of its own',
      { 'proxy.ts': "import { withClerk } from './lib/auth.js';\nexport default withClerk();", 'lib/auth.ts': wrapped },
      true,
    ],
    [
      'through @/',
      { 'proxy.ts': "import { withClerk } from '@/auth';\nexport default withClerk();", 'src/auth/index.ts': wrapped },
      true,
    ],
    [
      'through a path of tsconfig.json',
      {
        'tsconfig.json':
          '{\n  // paths\n  "compilerOptions": { "baseUrl": ".", "paths": { "~lib/*": ["./lib/*"], }, },\n}',
        'proxy.ts': "import { withClerk } from '~lib/auth';\nexport default withClerk();",
        'lib/auth.ts': wrapped,
      },
      true,
    ],
    [
      'through a circle of files',
      {
        'proxy.ts': "export * from './a';",
        'a.ts': "export * from './b';",
        'b.ts': "import './a';\nexport { clerkMiddleware as default } from '@clerk/nextjs/server';",
      },
      true,
    ],
    [
      'as CommonJS',
      {
        'proxy.js': "const { clerkMiddleware } = require('@clerk/nextjs/server');\nmodule.exports = clerkMiddleware();",
      },
      true,
    ],
    [
      'as a namespace',
      { 'proxy.ts': "import * as clerk from '@clerk/nextjs/server';\nexport default clerk.clerkMiddleware();" },
      true,
    ],
    ['perhaps: through a file that is not there', { 'proxy.ts': "export { default } from './generated';" }, true],
    ['perhaps: through an alias that nobody knows', { 'proxy.ts': "export { default } from '#/middleware';" }, true],
    [
      'not, through a package',
      { 'proxy.ts': "import createMiddleware from 'next-intl/middleware';\nexport default createMiddleware({});" },
      false,
    ],
    [
      'not, through its types',
      { 'proxy.ts': "import type { clerkMiddleware } from '@clerk/nextjs/server';\nexport default () => undefined;" },
      false,
    ],
    [
      'not, through a helper',
      {
        'proxy.ts':
          "import { createRouteMatcher } from '@clerk/nextjs/server';\nimport { log } from './log';\nexport default () => log(createRouteMatcher);",
        'log.ts': 'export const log = console.log;',
      },
      false,
    ],
  ])('uses Clerk %s', async (_, tree, expected) => {
    expect((await middlewareOf({ ...next(), 'app/page.tsx': page, ...tree }))?.usesClerk).toBe(expected);
  });

  it('may use Clerk through a package of the workspace', async () => {
    const proxy = "import { withClerk } from '@acme/auth/middleware';\nexport default withClerk();";
    const tree = {
      'package.json': { private: true, workspaces: ['web', 'auth'] },
      'web/package.json': { dependencies: { next: '16', '@clerk/nextjs': '7', '@acme/auth': '*' } },
      'web/app/page.tsx': page,
      'web/proxy.ts': proxy,
    };
    expect((await middlewareOf({ ...tree, 'auth/package.json': { name: '@acme/auth' } }))?.usesClerk).toBe(true);
    expect((await middlewareOf({ ...tree, 'auth/package.json': { name: '@acme/other' } }))?.usesClerk).toBe(false);
  });
});

describe('the middleware of TanStack Start', () => {
  const start: Tree = {
    'package.json': { dependencies: { '@tanstack/react-start': '1', '@clerk/tanstack-react-start': '0' } },
  };
  const handler =
    "import { createClerkHandler } from '@clerk/tanstack-react-start/server';\nexport default createClerkHandler(createStartHandler({ createRouter }))(defaultStreamHandler);";
  const plain = "import handler from '@tanstack/react-start/server-entry';\nexport default { fetch: handler.fetch };";
  const instance =
    "import { clerkMiddleware } from '@clerk/tanstack-react-start/server';\nexport const startInstance = createStart(() => ({ requestMiddleware: [clerkMiddleware()] }));";

  it.each<[string, Tree, object]>([
    ['src/start.ts', { 'src/start.ts': instance }, { files: ['src/start.ts'], usesClerk: true }],
    ['a handler in src/server.ts', { 'src/server.ts': handler }, { files: ['src/server.ts'], usesClerk: true }],
    ['a handler in app/ssr.tsx', { 'app/ssr.tsx': handler }, { files: ['app/ssr.tsx'], usesClerk: true }],
    ['not a server entry without Clerk', { 'src/server.ts': plain }, { files: [], usesClerk: false }],
    [
      'src/start.ts, beside a server entry without Clerk',
      { 'src/start.ts': instance, 'src/server.ts': plain },
      { files: ['src/start.ts'], usesClerk: true },
    ],
    [
      'src/start.ts without Clerk',
      {
        'src/start.ts':
          "import { createStart } from '@tanstack/react-start';\nexport const startInstance = createStart(() => ({}));",
      },
      { files: ['src/start.ts'], usesClerk: false },
    ],
  ])('is %s', async (_, tree, expected) => {
    expect(await middlewareOf({ ...start, ...tree })).toEqual({ ...expected, expected: 'src/start.ts' });
  });
});
