import { allRanges, isRecord } from '../project/packageJson.ts';
import type { ReadLock } from './lockfile.ts';
import { type Copy, type Reached, reachableVersions } from './reach.ts';
import { matters } from './versions.ts';

/**
 * package-lock.json, versions 2 and 3: `packages` by their place in node_modules. Of version 1, `dependencies` by name, the
 * top ones only.
 */
export const installedInNpmLock: ReadLock = async (text, { app, json }) => {
  const lock: unknown = JSON.parse(text);
  if (!isRecord(lock)) throw new TypeError('no lockfile');
  if (!isRecord(lock.packages)) return firstVersion(lock.dependencies);
  const packages = lock.packages;
  const own = app === '.' ? '' : app;

  const find = (name: string, from: string): Copy | undefined => {
    for (let folder = from; ; folder = above(folder)) {
      const id = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
      const entry = Object.hasOwn(packages, id) ? packages[id] : undefined;
      if (isRecord(entry)) {
        // A package of the workspace is a link to its folder.
        if (entry.link === true && typeof entry.resolved === 'string') return { id: entry.resolved, name };
        return { id, name, ...(typeof entry.version === 'string' && { version: entry.version }) };
      }
      if (folder === '') return undefined;
    }
  };
  const findAll = (names: readonly string[], from: string): readonly Copy[] =>
    names.map((name) => find(name, from)).filter((copy) => copy !== undefined);

  const runs = { ...json.optionalDependencies, ...json.dependencies };
  const direct = Object.keys(allRanges(json)).filter((name) => matters(name) || name in runs);
  return reachableVersions(findAll(direct, own), ({ id }) => {
    const entry = Object.hasOwn(packages, id) ? packages[id] : undefined;
    return isRecord(entry) ? findAll(namesIn(entry), id) : [];
  });
};

const namesIn = (entry: Readonly<Record<string, unknown>>): readonly string[] =>
  [entry.dependencies, entry.optionalDependencies, entry.peerDependencies].flatMap((part) =>
    isRecord(part) ? Object.keys(part) : [],
  );

const above = (folder: string): string => folder.slice(0, Math.max(0, folder.lastIndexOf('/')));

function firstVersion(dependencies: unknown): ReadonlyMap<string, readonly Reached[]> {
  if (!isRecord(dependencies)) throw new TypeError('no lockfile');
  return new Map(
    Object.entries(dependencies).flatMap(([name, entry]): readonly (readonly [string, readonly Reached[]])[] =>
      matters(name) && isRecord(entry) && typeof entry.version === 'string'
        ? [[name, [{ version: entry.version, isOwn: true }]]]
        : [],
    ),
  );
}
