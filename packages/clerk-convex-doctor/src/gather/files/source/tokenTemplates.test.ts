import { afterAll, expect, it } from 'vitest';
import { removeTrees, writeTree } from '../../../testing/writeTree.ts';
import { gatherProjects } from '../gatherProjects.ts';

afterAll(removeTrees);

it.each<[string, string, readonly string[]]>([
  ['getToken', `const { getToken } = useAuth();\ngetToken({ template: 'Convex' });`, ['Convex src/main.ts:2']],
  [
    'a member',
    `(await auth()).getToken({ template: "convex" }); window.Clerk?.session?.getToken({ 'template': \`x\` })`,
    ['convex src/main.ts:1', 'x src/main.ts:1'],
  ],
  [
    'this library on a server',
    `getServerToken({ getToken, template: 'convex ' }); createServerConvex({ template: 'b' })`,
    ['convex  src/main.ts:1', 'b src/main.ts:1'],
  ],
  [
    'none',
    `getToken(); getToken({ skipCache: true }); getToken({ template }); getToken({ template: \`a\${b}\` }); render({ template: 'Convex' }); getToken({ ['template']: 'a' })`,
    [],
  ],
])('templates that are asked for: %s', async (_name, main, expected) => {
  const root = await writeTree({
    'package.json': { devDependencies: { vite: '7' } },
    'src/main.ts': `import { useAuth } from '@clerk/react'; ${main}`,
  });
  const [project] = await gatherProjects({ root, processEnv: {} });
  expect((project?.source.templates ?? []).map(({ name, at }) => `${name} ${at}`)).toEqual(expected);
});
