import type { CleanProject, FileMap } from './CleanProject.ts';
import { convexFolder, deploymentLine, typedAuthConfig } from './convexFolder.ts';
import { expoLayout, expoVersions } from './expo.ts';
import { healthyNetwork } from './healthyNetwork.ts';
import { json, nodeModules, packageJson, pnpmLock } from './installed.ts';
import { convexUrl, issuer, publishableKey, secretKey, webhookSecret } from './instance.ts';
import { clerkProxy, convexClientProvider, layout, nextGitignore, nextVersions } from './next.ts';

const backendVersions = { '@clerk/backend': '3.25.0', convex: '1.48.0', svix: '1.84.1' };
const backend = { '@packages/backend': 'workspace:*' };

const own = (
  name: string,
  versions: Readonly<Record<string, string>>,
  more: Readonly<Record<string, unknown>> = {},
) => {
  const made: { dependencies: Record<string, string> } = JSON.parse(packageJson(name, versions, more));
  return json({ ...made, dependencies: { ...made.dependencies, ...backend } });
};

const files: FileMap = {
  '.gitignore': `node_modules
.turbo
.env
.env*.local
`,
  'package.json': json({
    name: 'chat',
    private: true,
    devDependencies: { turbo: '^2.5.0' },
    packageManager: 'pnpm@10.34.9',
  }),
  'pnpm-workspace.yaml': `packages:\n  - apps/*\n  - packages/*\n`,
  'pnpm-lock.yaml': pnpmLock({
    'apps/mobile': expoVersions,
    'apps/web': nextVersions,
    'packages/backend': backendVersions,
  }),
  'turbo.json': json({ tasks: { build: { dependsOn: ['^build'] }, dev: { cache: false, persistent: true } } }),

  'apps/web/package.json': own('web', nextVersions, { scripts: { dev: 'next dev' } }),
  ...nodeModules(nextVersions, 'apps/web/'),
  'apps/web/.gitignore': nextGitignore,
  'apps/web/next.config.ts': 'export default {};\n',
  'apps/web/proxy.ts': clerkProxy,
  'apps/web/components/ConvexClientProvider.tsx': convexClientProvider,
  'apps/web/app/layout.tsx': layout,
  'apps/web/app/globals.css': 'body { margin: 0; }\n',
  'apps/web/app/page.tsx': `"use client";

import { api } from "@packages/backend/convex/_generated/api";
import { useQuery } from "convex/react";

export default function Home() {
  return <p>{useQuery(api.messages.getForCurrentUser)?.length}</p>;
}
`,
  'apps/web/.env.local': `NEXT_PUBLIC_CONVEX_URL=${convexUrl}
NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=${publishableKey}
CLERK_SECRET_KEY=${secretKey}
`,

  'apps/mobile/package.json': own('mobile', expoVersions, { main: 'expo-router/entry' }),
  ...nodeModules(expoVersions, 'apps/mobile/'),
  'apps/mobile/app.json': json({ expo: { name: 'chat', slug: 'chat' } }),
  'apps/mobile/app/_layout.tsx': expoLayout('@clerk/expo'),
  'apps/mobile/.env.local': `EXPO_PUBLIC_CONVEX_URL=${convexUrl}
EXPO_PUBLIC_CLERK_PUBLISHABLE_KEY=${publishableKey}
`,

  'packages/backend/package.json': packageJson('@packages/backend', backendVersions, {
    scripts: { dev: 'convex dev' },
  }),
  ...nodeModules(backendVersions, 'packages/backend/'),
  'packages/backend/.env.local': `${deploymentLine}
CONVEX_URL=${convexUrl}
`,
  ...convexFolder('packages/backend/convex/', {
    style: 'guide',
    authConfig: typedAuthConfig('CLERK_JWT_ISSUER_DOMAIN'),
  }),
};

/** A Next.js app and an Expo app on one backend, as in Convex's monorepo template. */
export const monorepo: CleanProject = {
  name: 'monorepo',
  framework: 'next',
  app: 'apps/web/',
  convex: 'packages/backend/convex/',
  envFile: 'apps/web/.env.local',
  needsSecretKey: true,
  clerk: '@clerk/nextjs',
  providerFile: 'apps/web/components/ConvexClientProvider.tsx',
  clerkProviderFile: 'apps/web/app/layout.tsx',
  webhookFile: 'packages/backend/convex/http.ts',
  webhookRunsIn: 'convex',
  middlewareFile: 'apps/web/proxy.ts',
  names: {
    publishableKey: 'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY',
    convexUrl: 'NEXT_PUBLIC_CONVEX_URL',
    publicPrefix: 'NEXT_PUBLIC_',
    issuer: 'CLERK_JWT_ISSUER_DOMAIN',
    webhookSecret: 'CLERK_WEBHOOK_SECRET',
  },
  files,
  deploymentEnv: { CLERK_JWT_ISSUER_DOMAIN: issuer, CLERK_WEBHOOK_SECRET: webhookSecret },
  network: healthyNetwork(),
};
