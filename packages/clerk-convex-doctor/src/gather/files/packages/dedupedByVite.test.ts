import { afterAll, describe, expect, it } from 'vitest';
import { removeTrees, type Tree, writeTree } from '../../../testing/writeTree.ts';
import { gatherProjects } from '../gatherProjects.ts';

afterAll(removeTrees);

/** Versions of React and Convex in an app whose widget brings another of each. */
async function installed(config: string, dependencies: object = { vite: '7' }, more: Tree = {}) {
  const both = { react: '*', convex: '*' };
  const root = await writeTree({
    'package.json': { dependencies: { ...dependencies, ...both, widget: '*' } },
    'node_modules/react/package.json': { version: '19.2.0' },
    'node_modules/convex/package.json': { version: '1.48.0' },
    'node_modules/widget/package.json': { version: '1.0.0', dependencies: both },
    'node_modules/widget/node_modules/react/package.json': { version: '18.3.1' },
    'node_modules/widget/node_modules/convex/package.json': { version: '1.30.0' },
    'vite.config.ts': config,
    ...more,
  });
  const [project] = await gatherProjects({ root, processEnv: {} });
  return [project?.packages.react?.installed.length, project?.packages.convex?.installed.length];
}

const plugin = "import react from '@vitejs/plugin-react';\nexport default defineConfig({ plugins: [react()] });";
const installedPlugin = (version: string): Tree => ({
  'node_modules/@vitejs/plugin-react/package.json': { version },
});

describe('copies that Vite makes one', () => {
  it.each<[string, string, readonly [number, number]]>([
    ['none', 'export default {};', [2, 2]],
    ['both by dedupe', "export default { resolve: { dedupe: ['react', 'react-dom', 'convex'] } };", [1, 1]],
    ['one by dedupe', "export default defineConfig(() => ({ resolve: { dedupe: ['convex', ...more] } }));", [2, 1]],
    [
      'one by an alias',
      "export default { resolve: { alias: { react: path.resolve('node_modules/react') } } };",
      [1, 2],
    ],
    ['none that cannot be told', 'export default { resolve: { dedupe: names } };', [2, 2]],
    ['none in a config that is broken', "export default { resolve: { dedupe: ['react'", [2, 2]],
  ])('%s', async (_, config, expected) => {
    expect(await installed(config)).toEqual(expected);
  });

  it('React by the plugin before 5, whether it is installed or only asked for', async () => {
    const asked = (range: string) => ({ vite: '7', '@vitejs/plugin-react': range });
    expect(await installed(plugin, asked('*'), installedPlugin('4.7.0'))).toEqual([1, 2]);
    expect(await installed(plugin, asked('^4.3.1'))).toEqual([1, 2]);
    expect(await installed(plugin, asked('^5.0.0'), installedPlugin('5.1.0'))).toEqual([2, 2]);
    expect(await installed('export default {};', asked('^4.3.1'))).toEqual([2, 2]);
  });

  it('none where the app is built by something else', async () => {
    const config = "export default { test: {}, resolve: { dedupe: ['react', 'convex'] } };";
    expect(await installed(config, { next: '16', vite: '7' })).toEqual([2, 2]);
  });
});
