import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { removeTrees, type Tree, writeTree } from '../../../testing/writeTree.ts';
import type { Step } from '../../../types.ts';
import { gatherProjects } from '../gatherProjects.ts';
import { withoutTrailingCommas } from './bunLock.ts';
import { compareVersions, majorOf } from './versions.ts';

afterAll(removeTrees);

/** Versions of React and Convex in the first app. */
const installedIn = async (root: string) => {
  const [project] = await gatherProjects({ root, processEnv: {} });
  return [project?.packages.react?.installed, project?.packages.convex?.installed];
};
const installed = async (tree: Tree) => installedIn(await writeTree(tree));

const json = {
  name: 'web',
  dependencies: { react: '^19.0.0', convex: '^1.30.0', widget: '^2.0.0' },
  devDependencies: { vite: '7', tool: '1' },
};
/** The same app with one React, and with a widget that brings another. The tool's React is nobody's concern. */
const lockfiles: Readonly<Record<string, (widgetsReact: string | null) => string>> = {
  'package-lock.json': (other) =>
    JSON.stringify({
      lockfileVersion: 3,
      packages: {
        '': json,
        'node_modules/react': { version: '19.0.0' },
        'node_modules/convex': { version: '1.30.0', peerDependencies: { react: '*' } },
        'node_modules/widget': { version: '2.0.0', dependencies: { react: '*' } },
        ...(other !== null && { 'node_modules/widget/node_modules/react': { version: other } }),
        'node_modules/tool': { version: '1.0.0', dependencies: { react: '*' } },
        'node_modules/tool/node_modules/react': { version: '16.0.0' },
      },
    }),
  'pnpm-lock.yaml': (other) => `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      react: { specifier: ^19.0.0, version: 19.0.0 }
      convex: { specifier: ^1.30.0, version: 1.30.0(react@19.0.0) }
      widget: { specifier: ^2.0.0, version: 2.0.0 }
    devDependencies:
      tool: { specifier: '1', version: 1.0.0 }
snapshots:
  react@19.0.0: {}
  react@16.0.0: {}
  convex@1.30.0(react@19.0.0): { optionalDependencies: { react: 19.0.0 } }
  widget@2.0.0: { dependencies: { react: ${other ?? '19.0.0'} } }
  tool@1.0.0: { dependencies: { react: 16.0.0 } }
`,
  'yarn.lock': (other) => `# yarn lockfile v1


convex@^1.30.0:
  version "1.30.0"
  resolved "x"

react@^16.0.0:
  version "16.0.0"

react@^19.0.0${other === null ? ', react@^18.0.0' : ''}:
  version "19.0.0"
${other === null ? '' : `\n"react@^18.0.0":\n  version "${other}"\n`}
tool@1:
  version "1.0.0"
  dependencies:
    react "^16.0.0"

widget@^2.0.0:
  version "2.0.0"
  dependencies:
    react "^18.0.0"
`,
  'yarn.lock of Berry': (other) => `__metadata:
  version: 8

"convex@npm:^1.30.0":
  version: 1.30.0
  resolution: "convex@npm:1.30.0"

"react@npm:^19.0.0${other === null ? ', react@npm:^18.0.0' : ''}":
  version: 19.0.0
  resolution: "react@npm:19.0.0"
${other === null ? '' : `\n"react@npm:^18.0.0":\n  version: ${other}\n  resolution: "react@npm:${other}"\n`}
"react@npm:^16.0.0":
  version: 16.0.0
  resolution: "react@npm:16.0.0"

"tool@npm:1":
  version: 1.0.0
  resolution: "tool@npm:1.0.0"
  dependencies:
    react: "npm:^16.0.0"

"widget@npm:^2.0.0":
  version: 2.0.0
  resolution: "widget@npm:2.0.0"
  dependencies:
    react: "npm:^18.0.0"
`,
  'bun.lock': (other) => `{
  "lockfileVersion": 1,
  "workspaces": { "": { "name": "web", "dependencies": { "react": "^19.0.0", }, }, },
  "packages": {
    "react": ["react@19.0.0", "", {}, "sha512-a,}"],
    "convex": ["convex@1.30.0", "", { "peerDependencies": { "react": "*" }, }, "sha512-a"],
    "widget": ["widget@2.0.0", "", { "dependencies": { "react": "*" } }, "sha512-a"],
    ${other === null ? '' : `"widget/react": ["react@${other}", "", {}, "sha512-a"],`}
    "tool": ["tool@1.0.0", "", { "dependencies": { "react": "*" } }, "sha512-a"],
    "tool/react": ["react@16.0.0", "", {}, "sha512-a"],
  },
}`,
};

describe('gatherPackages', () => {
  describe.each(Object.entries(lockfiles))('with %s', (name, write) => {
    const tree = (other: string | null): Tree => ({ 'package.json': json, [name.split(' ')[0] ?? name]: write(other) });

    it('finds the versions', async () => {
      expect(await installed(tree(null))).toEqual([['19.0.0'], ['1.30.0']]);
    });

    it('finds a second copy that another package brings', async () => {
      expect(await installed(tree('18.3.1'))).toEqual([['18.3.1', '19.0.0'], ['1.30.0']]);
    });

    it('counts the own copy alone, where Vite gives it to all', async () => {
      const config = "export default defineConfig({ resolve: { dedupe: ['react'] } });";
      expect(await installed({ ...tree('18.3.1'), 'vite.config.ts': config })).toEqual([['19.0.0'], ['1.30.0']]);
    });
  });

  const workspace: Tree = {
    'package.json': { name: 'root', workspaces: ['apps/*', 'packages/*'] },
    'apps/web/package.json': {
      ...json,
      dependencies: { react: '^19.0.0', convex: '^1.30.0', '@repo/backend': 'workspace:*' },
    },
    'packages/backend/package.json': { name: '@repo/backend', dependencies: { convex: '^1.25.0' } },
    'packages/backend/convex/auth.config.ts': '',
  };

  it.each<[string, string]>([
    [
      'pnpm-lock.yaml',
      `lockfileVersion: '9.0'
importers:
  apps/web:
    dependencies:
      react: { version: 19.0.0 }
      convex: { version: 1.30.0 }
      '@repo/backend': { version: link:../../packages/backend }
  packages/backend:
    dependencies:
      convex: { version: 1.25.0 }
snapshots: {}
`,
    ],
    [
      'package-lock.json',
      JSON.stringify({
        lockfileVersion: 3,
        packages: {
          '': {},
          'apps/web': { name: 'web' },
          'packages/backend': { name: '@repo/backend', dependencies: { convex: '^1.25.0' } },
          'node_modules/@repo/backend': { resolved: 'packages/backend', link: true },
          'node_modules/react': { version: '19.0.0' },
          'node_modules/convex': { version: '1.30.0' },
          'packages/backend/node_modules/convex': { version: '1.25.0' },
        },
      }),
    ],
    [
      'bun.lock',
      `{ "lockfileVersion": 1,
        "workspaces": { "": {}, "apps/web": { "name": "web" }, "packages/backend": { "name": "@repo/backend", "dependencies": { "convex": "^1.25.0" } } },
        "packages": {
          "react": ["react@19.0.0", "", {}, ""],
          "convex": ["convex@1.30.0", "", {}, ""],
          "@repo/backend": ["@repo/backend@workspace:packages/backend"],
          "@repo/backend/convex": ["convex@1.25.0", "", {}, ""],
        }, }`,
    ],
  ])('follows packages of the workspace in %s', async (name, text) => {
    expect(await installed({ ...workspace, [name]: text })).toEqual([['19.0.0'], ['1.25.0', '1.30.0']]);
  });

  it('believes node_modules before the lockfile, and counts two copies of one version', async () => {
    const copy = (version: string, dependencies = {}) => ({ version, dependencies });
    const tree: Tree = {
      'package.json': json,
      'package-lock.json': lockfiles['package-lock.json']?.('18.3.1') ?? '',
      'node_modules/react/package.json': copy('19.2.0'),
      'node_modules/convex/package.json': copy('1.40.0'),
      'node_modules/widget/package.json': copy('2.0.0', { react: '*' }),
      'node_modules/widget/node_modules/react/package.json': copy('19.2.0'),
      'node_modules/tool/package.json': copy('1.0.0', { react: '*' }),
      'node_modules/tool/node_modules/react/package.json': copy('16.0.0'),
    };
    expect(await installed(tree)).toEqual([['19.2.0', '19.2.0'], ['1.40.0']]);
  });

  /** As a package manager links it. */
  async function withBackendLinked(tree: Tree): Promise<string> {
    const root = await writeTree(tree);
    await mkdir(join(root, 'node_modules/@repo'));
    await symlink(join(root, 'packages/backend'), join(root, 'node_modules/@repo/backend'));
    return root;
  }

  it('takes no copy of Convex for a second one that a package of the workspace has in the same version', async () => {
    const tree: Tree = {
      ...workspace,
      'packages/backend/package.json': { name: '@repo/backend', version: '0.0.0', dependencies: { convex: '^1.25.0' } },
      'node_modules/react/package.json': { version: '19.0.0' },
      'node_modules/convex/package.json': { version: '1.30.0' },
      'packages/backend/node_modules/convex/package.json': { version: '1.30.0' },
    };
    expect(await installedIn(await withBackendLinked(tree))).toEqual([['19.0.0'], ['1.30.0']]);
  });

  it('finds that second one in a package that has React too, and so is for pages', async () => {
    const tree: Tree = {
      ...workspace,
      'packages/backend/package.json': {
        name: '@repo/backend',
        dependencies: { convex: '^1.25.0' },
        peerDependencies: { react: '*' },
      },
      'node_modules/react/package.json': { version: '19.0.0' },
      'node_modules/convex/package.json': { version: '1.30.0' },
      'packages/backend/node_modules/convex/package.json': { version: '1.30.0' },
    };
    expect(await installedIn(await withBackendLinked(tree))).toEqual([['19.0.0'], ['1.30.0', '1.30.0']]);
  });

  it.each([
    ['^18.3.1', ['18.3.1']],
    ['^19.0.0', ['18.3.1', '19.2.3']],
  ])('finds in a yarn.lock of version 1 what a package of the workspace brings: React %s', async (range, expected) => {
    const version = (asked: string, is: string) => `${asked}:\r\n  version "${is}"\r\n\r\n`;
    const tree = {
      'package.json': { workspaces: { packages: ['apps/*', 'libs/*'] } },
      'apps/web/package.json': {
        name: 'web',
        dependencies: { react: '^18.3.1', convex: '^1.48.0', ui: '1.0.0', '@clerk/react': '^6.18.0', vite: '^7.0.0' },
      },
      'libs/ui/package.json': { name: 'ui', version: '1.0.0', dependencies: { react: range } },
      'yarn.lock': `# yarn lockfile v1\r\n\r\n${version('react@^18.3.1', '18.3.1')}${version('react@^19.0.0', '19.2.3')}${version('convex@^1.48.0', '1.48.0')}`,
    };
    expect(await installed(tree)).toEqual([expected, ['1.48.0']]);
  });

  it('takes two entries of one version in yarn.lock for one copy', async () => {
    const text = `react@^19.0.0:\n  version "19.2.0"\n\nwidget@^1.0.0:\n  version "1.0.0"\n  dependencies:\n    react "^19.1.0"\n\nreact@^19.1.0:\n  version "19.2.0"\n`;
    const tree = { 'package.json': { dependencies: { react: '^19.0.0', widget: '^1.0.0' } }, 'yarn.lock': text };
    expect(await installed(tree)).toEqual([['19.2.0'], undefined]);
  });

  it('follows the links of pnpm, to one copy where two lead there', async () => {
    const root = await writeTree({
      'package.json': json,
      'node_modules/.pnpm/react@19.2.0/node_modules/react/package.json': { version: '19.2.0' },
      'node_modules/.pnpm/widget@2.0.0/node_modules/widget/package.json': {
        version: '2.0.0',
        dependencies: { react: '*' },
      },
    });
    const store = (name: string) => join(root, 'node_modules/.pnpm', name);
    await symlink(store('react@19.2.0/node_modules/react'), join(root, 'node_modules/react'));
    await symlink(store('widget@2.0.0/node_modules/widget'), join(root, 'node_modules/widget'));
    await symlink(store('react@19.2.0/node_modules/react'), store('widget@2.0.0/node_modules/react'));
    await mkdir(join(root, 'node_modules/convex'));
    expect(await installedIn(root)).toEqual([['19.2.0'], []]);
  });

  it('finds an app of a workspace in its lockfile, looked at from the folder of the app', async () => {
    const root = await writeTree({
      'package.json': { workspaces: ['apps/*'] },
      'apps/web/package.json': { dependencies: { convex: '^1.30.0' } },
      'pnpm-lock.yaml':
        "lockfileVersion: '9.0'\nimporters:\n  apps/web:\n    dependencies:\n      convex: { version: 1.30.1 }\n",
    });
    expect(await installedIn(join(root, 'apps/web'))).toEqual([undefined, ['1.30.1']]);
  });

  it.each(['../outside', '@a/../../outside', './../outside'])('does not look for a package called %j', async (name) => {
    const tree: Tree = {
      'package.json': { dependencies: { [name]: '1' } },
      'outside/package.json': { version: '1.0.0', dependencies: { react: '*' } },
      'node_modules/@a/b/package.json': {},
      'node_modules/react/package.json': { version: '19.0.0' },
    };
    expect(await installed(tree)).toEqual([undefined, undefined]);
  });

  it('says that a lockfile cannot be read', async () => {
    const steps: Step[] = [];
    const root = await writeTree({ 'package.json': json, 'pnpm-lock.yaml': 'a: [' });
    await gatherProjects({ root, processEnv: {}, onStep: (step) => steps.push(step) });
    expect(steps).toContainEqual(
      expect.objectContaining({
        id: 'packages',
        status: 'skipped',
        detail: 'pnpm-lock.yaml: it is not a lockfile that is known',
      }),
    );
  });
});

describe('versions', () => {
  it('sorts oldest first, with what is no version last', () => {
    const sorted = ['1.9.0', '1.10.0', '2.0.0-rc.1', '2.0.0', 'next'];
    expect(sorted.toReversed().sort(compareVersions)).toEqual(sorted);
  });

  it.each([
    ['^16.0.1', 16],
    ['15.x', 15],
    ['latest', undefined],
    [undefined, undefined],
  ])('the major of %s is %s', (range, major) => {
    expect(majorOf(range)).toBe(major);
  });
});

describe('withoutTrailingCommas', () => {
  it.each([
    ['[1,]', '[1]'],
    ['{"a": 1 ,\n}', '{"a": 1 \n}'],
    ['{"a": ",}", "b": "\\",]"}', '{"a": ",}", "b": "\\",]"}'],
  ])('%s', (text, expected) => {
    expect(withoutTrailingCommas(text)).toBe(expected);
  });
});
