import type { CleanProject } from './CleanProject.ts';
import { convexFolder, deploymentLine, typedAuthConfig } from './convexFolder.ts';
import { healthyNetwork } from './healthyNetwork.ts';
import { nodeModules, packageJson, yarnLock } from './installed.ts';
import { convexUrl, issuer, publishableKey, webhookSecret } from './instance.ts';

const versions = {
  '@clerk/react': '6.18.0',
  '@clerk/backend': '3.25.0',
  'clerk-convex-resilience': '0.1.0',
  convex: '1.48.0',
  esbuild: '0.25.9',
  react: '18.3.1',
  'react-dom': '18.3.1',
  svix: '1.84.1',
};

/** React with a bundler of one's own, and the drop-in provider of this library. */
export const plain: CleanProject = {
  name: 'plain',
  framework: 'plain',
  app: '',
  convex: 'convex/',
  envFile: '.env.local',
  needsSecretKey: false,
  clerk: '@clerk/react',
  providerFile: 'src/index.jsx',
  clerkProviderFile: 'src/index.jsx',
  webhookFile: 'convex/http.ts',
  webhookRunsIn: 'convex',
  names: {
    publishableKey: 'CLERK_PUBLISHABLE_KEY',
    convexUrl: 'CONVEX_URL',
    publicPrefix: '',
    issuer: 'CLERK_JWT_ISSUER_DOMAIN',
    webhookSecret: 'CLERK_WEBHOOK_SECRET',
  },
  files: {
    '.gitignore': `node_modules
build
.env.local
`,
    'package.json': packageJson('chat', versions, { scripts: { build: 'node build.mjs' } }),
    'yarn.lock': yarnLock(versions),
    ...nodeModules(versions),
    'build.mjs': `import { build } from 'esbuild';

await build({
  entryPoints: ['src/index.jsx'],
  bundle: true,
  outdir: 'build',
  define: {
    'process.env.CLERK_PUBLISHABLE_KEY': JSON.stringify(process.env.CLERK_PUBLISHABLE_KEY),
    'process.env.CONVEX_URL': JSON.stringify(process.env.CONVEX_URL),
  },
});
`,
    'src/index.jsx': `import { ClerkProvider, useAuth } from '@clerk/react';
import { ConvexClerkProvider } from 'clerk-convex-resilience';
import { ConvexReactClient } from 'convex/react';
import { createRoot } from 'react-dom/client';
import { App } from './App.jsx';

const convex = new ConvexReactClient(process.env.CONVEX_URL);

createRoot(document.getElementById('root')).render(
  <ClerkProvider publishableKey={process.env.CLERK_PUBLISHABLE_KEY}>
    <ConvexClerkProvider client={convex} useAuth={useAuth}>
      <App />
    </ConvexClerkProvider>
  </ClerkProvider>,
);
`,
    'src/App.jsx': `import { UserButton } from '@clerk/react';

export const App = () => <UserButton />;
`,
    '.env.local': `${deploymentLine}
CONVEX_URL=${convexUrl}
CLERK_PUBLISHABLE_KEY=${publishableKey}
`,
    ...convexFolder('convex/', { style: 'guide', authConfig: typedAuthConfig('CLERK_JWT_ISSUER_DOMAIN') }),
  },
  deploymentEnv: { CLERK_JWT_ISSUER_DOMAIN: issuer, CLERK_WEBHOOK_SECRET: webhookSecret },
  network: healthyNetwork(),
};
