import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { glob } from 'tinyglobby';
import { CannotRun, faultOf } from '../cannotRun.ts';
import { gitWouldTake } from './git.ts';
import { makeFolder } from './makeFolder.ts';
import { refuseDetours, writeAtomically } from './writeAtomically.ts';

/** Where copies go, from the root. */
export const backupFolder = '.clerk-convex-doctor/backups';

export interface Backup {
  /** Name of its folder: `2026-11-26T18-44-04Z`, UTC. */
  readonly date: string;
  /** Paths from the root. */
  readonly files: readonly string[];
}

/** Env files below the root but for examples, which hold no values. */
export const envFilesBelow = async (root: string): Promise<readonly string[]> =>
  (
    await glob(['**/.env', '**/.env.*'], {
      cwd: root,
      dot: true,
      ignore: [
        '**/node_modules/**',
        '**/.git/**',
        '**/.clerk-convex-doctor/**',
        '**/.env.{example,sample,template,dist}',
        '**/*.tmp',
      ],
      followSymbolicLinks: false,
    })
  ).toSorted();

/** Copies files of the root into a folder of today's date that only this user may read and git does not take. */
export async function makeBackup(
  root: string,
  files: readonly string[],
  now: number,
  folder: string = backupFolder,
): Promise<Backup & { readonly folder: string }> {
  const store = resolve(root, folder);
  try {
    await prepare(root, store, folder);
    const date = await freeName(store, now);
    const target = join(store, date);
    for (const file of files) {
      const path = join(target, file);
      await makeFolder(join(path, '..'), 0o700);
      await writeFile(path, await readFile(join(root, file)), { mode: 0o600, flag: 'wx' });
    }
    return { date, files, folder: `${folder}/${date}` };
  } catch (error) {
    if (error instanceof CannotRun) throw error;
    throw new CannotRun(`Could not make a backup in ${folder}: ${faultOf(error)}.`);
  }
}

async function prepare(root: string, store: string, folder: string): Promise<void> {
  const isOwn = folder === backupFolder;
  const isNew = (await makeFolder(store, 0o700)) !== undefined;
  if (isOwn) await refuseDetours(root, `${folder}/x`);
  // A folder of somebody else's that was there before stays as it is.
  if (isOwn || isNew) {
    await chmod(store, 0o700);
    // Its own, so that no line of the project's .gitignore is needed: it ignores itself too.
    await writeFile(join(store, '.gitignore'), '*\n', { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  const isTracked = isOwn && (await gitWouldTake(store, '.gitignore'));
  if (isTracked || (await gitWouldTake(store, 'x/.env'))) {
    throw new CannotRun(
      `git would take what is in ${folder}, and copies of env files hold secrets: nothing was copied. Put \`*\` alone into ${folder}/.gitignore and run \`git rm -r --cached ${folder}\`, or give another folder with --to.`,
    );
  }
}

/** Two of one second get two names. */
async function freeName(store: string, now: number): Promise<string> {
  const name = new Date(now).toISOString().replace(/\.\d+/, '').replaceAll(':', '-');
  const taken = new Set(await readdir(store));
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${name}-${count}`;
  await mkdir(join(store, free), { mode: 0o700 });
  return free;
}

const isDate = (name: string): boolean => /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(?:-\d+)?$/.test(name);

/** Newest last. */
export async function listBackups(root: string, folder: string = backupFolder): Promise<readonly Backup[]> {
  const store = resolve(root, folder);
  const names = await readdir(store).catch(() => []);
  const backups: Backup[] = [];
  for (const date of names.filter(isDate).toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))) {
    const files = await glob('**', { cwd: join(store, date), dot: true, followSymbolicLinks: false });
    backups.push({ date, files: files.toSorted() });
  }
  return backups;
}

/** The backup of that date. `latest` is the newest. */
export async function findBackup(root: string, date: string, folder: string = backupFolder): Promise<Backup> {
  const backups = await listBackups(root, folder);
  const found = date === 'latest' ? backups.at(-1) : backups.find((backup) => backup.date === date);
  if (found) return found;
  const there = backups.map((backup) => backup.date).join(', ');
  throw new CannotRun(
    there === ''
      ? `There is no backup in ${folder}. \`clerk-convex-doctor backup\` makes one.`
      : `There is no backup of "${date}". There is: ${there}; or latest.`,
  );
}

/** Which of a backup's files are otherwise now, or are gone. */
export async function changedSince(
  root: string,
  backup: Backup,
  folder: string = backupFolder,
): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const file of backup.files) {
    const [then, now] = await Promise.all([
      readFile(resolve(root, folder, backup.date, file)),
      readFile(join(root, file)).catch(() => undefined),
    ]);
    if (!now?.equals(then)) changed.push(file);
  }
  return changed;
}

/** Puts files of a backup back; what is there now is copied first. Answers the backup of that, if there was anything. */
export async function restoreBackup(
  root: string,
  backup: Backup,
  files: readonly string[],
  now: number,
  folder: string = backupFolder,
): Promise<Backup | undefined> {
  const there: string[] = [];
  for (const file of files) if (await isFile(join(root, file))) there.push(file);
  const kept = there.length > 0 ? await makeBackup(root, there, now, folder) : undefined;
  const written = await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(resolve(root, folder, backup.date, file)), mode: 0o600 })),
  );
  await writeAtomically(root, written);
  return kept;
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
