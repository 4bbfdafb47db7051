import { dirname, join, relative, sep } from 'node:path';
import { glob } from 'tinyglobby';
import { isFile, isFolder, textOf } from '../readText.ts';
import { isRecord, parseJson, type Ranges, rangesOf, readPackageJson, strings } from './packageJson.ts';
import { parseYaml } from './parseYaml.ts';

/** The monorepo that a folder is the root or a part of; of a single app, its own folder. */
export interface Workspace {
  readonly folder: string;
  /** Folders of its packages, without its own, sorted. */
  readonly members: readonly string[];
  /** Ranges that `catalog:` stands for, by the catalog's name. */
  readonly catalogs: ReadonlyMap<string, Ranges>;
  /** Nothing above is read: the repository's root, or the workspace's. */
  readonly top: string;
}

/** Looks upwards for a workspace that the folder is a part of, as far as the root of the repository. */
export async function findWorkspace(root: string): Promise<Workspace> {
  let found: Omit<Workspace, 'top'> | undefined;
  let repository: string | undefined;
  for (let folder = root; ; folder = dirname(folder)) {
    if (!found) {
      const patterns = await patternsOf(folder);
      const members = patterns.length > 0 ? await membersOf(folder, patterns) : [];
      if (patterns.length > 0 && (folder === root || members.includes(root)))
        found = { folder, members, catalogs: await catalogsOf(folder) };
    }
    if ((await isFolder(join(folder, '.git'))) || (await isFile(join(folder, '.git')))) repository = folder;
    if (repository !== undefined || folder === dirname(folder)) break;
  }
  const workspace = found ?? { folder: root, members: [], catalogs: await catalogsOf(root) };
  return { ...workspace, top: repository ?? workspace.folder };
}

/** From `pnpm-workspace.yaml`, else from package.json's `workspaces` (npm, Yarn, Bun). */
async function patternsOf(folder: string): Promise<readonly string[]> {
  const yaml = await yamlIn(join(folder, 'pnpm-workspace.yaml'));
  const reading = await readPackageJson(folder);
  const given = strings(yaml?.packages).concat(reading.status === 'read' ? reading.json.workspaces : []);
  // A pattern that leads out of the folder is nobody's workspace, and may be the whole disk.
  return given.filter((pattern) => !/^!?($|\/|[a-z]:|~)|(^|[/!{,])\.\.([/},]|$)/i.test(pattern)).slice(0, 100);
}

async function membersOf(folder: string, patterns: readonly string[]): Promise<readonly string[]> {
  const files = await glob(
    patterns.map((pattern) => `${pattern.replace(/^(!?)\.\//, '$1').replace(/\/+$/, '')}/package.json`),
    {
      cwd: folder,
      ignore: ['**/node_modules/**', '**/.git/**'],
      followSymbolicLinks: false,
      expandDirectories: false,
      deep: 8,
    },
  );
  return files
    .map((file) => join(folder, dirname(file)))
    .filter((member) => member !== folder)
    .sort()
    .slice(0, 500);
}

async function catalogsOf(folder: string): Promise<ReadonlyMap<string, Ranges>> {
  const yaml = await yamlIn(join(folder, 'pnpm-workspace.yaml'));
  const yarn = await yamlIn(join(folder, '.yarnrc.yml'));
  // Bun has them in package.json, at the top or below `workspaces`.
  const json = parseJson((await textOf(join(folder, 'package.json'))) ?? '');
  const places = [yarn, yaml, json, isRecord(json) ? json.workspaces : undefined].filter(isRecord);
  const found = new Map<string, Ranges>();
  for (const { catalog, catalogs } of places) {
    const named = Object.entries(isRecord(catalogs) ? catalogs : {});
    for (const [name, ranges] of catalog === undefined ? named : [['default', catalog] as const, ...named])
      found.set(name, { ...found.get(name), ...rangesOf(ranges) });
  }
  return found;
}

async function yamlIn(file: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const data: unknown = parseYaml((await textOf(file)) ?? '');
    return isRecord(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** A path as it is shown and stored: from a folder, with `/`; `.` for the folder itself. */
export const pathFrom = (folder: string, path: string): string => relative(folder, path).split(sep).join('/') || '.';

export const isWithin = (folder: string, path: string): boolean => {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !/^[a-z]:/i.test(way));
};
