import { deploymentLine } from '../convexFolder.ts';
import { json, packageJson } from '../installed.ts';
import { convexUrl, issuer, publishableKey, secretKey } from '../instance.ts';
import { clerkMiddleware, clerkProxy, convexClientProvider, nextVersions } from '../next.ts';
import { functions, keys, next, type OrdinaryProject, older } from './OrdinaryProject.ts';

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

const inTwoLanguages: OrdinaryProject = {
  name: 'Next.js in two languages, with endings of its own for pages and middleware',
  files: next(
    {
      '.env.local': `${deploymentLine}${keys}`,
      'next.config.mjs': 'export default { pageExtensions: ["tsx", "page.ts"] };\n',
      'src/middleware.page.ts': clerkMiddleware.replace(
        /matcher: \[[\s\S]*?\]/,
        'matcher: ["/", "/:locale(en|de)/:path*", "/(api|trpc)(.*)"]',
      ),
      'src/app/en/account/page.tsx': `import { auth } from "@clerk/nextjs/server";
export default async function Page() {
  return <p>{(await auth()).userId}</p>;
}
`,
    },
    older,
  ),
};

/** How people arrange providers, middleware and functions. */
export const ofSource: readonly OrdinaryProject[] = [
  publicPart,
  elsewhere,
  wrapped,
  components,
  serverEntry,
  inTwoLanguages,
];
