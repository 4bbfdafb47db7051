import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { filesIn, temporaryFolder } from '../testing/temporaryFolder.ts';
import { changedSince, envFilesBelow, findBackup, listBackups, makeBackup, restoreBackup } from './backups.ts';
import { writeAtomically } from './writeAtomically.ts';

const now = Date.UTC(2026, 10, 26, 18, 44, 4);
const date = '2026-11-26T18-44-04Z';
const mode = (path: string): number => statSync(path).mode & 0o777;
const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd, encoding: 'utf8' });

describe('makeBackup', () => {
  it('copies what only this user may read, and git does not see', async () => {
    const root = temporaryFolder({ '.env.local': 'A=1\n', 'apps/web/.env': 'B=2\n', '.env.example': 'A=\n' });
    git(root, 'init', '--quiet');
    const files = await envFilesBelow(root);
    expect(files).toEqual(['.env.local', 'apps/web/.env']);
    const backup = await makeBackup(root, files, now);
    expect(backup).toEqual({ date, files, folder: `.clerk-convex-doctor/backups/${date}` });
    const folder = join(root, backup.folder);
    expect(filesIn(folder)).toEqual({ '.env.local': 'A=1\n', 'apps/web/.env': 'B=2\n' });
    expect([mode(folder), mode(join(folder, 'apps')), mode(join(folder, '.env.local'))]).toEqual([0o700, 0o700, 0o600]);
    expect(git(root, 'status', '--porcelain', '--untracked-files=all')).not.toContain('.clerk-convex-doctor');
  });

  it('gives two of one second two names, and lists the newest last', async () => {
    const root = temporaryFolder({ '.env': 'A=1\n' });
    await makeBackup(root, ['.env'], now);
    await makeBackup(root, ['.env'], now);
    expect((await listBackups(root)).map((backup) => backup.date)).toEqual([date, `${date}-2`]);
    expect((await findBackup(root, 'latest')).date).toBe(`${date}-2`);
  });

  it('refuses where git would take the copies', async () => {
    const root = temporaryFolder({ '.env': 'A=1\n', '.clerk-convex-doctor/backups/.gitignore': '!*\n' });
    git(root, 'init', '--quiet');
    const before = filesIn(root);
    await expect(makeBackup(root, ['.env'], now)).rejects.toThrow(/git would take.*nothing was copied/);
    expect(filesIn(root)).toEqual(before);
  });

  // So does Node of a file system that is read-only.
  it('says so where no folder can be made', async () => {
    const root = temporaryFolder({ '.env': 'A=1\n' });
    symlinkSync('nowhere/at/all', join(root, 'convex'));
    const made = makeBackup(root, ['.env'], now, 'convex');
    await expect(made).rejects.toThrow('Could not make a backup in convex: no folder can be made there.');
    const written = writeAtomically(root, [{ file: 'convex/schema.ts', text: '', mode: 0o644 }]);
    await expect(written).rejects.toThrow('Could not write convex/schema.ts: no folder can be made there.');
  });

  it('asks the git of this folder, also where a hook points at another', async () => {
    const root = temporaryFolder({ '.env': 'A=1\n', '.clerk-convex-doctor/backups/.gitignore': '!*\n' });
    git(root, 'init', '--quiet');
    const elsewhere = temporaryFolder({ '.gitignore': '*\n' });
    git(elsewhere, 'init', '--quiet');
    vi.stubEnv('GIT_DIR', join(elsewhere, '.git'));
    vi.stubEnv('GIT_WORK_TREE', elsewhere);
    onTestFinished(() => void vi.unstubAllEnvs());
    await expect(makeBackup(root, ['.env'], now)).rejects.toThrow(/git would take/);
  });

  it('refuses where git has the folder already', async () => {
    const root = temporaryFolder({ '.env': 'A=1\n', '.clerk-convex-doctor/backups/.gitignore': '*\n' });
    git(root, 'init', '--quiet');
    git(root, 'add', '--force', '.clerk-convex-doctor/backups/.gitignore');
    await expect(makeBackup(root, ['.env'], now)).rejects.toThrow(/git would take/);
  });

  it('leaves a folder as it is that somebody else has made', async () => {
    const elsewhere = temporaryFolder({ 'mine.txt': 'mine' });
    chmodSync(elsewhere, 0o755);
    const root = temporaryFolder({ '.env': 'A=1\n' });
    const backup = await makeBackup(root, ['.env'], now, elsewhere);
    expect(filesIn(elsewhere)).toEqual({ 'mine.txt': 'mine', [`${date}/.env`]: 'A=1\n' });
    expect([mode(elsewhere), mode(backup.folder)]).toEqual([0o755, 0o700]);
    git(root, 'init', '--quiet');
    await expect(makeBackup(root, ['.env'], now, 'copies/../.')).rejects.toThrow(/git would take/);
  });

  it('says which dates there are', async () => {
    const root = temporaryFolder({ '.env': 'A=1\n' });
    await expect(findBackup(root, 'latest')).rejects.toThrow(/There is no backup in/);
    await makeBackup(root, ['.env'], now);
    await expect(findBackup(root, '../../etc')).rejects.toThrow(`There is: ${date}; or latest.`);
  });
});

describe('restoreBackup', () => {
  it('puts back what has changed or is gone, and copies what is there first', async () => {
    const root = temporaryFolder({ '.env': 'A=1\n', 'b/.env': 'B=1\n', 'c/.env': 'C=1\n' });
    const backup = await makeBackup(root, ['.env', 'b/.env', 'c/.env'], now);
    writeFileSync(join(root, '.env'), 'A=2\n');
    rmSync(join(root, 'b'), { recursive: true });
    const changed = await changedSince(root, backup);
    expect(changed).toEqual(['.env', 'b/.env']);
    const kept = await restoreBackup(root, backup, changed, now + 1000);
    expect(readFileSync(join(root, '.env'), 'utf8')).toBe('A=1\n');
    expect(readFileSync(join(root, 'b/.env'), 'utf8')).toBe('B=1\n');
    expect(kept?.files).toEqual(['.env']);
    expect(readFileSync(join(root, `.clerk-convex-doctor/backups/${kept?.date}/.env`), 'utf8')).toBe('A=2\n');
  });
});

describe('writeAtomically', () => {
  it('keeps the mode of a file, and leaves nothing beside it', async () => {
    const root = temporaryFolder({ '.env': 'A=1\n' });
    chmodSync(join(root, '.env'), 0o640);
    await writeAtomically(root, [
      { file: '.env', text: 'A=2\n', mode: 0o600 },
      { file: 'new/.env', text: 'B=1\n', mode: 0o600 },
    ]);
    expect(filesIn(root)).toEqual({ '.env': 'A=2\n', 'new/.env': 'B=1\n' });
    expect([mode(join(root, '.env')), mode(join(root, 'new/.env'))]).toEqual([0o640, 0o600]);
  });

  it('writes through no link, and none of the files where one is refused', async () => {
    const elsewhere = temporaryFolder({ '.env': 'mine\n' });
    const root = temporaryFolder({ 'a.txt': 'a\n' });
    symlinkSync(join(elsewhere, '.env'), join(root, '.env'));
    symlinkSync(elsewhere, join(root, 'convex'));
    const other = { file: 'a.txt', text: 'b\n', mode: 0o600 };
    for (const file of ['.env', 'convex/.env', '../x.env']) {
      await expect(writeAtomically(root, [other, { file, text: 'theirs\n', mode: 0o600 }])).rejects.toThrow(
        /symbolic link|not below/,
      );
    }
    expect(filesIn(elsewhere)).toEqual({ '.env': 'mine\n' });
    expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('a\n');
  });
});
