import { join } from 'node:path';
import type { PackageJson } from '../project/packageJson.ts';
import { readText } from '../readText.ts';
import { installedInBunLock } from './bunLock.ts';
import { installedInNpmLock } from './npmLock.ts';
import { installedInPnpmLock } from './pnpmLock.ts';
import type { Reached } from './reach.ts';
import { installedInYarnLock } from './yarnLock.ts';

/** One app in a lockfile. */
export interface LockedApp {
  /** Folder of the app from that of the lockfile: `.` or `apps/web`. */
  readonly app: string;
  readonly json: PackageJson;
  /** The other packages of the workspace by name, of which a lockfile may say nothing. */
  readonly others: ReadonlyMap<string, PackageJson>;
}

/** Versions of the packages that matter, by name. Throws where the text is no such lockfile. */
export type ReadLock = (text: string, app: LockedApp) => Promise<ReadonlyMap<string, readonly Reached[]>>;

/** In this order where there are several. */
const kinds: readonly (readonly [file: string, read: ReadLock])[] = [
  ['pnpm-lock.yaml', installedInPnpmLock],
  ['package-lock.json', installedInNpmLock],
  ['npm-shrinkwrap.json', installedInNpmLock],
  ['yarn.lock', installedInYarnLock],
  ['bun.lock', installedInBunLock],
];

/** The longest that is read, in bytes: a monorepo of a thousand packages has about 3 MB. */
const lockLimit = 10_485_760;

export type LockReading =
  | { readonly status: 'read'; readonly file: string; readonly installed: ReadonlyMap<string, readonly Reached[]> }
  | { readonly status: 'missing' }
  | { readonly status: 'unreadable'; readonly file: string; readonly reason: string };

/** Reads the lockfile of a folder, of whichever package manager. */
export async function readLockfile(folder: string, app: LockedApp): Promise<LockReading> {
  for (const [file, read] of kinds) {
    const reading = await readText(join(folder, file), lockLimit);
    if (reading.status === 'missing') continue;
    if (reading.status === 'unreadable') return { ...reading, file };
    try {
      return { status: 'read', file, installed: await read(reading.text, app) };
    } catch {
      return { status: 'unreadable', file, reason: 'it is not a lockfile that is known' };
    }
  }
  return { status: 'missing' };
}
