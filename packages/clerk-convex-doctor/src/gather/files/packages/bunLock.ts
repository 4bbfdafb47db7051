import { allRanges, isRecord } from '../project/packageJson.ts';
import type { ReadLock } from './lockfile.ts';
import { type Copy, reachableVersions } from './reach.ts';
import { matters } from './versions.ts';

/**
 * bun.lock: JSON with commas before closing brackets. `packages` by their way from the top: `react`, or `some-package/react` where
 * that package has a copy of its own.
 */
export const installedInBunLock: ReadLock = async (text, { app, json }) => {
  const lock: unknown = JSON.parse(withoutTrailingCommas(text));
  if (!isRecord(lock) || !isRecord(lock.packages)) throw new TypeError('no lockfile');
  const packages = lock.packages;
  const workspaces = isRecord(lock.workspaces) ? lock.workspaces : {};
  const workspace = workspaces[app === '.' ? '' : app];
  const own = isRecord(workspace) && typeof workspace.name === 'string' ? workspace.name : '';

  const find = (name: string, from: string): Copy | undefined => {
    for (let way = from; ; way = above(way)) {
      const id = way === '' ? name : `${way}/${name}`;
      const entry = Object.hasOwn(packages, id) ? packages[id] : undefined;
      const resolved = Array.isArray(entry) ? entry[0] : undefined;
      if (typeof resolved === 'string') {
        const version = resolved.slice(resolved.lastIndexOf('@') + 1);
        return resolved.includes('@workspace:') ? { id, name } : { id, name, version };
      }
      if (way === '') return undefined;
    }
  };
  const findAll = (names: readonly string[], from: string): readonly Copy[] =>
    names.map((name) => find(name, from)).filter((copy) => copy !== undefined);

  const runs = { ...json.optionalDependencies, ...json.dependencies };
  const direct = Object.keys(allRanges(json)).filter((name) => matters(name) || name in runs);
  return reachableVersions(findAll(direct, own), ({ id }) => {
    const entry = Object.hasOwn(packages, id) ? packages[id] : undefined;
    if (!Array.isArray(entry)) return [];
    // A package of the workspace is described there.
    const [resolved] = entry;
    const folder = typeof resolved === 'string' ? resolved.split('@workspace:')[1] : undefined;
    const described = folder === undefined ? entry.find(isRecord) : workspaces[folder];
    return isRecord(described) ? findAll(namesIn(described), id) : [];
  });
};

const namesIn = (entry: Readonly<Record<string, unknown>>): readonly string[] =>
  [entry.dependencies, entry.optionalDependencies, entry.peerDependencies].flatMap((part) =>
    isRecord(part) ? Object.keys(part) : [],
  );

/** `@scope/a/b`: `@scope/a`. */
function above(way: string): string {
  const parts = way.match(/(?:@[^/]+\/)?[^/]+/g) ?? [];
  return parts.slice(0, -1).join('/');
}

/** Commas before a closing bracket, outside of texts. */
export const withoutTrailingCommas = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/g, (found) => (found === ',' ? '' : found));
