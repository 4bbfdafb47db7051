import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { writeConvexFolder } from '../../../../test/contract/convexFixture/writeConvexFolder.ts';
import { loadFunctions } from './loadFunctions.ts';

const undo: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const remove of undo.splice(0)) await remove();
});
async function folder(files: Readonly<Record<string, string>>) {
  const written = await writeConvexFolder(files);
  undo.push(written.remove);
  return written;
}
const load = (dir: string, env: Readonly<Record<string, string>> = {}) =>
  loadFunctions({ dir, env, console, retry: 'push again' });

test('a folder without _generated loads, helpers and nested modules too; tests, declarations and other files are left alone', async () => {
  const { dir } = await folder({
    'helpers/shout.ts': 'export const shout = (text: string) => text.concat("!");',
    'admin/users.ts': `import { query } from '../_generated/server';
      import { api, internal } from '../_generated/api';
      import type { Doc } from '../_generated/dataModel';
      import { shout } from '../helpers/shout';
      export const greeting = shout('hello');
      export const list = query({ args: {}, handler: async (): Promise<Doc<'users'>[]> => [] });`,
    'admin/users.test.ts': 'syntax error here',
    'types.d.ts': 'declare const nothing: string',
    'README.md': '# not code',
  });
  const { modules, schema, authProviders } = await load(dir);
  expect([...modules.keys()].sort()).toEqual(['admin/users', 'helpers/shout']);
  expect(modules.get('admin/users')?.greeting).toBe('hello!');
  expect(modules.get('admin/users')?.list).toHaveProperty('isQuery', true);
  expect(schema).toBeUndefined();
  expect(authProviders).toEqual([]);
});

test('two loads of one folder share nothing: environments and module state are their own', async () => {
  const { dir } = await folder({
    'state.ts': 'export let count = 0; export const add = () => ++count; export const name = process.env.NAME;',
  });
  const [first, second] = await Promise.all([load(dir, { NAME: 'first' }), load(dir, { NAME: 'second' })]);
  const add = first.modules.get('state')?.add as () => number;
  expect([add(), add()]).toEqual([1, 2]);
  expect(first.modules.get('state')).toMatchObject({ name: 'first', count: 2 });
  expect(second.modules.get('state')).toMatchObject({ name: 'second', count: 0 });
});

test('functions see the environment that was given, and not that of this process', async () => {
  process.env.SECRET_OF_THE_HOST = 'secret';
  const { dir } = await folder({
    'env.ts': 'export const seen = [process.env.SECRET_OF_THE_HOST, globalThis.process.env.SECRET_OF_THE_HOST];',
  });
  const { modules } = await load(dir);
  delete process.env.SECRET_OF_THE_HOST;
  expect(modules.get('env')?.seen).toEqual([undefined, undefined]);
});

test('packages come from the app, with its environment', async () => {
  const { app, dir } = await folder({ 'uses.ts': "export { value } from 'some-package';" });
  const home = join(app, 'node_modules/some-package');
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), '{ "name": "some-package", "main": "index.js" }');
  await writeFile(join(home, 'index.js'), 'exports.value = process.env.FROM_APP + require("node:path").sep;');
  const { modules } = await load(dir, { FROM_APP: 'yes' });
  expect(modules.get('uses')?.value).toBe('yes/');
});

test('a syntax error names the file, the line and the mend', async () => {
  const { dir } = await folder({ 'messages.ts': 'export const a = 1;\nexport const b = = 2;\n' });
  await expect(load(dir)).rejects.toMatchObject({
    code: 'functions_invalid',
    message: expect.stringMatching(
      /convex\/messages\.ts:2:18: Unexpected "="\n {2}export const b = = 2;\nMend that line/,
    ),
  });
});

test('an import that does not resolve is named', async () => {
  const { dir } = await folder({ 'messages.ts': "import './missing';" });
  await expect(load(dir)).rejects.toThrow(/convex\/messages\.ts:1:8: Could not resolve ".\/missing"/);
});

test('a module that throws at import fails the push, with its place', async () => {
  const { dir } = await folder({ 'messages.ts': "\nthrow new Error('no key');" });
  await expect(load(dir)).rejects.toThrow(
    /^Failed to analyze messages\.js: Uncaught Error: no key\n.*\(?\.\.\/convex\/messages\.ts:2:\d+/,
  );
});

test('a folder of another name is named in the place of what throws', async () => {
  const { app } = await folder({ '../functions/messages.ts': "\nthrow new Error('no key');" });
  await expect(load(join(app, 'functions'))).rejects.toThrow(/\.\.\/functions\/messages\.ts:2:\d+/);
});

test('a folder that is not there is named', async () => {
  await expect(load('/nowhere/convex')).rejects.toMatchObject({
    code: 'invalid_option',
    message: "There is no folder /nowhere/convex. Give `dir` the path of your app's convex/ folder.",
  });
});

test("a missing variable in auth.config.ts fails the push with the backend's words, a missing one in a function does not", async () => {
  const { dir } = await folder({
    'auth.config.ts':
      "export default { providers: [{ domain: process.env.CLERK_JWT_ISSUER_DOMAIN ?? '', applicationID: 'convex' }] };",
    'other.ts': 'export const other = process.env.OTHER;',
  });
  await expect(load(dir)).rejects.toMatchObject({
    code: 'auth_config_missing_env',
    message: expect.stringMatching(
      /^Environment variable CLERK_JWT_ISSUER_DOMAIN is used in auth config file but its value was not set/,
    ),
  });
  const { authProviders } = await load(dir, { CLERK_JWT_ISSUER_DOMAIN: 'https://clerk.example.com' });
  expect(authProviders).toEqual([{ type: 'oidc', domain: 'https://clerk.example.com', applicationID: 'convex' }]);
});
