import { randomBytes } from 'node:crypto';
import { chmod, lstat, open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { CannotRun, faultOf } from '../cannotRun.ts';
import { makeFolder } from './makeFolder.ts';

export interface FileToWrite {
  /** From the root, with `/`. */
  readonly file: string;
  readonly text: string | Uint8Array;
  /** Mode of a file that is not there yet. One that is keeps its own. */
  readonly mode: number;
}

/**
 * Writes files so that each is there whole or as it was: first all beside their places, then each is renamed. Only below the
 * root, and never through a link: a repository may hold one that leads elsewhere.
 */
export async function writeAtomically(root: string, files: readonly FileToWrite[]): Promise<void> {
  const ready: { readonly temporary: string; readonly path: string }[] = [];
  try {
    for (const { file, text, mode } of files) {
      const path = join(root, file);
      await makeFolder(dirname(path));
      await refuseDetours(root, file);
      const own = await lstat(path).then(
        (stats) => stats.mode & 0o777,
        () => undefined,
      );
      const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
      const handle = await open(temporary, 'wx', own ?? mode);
      ready.push({ temporary, path });
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      // `open` takes the process's umask off the mode.
      if (own !== undefined) await chmod(temporary, own);
    }
    for (const { temporary, path } of ready) await rename(temporary, path);
  } catch (error) {
    if (error instanceof CannotRun) throw error;
    throw new CannotRun(`Could not write ${files.map(({ file }) => file).join(', ')}: ${faultOf(error)}.`);
  } finally {
    // Gone already when it was renamed.
    for (const { temporary } of ready) await rm(temporary, { force: true });
  }
}

/** Throws where a file, or a folder on the way to it, is a link to somewhere else. */
export async function refuseDetours(root: string, file: string): Promise<void> {
  const path = join(root, file);
  const below = relative(await realpath(root), await realpath(dirname(path)));
  if (below === '..' || below.startsWith(`..${sep}`)) {
    throw new CannotRun(`${file} is not below the project's folder: it is left alone.`);
  }
  const link = await lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
  if (link) throw new CannotRun(`${file} is a symbolic link, and is left alone. Change the file that it leads to.`);
}
