import { join } from 'node:path/posix';

import { isRecord } from '../project/packageJson.ts';
import { parseYaml } from '../project/parseYaml.ts';
import type { ReadLock } from './lockfile.ts';
import { type Copy, reachableVersions } from './reach.ts';
import { matters } from './versions.ts';

/** pnpm-lock.yaml, versions 5 to 9: `importers` by folder, and `snapshots` (`packages` before version 9) by name, version and peers. */
export const installedInPnpmLock: ReadLock = async (text, { app }) => {
  const lock: unknown = parseYaml(text);
  if (!isRecord(lock)) throw new TypeError('no lockfile');
  // Without a workspace, before version 9, the parts of the only importer stand at the top.
  const importers = isRecord(lock.importers) ? lock.importers : { '.': lock };
  const snapshots = isRecord(lock.snapshots) ? lock.snapshots : isRecord(lock.packages) ? lock.packages : {};

  const copiesIn = (part: unknown, folder: string | null): readonly Copy[] =>
    isRecord(part)
      ? Object.entries(part).flatMap(([name, entry]) => {
          const reference = isRecord(entry) ? entry.version : entry;
          return typeof reference === 'string' ? [copyOf(name, reference, folder)] : [];
        })
      : [];
  const copiesOf = (folder: string, isFirst: boolean): readonly Copy[] => {
    const importer = Object.hasOwn(importers, folder) ? importers[folder] : undefined;
    if (!isRecord(importer)) return [];
    const own = [importer.dependencies, importer.optionalDependencies].flatMap((part) => copiesIn(part, folder));
    // Of the app, its tools too, where they are what is asked about; not what these bring.
    return isFirst ? own.concat(copiesIn(importer.devDependencies, folder).filter(({ name }) => matters(name))) : own;
  };

  const importer = importers[app];
  if (!isRecord(importer)) throw new TypeError('no such app');
  return reachableVersions(copiesOf(app, true), ({ id }) => {
    if (id.startsWith('link:')) return copiesOf(id.slice('link:'.length), false);
    const snapshot = [id, `/${id}`]
      .map((key) => (Object.hasOwn(snapshots, key) ? snapshots[key] : undefined))
      .find(isRecord);
    return snapshot
      ? [snapshot.dependencies, snapshot.optionalDependencies].flatMap((part) => copiesIn(part, null))
      : [];
  });
};

/** `19.0.0(react@19.0.0)`, `link:../../packages/ui`, or an alias: `real-name@1.0.0`. */
function copyOf(name: string, reference: string, folder: string | null): Copy {
  if (reference.startsWith('link:')) {
    const target = reference.slice('link:'.length);
    return { id: `link:${folder === null ? target : join(folder, target)}`, name };
  }
  const alias = /^\/?(@?[^@(]+)@(\d[^(]*)/.exec(reference);
  const real = alias?.[1] ?? name;
  const version = alias?.[2] ?? /^[^(_]+/.exec(reference)?.[0] ?? reference;
  return { id: alias ? reference.replace(/^\//, '') : `${name}@${reference}`, name: real, version };
}
