import { afterAll, expect, it } from 'vitest';
import { removeTrees, type Tree, writeTree } from '../../../testing/writeTree.ts';
import { gatherProjects } from '../gatherProjects.ts';

afterAll(removeTrees);

const clerk = `import { ClerkProvider, useAuth } from '@clerk/react';`;
const convex = `import { ConvexProvider, ConvexReactClient } from 'convex/react';`;
const both = 'export const a = <ClerkProvider>\n<ConvexProvider client={convex} /></ClerkProvider>;';
const plain = `${clerk}${convex}${both}`;

it.each<[string, Tree, string | undefined]>([
  ['inside of Clerk’s', { 'src/main.tsx': plain }, 'src/main.tsx:2'],
  [
    'outside of Clerk’s',
    { 'src/main.tsx': `${clerk}${convex} export const a = <ConvexProvider><ClerkProvider /></ConvexProvider>;` },
    'src/main.tsx:1',
  ],
  [
    'in a file of its own, before Clerk’s',
    {
      'src/a.tsx': `${convex} export const A = () => <ConvexProvider />;`,
      'src/b.tsx': `${clerk} import { A } from './a'; export const b = <ClerkProvider><A /></ClerkProvider>;`,
    },
    'src/a.tsx:1',
  ],
  [
    'in two files, of which the one has to do with Clerk',
    { 'src/a.tsx': `${convex} export const A = () => <ConvexProvider />;`, 'src/b.tsx': plain },
    'src/b.tsx:2',
  ],
  [
    'beside a client of HTTP’s that has a token',
    { 'src/main.tsx': `${plain} serverHttpClient?.setAuth(token); context.queries.serverHttpClient.setAuth(token);` },
    'src/main.tsx:2',
  ],
  ['without Clerk', { 'src/main.tsx': `${convex} export const a = <ConvexProvider />;` }, undefined],
  [
    'of another package',
    {
      'src/main.tsx': `${clerk} import { ConvexProvider } from './convex'; ${both}`,
      'src/convex.tsx': 'export const ConvexProvider = () => null;',
    },
    undefined,
  ],
  [
    'beside the one with Clerk, in another file',
    {
      'src/main.tsx': plain,
      'src/app.tsx': `import { ConvexProviderWithClerk } from 'convex/react-clerk'; export const b = <ConvexProviderWithClerk />;`,
    },
    undefined,
  ],
  [
    'beside one that is chosen at run time',
    {
      'src/main.tsx': `${plain} import { ConvexProviderWithAuth } from 'convex/react'; const P = own ? ConvexProviderWithAuth : ConvexProvider;`,
    },
    undefined,
  ],
  [
    'of another identity provider’s',
    { 'src/main.tsx': `${plain} import { ConvexBetterAuthProvider } from '@convex-dev/better-auth/react';` },
    undefined,
  ],
  [
    'whose client fetches tokens',
    { 'src/main.tsx': `${plain} convex.setAuth(async () => getToken({ template: 'convex' }));` },
    undefined,
  ],
  [
    'in a story',
    { 'src/main.stories.tsx': plain, 'src/main.tsx': `${clerk} export const b = <ClerkProvider />;` },
    undefined,
  ],
])('ConvexProvider %s', async (_name, tree, expected) => {
  const root = await writeTree({ 'package.json': { devDependencies: { vite: '7' } }, ...tree });
  const [project] = await gatherProjects({ root, processEnv: {} });
  expect(project?.source.withoutAuth).toBe(expected);
});
