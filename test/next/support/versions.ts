import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mode } from './openStage.ts';
import type { Side } from './prepareApp.ts';
import { folderOf, ids, type VersionId, wanted, wantedIds } from './versionIds.ts';

/** One pair of versions, and the folder that has them installed. */
export interface Version {
  readonly id: VersionId;
  readonly nextMajor: number;
  readonly clerkMajor: number;
  /** As the table names it: `Next.js 16.4.6, @clerk/nextjs 7.9.17`. */
  readonly label: string;
  readonly versions: Readonly<Record<'next' | '@clerk/nextjs', string>>;
  /** Its `node_modules` has next, @clerk/nextjs, convex, react and react-dom. */
  readonly dir: string;
}

export const versions: readonly Version[] = wantedIds.map(readVersion);

/** The example's own. */
export const defaultVersion = readVersion(ids[0]);

/** `NEXT` set: beside the plain app, every row, on `next dev` too. Unset: what is quick. */
export const isFull: boolean = wanted !== '';
/** Both with `NEXT` set, of which `NEXT_MODE=dev` plays one. */
export const modes: readonly Mode[] = modesOf(process.env.NEXT_MODE);
export const sides: readonly Side[] = isFull && process.env.NEXT_SIDES !== 'ours' ? ['ours', 'plain'] : ['ours'];

function modesOf(wantedMode = ''): readonly Mode[] {
  if (wantedMode === '') return isFull ? ['start', 'dev'] : ['start'];
  if (wantedMode === 'start' || wantedMode === 'dev') return [wantedMode];
  throw new Error(`NEXT_MODE is "${wantedMode}"; use start or dev.`);
}

function readVersion(id: VersionId): Version {
  const dir = folderOf(id);
  const versionOf = (name: string): string => {
    const text = readFileSync(join(dir, 'node_modules', name, 'package.json'), 'utf8');
    return (JSON.parse(text) as { version: string }).version;
  };
  const [next, clerk] = [versionOf('next'), versionOf('@clerk/nextjs')];
  return {
    id,
    dir,
    nextMajor: Number.parseInt(next, 10),
    clerkMajor: Number.parseInt(clerk, 10),
    versions: { next, '@clerk/nextjs': clerk },
    label: `Next.js ${next}, @clerk/nextjs ${clerk}`,
  };
}
