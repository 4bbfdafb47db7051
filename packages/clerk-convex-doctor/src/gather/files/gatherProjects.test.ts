import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, truncate, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProjectEvidence } from 'clerk-convex-resilience/diagnosis';
import { afterAll, describe, expect, it } from 'vitest';
import { DoctorError } from '../../DoctorError.ts';
import { addFiles, removeTrees, type Tree, writeTree } from '../../testing/writeTree.ts';
import type { DoctorOptions, Step } from '../../types.ts';
import { fileSteps } from './fileSteps.ts';
import { type GatherParts, gatherProjects } from './gatherProjects.ts';

afterAll(removeTrees);

const gather = async (tree: Tree, options: Partial<DoctorOptions> = {}, parts: GatherParts = {}) => {
  const root = await writeTree(tree);
  return gatherProjects({ root, processEnv: {}, ...options }, parts);
};
const gatherOne = async (...args: Parameters<typeof gather>): Promise<ProjectEvidence> => {
  const [project, ...others] = await gather(...args);
  if (!project || others.length > 0) throw new Error(`there are ${others.length + (project ? 1 : 0)} apps`);
  return project;
};

const authConfig = `export default { providers: [{ domain: process.env.CLERK_JWT_ISSUER_DOMAIN!, applicationID: 'convex' }] };`;
const main = (from = '@clerk/react') => `
import { ClerkProvider, useAuth } from '${from}';
import { ConvexProviderWithClerk } from 'convex/react-clerk';
export const App = () => (
  <ClerkProvider publishableKey={import.meta.env.VITE_CLERK_PUBLISHABLE_KEY}>
    <ConvexProviderWithClerk client={client} useAuth={useAuth}><Main /></ConvexProviderWithClerk>
  </ClerkProvider>
);`;
const vite: Tree = {
  'package.json': {
    name: 'app',
    dependencies: { react: '^19.0.0', convex: '^1.30.0', '@clerk/react': '^6.0.0' },
    devDependencies: { vite: '^7.0.0' },
  },
  '.gitignore': '.env*\n',
  '.env.local': 'VITE_CLERK_PUBLISHABLE_KEY=pk_test_x\n',
  'convex/auth.config.ts': authConfig,
  'convex/schema.ts': `import { defineSchema, defineTable } from 'convex/server';\nexport default defineSchema({ users: defineTable({}), 'messages': defineTable({}) });`,
  'convex/users.ts': `export const me = query({ handler: (ctx) => ctx.db.query('users').first() });`,
  'src/main.tsx': main(),
};

// In parts, so that this file holds no secret itself.
const secretKey = `sk_test_${'aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9'}`;
const signingSecret = `whsec_${'Zq9Lw2Xv5Nf8Rk3Tb6Hd1Mg4Pj7Sc0Ya'}`;

describe('gatherProjects', () => {
  it('tells everything about an app on Vite', async () => {
    expect(await gatherOne(vite)).toEqual({
      framework: 'vite',
      app: '.',
      convexFolder: 'convex',
      packages: {
        '@clerk/react': { wanted: '^6.0.0', installed: [] },
        convex: { wanted: '^1.30.0', installed: [] },
        react: { wanted: '^19.0.0', installed: [] },
        vite: { wanted: '^7.0.0', installed: [] },
      },
      env: [{ name: 'VITE_CLERK_PUBLISHABLE_KEY', value: 'pk_test_x', at: '.env.local:1' }],
      envFiles: [{ file: '.env.local', hasSecrets: false, git: 'ignored' }],
      envTarget: '.env.local',
      authConfig: {
        status: 'read',
        file: 'convex/auth.config.ts',
        providers: [
          {
            kind: 'oidc',
            domainEnv: ['CLERK_JWT_ISSUER_DOMAIN'],
            applicationID: 'convex',
            at: 'convex/auth.config.ts:1',
          },
        ],
      },
      source: {
        providers: [
          {
            name: 'ConvexProviderWithClerk',
            at: 'src/main.tsx:6',
            useAuthFrom: '@clerk/react',
            clerkProviderFrom: '@clerk/react',
            isOutsideClerk: false,
          },
        ],
        readsClerkSecretKey: [],
        usesUsersTable: ['convex/users.ts:1'],
        tables: ['users', 'messages'],
        readsEnv: ['VITE_CLERK_PUBLISHABLE_KEY'],
      },
      webhook: { handlers: [] },
      secretsInFiles: [],
      isProduction: false,
    } satisfies ProjectEvidence);
  });

  it.each<[string, Tree, ProjectEvidence['framework']]>([
    ['Vite', { 'package.json': { devDependencies: { vite: '7' } } }, 'vite'],
    ['Next.js', { 'package.json': { dependencies: { next: '16' } } }, 'next'],
    ['Expo', { 'package.json': { dependencies: { expo: '54', 'react-native': '0.81' } } }, 'expo'],
    [
      'TanStack Start',
      { 'package.json': { dependencies: { '@tanstack/react-start': '1' }, devDependencies: { vite: '7' } } },
      'tanstack-start',
    ],
    ['Vite by its config', { 'package.json': {}, 'vite.config.ts': '' }, 'vite'],
    ['nothing', { 'package.json': {} }, 'plain'],
  ])('knows an app on %s', async (_, tree, framework) => {
    expect((await gatherOne(tree)).framework).toBe(framework);
  });

  describe('in a monorepo', () => {
    const web = { dependencies: { convex: '1', '@clerk/nextjs': '6', next: '16', '@repo/backend': '*' } };
    const mobile = { dependencies: { convex: '1', '@clerk/clerk-expo': '2', expo: '54', '@repo/backend': '*' } };
    const members: Tree = {
      'apps/web/package.json': { name: 'web', ...web },
      'apps/mobile/package.json': { name: 'mobile', ...mobile },
      'packages/ui/package.json': { name: '@repo/ui', peerDependencies: { '@clerk/clerk-react': '5' } },
      'packages/backend/package.json': { name: '@repo/backend', dependencies: { convex: '1' } },
      'packages/backend/convex/auth.config.ts': authConfig,
      'packages/backend/.env.local':
        'CONVEX_DEPLOYMENT=dev:happy-animal-123\nCONVEX_URL=https://happy-animal-123.convex.cloud\n',
    };
    const json = (workspaces?: unknown) => ({ name: 'root', private: true, workspaces });
    const both = [
      ['apps/mobile', 'expo', 'packages/backend/convex'],
      ['apps/web', 'next', 'packages/backend/convex'],
    ];
    const shapes = (projects: readonly ProjectEvidence[]) =>
      projects.map(({ app, framework, convexFolder }) => [app, framework, convexFolder]).sort();

    it.each<[string, Tree]>([
      ['pnpm', { 'package.json': json(), 'pnpm-workspace.yaml': 'packages:\n  - apps/*\n  - packages/*\n' }],
      ['npm and Bun', { 'package.json': json(['apps/*', 'packages/*']) }],
      ['Yarn', { 'package.json': json({ packages: ['./apps/*', 'packages/**'] }) }],
    ])('of %s, finds the apps that share one folder of functions', async (_, tree) => {
      expect(shapes(await gather({ ...members, ...tree }))).toEqual(both);
    });

    it('does not take the root for an app because of its tools, nor its packages for a part of the root', async () => {
      const root = { workspaces: ['apps/*'], devDependencies: { vite: '7', convex: '1' } };
      const tree = { 'package.json': root, 'apps/web/package.json': web, 'apps/web/app/page.tsx': main() };
      expect(shapes(await gather(tree))).toEqual([['apps/web', 'next', undefined]]);
      const projects = await gather({ ...tree, 'index.html': '', 'src/main.tsx': main() });
      expect(projects.map(({ app, source }) => [app, source.providers.map(({ at }) => at)])).toEqual([
        ['.', ['src/main.tsx:6']],
        ['apps/web', ['apps/web/app/page.tsx:6']],
      ]);
    });

    it('takes the deployment, and nothing else, from the package of the functions', async () => {
      const [project] = await gather({ ...members, 'package.json': json(['apps/*', 'packages/*']) });
      expect(project?.env).toEqual([
        { name: 'CONVEX_DEPLOYMENT', value: 'dev:happy-animal-123', at: 'packages/backend/.env.local:1' },
      ]);
    });

    it('looks up from an app to the workspace that it is a part of', async () => {
      const root = await writeTree({ ...members, 'package.json': json(['apps/*', 'packages/*']) });
      const projects = await gatherProjects({ root: join(root, 'apps/web'), processEnv: {} });
      expect(shapes(projects)).toEqual([['.', 'next', '../../packages/backend/convex']]);
      expect(projects[0]?.authConfig).toMatchObject({ file: '../../packages/backend/convex/auth.config.ts' });
    });

    it('reads `functions` of convex.json', async () => {
      const tree = {
        'package.json': {},
        'convex.json': { functions: 'src/server/' },
        'src/server/auth.config.ts': authConfig,
      };
      expect((await gatherOne(tree)).convexFolder).toBe('src/server');
    });

    it('does not follow convex.json out of the project', async () => {
      expect(
        (await gatherOne({ 'package.json': {}, 'convex.json': { functions: '../../../../etc' } })).convexFolder,
      ).toBeUndefined();
    });

    it('finds the apps of an Nx repository that has one package.json', async () => {
      const nx: Tree = {
        'nx.json': {},
        'package.json': {
          dependencies: { next: '16', '@clerk/nextjs': '7', convex: '1' },
          devDependencies: { vite: '7' },
        },
        'convex/schema.ts': '',
        'apps/site/project.json': {},
        'apps/site/next.config.js': '',
        'apps/site/src/app/page.tsx': '',
        'apps/admin/project.json': {},
        'apps/admin/vite.config.mts': '',
        'apps/admin/index.html': '',
        'apps/admin/src/app/app.tsx': '',
        'libs/ui/project.json': {},
        'libs/ui/vite.config.ts': '',
        'pnpm-lock.yaml':
          "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      convex: { version: 1.48.0 }\n",
      };
      const seen = (projects: Awaited<ReturnType<typeof gather>>) =>
        projects.map(({ app, framework, convexFolder }) => [app, framework, convexFolder]);
      expect(seen(await gather(nx))).toEqual([
        ['apps/admin', 'vite', 'convex'],
        ['apps/site', 'next', 'convex'],
      ]);
      expect((await gather(nx)).map(({ packages }) => packages.convex?.installed)).toEqual([['1.48.0'], ['1.48.0']]);
      expect(seen(await gather({ ...nx, 'next.config.js': '', 'app/page.tsx': '' }))).toEqual([
        ['.', 'next', 'convex'],
      ]);
    });

    it('puts the range of a catalog in place', async () => {
      const [project] = await gather({
        'package.json': json(),
        'pnpm-workspace.yaml': 'packages: [apps/*]\ncatalog:\n  react: ^19.1.0\n',
        'apps/web/package.json': { dependencies: { react: 'catalog:', convex: '1' }, devDependencies: { vite: '7' } },
      });
      expect(project?.packages.react?.wanted).toBe('^19.1.0');
    });

    it("puts it in place in an app alone, and from Yarn's settings, where the lockfile has the range", async () => {
      const { packages } = await gatherOne({
        'package.json': { dependencies: { react: 'catalog:', convex: 'catalog:' }, devDependencies: { vite: '7' } },
        'pnpm-workspace.yaml': 'catalog:\n  convex: ^1.30.0\n',
        '.yarnrc.yml': 'nodeLinker: pnp\ncatalog:\n  react: ^19.1.0\n',
        'yarn.lock': `__metadata:
  version: 8

"react@npm:^19.1.0":
  version: 19.1.1
  resolution: "react@npm:19.1.1"
`,
      });
      expect(packages).toMatchObject({
        react: { wanted: '^19.1.0', installed: ['19.1.1'] },
        convex: { wanted: '^1.30.0' },
      });
    });
  });

  describe('of env files', () => {
    const files: Tree = Object.fromEntries(
      [
        '.env',
        '.env.local',
        '.env.development',
        '.env.development.local',
        '.env.production',
        '.env.production.local',
      ].map((name) => [name, `WHICH=${name}\n`]),
    );
    const without = (names: readonly string[]) =>
      Object.fromEntries(Object.entries(files).filter(([name]) => !names.includes(name)));
    const [dev, prod] = ['.env.development', '.env.production'];

    it.each<[string, string, readonly string[]]>([
      ['next', 'next', [`${dev}.local`, '.env.local', dev, '.env']],
      ['expo', 'expo', [`${dev}.local`, '.env.local', dev, '.env']],
      ['vite', 'vite', [`${dev}.local`, dev, '.env.local', '.env']],
      ['TanStack Start', '@tanstack/react-start', [`${dev}.local`, dev, '.env.local', '.env']],
      ['a plain app', 'left-pad', [`${dev}.local`, '.env.local', dev, '.env']],
    ])('of %s, knows which counts', async (_, name, order) => {
      for (const [index, expected] of order.entries()) {
        const tree = { ...without(order.slice(0, index)), 'package.json': { dependencies: { [name]: '1' } } };
        const { env } = await gatherOne(tree);
        expect(env).toEqual([{ name: 'WHICH', value: expected, at: `${expected}:1` }]);
      }
    });

    it('reads the files of production where NODE_ENV says so', async () => {
      const project = await gatherOne(
        { ...files, 'package.json': { dependencies: { vite: '7' } } },
        { processEnv: { NODE_ENV: 'production' } },
      );
      expect(project.env).toContainEqual({ name: 'WHICH', value: `${prod}.local`, at: `${prod}.local:1` });
      expect(project.isProduction).toBe(true);
    });

    it('lets the environment of the process count most, as far as it is of concern', async () => {
      const { env } = await gatherOne(
        { ...vite },
        { processEnv: { VITE_CLERK_PUBLISHABLE_KEY: 'pk_test_y', HOME: '/somewhere' } },
      );
      expect(env).toEqual([{ name: 'VITE_CLERK_PUBLISHABLE_KEY', value: 'pk_test_y' }]);
    });

    it('reads a given file in place of the others, before the environment of the process', async () => {
      const project = await gatherOne(
        { ...vite, [prod]: 'VITE_CONVEX_URL=https://a.convex.cloud\n' },
        { envFile: prod, processEnv: { VITE_CONVEX_URL: 'https://b.convex.cloud' } },
      );
      expect(project.env).toEqual([{ name: 'VITE_CONVEX_URL', value: 'https://a.convex.cloud', at: `${prod}:1` }]);
      expect(project.isProduction).toBe(true);
    });

    it.each([
      ['A=1\nB=2', 'B', '2', 2],
      ['B=1\n\nB=2', 'B', '2', 3],
      ['export B="2 # not a comment" # a comment', 'B', '2 # not a comment', 1],
      ["B='a b'", 'B', 'a b', 1],
      ['B=2 # a comment', 'B', '2', 1],
      ['\uFEFFB=2\r\nC=3\r\n', 'B', '2', 1],
      ['A=1\nB=$A-$' + '{A}-$' + '{C:-3}', 'B', '1-1-3', 2],
      ['B="a\nb"\nC=1', 'C', '1', 3],
    ])('reads %j', async (text, name, value, line) => {
      const { env } = await gatherOne({ '.env': text, 'package.json': { dependencies: { vite: '7' } } });
      expect(env.find((variable) => variable.name === name)).toEqual({ name, value, at: `.env:${line}` });
    });

    it('knows which hold secrets, and what git says of them', async () => {
      const root = await writeTree({
        'package.json': {},
        '.gitignore': '.env.local\n',
        '.env': `CLERK_SECRET_KEY=${secretKey}`,
        '.env.local': `CLERK_SECRET_KEY=${secretKey}`,
        '.env.development': 'CLERK_SECRET_KEY=sk_test_xxx',
        '.env.example': 'CLERK_SECRET_KEY=sk_test_your_key',
      });
      git(root, 'init', '-q');
      git(root, 'add', '.env');
      const [project] = await gatherProjects({ root, processEnv: {} });
      expect(project?.envFiles).toEqual([
        { file: '.env.local', hasSecrets: true, git: 'ignored' },
        { file: '.env.development', hasSecrets: false, git: 'untracked' },
        { file: '.env', hasSecrets: true, git: 'tracked' },
      ]);
    });

    it('says nothing of git where there is none', async () => {
      expect((await gatherOne({ 'package.json': {}, '.env': 'A=1' })).envFiles).toEqual([
        { file: '.env', hasSecrets: false },
      ]);
    });
  });

  describe('of secrets in tracked files', () => {
    const tree: Tree = {
      'package.json': {},
      'README.md': `# App\n\nUse ${secretKey} here.\n`,
      'docs/webhooks.md': `Secret: "${signingSecret}"\n`,
      'docs/setup.md':
        'CLERK_SECRET_KEY=sk_test_xxxxxxxxxxxxxxxxxxxxxxxxxxxx\nsk_test_...\nsk_test_PutTheKeyOfYourOwnInstanceIn1234567890\nwhsec_your_secret\n',
      'notes.txt': secretKey,
      '.gitignore': 'notes.txt\n',
      'logo.png': secretKey,
      'pnpm-lock.yaml': secretKey,
      'binary.dat': `\0${secretKey}`,
      'long.txt': `${' '.repeat(1_048_577)}${secretKey}`,
    };
    const expected = [
      { at: 'README.md:3', kind: 'secret_key', shown: 'sk_test_… (50 characters)' },
      { at: 'docs/webhooks.md:1', kind: 'webhook_secret', shown: 'whsec_… (38 characters)' },
    ];

    it('asks git', async () => {
      const root = await writeTree(tree);
      git(root, 'init', '-q');
      git(root, 'add', '.');
      await addFiles(root, { 'untracked.md': secretKey });
      const [project] = await gatherProjects({ root, processEnv: {} });
      expect(project?.secretsInFiles).toEqual(expected);
    });

    it('without git, works it out from .gitignore', async () => {
      expect((await gatherOne(tree)).secretsInFiles).toEqual(expected);
    });

    it('runs no program that a repository names', async () => {
      const root = await writeTree({ 'package.json': {}, '.env': 'A=1', 'evil.sh': '#!/bin/sh\ntouch ran\n' });
      await chmod(join(root, 'evil.sh'), 0o755);
      git(root, 'init', '-q');
      git(root, 'add', '.');
      git(root, 'config', 'core.fsmonitor', './evil.sh');
      const steps: Step[] = [];
      await gatherProjects({ root, processEnv: {}, onStep: (step) => steps.push(step) });
      const { existsSync } = await import('node:fs');
      expect(existsSync(join(root, 'ran'))).toBe(false);
    });
  });

  it('says that a build is older than the keys', async () => {
    const root = await writeTree({
      'package.json': { dependencies: { next: '15' } },
      '.env.local': 'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=pk_test_x',
      '.next/BUILD_ID': 'a',
    });
    const hourAgo = new Date(Date.now() - 3_600_000);
    const read = async () => (await gatherProjects({ root, processEnv: {} }))[0]?.staleBuild;
    expect(await read()).toBeUndefined();
    for (const path of ['.next/BUILD_ID', '.next']) await utimes(join(root, path), hourAgo, hourAgo);
    expect(await read()).toEqual({ folder: '.next', file: '.env.local' });
  });

  it('evaluates auth.config with the variables of the deployment, where these are known', async () => {
    const { authConfig: config } = await gatherOne(
      vite,
      {},
      { deploymentEnv: async () => ({ CLERK_JWT_ISSUER_DOMAIN: 'https://a.clerk.accounts.dev' }) },
    );
    expect(config).toMatchObject({ providers: [{ domain: 'https://a.clerk.accounts.dev' }] });
  });

  it('tells of each step when it begins and when it is over, by the listed ids', async () => {
    const steps: Step[] = [];
    await gather(vite, { onStep: (step) => steps.push(step) });
    const ids = fileSteps.map(({ id }) => id);
    expect(steps.filter(({ status }) => status === 'started').map(({ id }) => id)).toEqual(ids);
    const over = steps.filter(({ status }) => status !== 'started');
    expect(over.map(({ id }) => id)).toEqual(ids);
    expect(over.filter(({ detail }) => !detail)).toEqual([]);
  });

  describe('where there is no project', () => {
    it.each([
      ['no folder', async () => join(await writeTree({}), 'nothing')],
      ['no package.json', () => writeTree({ 'index.html': '' })],
      ['a file in place of the folder', async () => join(await writeTree({ 'package.json': {} }), 'package.json')],
    ])('says so: %s', async (_, make) => {
      const rejected = gatherProjects({ root: await make(), processEnv: {} });
      await expect(rejected).rejects.toBeInstanceOf(DoctorError);
      await expect(rejected).rejects.toMatchObject({ code: 'no_project' });
    });
  });

  describe('with what cannot be read', () => {
    it.each<[string, Tree]>([
      ['a package.json of other shapes', { 'package.json': { dependencies: 3, workspaces: { packages: 4 } } }],
      [
        'a package.json of names of every object',
        { 'package.json': '{"dependencies":{"__proto__":"1","constructor":"1"}}' },
      ],
      ['a workspace that is no YAML', { 'package.json': {}, 'pnpm-workspace.yaml': '{{{{' }],
      ['a workspace that is the whole disk', { 'package.json': { workspaces: ['/**', '../../**', '**'] } }],
      ['a lockfile that is none', { ...vite, 'pnpm-lock.yaml': 'a: [', 'package-lock.json': '3' }],
      ['a convex.json that is no JSON', { ...vite, 'convex.json': 'no' }],
      [
        'broken TypeScript',
        {
          ...vite,
          'src/main.tsx': 'import { ClerkProvider from <<<<',
          'convex/schema.ts': 'export default defineSchema({',
        },
      ],
      ['an env file of bytes', { ...vite, '.env': '\0\u0001\ufffd=\n=\n===\n' }],
      ['an env file of newlines', { ...vite, '.env': '\n'.repeat(200_000) }],
      ['an env file of quotes', { ...vite, '.env': `A=${'"'.repeat(100_000)}` }],
      ['an env file that contains itself', { ...vite, '.env': 'A=$B$B$B$B\nB=$A$A$A$A\n' }],
    ])('goes on: %s', async (_, tree) => {
      const began = performance.now();
      expect((await gather(tree)).length).toBeGreaterThan(0);
      expect(performance.now() - began).toBeLessThan(10_000);
    });

    it.each<[string, Tree]>([
      ['is no JSON', { 'package.json': '{ "name": ' }],
      ['is a list', { 'package.json': [] }],
    ])('stops at a package.json that %s: without it nothing is known of the project', async (_, tree) => {
      await expect(gather(tree)).rejects.toMatchObject({ code: 'unreadable' });
    });

    it('says of a folder in the place of auth.config.ts what it is', async () => {
      const { 'convex/auth.config.ts': _, ...rest } = vite;
      const { authConfig: config } = await gatherOne({ ...rest, 'convex/auth.config.ts/index.ts': '' });
      expect(config).toEqual({ status: 'unreadable', file: 'convex/auth.config.ts', reason: 'it is a folder' });
    });

    it('goes on with links in circles and files of 50 MB, and says which it passed over', async () => {
      const root = await writeTree({ ...vite, 'src/huge.ts': '', 'package-lock.json': '' });
      await symlink('.', join(root, 'src/circle'));
      await symlink('itself.ts', join(root, 'src/itself.ts'));
      await symlink('/dev/zero', join(root, '.env'));
      await mkdir(join(root, '.env.development'));
      await truncate(join(root, 'src/huge.ts'), 52_428_800);
      await truncate(join(root, 'package-lock.json'), 52_428_800);
      const steps: Step[] = [];
      const [project] = await gatherProjects({ root, processEnv: {}, onStep: (step) => steps.push(step) });
      expect(project?.source.providers).toHaveLength(1);
      const skipped = steps.filter(({ status }) => status === 'skipped').map(({ id, detail }) => `${id}: ${detail}`);
      expect(skipped).toEqual([
        expect.stringContaining('packages: package-lock.json: it is longer than'),
        expect.stringMatching(/env-files: .*\.env\.development: it is a folder; \.env: it is not a regular file/),
        expect.stringContaining('providers: src/huge.ts: it is longer than'),
      ]);
    });
  });
});

function git(root: string, ...args: readonly string[]): void {
  execFileSync('git', ['-c', 'core.autocrlf=false', ...args], { cwd: root, stdio: 'pipe' });
}
