import { afterAll, describe, expect, it } from 'vitest';
import { removeTrees, type Tree, writeTree } from '../../../testing/writeTree.ts';
import { gatherProjects } from '../gatherProjects.ts';

afterAll(removeTrees);

const handedOn = async (dependency: string, tree: Tree) => {
  const root = await writeTree({
    'package.json': { dependencies: { [dependency]: '*' } },
    '.env.local': 'CLERK_PUBLISHABLE_KEY=pk_test_x\n',
    ...tree,
  });
  const [project] = await gatherProjects({ root, processEnv: {} });
  return project?.source.handedOn;
};

const name = 'CLERK_PUBLISHABLE_KEY';
const read = `process.env.${name}`;
const provider = `<ClerkProvider publishableKey={${read}} />`;
const clerk = `import { ClerkProvider } from '@clerk/nextjs';`;
const main = { 'src/main.tsx': `const key = ${read};` };

describe('variables that reach the browser without a prefix', () => {
  it.each<[string, string, Tree]>([
    ["from a layout of Next.js's server", 'next', { 'app/layout.tsx': `${clerk} export default () => ${provider};` }],
    [
      "from a module of Next.js's server",
      'next',
      { 'lib/env.ts': `export const clerkKey = ${read};`, 'app/layout.tsx': `${clerk} export default () => null;` },
    ],
    ['by `env` in next.config', 'next', { 'next.config.js': `module.exports = { env: { KEY: ${read} } };` }],
    ['by `env: process.env`', 'next', { 'next.config.js': 'module.exports = { env: process.env };', ...main }],
    ["by `extra` in Expo's config", 'expo', { 'app.config.ts': `export default { extra: { clerkKey: ${read} } };` }],
    ['by a plugin of Babel', 'expo', { 'app/_layout.tsx': `import { ${name} } from '@env'; const clerk = ${name};` }],
    [
      'by `define`',
      'vite',
      { 'vite.config.ts': `export default { define: { '${read}': JSON.stringify(env.${name}) } };` },
    ],
    ['by `define` of all', 'vite', { 'vite.config.ts': `export default { define: { 'process.env': env } };`, ...main }],
    ['by `envPrefix`', 'vite', { 'vite.config.ts': `export default { envPrefix: ['VITE_', 'CLERK_'] };`, ...main }],
    [
      'by an `envPrefix` that nobody knows',
      'vite',
      { 'vite.config.ts': 'export default { envPrefix: prefixes };', ...main },
    ],
  ])('are found where they come %s', async (_, dependency, tree) => {
    expect(await handedOn(dependency, tree)).toEqual([name]);
  });

  it.each<[string, string, Tree]>([
    ['the code reads them in the browser', 'vite', main],
    [
      'a component of the browser reads them',
      'next',
      { 'app/page.tsx': `'use client'; ${clerk} export default () => ${provider};` },
    ],
    ['middleware alone reads them', 'next', { 'middleware.ts': `clerkMiddleware({ publishableKey: ${read} });` }],
    ["a test's config has them", 'vite', { 'vitest.config.ts': `export default { test: { env: { KEY: ${read} } } };` }],
    [
      'a comment speaks of them',
      'vite',
      { 'vite.config.ts': `// not ${name}\nexport default { envPrefix: 'VITE_' };` },
    ],
  ])('are none where %s', async (_, dependency, tree) => {
    expect(await handedOn(dependency, tree)).toBeUndefined();
  });
});
