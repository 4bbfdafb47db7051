import type { CleanProject } from './CleanProject.ts';
import { authConfig, convexFolder, deploymentLine } from './convexFolder.ts';
import { healthyNetwork } from './healthyNetwork.ts';
import { json, nodeModules, packageJson, yarnLock } from './installed.ts';
import { convexUrl, issuer, publishableKey, webhookSecret } from './instance.ts';

/** As `create-expo-app` writes it. */
const expoGitignore = `# dependencies
node_modules/

# Expo
.expo/
dist/
web-build/
expo-env.d.ts

# Native
*.orig.*
*.jks
*.p8

# Metro
.metro-health-check*

# macOS
.DS_Store
*.pem

# local env files
.env*.local
`;

export const expoLayout = (clerk: string): string => `import { ClerkProvider, useAuth } from '${clerk}'
import { tokenCache } from '${clerk}/token-cache'
import { ConvexReactClient } from 'convex/react'
import { ConvexProviderWithClerk } from 'convex/react-clerk'
import { Slot } from 'expo-router'

const publishableKey = process.env.EXPO_PUBLIC_CLERK_PUBLISHABLE_KEY!

if (!publishableKey) {
  throw new Error('Add your Clerk Publishable Key to the .env file')
}

const convex = new ConvexReactClient(process.env.EXPO_PUBLIC_CONVEX_URL!, {
  unsavedChangesWarning: false,
})

export default function RootLayout() {
  return (
    <ClerkProvider publishableKey={publishableKey} tokenCache={tokenCache}>
      <ConvexProviderWithClerk client={convex} useAuth={useAuth}>
        <Slot />
      </ConvexProviderWithClerk>
    </ClerkProvider>
  )
}
`;

export const expoVersions = {
  '@clerk/expo': '3.8.1',
  convex: '1.48.0',
  expo: '56.0.4',
  'expo-router': '6.0.10',
  'expo-secure-store': '15.0.7',
  react: '19.2.0',
  'react-native': '0.85.2',
};
const versions = { ...expoVersions, '@clerk/backend': '3.25.0', svix: '1.84.1' };

/** Clerk's Expo quickstart, with Convex in it. */
export const expo: CleanProject = {
  name: 'expo',
  framework: 'expo',
  app: '',
  convex: 'convex/',
  envFile: '.env.local',
  needsSecretKey: false,
  clerk: '@clerk/expo',
  providerFile: 'app/_layout.tsx',
  clerkProviderFile: 'app/_layout.tsx',
  webhookFile: 'convex/http.ts',
  webhookRunsIn: 'convex',
  names: {
    publishableKey: 'EXPO_PUBLIC_CLERK_PUBLISHABLE_KEY',
    convexUrl: 'EXPO_PUBLIC_CONVEX_URL',
    publicPrefix: 'EXPO_PUBLIC_',
    issuer: 'CLERK_JWT_ISSUER_DOMAIN',
    webhookSecret: 'CLERK_WEBHOOK_SECRET',
  },
  files: {
    '.gitignore': expoGitignore,
    'package.json': packageJson('chat', versions, { main: 'expo-router/entry', scripts: { start: 'expo start' } }),
    'yarn.lock': yarnLock(versions),
    ...nodeModules(versions),
    'app.json': json({ expo: { name: 'chat', slug: 'chat', scheme: 'chat', plugins: ['expo-router'] } }),
    'app/_layout.tsx': expoLayout('@clerk/expo'),
    'app/index.tsx': `import { useUser } from '@clerk/expo'
import { Text } from 'react-native'

export default function Page() {
  const { user } = useUser()
  return <Text>Hello {user?.firstName}</Text>
}
`,
    '.env.local': `${deploymentLine}
EXPO_PUBLIC_CONVEX_URL=${convexUrl}
EXPO_PUBLIC_CLERK_PUBLISHABLE_KEY=${publishableKey}
`,
    ...convexFolder('convex/', { style: 'guide', authConfig: authConfig('CLERK_JWT_ISSUER_DOMAIN') }),
  },
  deploymentEnv: { CLERK_JWT_ISSUER_DOMAIN: issuer, CLERK_WEBHOOK_SECRET: webhookSecret },
  network: healthyNetwork(),
};
