import { afterAll, describe, expect, it } from 'vitest';
import { removeTrees, type Tree, writeTree } from '../../../testing/writeTree.ts';
import { gatherProjects } from '../gatherProjects.ts';
import { matches } from './protection.ts';

afterAll(removeTrees);

const gather = async (tree: Tree, json: object = { dependencies: { next: '16.0.0', '@clerk/nextjs': '6' } }) => {
  const [project] = await gatherProjects({ root: await writeTree({ 'package.json': json, ...tree }), processEnv: {} });
  if (!project) throw new Error('no app');
  return project;
};

const ownNames = ['CLERK_WEBHOOK_SIGNING_SECRET', 'CLERK_WEBHOOK_SECRET'];
const router = `import { httpRouter } from 'convex/server'; const http = httpRouter();`;
const action = `import { clerkWebhookAction } from 'clerk-convex-resilience/convex';`;
const route = `http.route({ path: '/webhooks/clerk', method: 'POST', handler: clerkWebhookAction(internal.clerk) });`;
const svix = `import { Webhook } from 'svix'; export const clerkHook = httpAction(async () => { new Webhook(process.env.CLERK_WEBHOOK_SECRET!); });`;

describe('gatherWebhook, in Convex', () => {
  it.each<[string, Tree, object]>([
    ['nothing', { 'http.ts': `${router} export default http;` }, { handlers: [] }],
    [
      "this library's action",
      { 'http.ts': `${router}${action}\n${route}\nexport default http;` },
      { handlers: [{ at: 'convex/http.ts:2', runsIn: 'convex', secretNames: ownNames }], path: '/webhooks/clerk' },
    ],
    [
      'an action without a route',
      { 'http.ts': `${router}${action} clerkWebhookAction(internal.clerk); export default http;` },
      { routeMissing: 'convex/http.ts' },
    ],
    ['a router that is not exported', { 'http.ts': `${router}${action}${route}` }, { routeMissing: 'convex/http.ts' }],
    [
      'functions without an action',
      {
        'clerk.ts': `import { clerkWebhookFunctions } from 'clerk-convex-resilience/convex';\nexport const { apply } = clerkWebhookFunctions(internalMutation);`,
      },
      {
        handlers: [{ at: 'convex/clerk.ts:2', runsIn: 'convex', secretNames: ownNames }],
        routeMissing: 'convex/http.ts',
      },
    ],
    [
      "Svix's, in another file, with a route",
      {
        'hook.ts': svix,
        'http.ts': `${router} import { clerkHook } from './hook'; http.route({ path: '/a', method: 'POST', handler: clerkHook }); export default http;`,
      },
      { handlers: [{ at: 'convex/hook.ts:1', runsIn: 'convex', secretNames: ['CLERK_WEBHOOK_SECRET'] }], path: '/a' },
    ],
    [
      "Svix's, without a route",
      {
        'hook.ts': svix,
        'http.ts': `${router} http.route({ path: '/b', method: 'GET', handler: other }); export default http;`,
      },
      { routeMissing: 'convex/http.ts' },
    ],
    [
      "Svix's, for somebody else",
      { 'hook.ts': `import { Webhook } from 'svix'; new Webhook(process.env.RESEND_SECRET!);` },
      { handlers: [] },
    ],
    [
      'a function of the file that verifies',
      {
        'http.ts': `${router} import { verifyWebhook } from '@clerk/backend/webhooks'; const handle = httpAction(async (ctx, request) => { await verifyWebhook(request); }); http.route({ path: '/c', method: 'POST', handler: handle }); export default http;`,
      },
      { handlers: [{ at: 'convex/http.ts:1', runsIn: 'convex', secretNames: ownNames.slice(0, 1) }], path: '/c' },
    ],
    [
      'routes that somebody else adds',
      {
        'hook.ts': svix,
        'http.ts': `${router} import { addRoutes } from 'elsewhere'; addRoutes(http); export default http;`,
      },
      { handlers: [{ at: 'convex/hook.ts:1', runsIn: 'convex', secretNames: ['CLERK_WEBHOOK_SECRET'] }] },
    ],
  ])('%s', async (_, files, expected) => {
    const tree = Object.fromEntries(Object.entries(files).map(([name, text]) => [`convex/${name}`, text]));
    const { webhook } = await gather(tree);
    expect(webhook).toMatchObject(expected);
    if (!('routeMissing' in expected)) expect(webhook).not.toHaveProperty('routeMissing');
  });
});

const handler = `import { verifyWebhook } from '@clerk/nextjs/webhooks'; export async function POST(request) { await verifyWebhook(request); }`;

describe('gatherWebhook, in the app', () => {
  it.each<[string, string, string | undefined, object?]>([
    ['app/api/webhooks/clerk/route.ts', '/api/webhooks/clerk', undefined],
    ['src/app/(public)/api/hook/route.ts', '/api/hook', undefined],
    ['pages/api/clerk.ts', '/api/clerk', undefined],
    ['lib/clerk.ts', '', 'app/api/webhooks/clerk/route.ts'],
    ['app/hook+api.ts', '/hook', undefined, { dependencies: { expo: '54' } }],
    ['server/clerk.ts', '', undefined, { devDependencies: { vite: '7' } }],
  ])('%s', async (file, path, routeMissing, json) => {
    const { webhook } = await gather({ [file]: handler }, json);
    expect(webhook.handlers).toEqual([{ at: `${file}:1`, runsIn: 'app', secretNames: ownNames.slice(0, 1) }]);
    expect([webhook.path ?? '', webhook.routeMissing]).toEqual([path, routeMissing]);
  });

  const imports = `import { clerkMiddleware, createRouteMatcher } from '@clerk/nextjs/server';\n`;
  const open = (pattern: string) => `const isPublic = createRouteMatcher(['/sign-in(.*)', '${pattern}']);\n`;
  const guarded = (pattern: string) => `const isGuarded = createRouteMatcher(['${pattern}']);\n`;
  const whole = `export const config = { matcher: ['/((?!_next|[^?]*\\\\.(?:html?|css)).*)', '/(api|trpc)(.*)'] };`;
  it.each<[string, string, string | undefined]>([
    ['protects nothing', 'export default clerkMiddleware();', undefined],
    [
      'protects everything',
      'export default clerkMiddleware(async (auth) => {\n await auth.protect(); });',
      'proxy.ts:3',
    ],
    [
      'leaves it public',
      `${open('/api/webhooks(.*)')}export default clerkMiddleware(async (auth, request) => { if (!isPublic(request)) await auth.protect(); });`,
      undefined,
    ],
    [
      'leaves another public',
      `${open('/api/other(.*)')}export default clerkMiddleware(async (auth, request) => { if (!isPublic(request)) await auth.protect(); });`,
      'proxy.ts:3',
    ],
    [
      'returns early for it',
      `${open('/api/webhooks(.*)')}export default clerkMiddleware(async (auth, request) => { if (isPublic(request)) return; await auth.protect(); });`,
      undefined,
    ],
    [
      'returns early for another',
      `${open('/api/other')}export default clerkMiddleware(async (auth, request) => { if (isPublic(request)) { return; } await auth.protect(); });`,
      'proxy.ts:3',
    ],
    [
      'guards others',
      `${guarded('/dashboard(.*)')}export default clerkMiddleware(async (auth, request) => { if (isGuarded(request)) await auth.protect(); });`,
      undefined,
    ],
    [
      'guards it',
      `${guarded('/api(.*)')}export default clerkMiddleware(async (auth, request) => { if (isGuarded(request)) await auth.protect(); });`,
      'proxy.ts:3',
    ],
    [
      'guards it by &&',
      `${guarded('/api/:path*')}export default clerkMiddleware(async (auth, request) => { isGuarded(request) && (await auth.protect()); });`,
      'proxy.ts:3',
    ],
    [
      'does not run for it',
      `export default clerkMiddleware((auth) => auth.protect());\nexport const config = { matcher: ['/dashboard(.*)'] };`,
      undefined,
    ],
    ['runs for it by its matcher', `export default clerkMiddleware((auth) => auth.protect());\n${whole}`, 'proxy.ts:2'],
    [
      'depends on something else',
      'export default clerkMiddleware(async (auth, request) => { if (mine(request)) await auth.protect(); });',
      undefined,
    ],
  ])('a middleware that %s', async (_, middleware, protectedBy) => {
    const { webhook } = await gather({ 'app/api/webhooks/clerk/route.ts': handler, 'proxy.ts': imports + middleware });
    expect(webhook.protectedBy).toBe(protectedBy);
  });

  it.each([
    ['/(.*)', '/a', true],
    ['/api(.*)', '/api/a', true],
    ['/api', '/api/a', false],
    ['/:locale/hook', '/en/hook', true],
    ['/(a+)+$', `/${'a'.repeat(150)}`, undefined],
    ['/.*.*.*.*.*b', `/${'a'.repeat(150)}`, undefined],
    ['/(', '/(', undefined],
  ])('%s has %s: %s', (pattern, path, expected) => {
    expect(matches(pattern, path)).toBe(expected);
  });
});

describe('gatherMiddleware', () => {
  const clerk = `import { clerkMiddleware } from '@clerk/nextjs/server'; export default clerkMiddleware();`;
  const next = (version: string, lock?: string): Tree => ({
    'package.json': { dependencies: { next: version, '@clerk/nextjs': '6' } },
    ...(lock !== undefined && { 'node_modules/next/package.json': { version: lock } }),
  });
  it.each<[string, Tree, object | undefined]>([
    ['Next.js 16 without one', next('16'), { files: [], expected: 'proxy.ts', usesClerk: false }],
    ['Next.js 15 without one', next('^15.2.0'), { files: [], expected: 'middleware.ts', usesClerk: false }],
    ['what is installed before what was asked for', next('>=15', '16.1.0'), { expected: 'proxy.ts' }],
    ['the newest', next('latest'), { expected: 'proxy.ts' }],
    ['in src', { ...next('16'), 'src/app/page.tsx': '' }, { expected: 'src/proxy.ts' }],
    [
      'both',
      { ...next('16'), 'proxy.ts': clerk, 'src/middleware.ts': clerk },
      { files: ['proxy.ts', 'src/middleware.ts'], usesClerk: true },
    ],
    [
      'without Clerk',
      { ...next('16'), 'proxy.ts': 'export default () => {}; // clerkMiddleware' },
      { files: ['proxy.ts'], usesClerk: false },
    ],
    [
      'Clerk in the browser alone',
      { 'package.json': { dependencies: { next: '16', '@clerk/react': '6' } } },
      undefined,
    ],
    ['Vite', { 'package.json': { devDependencies: { vite: '7' } }, 'middleware.ts': clerk }, undefined],
    [
      'TanStack Start',
      {
        'package.json': { dependencies: { '@tanstack/react-start': '1', '@clerk/tanstack-react-start': '1' } },
        'src/start.ts': `import { clerkMiddleware } from '@clerk/tanstack-react-start/server'; export const a = clerkMiddleware();`,
      },
      { files: ['src/start.ts'], expected: 'src/start.ts', usesClerk: true },
    ],
  ])('%s', async (_, tree, expected) => {
    const { middleware } = await gather(tree);
    if (expected) expect(middleware).toMatchObject(expected);
    else expect(middleware).toBeUndefined();
  });
});
