import type { FindingCode } from 'clerk-convex-resilience/diagnosis';
import type { FileMap } from './CleanProject.ts';
import { authConfig, convexFolder, deploymentLine, typedAuthConfig } from './convexFolder.ts';
import { expoLayout, expoVersions } from './expo.ts';
import { json, packageJson, type Versions } from './installed.ts';
import { convexUrl, issuer, publishableKey, publishableKeyOf, secretKey, secretKeyOf } from './instance.ts';
import { clerkMiddleware, clerkProxy, convexClientProvider, layout, nextGitignore, nextVersions } from './next.ts';

/** A project in which nothing is wrong, built as people build them, and not as a guide does. */
export interface OrdinaryProject {
  readonly name: string;
  readonly files: FileMap;
  /** As `--env-file`. */
  readonly envFile?: string;
  /** What cannot be seen from the files alone, and so is said with a warning, never as an error. @defaultValue nothing */
  readonly doubts?: readonly FindingCode[];
}

const older = { '@clerk/nextjs': '6.36.5', convex: '1.31.2', next: '15.5.9', react: '19.1.1', 'react-dom': '19.1.1' };

const keys = `NEXT_PUBLIC_CONVEX_URL=${convexUrl}
NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=${publishableKey}
CLERK_SECRET_KEY=${secretKey}
`;

/** Next.js with its source in `src`, and no table of users. */
const next = (more: FileMap, installed: Versions = nextVersions, convex = 'convex/'): FileMap => ({
  '.gitignore': nextGitignore,
  'package.json': packageJson('chat', installed),
  'tsconfig.json': json({ compilerOptions: { paths: { '@/*': ['./src/*'] } } }),
  'src/components/ConvexClientProvider.tsx': convexClientProvider,
  'src/app/layout.tsx': layout,
  'src/app/globals.css': '',
  ...functions(convex),
  ...more,
});

/** Messages, and nothing of users. */
function functions(folder: string, config = authConfig('CLERK_JWT_ISSUER_DOMAIN')): FileMap {
  const all = convexFolder(folder, { style: 'no_webhook', authConfig: config });
  return {
    [`${folder}auth.config.ts`]: all[`${folder}auth.config.ts`] ?? '',
    [`${folder}messages.ts`]: all[`${folder}messages.ts`] ?? '',
    [`${folder}schema.ts`]: `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({ messages: defineTable({ author: v.string(), body: v.string() }) });
`,
  };
}

const onHost: OrdinaryProject = {
  name: 'Next.js whose variables are all kept where it is hosted',
  files: next({ 'src/proxy.ts': clerkProxy }),
  doubts: ['PUBLISHABLE_KEY_MISSING', 'SECRET_KEY_MISSING', 'CONVEX_URL_MISSING'],
};

const turborepo: OrdinaryProject = {
  name: 'a Turborepo with one .env, which its scripts load',
  files: {
    '.gitignore': 'node_modules\n.env*\n!.env.example\n.next\n',
    'package.json': json({
      name: 'acme',
      private: true,
      scripts: { dev: 'turbo run dev' },
      devDependencies: { turbo: '^2' },
    }),
    'pnpm-workspace.yaml': 'packages:\n  - apps/*\n  - packages/*\n',
    '.env': `${keys}EXPO_PUBLIC_CONVEX_URL=${convexUrl}\nEXPO_PUBLIC_CLERK_PUBLISHABLE_KEY=${publishableKey}\n`,
    '.env.example': 'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=pk_test_xxxx\nCLERK_SECRET_KEY=sk_test_xxxx\n',
    'packages/backend/package.json': packageJson('@acme/backend', { convex: '1.48.0' }),
    'packages/backend/.env.local': deploymentLine,
    ...functions('packages/backend/convex/', typedAuthConfig('CLERK_FRONTEND_API_URL')),
    'apps/nextjs/package.json': json({
      name: '@acme/nextjs',
      private: true,
      scripts: { dev: 'pnpm with-env next dev', 'with-env': 'dotenv -e ../../.env --' },
      dependencies: {
        ...Object.fromEntries(Object.entries(nextVersions).map(([name, version]) => [name, `^${version}`])),
        '@acme/backend': 'workspace:*',
        '@t3-oss/env-nextjs': '^0.13.0',
      },
      devDependencies: { 'dotenv-cli': '^10.0.0' },
    }),
    'apps/nextjs/src/env.ts': `import { createEnv } from "@t3-oss/env-nextjs";
import { z } from "zod/v4";
export const env = createEnv({
  server: { CLERK_SECRET_KEY: z.string() },
  client: { NEXT_PUBLIC_CONVEX_URL: z.url(), NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: z.string() },
  experimental__runtimeEnv: {
    NEXT_PUBLIC_CONVEX_URL: process.env.NEXT_PUBLIC_CONVEX_URL,
    NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: process.env.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY,
  },
});
`,
    'apps/nextjs/src/proxy.ts': clerkProxy,
    'apps/nextjs/src/app/layout.tsx': layout,
    'apps/nextjs/src/app/globals.css': '',
    'apps/nextjs/src/components/ConvexClientProvider.tsx': convexClientProvider
      .replaceAll('process.env.NEXT_PUBLIC', 'env.NEXT_PUBLIC')
      .replace('import { ReactNode }', 'import { env } from "~/env";\nimport { ReactNode }'),
    'apps/expo/package.json': packageJson('@acme/expo', expoVersions),
    'apps/expo/src/app/_layout.tsx': `import { ClerkProvider, useAuth } from "@clerk/expo";
import { ConvexReactClient } from "convex/react";
import { ConvexProviderWithClerk } from "convex/react-clerk";
import { Slot } from "expo-router";
const convex = new ConvexReactClient(process.env.EXPO_PUBLIC_CONVEX_URL!, { unsavedChangesWarning: false });
export default function Layout() {
  return (
    <ClerkProvider publishableKey={process.env.EXPO_PUBLIC_CLERK_PUBLISHABLE_KEY!}>
      <ConvexProviderWithClerk client={convex} useAuth={useAuth}>
        <Slot />
      </ConvexProviderWithClerk>
    </ClerkProvider>
  );
}
`,
  },
};

const viteMain = `import { ClerkProvider, useAuth } from "@clerk/react";
import { ConvexReactClient } from "convex/react";
import { ConvexProviderWithClerk } from "convex/react-clerk";
const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL as string);
export const Root = () => (
  <ClerkProvider publishableKey={import.meta.env.VITE_CLERK_PUBLISHABLE_KEY}>
    <ConvexProviderWithClerk client={convex} useAuth={useAuth} />
  </ClerkProvider>
);
`;

const envDir: OrdinaryProject = {
  name: 'Vite whose envDir is the folder above',
  files: {
    '.gitignore': 'node_modules\n*.local\ndist\n',
    'package.json': json({ name: 'chat', private: true, workspaces: ['client'] }),
    '.env.local': `${deploymentLine}VITE_CONVEX_URL=${convexUrl}\nVITE_CLERK_PUBLISHABLE_KEY=${publishableKey}\n`,
    ...functions('convex/'),
    'client/package.json': packageJson('client', {
      '@clerk/react': '6.18.0',
      convex: '1.48.0',
      react: '19.3.1',
      'react-dom': '19.3.1',
      vite: '8.3.8',
    }),
    'client/index.html': '<script type="module" src="/src/main.tsx"></script>\n',
    'client/vite.config.ts': 'import { defineConfig } from "vite";\nexport default defineConfig({ envDir: ".." });\n',
    'client/src/main.tsx': viteMain,
  },
};

const rootBelow: OrdinaryProject = {
  name: 'Vite whose root is a folder of its own',
  files: {
    '.gitignore': 'node_modules\n*.local\ndist\n',
    'package.json': packageJson('chat', { '@clerk/react': '6.18.0', convex: '1.48.0', react: '19.3.1', vite: '8.3.8' }),
    '.env.local': `${deploymentLine}CONVEX_URL=${convexUrl}\n`,
    'client/.env.local': `VITE_CONVEX_URL=${convexUrl}\nVITE_CLERK_PUBLISHABLE_KEY=${publishableKey}\n`,
    'vite.config.ts': 'import { defineConfig } from "vite";\nexport default defineConfig({ root: "client" });\n',
    'client/index.html': '<script type="module" src="/src/main.tsx"></script>\n',
    'client/src/main.tsx': viteMain,
    ...functions('convex/'),
  },
};

const elsewhere: OrdinaryProject = {
  name: 'Next.js 15 whose middleware and auth.config stand in other files',
  files: next(
    {
      '.env.local': `${deploymentLine}${keys}CLERK_JWT_ISSUER_DOMAIN=${issuer}\n`,
      'src/middleware.ts': 'export { default, config } from "./lib/auth/middleware";\n',
      'src/lib/auth/middleware.ts': clerkMiddleware,
      'convex/auth.config.ts': `import { env } from "./env";
export default { providers: [{ domain: env.CLERK_JWT_ISSUER_DOMAIN, applicationID: "convex" }] };
`,
      'convex/env.ts':
        'export const env = { CLERK_JWT_ISSUER_DOMAIN: process.env.CLERK_JWT_ISSUER_DOMAIN!, LEVEL: level() };\n',
      'docs/setup.md': `Set CLERK_SECRET_KEY=sk_test_${'x'.repeat(42)} and whsec_${'X'.repeat(32)}\n`,
    },
    older,
  ),
};

const wrapped: OrdinaryProject = {
  name: "Next.js that wraps Clerk's hook and middleware in its own",
  files: next({
    '.env.local': `${deploymentLine}${keys}`,
    'src/components/ConvexClientProvider.tsx': convexClientProvider.replace(
      /import \{ useAuth \} from "@clerk\/nextjs";?/,
      'import { useAuth } from "@/hooks/useAuth";',
    ),
    'src/hooks/useAuth.ts': 'export { useAuth } from "@clerk/nextjs";\n',
    'src/proxy.ts': 'import { withClerk } from "@/lib/auth";\nexport default withClerk();\n',
    'src/lib/auth.ts':
      'import { clerkMiddleware } from "@clerk/nextjs/server";\nexport const withClerk = () => clerkMiddleware();\n',
  }),
};

const proxied: OrdinaryProject = {
  name: 'production of a Next.js app behind its own proxy, beside another identity provider',
  envFile: 'prod.env',
  files: next({
    '.gitignore': `${nextGitignore}prod.env\n`,
    '.env.local': `${deploymentLine}${keys}`,
    'prod.env': `NEXT_PUBLIC_CONVEX_URL=https://api.acme.example
NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=${publishableKeyOf('clerk.acme.example', 'live')}
CLERK_SECRET_KEY=${secretKeyOf('acme', 'live')}
NEXT_PUBLIC_CLERK_PROXY_URL=/__clerk
CLERK_JWT_ISSUER_DOMAIN=https://acme.example/__clerk
`,
    'src/proxy.ts': clerkProxy,
    'convex/auth.config.ts': `export default {
  providers: [
    { type: "customJwt", issuer: "https://auth.other.example", jwks: "data:text/plain," + btoa("{}"), algorithm: "RS256", applicationID: "my-app" },
    { domain: process.env.CLERK_JWT_ISSUER_DOMAIN!, applicationID: "convex" },
  ],
};
`,
  }),
};

const components: OrdinaryProject = {
  name: 'functions in src/convex with a component of its own, and a webhook in the app',
  files: next(
    {
      '.env.local': `${deploymentLine}${keys}`,
      'convex.json': json({ functions: 'src/convex/' }),
      'src/proxy.ts': clerkProxy,
      'src/convex/convex.config.ts':
        'import { defineApp } from "convex/server";\nimport mine from "./mine/convex.config";\nconst app = defineApp();\napp.use(mine);\nexport default app;\n',
      'src/convex/mine/convex.config.ts':
        'import { defineComponent } from "convex/server";\nexport default defineComponent("mine");\n',
      'src/convex/mine/schema.ts':
        'import { defineSchema, defineTable } from "convex/server";\nexport default defineSchema({ users: defineTable({}) });\n',
      'src/convex/mine/users.ts':
        'import { query } from "./_generated/server";\nexport const list = query({ args: {}, handler: (ctx) => ctx.db.query("users").collect() });\n',
      'src/app/api/webhooks/clerk/route.ts': `import { Webhook } from "svix";
export async function POST(request: Request) {
  const webhook = new Webhook(process.env.CLERK_WEBHOOK_SIGNING_SECRET!);
  webhook.verify(await request.text(), Object.fromEntries(request.headers));
  return new Response("ok");
}
`,
    },
    nextVersions,
    'src/convex/',
  ),
  doubts: ['WEBHOOK_SECRET_MISSING'],
};

const guardedProxy = `import { clerkMiddleware, createRouteMatcher } from "@clerk/nextjs/server";
const isPublicRoute = createRouteMatcher(["/", "/sign-in(.*)"]);
export default clerkMiddleware(async (auth, request) => {
  if (!isPublicRoute(request)) await auth.protect();
});
`;

const letters = 'HabcdEF1234567890abcdefGHIJKLmnopqrstUVWXYZabcdefghij0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123';
const stripeKey = ['sk', 'test', `51${letters}`].join('_');
const stripeSecret = ['whsec', letters.slice(20, 52)].join('_');

const payments: OrdinaryProject = {
  name: "Next.js with Stripe's and other services' keys and webhooks",
  files: next({
    '.env.local': `${deploymentLine}${keys}STRIPE_SECRET_KEY=${stripeKey}
NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY=pk_test_51HabcDEF1234567890abcdef
STRIPE_WEBHOOK_SECRET=${stripeSecret}
RESEND_WEBHOOK_SECRET=${['whsec', 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4'].join('_')}
`,
    'src/proxy.ts': guardedProxy,
    'tests/stripe.test.ts': `const key = "${stripeKey}";\nconst secret = "${stripeSecret}";\n`,
    'src/app/api/webhooks/stripe/route.ts': `import Stripe from "stripe";
const stripe = new Stripe(process.env.STRIPE_SECRET_KEY!);
export async function POST(request: Request) {
  const event = stripe.webhooks.constructEvent(await request.text(), request.headers.get("stripe-signature")!, process.env.STRIPE_WEBHOOK_SECRET!);
  return new Response(event.type);
}
`,
    'src/app/api/webhooks/resend/route.ts': `import { Webhook } from "svix";
import { clerkClient } from "@clerk/nextjs/server";
export async function POST(request: Request) {
  new Webhook(process.env.RESEND_WEBHOOK_SECRET!).verify(await request.text(), Object.fromEntries(request.headers));
  await (await clerkClient()).users.updateUser("user_1", { publicMetadata: { bounced: true } });
  return new Response("ok");
}
`,
    'convex/http.ts': `import { httpRouter } from "convex/server";
import { Webhook } from "svix";
import { httpAction } from "./_generated/server";
const http = httpRouter();
http.route({
  path: "/polar/events",
  method: "POST",
  handler: httpAction(async (ctx, request) => {
    new Webhook(process.env.POLAR_WEBHOOK_SECRET!).verify(await request.text(), {});
    return new Response();
  }),
});
export default http;
`,
  }),
};

const serverEntry: OrdinaryProject = {
  name: 'TanStack Start with Clerk in its server entry',
  files: {
    '.gitignore': 'node_modules\n*.local\n.env\ndist\n',
    'package.json': packageJson('chat', {
      '@clerk/tanstack-react-start': '0.29.0',
      '@tanstack/react-start': '1.120.0',
      convex: '1.48.0',
      react: '19.3.1',
      'react-dom': '19.3.1',
      vite: '8.3.8',
    }),
    '.env': `CLERK_PUBLISHABLE_KEY=${publishableKey}\nCLERK_SECRET_KEY=${secretKey}\nVITE_CONVEX_URL=${convexUrl}\n`,
    'src/server.ts': `import { createClerkHandler } from '@clerk/tanstack-react-start/server'
import { createStartHandler, defaultStreamHandler } from '@tanstack/react-start/server'
import { createRouter } from './router'
export default createClerkHandler(createStartHandler({ createRouter }))(defaultStreamHandler)
`,
    'src/router.tsx': 'export const createRouter = () => undefined;\n',
    ...functions('convex/'),
  },
};

const bareKeys = `${deploymentLine}NEXT_PUBLIC_CONVEX_URL=${convexUrl}
CLERK_PUBLISHABLE_KEY=${publishableKey}
CLERK_SECRET_KEY=${secretKey}
`;

const handedByLayout: OrdinaryProject = {
  name: 'Next.js whose layout hands the publishable key on',
  files: next({
    '.env.local': bareKeys,
    'src/proxy.ts': clerkProxy,
    'src/app/layout.tsx': layout.replace(
      '<ClerkProvider>',
      '<ClerkProvider publishableKey={process.env.CLERK_PUBLISHABLE_KEY}>',
    ),
  }),
};

const handedByConfig: OrdinaryProject = {
  name: 'Next.js 15 whose config hands the publishable key on, and a helper called proxy.ts',
  files: next(
    {
      '.env.local': bareKeys,
      'next.config.js':
        'module.exports = { env: { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: process.env.CLERK_PUBLISHABLE_KEY } };\n',
      'src/middleware.ts': clerkMiddleware,
      'src/proxy.ts': 'export const proxied = (path: string) => new URL(path, "https://files.acme.example");\n',
    },
    older,
  ),
};

const handedByExpo: OrdinaryProject = {
  name: 'Expo whose config hands the keys on as `extra`',
  files: {
    '.gitignore': 'node_modules\n.env*.local\n',
    'package.json': packageJson('chat', expoVersions),
    '.env.local': `${deploymentLine}CONVEX_URL=${convexUrl}\nCLERK_PUBLISHABLE_KEY=${publishableKey}\n`,
    'app.config.ts': `export default {
  name: "chat",
  extra: { convexUrl: process.env.CONVEX_URL, clerkKey: process.env.CLERK_PUBLISHABLE_KEY },
};
`,
    'app/_layout.tsx': expoLayout('@clerk/expo')
      .replace('process.env.EXPO_PUBLIC_CLERK_PUBLISHABLE_KEY!', 'Constants.expoConfig!.extra!.clerkKey')
      .replace('process.env.EXPO_PUBLIC_CONVEX_URL!', 'Constants.expoConfig!.extra!.convexUrl')
      .replace('import { Slot }', "import Constants from 'expo-constants'\nimport { Slot }"),
    ...functions('convex/'),
  },
};

const handedByVite: OrdinaryProject = {
  name: 'Vite whose config defines the keys',
  files: {
    '.gitignore': 'node_modules\n*.local\ndist\n',
    'package.json': packageJson('chat', {
      '@clerk/react': '6.18.0',
      convex: '1.48.0',
      react: '19.3.1',
      'react-dom': '19.3.1',
      vite: '8.3.8',
    }),
    '.env.local': `${deploymentLine}CONVEX_URL=${convexUrl}\nCLERK_PUBLISHABLE_KEY=${publishableKey}\n`,
    'index.html': '<script type="module" src="/src/main.tsx"></script>\n',
    'vite.config.ts': `import { defineConfig, loadEnv } from "vite";
export default defineConfig(({ mode }) => {
  const env = loadEnv(mode, process.cwd(), "");
  return {
    define: {
      "process.env.CLERK_PUBLISHABLE_KEY": JSON.stringify(env.CLERK_PUBLISHABLE_KEY),
      "process.env.CONVEX_URL": JSON.stringify(env.CONVEX_URL),
    },
  };
});
`,
    'src/main.tsx': `import { ClerkProvider, useAuth } from "@clerk/react";
import { ConvexReactClient } from "convex/react";
import { ConvexProviderWithClerk } from "convex/react-clerk";
const convex = new ConvexReactClient(process.env.CONVEX_URL!);
export const Root = () => (
  <ClerkProvider publishableKey={process.env.CLERK_PUBLISHABLE_KEY!}>
    <ConvexProviderWithClerk client={convex} useAuth={useAuth} />
  </ClerkProvider>
);
`,
    ...functions('convex/'),
  },
};

const webhookInAction: OrdinaryProject = {
  name: 'a webhook that an internal action verifies with Svix',
  files: next({
    '.env.local': `${deploymentLine}${keys}`,
    'src/proxy.ts': clerkProxy,
    'convex/clerk.ts': `"use node";
import type { WebhookEvent } from "@clerk/backend";
import { v } from "convex/values";
import { Webhook } from "svix";
import { internalAction } from "./_generated/server";
const webhookSecret = process.env.CLERK_WEBHOOK_SECRET || "";
export const fulfill = internalAction({
  args: { headers: v.any(), payload: v.string() },
  handler: async (ctx, args) => new Webhook(webhookSecret).verify(args.payload, args.headers) as WebhookEvent,
});
`,
    'convex/http.ts': `import { httpRouter } from "convex/server";
import { internal } from "./_generated/api";
import { httpAction } from "./_generated/server";
const http = httpRouter();
http.route({
  path: "/clerk",
  method: "POST",
  handler: httpAction(async (ctx, request) => {
    const payload = await request.text();
    const event = await ctx.runAction(internal.clerk.fulfill, { payload, headers: { "svix-id": request.headers.get("svix-id")! } });
    return new Response(event.type);
  }),
});
export default http;
`,
  }),
};

const hono: OrdinaryProject = {
  name: "Convex's HTTP actions behind Hono",
  files: next({
    '.env.local': `${deploymentLine}${keys}`,
    'src/proxy.ts': clerkProxy,
    'convex/http.ts': `import { type HonoWithConvex, HttpRouterWithHono } from "convex-helpers/server/hono";
import { Hono } from "hono";
import { Webhook } from "svix";
import type { ActionCtx } from "./_generated/server";
const app: HonoWithConvex<ActionCtx> = new Hono();
app.post("/clerk", async (c) => {
  new Webhook(process.env.CLERK_WEBHOOK_SECRET!).verify(await c.req.text(), c.req.header());
  return c.text("ok");
});
export default new HttpRouterWithHono(app);
`,
  }),
};

/** Public pages ask without a token; the rest is below Clerk's provider. */
const publicPart: OrdinaryProject = {
  name: 'Next.js with a public part below a provider without sign-in',
  files: next({
    '.env.local': `${deploymentLine}${keys}`,
    'src/proxy.ts': clerkProxy,
    'src/app/(public)/layout.tsx': `"use client";
import { ConvexProvider, ConvexReactClient } from "convex/react";
const convex = new ConvexReactClient(process.env.NEXT_PUBLIC_CONVEX_URL!);
export default function PublicLayout({ children }) {
  return <ConvexProvider client={convex}>{children}</ConvexProvider>;
}
`,
  }),
};

const builtForProduction: OrdinaryProject = {
  name: 'production of a Vite app whose .env has what both builds share',
  envFile: '.env.production',
  files: {
    '.gitignore': 'node_modules\n*.local\ndist\n',
    'package.json': packageJson('chat', { '@clerk/react': '6.18.0', convex: '1.48.0', react: '19.3.1', vite: '8.3.8' }),
    '.env': `VITE_CONVEX_URL=${convexUrl}\n`,
    '.env.production': `VITE_CLERK_PUBLISHABLE_KEY=${publishableKeyOf('clerk.acme.example', 'live')}\n`,
    'index.html': '<script type="module" src="/src/main.tsx"></script>\n',
    'src/main.tsx': viteMain,
    ...functions('convex/'),
  },
};

export const ordinaryProjects: readonly OrdinaryProject[] = [
  publicPart,
  builtForProduction,
  handedByLayout,
  handedByConfig,
  handedByExpo,
  handedByVite,
  onHost,
  turborepo,
  envDir,
  rootBelow,
  elsewhere,
  wrapped,
  proxied,
  components,
  payments,
  serverEntry,
  webhookInAction,
  hono,
];
