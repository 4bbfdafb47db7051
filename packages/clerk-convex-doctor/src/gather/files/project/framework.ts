import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Framework } from 'clerk-convex-resilience/diagnosis';
import { isFile, isFolder } from '../readText.ts';
import { allRanges, type PackageJson } from './packageJson.ts';

/** The first whose package is asked for; where the packages are asked for elsewhere (the root of a monorepo), the one with a config. */
export async function frameworkOf(folder: string, json: PackageJson): Promise<Framework> {
  const ranges = allRanges(json);
  const byPackage = packages.find(([, names]) => names.some((name) => name in ranges));
  if (byPackage) return byPackage[0];
  const files = await readdir(folder).catch(() => []);
  return configs.find(([, pattern]) => files.some((file) => pattern.test(file)))?.[0] ?? 'plain';
}

// TanStack Start and Expo's router are used with Vite's or other tools' packages beside them: those come last.
const packages: readonly (readonly [Framework, readonly string[]])[] = [
  ['tanstack-start', ['@tanstack/react-start', '@tanstack/start', '@clerk/tanstack-react-start']],
  ['next', ['next']],
  ['expo', ['expo']],
  ['vite', ['vite']],
];

const configs: readonly (readonly [Framework, RegExp])[] = [
  ['next', /^next\.config\.[cm]?[jt]s$/],
  ['vite', /^vite\.config\.[cm]?[jt]s$/],
];

/** There is something to open: what the framework begins with. */
export async function hasPage(folder: string, framework: Framework): Promise<boolean> {
  const found = await Promise.all(
    entries[framework].map(async (name) => (await isFile(join(folder, name))) || (await isFolder(join(folder, name)))),
  );
  return found.includes(true);
}

const entries: Readonly<Record<Framework, readonly string[]>> = {
  next: ['app', 'pages', 'src/app', 'src/pages'],
  'tanstack-start': ['src/routes', 'app/routes', 'src/router.tsx', 'src/router.ts'],
  expo: ['app.json', 'app.config.ts', 'app.config.js'],
  vite: ['index.html'],
  plain: [],
};
