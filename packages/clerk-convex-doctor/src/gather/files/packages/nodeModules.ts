import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { allRanges, type PackageJson, readPackageJson } from '../project/packageJson.ts';
import { type Copy, type Reached, reachableVersions } from './reach.ts';
import { matters } from './versions.ts';

/** What is installed for an app; empty where nothing is. */
export async function installedInNodeModules(
  app: string,
  json: PackageJson,
  top: string,
): Promise<ReadonlyMap<string, readonly Reached[]>> {
  const packages = new Map<string, PackageJson>();

  /** As Node looks for it: in the node_modules of each folder above. */
  const find = async (name: string, from: string): Promise<Copy | undefined> => {
    if (!isPackageName(name)) return undefined;
    for (let folder = from; ; folder = dirname(folder)) {
      const place = await realpath(join(folder, 'node_modules', name)).catch(() => undefined);
      if (place !== undefined) {
        const reading = await readPackageJson(place);
        if (reading.status === 'read') {
          packages.set(place, reading.json);
          const { version } = reading.json;
          const isOwn = place.startsWith(`${top}/`) && !place.includes('/node_modules/');
          return { id: place, name, ...(version !== undefined && !isOwn && { version }) };
        }
      }
      if (folder === top || folder === dirname(folder)) return undefined;
    }
  };
  const findAll = async (names: readonly string[], from: string): Promise<readonly Copy[]> =>
    (await Promise.all(names.map((name) => find(name, from)))).filter((copy) => copy !== undefined);

  const first = Object.keys(json.dependencies).concat(Object.keys(json.optionalDependencies));
  const direct = Object.keys(allRanges(json)).filter((name) => matters(name) || first.includes(name));
  return reachableVersions(await findAll(direct, app), async ({ id }) => {
    const inner = packages.get(id);
    if (!inner) return [];
    return findAll(
      Object.keys({ ...inner.peerDependencies, ...inner.optionalDependencies, ...inner.dependencies }),
      // `node_modules/a` looks into `node_modules/a/node_modules` first, then beside itself.
      id,
    );
  });
}

/** A name that is no path: `../../x` would lead out of node_modules. */
const isPackageName = (name: string): boolean =>
  name.length < 215 && /^(@[\w.~-]+\/)?[\w.~-]+$/.test(name) && !/(^|\/)\.\.?(\/|$)/.test(name);
