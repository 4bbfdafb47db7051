import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Framework } from 'clerk-convex-resilience/diagnosis';
import { listFiles } from '../listFiles.ts';
import { isFile } from '../readText.ts';
import type { Package } from './convexFolder.ts';
import { hasPage } from './framework.ts';
import { allRanges, type PackageJson } from './packageJson.ts';

interface NxApp extends Package {
  readonly framework: Framework;
}

/**
 * The apps of an Nx repository with one package.json, that of its root: folders with a `project.json`, and with the config of
 * a framework and what that begins with. Undefined: there are none, or the root is an app itself.
 */
export async function nxApps(root: Package): Promise<readonly NxApp[] | undefined> {
  if (!(await isFile(join(root.folder, 'nx.json'))) || (await frameworkIn(root.folder, root.json))) return undefined;
  const apps: NxApp[] = [];
  for (const file of await listFiles(root.folder, ['*/project.json', '*/*/project.json', '*/*/*/project.json'])) {
    const folder = join(root.folder, dirname(file));
    const framework = await frameworkIn(folder, root.json);
    if (framework) apps.push({ ...root, folder, framework });
  }
  return apps.length > 0 ? apps : undefined;
}

/** By the config alone: the package.json of all asks for the packages of all. */
async function frameworkIn(folder: string, json: PackageJson): Promise<Framework | undefined> {
  const files = await readdir(folder).catch(() => []);
  const has = (name: string): boolean => files.some((file) => file.replace(/\.[cm]?[jt]s(on)?$/, '') === name);
  const ranges = allRanges(json);
  const found: Framework[] = [];
  if (has('next.config')) found.push('next');
  if (has('vite.config'))
    found.push(...(['@tanstack/react-start' in ranges ? 'tanstack-start' : 'vite', 'vite'] as const));
  if ('expo' in ranges && (has('app') || has('app.config'))) found.push('expo');
  for (const framework of found) if (await hasPage(folder, framework)) return framework;
  return undefined;
}
