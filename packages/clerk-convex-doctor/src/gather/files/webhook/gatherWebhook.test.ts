import { afterAll, describe, expect, it } from 'vitest';
import { removeTrees, type Tree, writeTree } from '../../../testing/writeTree.ts';
import { gatherProjects } from '../gatherProjects.ts';

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
const verifies = `"use node"; import { Webhook } from 'svix'; export const fulfill = internalAction({ handler: async (ctx, { text }) => new Webhook(process.env.CLERK_WEBHOOK_SECRET!).verify(text) });`;
const runs = (path: string): string =>
  `import { internal } from './_generated/api'; http.route({ path: '/clerk', method: 'POST', handler: httpAction(async (ctx, request) => { await ctx.runAction(internal.${path}, { text: await request.text() }); }) });`;

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
      'a route for GET',
      {
        'http.ts': `${router}${action}\n${route.replace("'POST'", "'GET'")}\nexport default http;`,
      },
      { path: '/webhooks/clerk', refusesPost: 'convex/http.ts:2' },
    ],
    [
      'a route for GET beside one for POST',
      {
        'http.ts': `${router}${action}\n${route.replace('/clerk', '/test')}\n${route.replace("'POST'", "'GET'")}\nexport default http;`,
      },
      { path: '/webhooks/test' },
    ],
    [
      'routes that somebody else adds',
      {
        'hook.ts': svix,
        'http.ts': `${router} import { addRoutes } from 'elsewhere'; addRoutes(http); export default http;`,
      },
      { handlers: [{ at: 'convex/hook.ts:1', runsIn: 'convex', secretNames: ['CLERK_WEBHOOK_SECRET'] }] },
    ],
    [
      'an action that the route runs by its reference',
      {
        'lib/clerk.ts': verifies,
        'http.ts': `${router}${runs('lib.clerk.fulfill')} export default http;`,
      },
      { handlers: [{ at: 'convex/lib/clerk.ts:1' }], path: '/clerk' },
    ],
    [
      'an action that does, through functions and files between',
      {
        'svix.ts': `import { Webhook } from 'svix'; export const verify = (text) => new Webhook(process.env.CLERK_WEBHOOK_SECRET!).verify(text);`,
        'lib/index.ts': `export * from '../other'; export * from '../svix';`,
        'other.ts': `export const clerk = 1;`,
        'clerk.ts': `import { internalAction } from './_generated/server'; import { verify } from './lib'; const check = (text) => verify(text); async function handle(ctx, { text }) { return check(text); } export const fulfill = internalAction({ handler: handle });`,
        'http.ts': `${router}${runs('clerk.fulfill')} export default http;`,
      },
      { path: '/clerk' },
    ],
    [
      "an action that runs another's reference",
      {
        'clerk.ts': verifies,
        'users.ts': `export const fulfill = internalAction({ handler: async () => process.env.CLERK_URL });`,
        'http.ts': `${router}${runs('users.fulfill')} export default http;`,
      },
      { routeMissing: 'convex/http.ts' },
    ],
    [
      'actions that run each other',
      {
        'hook.ts': svix,
        'clerk.ts': `import { internal } from './_generated/api'; export const fulfill = internalAction({ handler: (ctx) => ctx.runAction(internal.clerk.fulfill) });`,
        'http.ts': `${router}${runs('clerk.fulfill')} export default http;`,
      },
      { routeMissing: 'convex/http.ts' },
    ],
    [
      "Hono's router",
      {
        'http.ts': `import { HttpRouterWithHono } from 'convex-helpers/server/hono'; import { Webhook } from 'svix'; app.post('/clerk', async () => { new Webhook(process.env.CLERK_WEBHOOK_SECRET!); }); export default new HttpRouterWithHono(app);`,
      },
      { handlers: [{ at: 'convex/http.ts:1' }] },
    ],
    [
      'a router that another file makes',
      { 'hook.ts': svix, 'http.ts': `import { http } from './router'; export default http;` },
      { handlers: [{ at: 'convex/hook.ts:1' }] },
    ],
    [
      'a route whose parts stand in a constant',
      {
        'hook.ts': svix,
        'http.ts': `${router} import { clerkHook as handler } from './hook'; const spec = { path: '/clerk', method: 'POST', handler }; http.route(spec); export default http;`,
      },
      { handlers: [{ at: 'convex/hook.ts:1' }] },
    ],
    [
      'routes that a loop adds',
      {
        'hook.ts': svix,
        'http.ts': `${router} import { clerkHook as handler } from './hook'; for (const each of [{ path: '/clerk', handler }]) http.route({ ...each, method: 'POST' }); export default http;`,
      },
      { handlers: [{ at: 'convex/hook.ts:1' }] },
    ],
  ])('%s', async (_, files, expected) => {
    const tree = Object.fromEntries(Object.entries(files).map(([name, text]) => [`convex/${name}`, text]));
    const { webhook } = await gather(tree);
    expect(webhook).toMatchObject(expected);
    for (const name of ['routeMissing', 'refusesPost'])
      if (!(name in expected)) expect(webhook).not.toHaveProperty(name);
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

  const webhook = `import { Webhook } from 'svix';`;
  const client = `import { clerkClient } from '@clerk/nextjs/server'; const clerk = await clerkClient();`;
  it.each<[string, string, string, readonly string[] | undefined]>([
    [
      "Resend's, which asks Clerk for a user",
      'app/api/webhooks/resend/route.ts',
      `${webhook}${client} new Webhook(process.env.RESEND_WEBHOOK_SECRET!);`,
      undefined,
    ],
    [
      "Resend's, by its folder",
      'app/api/webhooks/resend/route.ts',
      `${webhook}${client} new Webhook(process.env.WEBHOOK_SECRET!);`,
      undefined,
    ],
    [
      "somebody's, which asks Clerk for a user",
      'app/api/hook/route.ts',
      `${webhook}${client} new Webhook(process.env.WEBHOOK_SECRET!); find({ clerkId });`,
      undefined,
    ],
    [
      "Resend's, whose key is imported",
      'app/api/hook/route.ts',
      `${webhook} import { secret } from '@/resend'; new Webhook(secret); // not of Clerk`,
      undefined,
    ],
    [
      "Clerk's, by its folder",
      'app/api/webhooks/clerk/route.ts',
      `${webhook} new Webhook(process.env.MY_SECRET!);`,
      ['MY_SECRET'],
    ],
    [
      "Clerk's, by its type",
      'app/api/hook/route.ts',
      `${webhook}${client} import type { WebhookEvent } from '@clerk/nextjs/server'; const secret = process.env.HOOK_KEY; new Webhook(secret) as WebhookEvent;`,
      ['HOOK_KEY'],
    ],
    [
      "Clerk's, by its events",
      'app/api/hook/route.ts',
      `${webhook} const { HOOK_KEY } = process.env; new Webhook(HOOK_KEY ?? ''); event.type === 'user.created';`,
      ['HOOK_KEY'],
    ],
    [
      "Clerk's, beside Resend's",
      'app/api/hook/route.ts',
      `${webhook} new Webhook(process.env.RESEND_WEBHOOK_SECRET!);new Webhook(process.env.CLERK_WEBHOOK_SECRET!);`,
      ['CLERK_WEBHOOK_SECRET'],
    ],
    [
      "Clerk's, with a secret that is handed in",
      'app/api/clerk/route.ts',
      `${webhook} export const make = (secret) => new Webhook(secret);`,
      [],
    ],
    [
      "verified by Clerk's own, with another secret",
      'app/api/hook/route.ts',
      `import { verifyWebhook } from '@clerk/nextjs/webhooks'; await verifyWebhook(request, { signingSecret: process.env.MY_SECRET });`,
      ['MY_SECRET'],
    ],
    [
      "verified by Clerk's own, with a secret of another module",
      'app/api/hook/route.ts',
      `import { verifyWebhook } from '@clerk/nextjs/webhooks'; import { env } from '@/env'; await verifyWebhook(request, { signingSecret: env.MY_SECRET });`,
      [],
    ],
    [
      "verified by Clerk's own, beside another's secret",
      'app/api/hook/route.ts',
      `import { verifyWebhook } from '@clerk/nextjs/webhooks'; await verifyWebhook(request); send(process.env.SLACK_WEBHOOK_URL);`,
      ownNames.slice(0, 1),
    ],
    [
      "this library's, with another secret",
      'app/api/hook/route.ts',
      `import { createClerkWebhookHandler } from 'clerk-convex-resilience/webhooks'; export const POST = createClerkWebhookHandler({ secrets: process.env.MY_SECRET, on: { 'user.created': () => notify(process.env.SLACK_WEBHOOK_URL) } });`,
      ['MY_SECRET'],
    ],
  ])('%s', async (_, file, text, secretNames) => {
    const { handlers } = (await gather({ [file]: text })).webhook;
    expect(handlers.map((each) => each.secretNames)).toEqual(secretNames === undefined ? [] : [secretNames]);
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
    [
      'sends whoever is signed out to the sign-in page',
      `${open('/api/other')}export default clerkMiddleware(async (auth, request) => {
  if (isPublic(request)) return;
  const { userId, redirectToSignIn } = await auth();
  if (!userId) return redirectToSignIn();
});`,
      'proxy.ts:6',
    ],
    [
      'sends them to a page of its own',
      `${open('/api/other')}export default clerkMiddleware(async (auth, request) => {
  const session = await auth();
  if (!session.userId && !isPublic(request)) return NextResponse.redirect(new URL('/sign-in', request.url));
});`,
      'proxy.ts:5',
    ],
    [
      'sends whoever is signed in away from the front page',
      `export default clerkMiddleware(async (auth, request) => {
  const { userId } = await auth();
  if (userId) return NextResponse.redirect(new URL('/home', request.url));
});`,
      undefined,
    ],
    [
      'sends everybody elsewhere from an old page',
      `${guarded('/api/(.*)')}export default clerkMiddleware(async (auth, request) => {
  if (isGuarded(request)) return NextResponse.redirect(new URL('/new', request.url));
});`,
      undefined,
    ],
    [
      'asks a session of its own',
      `export default clerkMiddleware(async (auth, request) => {
  const { userId } = await readSession(request);
  if (!userId) return NextResponse.redirect(new URL('/sign-in', request.url));
});`,
      undefined,
    ],
    [
      'lets those of its list go in a ternary',
      `${open('/api/webhooks(.*)')}export default clerkMiddleware((auth, request) => isPublic(request) ? undefined : auth.protect());`,
      undefined,
    ],
    [
      'protects the others in a ternary',
      `${open('/api/other')}export default clerkMiddleware((auth, request) => isPublic(request) ? undefined : auth.protect());`,
      'proxy.ts:3',
    ],
    [
      'is exported by its name',
      'const guard = clerkMiddleware((auth) => auth.protect());\nexport { guard as proxy };',
      'proxy.ts:2',
    ],
    [
      'is asked by another, which nobody can follow',
      `const guard = clerkMiddleware((auth) => auth.protect());
export default (request, event) => (request.nextUrl.pathname.startsWith('/api/webhooks') ? undefined : guard(request, event));`,
      undefined,
    ],
  ])('a middleware that %s', async (_, middleware, protectedBy) => {
    const { webhook } = await gather({ 'app/api/webhooks/clerk/route.ts': handler, 'proxy.ts': imports + middleware });
    expect(webhook.protectedBy).toBe(protectedBy);
  });

  const guard = `${imports}export default clerkMiddleware((auth) => auth.protect());\n`;
  it.each<[string, Tree, string | undefined]>([
    [
      '`export { default } from`',
      { 'proxy.ts': "export { default, config } from './lib/guard';", 'lib/guard.ts': guard },
      'lib/guard.ts:2',
    ],
    [
      '`export *`',
      { 'proxy.ts': "export * from './lib/guard';", 'lib/guard.ts': guard.replace('default', 'const proxy =') },
      'lib/guard.ts:2',
    ],
    [
      'an import',
      { 'proxy.ts': "import guard from '@/guard';\nexport default guard;", 'src/guard.ts': guard },
      'src/guard.ts:2',
    ],
    [
      'two files',
      {
        'proxy.ts': "import { guard } from './a';\nexport default guard;",
        'a.ts': "export { default as guard } from './b';",
        'b.ts': guard,
      },
      'b.ts:2',
    ],
    [
      'a file, though not for this path',
      {
        'proxy.ts': "export { default } from './guard';\nexport const config = { matcher: ['/dashboard(.*)'] };",
        'guard.ts': guard,
      },
      undefined,
    ],
    [
      'a file that it asks as it likes',
      {
        'proxy.ts':
          "import guard from './guard';\nexport default (request) => (isHook(request) ? undefined : guard(request));",
        'guard.ts': guard,
      },
      undefined,
    ],
    ['itself', { 'proxy.ts': "export { default } from './proxy';" }, undefined],
  ])('a middleware that comes from another file, through %s', async (_, tree, protectedBy) => {
    const { webhook } = await gather({ 'app/api/webhooks/clerk/route.ts': handler, ...tree });
    expect(webhook.protectedBy).toBe(protectedBy);
  });

  it.each<[string, string, string | undefined]>([
    ['GET alone', handler.replaceAll('POST', 'GET'), 'app/api/webhooks/clerk/route.ts:1'],
    [
      'GET alone, under another name',
      `${handler.replace('POST', 'hook')}\nexport { hook as GET };`,
      'app/api/webhooks/clerk/route.ts:1',
    ],
    ['GET and POST', `${handler} export const GET = () => new Response();`, undefined],
    ['POST under another name', `${handler.replace('POST', 'hook')} export { hook as POST, hook as GET };`, undefined],
    ['whatever another file does', `${handler.replace('POST', 'GET')} export * from './more';`, undefined],
    [
      'several, which it takes apart',
      `${handler.replace('POST', 'hook')} export const { GET, POST } = serve(hook);`,
      undefined,
    ],
  ])('a route that answers %s', async (_, text, refusesPost) => {
    const { webhook } = await gather({ 'app/api/webhooks/clerk/route.ts': text });
    expect(webhook.refusesPost).toBe(refusesPost);
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
