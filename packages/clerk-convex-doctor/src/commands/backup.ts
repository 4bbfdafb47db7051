import {
  backupFolder,
  changedSince,
  envFilesBelow,
  findBackup,
  listBackups,
  makeBackup,
  restoreBackup,
} from '../backup/backups.ts';
import { CannotRun } from '../cannotRun.ts';
import { type Call, rootOf } from './settings.ts';

/** `backup`: dated copies of the env files; `--list`; `--restore <date>`. */
export async function backup(call: Call): Promise<number> {
  const { flags, terminal, io } = call;
  if (flags.list && flags.restore !== undefined) throw new CannotRun('--list and --restore do not go together.');
  const root = await rootOf(call);
  const folder = flags.to ?? backupFolder;
  if (flags.list) {
    const backups = await listBackups(root, folder);
    if (backups.length === 0) terminal.line(`There is no backup in ${folder}.`);
    for (const { date, files } of backups) terminal.line(`${date}  ${files.join(', ')}`);
    return 0;
  }
  if (flags.restore !== undefined) return restore(call, root, flags.restore, folder);

  const files = await envFilesBelow(root);
  if (files.length === 0) throw new CannotRun('There is no env file here: nothing was copied.');
  const made = await makeBackup(root, files, io.now(), folder);
  terminal.line(`Copied to ${made.folder}: ${files.join(', ')}`);
  return 0;
}

async function restore({ flags, terminal, io }: Call, root: string, date: string, folder: string): Promise<number> {
  const backup = await findBackup(root, date, folder);
  const files = await changedSince(root, backup, folder);
  if (files.length === 0) {
    terminal.line(`All is as it was at ${backup.date}.`);
    return 0;
  }
  terminal.line(`Differs from ${backup.date}: ${files.join(', ')}`);
  if (!flags.yes) {
    if (!io.canAsk) throw new CannotRun('Nothing was written: there is nobody to ask. Add --yes to write it.');
    if (!(await io.confirm('Put these back? What is there now is copied first.'))) {
      terminal.line('Nothing was written.');
      return 0;
    }
  }
  const kept = await restoreBackup(root, backup, files, io.now(), folder);
  terminal.line(`Restored: ${files.join(', ')}`);
  if (kept) terminal.line(`What was there before: ${folder}/${kept.date}`);
  return 0;
}
