/** A publishable key of an instance, and what goes with it. */
export const frontendApi = 'happy-hippo-1.clerk.accounts.dev';
const publishableKey = `pk_test_${Buffer.from(`${frontendApi}$`).toString('base64')}`;

/** Files of an app with Vite in which nothing is wrong. */
export const cleanProject = (): Record<string, string> => ({
  'package.json': JSON.stringify({
    name: 'app',
    type: 'module',
    dependencies: {
      '@clerk/react': '^6.18.0',
      'clerk-convex-resilience': '^0.1.0',
      convex: '^1.48.0',
      react: '^19.2.3',
      'react-dom': '^19.2.3',
      vite: '^7.0.0',
    },
  }),
  'vite.config.ts': 'export default {};\n',
  'index.html': '<script type="module" src="/src/main.tsx"></script>\n',
  '.env.local': [
    `VITE_CLERK_PUBLISHABLE_KEY=${publishableKey}`,
    'CONVEX_DEPLOYMENT=dev:happy-animal-123',
    'VITE_CONVEX_URL=https://happy-animal-123.convex.cloud',
    `CLERK_JWT_ISSUER_DOMAIN=https://${frontendApi}`,
    '',
  ].join('\n'),
  '.gitignore': 'node_modules\n.env.local\n',
  'src/main.tsx': `import { ClerkProvider, useAuth } from '@clerk/react';
import { ConvexReactClient } from 'convex/react';
import { ConvexProviderWithClerk } from 'convex/react-clerk';
const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL);
export const App = () => (
  <ClerkProvider publishableKey={import.meta.env.VITE_CLERK_PUBLISHABLE_KEY}>
    <ConvexProviderWithClerk client={convex} useAuth={useAuth}><p>hello</p></ConvexProviderWithClerk>
  </ClerkProvider>
);
`,
  'convex/auth.config.ts':
    "export default { providers: [{ domain: process.env.CLERK_JWT_ISSUER_DOMAIN!, applicationID: 'convex' }] };\n",
  'convex/schema.ts': `import { usersTable } from 'clerk-convex-resilience/convex';
import { defineSchema } from 'convex/server';

export default defineSchema({
  users: usersTable(),
});
`,
  'convex/users.ts': `import { storeUser } from 'clerk-convex-resilience/convex';
import { mutation } from './_generated/server';

export const store = mutation({ args: {}, handler: (ctx) => storeUser(ctx) });
`,
});
