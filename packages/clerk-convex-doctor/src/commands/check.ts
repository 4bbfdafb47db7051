import type { Finding, FindingCode } from 'clerk-convex-resilience/diagnosis';
import { CannotRun } from '../cannotRun.ts';
import { readLog } from '../log/readLog.ts';
import { createProgress } from '../print/createProgress.ts';
import { appLines, summaryLine } from '../print/findingLines.ts';
import { jsonReport } from '../print/jsonReport.ts';
import { wordingOf } from '../print/wordingOf.ts';
import { type RunOptions, runDoctor } from '../runDoctor.ts';
import { readIgnored, readSelection, type Selection } from '../selection.ts';
import type { DoctorReport, Step } from '../types.ts';
import { doctorVersion } from '../version.ts';
import { mend } from './mend.ts';
import { readFileFor } from './readFileFor.ts';
import { type Call, doctorOptions, rootOf } from './settings.ts';
import { watch } from './watch.ts';

/** The command without a name: looks at the project, and says what is wrong. */
export async function check(call: Call): Promise<number> {
  const { flags } = call;
  if (flags.fix && flags.watch) throw new CannotRun('--fix and --watch do not go together: run --fix first.');
  if (flags.yes && !flags.fix) throw new CannotRun('--yes is the answer to what --fix asks: give it with --fix.');
  if (flags.json && flags.watch) {
    throw new CannotRun('--json prints one document, and --watch looks again and again: leave out one of them.');
  }
  if (flags.json && flags.quiet) throw new CannotRun('--json prints no progress: leave out --quiet.');
  const root = await rootOf(call);
  const selection = flags.only && readSelection(flags.only);
  const ignored = flags.ignore && readIgnored(flags.ignore);
  const options = await doctorOptions(call, root);
  const run = (): Promise<number> => once(call, options, selection, ignored);
  return flags.watch ? watch(call, root, run) : run();
}

async function once(
  call: Call,
  given: RunOptions,
  selection: Selection | undefined,
  ignored: ReadonlySet<FindingCode> | undefined,
): Promise<number> {
  const { flags, io, terminal } = call;
  const wording = wordingOf(flags.lang ?? 'en');
  const isPlain = !flags.json && !flags.quiet;
  const progress = createProgress(terminal, wording.language);
  const onStep = (step: Step): void => {
    if (isPlain) progress(step);
    given.onStep?.(step);
  };
  const options: RunOptions = {
    ...given,
    onStep,
    now: io.now(),
    ...(selection && !selection.needsNetwork && { offline: true }),
    ...(flags.log !== undefined && { log: readLog(await readFileFor('--log', flags.log, io)) }),
  };
  let leftOut = 0;
  const look = async (told: RunOptions): Promise<DoctorReport> => {
    const wanted = only(await runDoctor(told), (finding) => selection?.has(finding) ?? true);
    const report = only(wanted, ({ code }) => !ignored?.has(code));
    leftOut = allOf(wanted).length - allOf(report).length;
    return report;
  };
  const report = await look(options);
  if (report.apps.length === 0) {
    throw new CannotRun(
      'No app that uses Clerk or Convex was found here: no package.json names one of their packages, and there is no convex folder. Start it in the project, or give its folder with --cwd.',
    );
  }

  if (!flags.json) {
    for (const app of report.apps) {
      for (const line of appLines(app, wording, terminal.colors, report.apps.length > 1)) terminal.line(line);
    }
  }
  const fixed = flags.fix
    ? await mend(call, options, report, () => look({ ...options, onStep: given.onStep }))
    : undefined;
  const last = fixed?.report ?? report;
  const exitCode = exitCodeOf(last, flags.strict ?? false);
  if (flags.json) {
    terminal.json(
      jsonReport(last, wording, {
        doctorVersion: doctorVersion(),
        now: io.now(),
        exitCode,
        fix: fixed?.fix,
        ignored: ignored && leftOut,
      }),
    );
  } else if (isPlain) {
    terminal.line();
    terminal.line(summaryLine(allOf(last), wording.language, terminal.colors, leftOut));
  }
  return exitCode;
}

const only = (report: DoctorReport, isWanted: (finding: Finding) => boolean): DoctorReport => ({
  ...report,
  apps: report.apps.map((app) => ({ ...app, findings: app.findings.filter(isWanted) })),
});

const allOf = ({ apps }: DoctorReport): readonly Finding[] => apps.flatMap(({ findings }) => findings);

const exitCodeOf = (report: DoctorReport, isStrict: boolean): number =>
  allOf(report).some(({ severity }) => severity === 'error' || (isStrict && severity === 'warning')) ? 1 : 0;
