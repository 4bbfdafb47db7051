import type { CleanProject } from './CleanProject.ts';
import { authConfig, convexFolder, deploymentLine, eitherAuthConfig } from './convexFolder.ts';
import { healthyNetwork } from './healthyNetwork.ts';
import { nodeModules, packageJson, packageLock } from './installed.ts';
import { convexSite, convexUrl, issuer, publishableKey, webhookSecret } from './instance.ts';

const versions = {
  '@clerk/react': '6.18.0',
  '@clerk/backend': '3.25.0',
  convex: '1.48.0',
  react: '19.3.1',
  'react-dom': '19.3.1',
  svix: '1.84.1',
  vite: '8.3.8',
  '@vitejs/plugin-react': '6.3.0',
};

const env = `${deploymentLine}
VITE_CONVEX_URL=${convexUrl}
VITE_CLERK_PUBLISHABLE_KEY=${publishableKey}
`;

const common = {
  // As `npm create vite` writes it.
  '.gitignore': `# Logs
logs
*.log

node_modules
dist
dist-ssr
*.local

# Editor directories and files
.vscode/*
!.vscode/extensions.json
.DS_Store
`,
  'index.html': `<!doctype html>
<html lang="en">
  <body>
    <div id="root"></div>
    <script type="module" src="/src/main.tsx"></script>
  </body>
</html>
`,
  'vite.config.ts': `import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// https://vitejs.dev/config/
export default defineConfig({
  plugins: [react()],
});
`,
  'src/vite-env.d.ts': `/// <reference types="vite/client" />\n`,
  '.env.local': env,
  'README.md':
    '# Chat\n\nPut the publishable key into `.env.local` as `VITE_CLERK_PUBLISHABLE_KEY="<your publishable key>"`.\n',
};

const facts = {
  framework: 'vite',
  app: '',
  convex: 'convex/',
  envFile: '.env.local',
  needsSecretKey: false,
  clerk: '@clerk/react',
  providerFile: 'src/main.tsx',
  clerkProviderFile: 'src/main.tsx',
  webhookFile: 'convex/http.ts',
  webhookRunsIn: 'convex',
} as const;

const names = {
  publishableKey: 'VITE_CLERK_PUBLISHABLE_KEY',
  convexUrl: 'VITE_CONVEX_URL',
  publicPrefix: 'VITE_',
} as const;

/** Convex's React template with Clerk, and the current package of Clerk's. */
export const vite: CleanProject = {
  ...facts,
  name: 'vite',
  names: { ...names, issuer: 'CLERK_JWT_ISSUER_DOMAIN', webhookSecret: 'CLERK_WEBHOOK_SECRET' },
  files: {
    ...common,
    'package.json': packageJson('chat', versions, { type: 'module', scripts: { dev: 'vite', build: 'vite build' } }),
    'package-lock.json': packageLock('chat', versions),
    ...nodeModules(versions),
    'src/main.tsx': `import React from "react";
import ReactDOM from "react-dom/client";
import { ClerkProvider, useAuth } from "@clerk/react";
import { ConvexProviderWithClerk } from "convex/react-clerk";
import { ConvexReactClient } from "convex/react";
import App from "./App.tsx";

const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL as string);

ReactDOM.createRoot(document.getElementById("root")!).render(
  <React.StrictMode>
    <ClerkProvider publishableKey={import.meta.env.VITE_CLERK_PUBLISHABLE_KEY}>
      <ConvexProviderWithClerk client={convex} useAuth={useAuth}>
        <App />
      </ConvexProviderWithClerk>
    </ClerkProvider>
  </React.StrictMode>,
);
`,
    'src/App.tsx': `import { SignInButton, UserButton } from "@clerk/react";
import { Authenticated, Unauthenticated, AuthLoading, useQuery } from "convex/react";
import { api } from "../convex/_generated/api";

export default function App() {
  return (
    <main>
      <Unauthenticated>
        <SignInButton />
      </Unauthenticated>
      <Authenticated>
        <UserButton />
        <Content />
      </Authenticated>
      <AuthLoading>
        <p>Still loading</p>
      </AuthLoading>
    </main>
  );
}

function Content() {
  const messages = useQuery(api.messages.getForCurrentUser);
  return <div>Authenticated content: {messages?.length}</div>;
}
`,
    ...convexFolder('convex/', { style: 'guide', authConfig: authConfig('CLERK_JWT_ISSUER_DOMAIN') }),
  },
  deploymentEnv: { CLERK_JWT_ISSUER_DOMAIN: issuer, CLERK_WEBHOOK_SECRET: webhookSecret },
  network: healthyNetwork(),
};

const ownVersions = {
  '@clerk/react': '6.18.0',
  'clerk-convex-resilience': '0.1.0',
  convex: '1.48.0',
  react: '19.3.1',
  'react-dom': '19.3.1',
  vite: '8.3.8',
};

/** The same with this library, as its guide has it, and Clerk's Convex integration in place of a template. */
export const viteResilient: CleanProject = {
  ...facts,
  name: 'vite-resilient',
  names: { ...names, issuer: 'CLERK_FRONTEND_API_URL', webhookSecret: 'CLERK_WEBHOOK_SIGNING_SECRET' },
  files: {
    ...common,
    'package.json': packageJson('chat', ownVersions, { type: 'module' }),
    'package-lock.json': packageLock('chat', ownVersions),
    ...nodeModules(ownVersions),
    'src/main.tsx': `import { AuthErrorHandler, ConvexClerkProvider, UserSync } from 'clerk-convex-resilience/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { api } from '../convex/_generated/api';
import { App } from './App.tsx';
import 'clerk-convex-resilience/styles.css';

const { VITE_CLERK_PUBLISHABLE_KEY, VITE_CONVEX_URL } = import.meta.env;

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <ConvexClerkProvider publishableKey={VITE_CLERK_PUBLISHABLE_KEY} convexUrl={VITE_CONVEX_URL}>
      <AuthErrorHandler>
        <UserSync mutation={api.users.store}>
          <App />
        </UserSync>
      </AuthErrorHandler>
    </ConvexClerkProvider>
  </StrictMode>,
);
`,
    'src/App.tsx': `import { UserButton } from '@clerk/react';
import { useAuthHealth } from 'clerk-convex-resilience/react';

export function App() {
  const health = useAuthHealth();
  return health.status === 'healthy' ? <UserButton /> : <p>{health.status}</p>;
}
`,
    ...convexFolder('convex/', { style: 'own', authConfig: eitherAuthConfig }),
  },
  deploymentEnv: { CLERK_FRONTEND_API_URL: issuer, CLERK_WEBHOOK_SIGNING_SECRET: webhookSecret },
  network: {
    ...healthyNetwork(`${convexSite}/webhooks/clerk`),
    backendApi: { status: 200, templates: [], integration: true, sameInstance: true },
  },
};
