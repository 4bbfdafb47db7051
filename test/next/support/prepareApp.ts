import { cp, mkdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultVersion, type Version } from './versions.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const example = join(root, 'examples/next-app');
const plain = join(root, 'test/next/plain');
const library = join(root, 'packages/clerk-convex-resilience');

export type Side = 'ours' | 'plain';

/** Of a build in the tests: its own folder in the workspace, and no second look at the types. */
const configOf = ({ nextMajor }: Version) => `
export default {
  turbopack: { root: ${JSON.stringify(root)} },
  typescript: { ignoreBuildErrors: true },${nextMajor < 16 ? '\n  eslint: { ignoreDuringBuilds: true },' : ''}
  reactStrictMode: true,
};
`;

/**
 * A copy of the example to build and run, so that nobody's `.next` is touched. The plain side has the files of
 * test/next/plain in the place of the example's: Clerk's and Convex's guides, without this library. Answers its folder.
 */
export async function prepareApp(
  side: Side,
  name: string = side,
  version: Version = defaultVersion,
  env?: Readonly<Record<string, string>>,
): Promise<string> {
  const dir = join(root, '.cache/next', version.id === defaultVersion.id ? '' : version.id, name);
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
  // The app of a satellite domain has its sign-in page elsewhere.
  const proxy = await readFile(join(dir, 'proxy.ts'), 'utf8');
  const elsewhere = proxy.replace(`signInUrl: '/sign-in'`, `signInUrl: process.env.CLERK_SIGN_IN_URL ?? '/sign-in'`);
  if (elsewhere === proxy) throw new Error('proxy.ts names no sign-in page.');
  await writeFile(join(dir, 'proxy.ts'), elsewhere);
  if (version.nextMajor < 16) await rename(join(dir, 'proxy.ts'), join(dir, 'middleware.ts'));
  await writeFile(join(dir, 'next.config.ts'), configOf(version));
  await writeEnv(dir, env ?? {});
  await install(dir, version);
  return dir;
}

/** What `next dev` reads, and reads again when it changes. */
export async function writeEnv(dir: string, env: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(env).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  await writeFile(join(dir, '.env.local'), lines.join(''));
}

/** The library is copied, and links are to where a package really lies (Turbopack of 15 follows one, not two): from where it lies in the workspace it would find the workspace's Next.js, and not the app's. */
async function install(dir: string, version: Version): Promise<void> {
  const modules = join(dir, 'node_modules');
  await rm(modules, { force: true, recursive: true });
  await mkdir(join(modules, '@clerk'), { recursive: true });
  for (const name of ['next', '@clerk/nextjs', 'convex', 'react', 'react-dom'])
    await symlink(await realpath(join(version.dir, 'node_modules', name)), join(modules, name));
  await symlink(await realpath(join(library, 'node_modules/standardwebhooks')), join(modules, 'standardwebhooks'));
  for (const part of ['package.json', 'dist'])
    await cp(join(library, part), join(modules, 'clerk-convex-resilience', part), { recursive: true });
}
