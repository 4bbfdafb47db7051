import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { run } from '../testing/run.ts';
import { filesIn, temporaryFolder } from '../testing/temporaryFolder.ts';

const main = `import { ClerkProvider } from '@clerk/react';
import { ConvexReactClient } from 'convex/react';
export const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL);
export const App = () => <ClerkProvider publishableKey={import.meta.env.VITE_CLERK_PUBLISHABLE_KEY} />;
`;
const json = (value: object): string => JSON.stringify(value);
const vite = { dependencies: { '@clerk/react': '^6', convex: '^1.31.0' }, devDependencies: { vite: '^7' } };
/** Files that --fix has changed or made, without its own copies. */
async function mended(files: Readonly<Record<string, string>>) {
  const root = temporaryFolder(files);
  execFileSync('git', ['init', '-q'], { cwd: root });
  await run(root, ['--offline', '--fix', '--yes']);
  const after = filesIn(root);
  return Object.keys(after).filter(
    (file) => !/^\.(git|clerk-convex-doctor)\//.test(file) && after[file] !== files[file] && file !== '.gitignore',
  );
}

describe('--fix writes a name into the env file that the app reads', () => {
  const workspace = { '.gitignore': '.env*\nnode_modules\n.clerk-convex-doctor\n' };
  it.each<[string, Record<string, string>, string]>([
    [
      "Vite's envDir",
      { 'web/vite.config.ts': "export default { envDir: '..' };", '.env.local': 'A=1\n' },
      '.env.local',
    ],
    [
      'that a script names',
      {
        'web/package.json': json({ ...vite, scripts: { dev: 'dotenv -e ../shared.env -- vite' } }),
        'shared.env': 'VITE_CONVEX_URL=https://happy-animal-123.convex.cloud\n',
      },
      'shared.env',
    ],
    ['of the whole workspace', { '.env': 'VITE_CONVEX_URL=https://happy-animal-123.convex.cloud\n' }, '.env'],
    ['its own, where nothing says otherwise', { 'web/.env': 'A=1\n' }, 'web/.env'],
  ])('%s', async (_, files, expected) => {
    const tree = {
      ...workspace,
      'package.json': json({ private: true, workspaces: ['web'] }),
      'web/package.json': json(vite),
      'web/src/main.tsx': main,
      ...files,
    };
    expect(await mended(tree)).toEqual([expected]);
  });
});

describe('--fix shows of an env file only what is new', () => {
  const secret = `sk_live_${'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3gH6jK9mN2'}`;
  it.each([
    ['prod.env', ['prod.env']],
    ['config/env.production', ['config/env.production']],
    // By its name nobody knows what it is.
    ['settings.txt', []],
  ])('%s', async (file, expected) => {
    const root = temporaryFolder({
      '.gitignore': '*\n',
      'package.json': json(vite),
      'src/main.tsx': main,
      [file]: `VITE_CONVEX_URL=https://happy-animal-123.convex.cloud\nCLERK_SECRET_KEY=${secret}\n`,
    });
    const before = filesIn(root);
    const { out, err } = await run(root, ['--offline', '--fix', '--yes', '--env-file', file]);
    expect(out + err).not.toContain(secret);
    expect(out).toContain('VITE_CLERK_PUBLISHABLE_KEY');
    const after = filesIn(root);
    expect([file].filter((name) => after[name] !== before[name])).toEqual(expected);
  });
});

it('--fix leaves the schema alone where only a component has a table of users', async () => {
  const schema = "import { defineSchema } from 'convex/server';\nexport default defineSchema({});\n";
  const files = {
    '.gitignore': '*\n',
    'package.json': json({ dependencies: { ...vite.dependencies, 'clerk-convex-resilience': '^0.1.0' } }),
    '.env': 'VITE_CONVEX_URL=https://happy-animal-123.convex.cloud\n',
    'convex/schema.ts': schema,
    'convex/mine/users.ts': "export const list = query({ handler: (ctx) => ctx.db.query('users').collect() });\n",
  };
  const schemaAfter = async (more: Record<string, string>) => {
    const root = temporaryFolder({ ...files, ...more });
    await run(root, ['--offline', '--fix', '--yes']);
    return filesIn(root)['convex/schema.ts'];
  };
  expect(await schemaAfter({})).toContain('users: usersTable()');
  expect(await schemaAfter({ 'convex/mine/convex.config.ts': '' })).toBe(schema);
});
