import { deploymentLine, typedAuthConfig } from '../convexFolder.ts';
import { expoVersions } from '../expo.ts';
import { json, packageJson } from '../installed.ts';
import { convexUrl, publishableKey, publishableKeyOf, secretKeyOf } from '../instance.ts';
import { clerkProxy, convexClientProvider, layout, nextGitignore, nextVersions } from '../next.ts';
import { functions, keys, next, type OrdinaryProject, viteMain } from './OrdinaryProject.ts';

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

const plasmo: OrdinaryProject = {
  name: 'an extension for browsers, built by Plasmo, with its keys in .env.development',
  files: {
    '.gitignore': 'node_modules\n.env*\nbuild\n',
    'package.json': packageJson('chat', {
      '@clerk/chrome-extension': '2.8.0',
      convex: '1.48.0',
      plasmo: '0.90.5',
      react: '18.2.0',
      'react-dom': '18.2.0',
    }),
    '.env.local': deploymentLine,
    '.env.development': `PLASMO_PUBLIC_CONVEX_URL=${convexUrl}\nPLASMO_PUBLIC_CLERK_PUBLISHABLE_KEY=${publishableKey}\n`,
    'popup.tsx': viteMain
      .replaceAll('import.meta.env.VITE_', 'process.env.PLASMO_PUBLIC_')
      .replace('@clerk/react', '@clerk/chrome-extension'),
    ...functions('convex/'),
  },
};

/** Where people keep their variables. */
export const ofVariables: readonly OrdinaryProject[] = [
  onHost,
  turborepo,
  envDir,
  rootBelow,
  proxied,
  builtForProduction,
  plasmo,
];
