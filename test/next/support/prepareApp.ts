import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const example = join(root, 'examples/next-app');
const plain = join(root, 'test/next/plain');

export type Side = 'ours' | 'plain';

/** Of a build in the tests: its own folder in the workspace, and no second look at the types. */
const config = `
export default {
  turbopack: { root: ${JSON.stringify(root)} },
  typescript: { ignoreBuildErrors: true },
  reactStrictMode: true,
};
`;

/**
 * A copy of the example to build and run, so that nobody's \`.next\` is touched. The plain side has the files of
 * test/next/plain in the place of the example's: Clerk's and Convex's guides, without this library. Answers its folder.
 */
export async function prepareApp(side: Side, name: string = side): Promise<string> {
  const dir = join(root, '.cache/next', name);
  // The cache of the last build stays: a second build takes half the time.
  await mkdir(dir, { recursive: true });
  for (const part of ['app', 'convex', 'proxy.ts', 'tsconfig.json', 'package.json']) {
    await rm(join(dir, part), { recursive: true, force: true });
    await cp(join(example, part), join(dir, part), {
      recursive: true,
      filter: (file) => !file.includes('node_modules'),
    });
  }
  if (side === 'plain') await cp(plain, dir, { recursive: true });
  await writeFile(join(dir, 'next.config.ts'), config);
  await rm(join(dir, 'node_modules'), { force: true, recursive: true });
  await symlink(join(example, 'node_modules'), join(dir, 'node_modules'));
  return dir;
}
