import type { CleanProject } from './CleanProject.ts';
import { authConfig, convexFolder, deploymentLine } from './convexFolder.ts';
import { healthyNetwork } from './healthyNetwork.ts';
import { nodeModules, packageJson, packageLock } from './installed.ts';
import { convexUrl, issuer, publishableKey, secretKey, webhookSecret } from './instance.ts';

const versions = {
  '@clerk/tanstack-react-start': '0.26.4',
  '@clerk/backend': '2.26.0',
  '@convex-dev/react-query': '0.0.0-alpha.11',
  '@tanstack/react-query': '5.89.0',
  '@tanstack/react-router': '1.132.47',
  '@tanstack/react-router-with-query': '1.130.17',
  '@tanstack/react-start': '1.133.2',
  convex: '1.27.0',
  react: '19.1.1',
  'react-dom': '19.1.1',
  svix: '1.84.1',
  vite: '7.1.5',
};

/** Convex's TanStack Start template with Clerk, of Clerk's earlier major, with the middleware of Clerk's quickstart. */
export const tanstackStart: CleanProject = {
  name: 'tanstack-start',
  framework: 'tanstack-start',
  app: '',
  convex: 'convex/',
  envFile: '.env.local',
  needsSecretKey: true,
  clerk: '@clerk/tanstack-react-start',
  providerFile: 'src/routes/__root.tsx',
  clerkProviderFile: 'src/routes/__root.tsx',
  webhookFile: 'convex/http.ts',
  webhookRunsIn: 'convex',
  middlewareFile: 'src/start.ts',
  names: {
    publishableKey: 'VITE_CLERK_PUBLISHABLE_KEY',
    convexUrl: 'VITE_CONVEX_URL',
    publicPrefix: 'VITE_',
    issuer: 'CLERK_JWT_ISSUER_DOMAIN',
    webhookSecret: 'CLERK_WEBHOOK_SECRET',
  },
  files: {
    '.gitignore': `node_modules
package-lock.json
yarn.lock

.DS_Store
.cache
.env
.env.local
.vercel
.output
/build/
`,
    'package.json': packageJson('tanstack-start-clerk', versions, { type: 'module', scripts: { dev: 'vite dev' } }),
    'package-lock.json': packageLock('tanstack-start-clerk', versions),
    ...nodeModules(versions),
    'vite.config.ts': `import { tanstackStart } from '@tanstack/react-start/plugin/vite'
import { defineConfig } from 'vite'
import viteReact from '@vitejs/plugin-react'

export default defineConfig({
  server: { port: 3000 },
  plugins: [tanstackStart(), viteReact()],
})
`,
    'src/start.ts': `import { clerkMiddleware } from '@clerk/tanstack-react-start/server'
import { createStart } from '@tanstack/react-start'

export const startInstance = createStart(() => {
  return {
    requestMiddleware: [clerkMiddleware()],
  }
})
`,
    'src/router.tsx': `import { createRouter as createTanStackRouter } from '@tanstack/react-router'
import { routerWithQueryClient } from '@tanstack/react-router-with-query'
import { ConvexProvider, ConvexReactClient } from 'convex/react'
import { ConvexQueryClient } from '@convex-dev/react-query'
import { QueryClient } from '@tanstack/react-query'
import { routeTree } from './routeTree.gen'

export function createRouter() {
  const CONVEX_URL = (import.meta as any).env.VITE_CONVEX_URL!
  if (!CONVEX_URL) {
    throw new Error('missing VITE_CONVEX_URL envar')
  }
  const convex = new ConvexReactClient(CONVEX_URL, { unsavedChangesWarning: false })
  const convexQueryClient = new ConvexQueryClient(convex)
  const queryClient: QueryClient = new QueryClient({
    defaultOptions: { queries: { queryKeyHashFn: convexQueryClient.hashFn(), queryFn: convexQueryClient.queryFn() } },
  })
  convexQueryClient.connect(queryClient)

  return routerWithQueryClient(
    createTanStackRouter({
      routeTree,
      context: { queryClient, convexClient: convex, convexQueryClient },
      Wrap: ({ children }) => <ConvexProvider client={convexQueryClient.convexClient}>{children}</ConvexProvider>,
    }),
    queryClient,
  )
}
`,
    'src/routes/__root.tsx': `import { Outlet, HeadContent, Scripts, createRootRouteWithContext, useRouteContext } from '@tanstack/react-router'
import { ClerkProvider, SignInButton, SignedIn, SignedOut, UserButton, useAuth } from '@clerk/tanstack-react-start'
import { createServerFn } from '@tanstack/react-start'
import { QueryClient } from '@tanstack/react-query'
import * as React from 'react'
import { auth } from '@clerk/tanstack-react-start/server'
import { ConvexQueryClient } from '@convex-dev/react-query'
import { ConvexReactClient } from 'convex/react'
import { ConvexProviderWithClerk } from 'convex/react-clerk'

const fetchClerkAuth = createServerFn({ method: 'GET' }).handler(async () => {
  const { userId, getToken } = await auth()
  const token = await getToken({ template: 'convex' })

  return { userId, token }
})

export const Route = createRootRouteWithContext<{
  queryClient: QueryClient
  convexClient: ConvexReactClient
  convexQueryClient: ConvexQueryClient
}>()({
  beforeLoad: async (ctx) => {
    const { userId, token } = await fetchClerkAuth()
    if (token) {
      ctx.context.convexQueryClient.serverHttpClient?.setAuth(token)
    }

    return { userId, token }
  },
  component: RootComponent,
})

function RootComponent() {
  const context = useRouteContext({ from: Route.id })

  return (
    <ClerkProvider>
      <ConvexProviderWithClerk client={context.convexClient} useAuth={useAuth}>
        <RootDocument>
          <Outlet />
        </RootDocument>
      </ConvexProviderWithClerk>
    </ClerkProvider>
  )
}

function RootDocument({ children }: { children: React.ReactNode }) {
  return (
    <html>
      <head>
        <HeadContent />
      </head>
      <body>
        <SignedIn>
          <UserButton />
        </SignedIn>
        <SignedOut>
          <SignInButton mode="modal" />
        </SignedOut>
        {children}
        <Scripts />
      </body>
    </html>
  )
}
`,
    'src/routes/index.tsx': `import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/')({ component: () => <p>Hello</p> })
`,
    '.env.local': `${deploymentLine}
VITE_CONVEX_URL=${convexUrl}
VITE_CLERK_PUBLISHABLE_KEY=${publishableKey}
CLERK_SECRET_KEY=${secretKey}
`,
    ...convexFolder('convex/', { style: 'guide', authConfig: authConfig('CLERK_JWT_ISSUER_DOMAIN') }),
  },
  deploymentEnv: { CLERK_JWT_ISSUER_DOMAIN: issuer, CLERK_WEBHOOK_SECRET: webhookSecret },
  network: healthyNetwork(),
};
