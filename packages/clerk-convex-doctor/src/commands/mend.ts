import type { FindingCode } from 'clerk-convex-resilience/diagnosis';
import { makeBackup } from '../backup/backups.ts';
import { writeAtomically } from '../backup/writeAtomically.ts';
import { CannotRun } from '../cannotRun.ts';
import { createDraft, type FileChange } from '../fix/draft.ts';
import { isEnvFile } from '../fix/isEnvFile.ts';
import { planFixes } from '../fix/planFixes.ts';
import { diffLines } from '../print/diffLines.ts';
import type { JsonFix } from '../print/jsonReport.ts';
import type { DoctorOptions, DoctorReport } from '../types.ts';
import type { Call } from './settings.ts';

/** What `--fix` came to: the report of afterwards. */
export interface Mended {
  readonly report: DoctorReport;
  readonly fix: JsonFix;
}

/** `--fix`: shows what it would write, asks, keeps copies, writes, and looks again. */
export async function mend(
  call: Call,
  { root, envFile }: DoctorOptions,
  report: DoctorReport,
  lookAgain: () => Promise<DoctorReport>,
): Promise<Mended> {
  const { flags, io, terminal } = call;
  const { colors } = terminal;
  // Nothing but the report goes to stdout with --json.
  const say = flags.json ? terminal.errorLine : terminal.line;
  if (envFile?.startsWith('..'))
    throw new CannotRun(`--fix writes below the project's folder only: ${envFile} is not.`);
  const draft = createDraft(root);
  const byHand: string[] = [];
  for (const app of report.apps) byHand.push(...(await planFixes(app, draft, { envFile })));
  const changes = draft.changes().filter(({ file }) => !isAbove(file));
  // Of one app of a monorepo: its functions may stand in another package.
  for (const { file } of draft.changes().filter(({ file }) => isAbove(file))) {
    byHand.push(`${file} is outside of this folder: run --fix in the folder of the whole project.`);
  }

  say('');
  if (changes.length === 0) say('--fix: nothing here can be mended without a person.');
  for (const change of changes) for (const line of diffLines(change, colors)) say(line);
  const tellByHand = (): void => {
    if (byHand.length > 0) say(colors.bold('By hand:'));
    for (const step of byHand) say(`  - ${step}`);
  };
  if (changes.length === 0 || !(await mayWrite(call, changes, say))) {
    tellByHand();
    return { report, fix: { written: [], byHand, mended: [] } };
  }

  await refuseChanged(root, changes);
  const touched = changes.filter(({ before }) => before !== undefined).map(({ file }) => file);
  const backup = touched.length > 0 ? await makeBackup(root, touched, io.now()) : undefined;
  await writeAtomically(
    root,
    changes.map(({ file, after }) => ({ file, text: after, mode: isEnvFile(file) ? 0o600 : 0o666 & ~process.umask() })),
  );
  const after = await lookAgain();
  const mended = goneSince(report, after);
  const written = changes.map(({ file }) => file);
  say(`Written: ${written.join(', ')}`);
  if (backup) say(`What was there before: ${backup.folder}`);
  say(mended.length > 0 ? `${colors.green('Mended')}: ${mended.join(', ')}` : 'No finding is gone yet.');
  tellByHand();
  return { report: after, fix: { written, byHand, mended, ...(backup && { backup: backup.folder }) } };
}

async function mayWrite(
  { flags, io }: Call,
  changes: readonly FileChange[],
  say: (text: string) => void,
): Promise<boolean> {
  if (flags.yes) return true;
  if (io.canAsk && !flags.json) {
    const files = changes.length === 1 ? 'this file' : `these ${changes.length} files`;
    if (await io.confirm(`Write ${files}? What is there now is copied first.`)) return true;
    say('Nothing was written.');
    return false;
  }
  say('Nothing was written: there is nobody to ask. Run it with --fix --yes to write this.');
  return false;
}

/** Somebody may have written meanwhile: a question can stand for an hour. */
async function refuseChanged(root: string, changes: readonly FileChange[]): Promise<void> {
  const now = createDraft(root);
  for (const { file, before } of changes) {
    if ((await now.read(file)) !== before) {
      throw new CannotRun(`${file} has changed since it was read: nothing was written. Run --fix again.`);
    }
  }
}

/** Codes that an app has fewer findings of. What is said of a setting may change with what was written: by that it is not gone. */
function goneSince(before: DoctorReport, after: DoctorReport): readonly FindingCode[] {
  const times = ({ apps }: DoctorReport, name: string, code: FindingCode): number =>
    apps.find(({ app }) => app === name)?.findings.filter((finding) => finding.code === code).length ?? 0;
  const codes = before.apps.flatMap(({ app, findings }) =>
    findings.map(({ code }) => code).filter((code) => times(after, app, code) < times(before, app, code)),
  );
  return [...new Set(codes)];
}

const isAbove = (file: string): boolean => file === '..' || file.startsWith('../');
