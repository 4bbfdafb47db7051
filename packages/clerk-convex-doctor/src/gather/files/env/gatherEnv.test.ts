import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { removeTrees, type Tree, writeTree } from '../../../testing/writeTree.ts';
import type { DoctorOptions, Step } from '../../../types.ts';
import { gatherProjects } from '../gatherProjects.ts';
import { scriptEnvFiles } from './scriptEnvFiles.ts';

afterAll(removeTrees);

const next = { dependencies: { next: '16', '@clerk/nextjs': '7', convex: '1' } };
const vite = { dependencies: { '@clerk/react': '6', convex: '1' }, devDependencies: { vite: '7' } };
const workspace = { private: true, workspaces: ['apps/*', 'packages/*'] };

/** The file that A comes from, and where a name would be put. */
async function answer(tree: Tree, options: Partial<DoctorOptions> = {}) {
  const root = await writeTree(tree);
  const [project] = await gatherProjects({ root, processEnv: {}, ...options });
  const from = project?.env.find(({ name }) => name === 'VITE_CLERK_A' || name === 'NEXT_PUBLIC_CLERK_A')?.at;
  return [from?.replace(/:\d+$/, ''), project?.envTarget];
}
const filled = (...files: readonly string[]): Tree =>
  Object.fromEntries(files.map((file) => [file, `NEXT_PUBLIC_CLERK_A=${file}\nVITE_CLERK_A=${file}\n`]));

describe('the env files of an app in a monorepo', () => {
  const web = (scripts = {}): Tree => ({ 'package.json': workspace, 'apps/web/package.json': { ...next, scripts } });
  const withEnv = { dev: 'pnpm with-env next dev', 'with-env': 'dotenv -e ../../.env --' };

  it.each<[string, Tree, readonly (string | undefined)[]]>([
    ['its own', { ...web(), ...filled('apps/web/.env', '.env.local', '.env') }, ['apps/web/.env', 'apps/web/.env']],
    ["the root's, the more private first", { ...web(), ...filled('.env', '.env.local') }, ['.env.local', '.env.local']],
    ['a folder between', { ...web(), ...filled('apps/.env', '.env') }, ['apps/.env', 'apps/.env']],
    [
      'what a script names, before its own',
      { ...web(withEnv), ...filled('apps/web/.env.local', '.env') },
      ['.env', '.env'],
    ],
    [
      'what a script names, by another name',
      { ...web({ dev: 'dotenvx run -f ../../config/web.env -- next dev' }), ...filled('config/web.env', '.env') },
      ['config/web.env', 'config/web.env'],
    ],
    [
      "what the root's script names",
      {
        ...web(),
        'package.json': { ...workspace, scripts: { dev: 'dotenv -e .env.shared -- turbo dev' } },
        ...filled('.env.shared', 'apps/web/.env.local'),
      },
      ['.env.shared', '.env.shared'],
    ],
    [
      'its own, where the script names one that is not there',
      { ...web(withEnv), ...filled('apps/web/.env.local') },
      ['apps/web/.env.local', 'apps/web/.env.local'],
    ],
    ['none of them: a new one of its own', web(), [undefined, 'apps/web/.env.local']],
    [
      'none of production in development',
      { ...web(), ...filled('.env.production') },
      [undefined, 'apps/web/.env.local'],
    ],
  ])('are %s', async (_, tree, expected) => {
    expect(await answer(tree)).toEqual(expected);
  });

  it('are those of the root also where the functions are there', async () => {
    expect(await answer({ ...web(), 'convex/schema.ts': '', ...filled('.env.local') })).toEqual([
      '.env.local',
      '.env.local',
    ]);
  });

  it('are no others than the one that was given', async () => {
    const tree = { ...web(withEnv), ...filled('.env', 'apps/web/.env.local', 'apps/web/prod.env') };
    expect(await answer(tree, { envFile: 'apps/web/prod.env' })).toEqual(['apps/web/prod.env', 'apps/web/prod.env']);
  });

  it('bring an app without a server no secret of another', async () => {
    const tree = { 'package.json': workspace, '.env': 'CLERK_SECRET_KEY=a\nVITE_CLERK_A=b\n' };
    const names = async (json: object) => {
      const root = await writeTree({ ...tree, 'apps/web/package.json': json });
      return (await gatherProjects({ root, processEnv: {} }))[0]?.env.map(({ name }) => name);
    };
    expect(await names(vite)).toEqual(['VITE_CLERK_A']);
    expect(await names(next)).toEqual(['CLERK_SECRET_KEY', 'VITE_CLERK_A']);
  });

  it('are looked at for what git says of them', async () => {
    const root = await writeTree({ ...web(), '.gitignore': '.env\n', ...filled('.env') });
    const [project] = await gatherProjects({ root, processEnv: {} });
    expect(project?.envFiles).toEqual([{ file: '.env', hasSecrets: false, git: 'ignored' }]);
  });
});

it('tell of the deployment where one was asked for, and only then', async () => {
  const root = await writeTree({
    'package.json': vite,
    'convex/users.ts': '',
    '.env.local': 'CONVEX_DEPLOYMENT=dev:happy-otter-1\n',
    '.env.production': 'CONVEX_DEPLOY_KEY=prod:calm-otter-2|eyJ2\nVITE_CONVEX_URL=https://calm-otter-2.convex.cloud\n',
    '.env.staging': 'VITE_CONVEX_URL=https://calm-otter-2.convex.cloud\n',
  });
  const named = async (envFile?: string) => {
    let asked: unknown = 'not asked';
    await gatherProjects(
      { root, processEnv: {}, ...(envFile !== undefined && { envFile }) },
      {
        deploymentEnv: async (question) => {
          asked = question.named;
          return undefined;
        },
      },
    );
    return asked;
  };
  expect(await named()).toBeUndefined();
  expect(await named('.env.production')).toEqual({ CONVEX_DEPLOY_KEY: 'prod:calm-otter-2|eyJ2' });
  expect(await named('.env.staging')).toEqual({});
});

it('of a mode lie above the base that every framework reads, and a file of another name stands alone', async () => {
  const tree = {
    'package.json': vite,
    ...filled('.env', '.env.local'),
    '.env.production': 'OTHER=1\n',
    'prod.env': 'OTHER=1\n',
  };
  expect(await answer(tree, { envFile: '.env.production' })).toEqual(['.env', '.env.production']);
  expect(await answer({ ...tree, ...filled('.env.production') }, { envFile: '.env.production' })).toEqual([
    '.env.production',
    '.env.production',
  ]);
  expect(await answer(tree, { envFile: 'prod.env' })).toEqual([undefined, 'prod.env']);
});

it('of the base bring a file of a mode neither secrets nor a deployment, which are of this machine', async () => {
  const root = await writeTree({
    'package.json': next,
    '.env': 'NEXT_PUBLIC_CONVEX_URL=base\nNEXT_PUBLIC_CLERK_A=base\nCLERK_SECRET_KEY=base\nCONVEX_DEPLOYMENT=dev:a\n',
    '.env.production': 'NEXT_PUBLIC_CLERK_A=production\n',
    '.env.production.local': '',
  });
  for (const envFile of ['.env.production', '.env.production.local']) {
    const [project] = await gatherProjects({ root, processEnv: {}, envFile });
    expect(project?.env.map(({ name, value }) => [name, value])).toEqual([
      ['NEXT_PUBLIC_CLERK_A', 'production'],
      ['NEXT_PUBLIC_CONVEX_URL', 'base'],
    ]);
  }
});

it('of the package with the functions name no deployment beside a file that was asked for', async () => {
  const root = await writeTree({
    'package.json': workspace,
    'apps/web/package.json': next,
    'packages/backend/package.json': { dependencies: { convex: '1.48.0' } },
    'packages/backend/convex/users.ts': '',
    'packages/backend/.env.local': 'CONVEX_DEPLOYMENT=dev:happy-otter-1\n',
    'apps/web/prod.env': 'VITE_CONVEX_URL=https://calm-otter-2.convex.cloud\n',
  });
  const names = async (envFile?: string) =>
    (await gatherProjects({ root, processEnv: {}, ...(envFile !== undefined && { envFile }) }))
      .find(({ app }) => app === 'apps/web')
      ?.env.map(({ name }) => name);
  expect(await names()).toEqual(['CONVEX_DEPLOYMENT']);
  expect(await names('apps/web/prod.env')).toEqual(['VITE_CONVEX_URL']);
});

it.each<[string, string, object, boolean]>([
  ['is told', '.env.production', {}, true],
  ['of this machine’s own build is not', '.env.production.local', {}, false],
  ['of development is not', '.env.development', {}, false],
  ['is not, where another file was asked for', '.env.production', { envFile: '.env.staging' }, false],
])('a test key in a file for production %s', async (_, file, options, isTold) => {
  const key = 'VITE_CLERK_PUBLISHABLE_KEY=pk_test_x\n';
  const root = await writeTree({ 'package.json': vite, [file]: `A=b\n${key}`, '.env.staging': '' });
  const [project] = await gatherProjects({ root, processEnv: {}, ...options });
  const told = project?.envFiles.find((each) => each.file === file);
  expect(told).toMatchObject({ hasSecrets: false });
  expect(told?.testKey).toEqual(isTold ? { name: 'VITE_CLERK_PUBLISHABLE_KEY', at: `${file}:2` } : undefined);
});

it('are no place for a secret where git tracks them', async () => {
  const root = await writeTree({ 'package.json': vite, ...filled('.env') });
  const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args]);
  git('init', '--quiet');
  const target = async () => (await gatherProjects({ root, processEnv: {} }))[0]?.envTarget;
  expect(await target()).toBe('.env');
  git('add', '.env');
  expect(await target()).toBe('.env.local');
});

describe("Vite's envDir", () => {
  const app = (config: string): Tree => ({
    'package.json': { private: true },
    'pnpm-workspace.yaml': 'packages: [client]\n',
    'client/package.json': vite,
    'client/vite.config.ts': config,
    ...filled('.env.local', 'client/.env.local', 'env/.env'),
  });

  it.each<[string, string, string]>([
    ['a text', "export default defineConfig({ envDir: '..' });", '.env.local'],
    ['of a folder beside', "export default { envDir: '../env/' };", 'env/.env'],
    ['path.resolve', "export default defineConfig(() => ({ envDir: path.resolve(__dirname, '..') }));", '.env.local'],
    ['import.meta.dirname', "export default { envDir: join(import.meta.dirname, '../env') };", 'env/.env'],
    ['process.cwd()', "export default { envDir: resolve(process.cwd(), '..') };", '.env.local'],
    ['a URL', "export default { envDir: fileURLToPath(new URL('..', import.meta.url)) };", '.env.local'],
    ['nothing that is known', 'export default { envDir: somewhere() };', 'client/.env.local'],
    ['a folder that is not there', "export default { envDir: '../nowhere' };", 'client/.env.local'],
    ['a folder outside of the project', "export default { envDir: '../../../..' };", 'client/.env.local'],
    ['none', 'export default {};', 'client/.env.local'],
    ['the root, where there is none', "export default defineConfig({ root: '../env' });", 'env/.env'],
    ['from the root', "export default { root: 'src', envDir: '../../env' };", 'env/.env'],
    ['not from what a plugin calls so', "export default { plugins: [mine({ root: '../env' })] };", 'client/.env.local'],
    ['a root that nobody knows', 'export default { root: somewhere() };', 'client/.env.local'],
  ])('is followed: %s', async (_, config, expected) => {
    expect(await answer(app(config))).toEqual([expected, expected]);
  });
});

describe('scriptEnvFiles', () => {
  it.each<[string, 'development' | 'production', readonly string[]]>([
    ['dotenv -e ../../.env -- next dev', 'development', ['/r/.env']],
    ['dotenv -e ../../.env -e .env.local -- next dev', 'development', ['/r/.env', '/r/apps/web/.env.local']],
    ['pnpm dotenv -e=.env.web -- vite', 'development', ['/r/apps/web/.env.web']],
    ['dotenv -- next dev', 'development', ['/r/apps/web/.env']],
    [
      'dotenv -c -- next dev',
      'development',
      ['.env.development.local', '.env.local', '.env.development', '.env'].map((name) => `/r/apps/web/${name}`),
    ],
    ['dotenvx run -f ../.env -- next dev', 'development', ['/r/apps/.env']],
    ['env-cmd -f ../../.env next dev', 'development', ['/r/.env']],
    ['node --env-file=../../.env server.js', 'development', ['/r/.env']],
    ['node --env-file-if-exists .env.dev server.js', 'production', []],
    ['dotenv -e .env.production -- next dev', 'development', []],
    ['dotenv -e .env.production -- next dev', 'production', ['/r/apps/web/.env.production']],
    ['dotenv -e .env.test -- next dev', 'development', []],
    ['dotenv -e $ENV_FILE -- next dev', 'development', []],
    ['dotenv -v A=1 -e "../../.env" -- next dev', 'development', ['/r/.env']],
    ['next dev -e .env', 'development', []],
    ['next dev', 'development', []],
  ])('of `%s` in %s', (command, mode, expected) => {
    expect(scriptEnvFiles({ start: command }, '/r/apps/web', mode)).toEqual(expected);
  });

  it.each(['test', 'test:e2e', 'db:seed', 'deploy:staging'])('of the script %s, none', (name) => {
    expect(scriptEnvFiles({ [name]: 'dotenv -e ../../.env -- run' }, '/r', 'development')).toEqual([]);
  });
});

it.each<[string, Buffer]>([
  ['with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('VITE_CLERK_A=1\r\n', 'utf16le')])],
  ['without one', Buffer.from('VITE_CLERK_A=1\r\n', 'utf16le')],
])('in UTF-16, as PowerShell writes it, %s, is told and not read', async (_, bytes) => {
  const root = await writeTree({ 'package.json': vite });
  await writeFile(join(root, '.env.local'), bytes);
  const steps: Step[] = [];
  const [project] = await gatherProjects({ root, processEnv: {}, onStep: (step) => steps.push(step) });
  expect(project?.env).toEqual([]);
  expect(project?.envFiles).toEqual([{ file: '.env.local', hasSecrets: false, isUtf16: true }]);
  expect(steps.findLast(({ id }) => id === 'env-files')).toMatchObject({
    status: 'skipped',
    detail: expect.stringContaining('.env.local: it is UTF-16'),
  });
});
