import { deploymentLine } from '../convexFolder.ts';
import { expoLayout, expoVersions } from '../expo.ts';
import { packageJson } from '../installed.ts';
import { convexUrl, publishableKey } from '../instance.ts';
import { clerkMiddleware, clerkProxy, layout } from '../next.ts';
import { bareKeys, functions, next, type OrdinaryProject, older } from './OrdinaryProject.ts';

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

/** Names without a prefix that reach the browser all the same. */
export const ofNamesHandedOn: readonly OrdinaryProject[] = [handedByLayout, handedByConfig, handedByExpo, handedByVite];
