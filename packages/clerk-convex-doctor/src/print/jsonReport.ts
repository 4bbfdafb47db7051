import type { Finding, FindingCode, FindingSeverity, FindingText } from 'clerk-convex-resilience/diagnosis';
import { type Group, groupOf } from '../groups.ts';
import type { DoctorReport } from '../types.ts';
import type { Wording } from './findingLines.ts';

/** What `--json` prints. What is here stays as it is within a `schemaVersion`; a field may be added. */
export interface JsonReport {
  readonly schemaVersion: 1;
  /** Version of clerk-convex-doctor. */
  readonly doctorVersion: string;
  /** ISO 8601, UTC. */
  readonly ranAt: string;
  /** 0, or 1: there are errors (with `--strict` also warnings). */
  readonly exitCode: number;
  readonly summary: { readonly errors: number; readonly warnings: number; readonly infos: number };
  /** How many findings `--ignore` left out; only with it. They count nowhere else. */
  readonly ignored?: number;
  readonly apps: readonly {
    readonly app: string;
    readonly framework: string;
    readonly findings: readonly JsonFinding[];
  }[];
  /** What was not looked at, and why. */
  readonly skipped: readonly {
    readonly id: string;
    readonly group: string;
    readonly title: string;
    readonly detail?: string;
  }[];
  /** Only with `--fix`. */
  readonly fix?: JsonFix;
}

export interface JsonFinding extends FindingText {
  readonly code: FindingCode;
  readonly severity: FindingSeverity;
  readonly group: Group;
  readonly at?: string;
  readonly docsUrl: string;
  readonly args: Finding['args'];
}

export interface JsonFix {
  /** Files that were written, from the root. */
  readonly written: readonly string[];
  /** Folder of the copies of what was there before. */
  readonly backup?: string;
  /** What has to be done by hand. */
  readonly byHand: readonly string[];
  /** Codes that are gone since. */
  readonly mended: readonly FindingCode[];
}

/** What `--json` prints when the command could not run. */
export interface JsonFailure {
  readonly schemaVersion: 1;
  readonly exitCode: 2;
  readonly error: { readonly message: string };
}

export function jsonReport(
  { apps, skipped }: DoctorReport,
  { describe }: Wording,
  run: {
    readonly doctorVersion: string;
    readonly now: number;
    readonly exitCode: number;
    readonly fix?: JsonFix | undefined;
    readonly ignored?: number | undefined;
  },
): JsonReport {
  const all = apps.flatMap(({ findings }) => findings);
  const count = (severity: FindingSeverity): number => all.filter((finding) => finding.severity === severity).length;
  return {
    schemaVersion: 1,
    doctorVersion: run.doctorVersion,
    ranAt: new Date(run.now).toISOString(),
    exitCode: run.exitCode,
    summary: { errors: count('error'), warnings: count('warning'), infos: count('info') },
    ...(run.ignored !== undefined && { ignored: run.ignored }),
    apps: apps.map(({ app, framework, findings }) => ({
      app,
      framework,
      findings: findings.map((finding) => jsonFinding(finding, describe(finding))),
    })),
    skipped: skipped.map(({ id, group, title, detail }) => ({
      id,
      group,
      title,
      ...(detail !== undefined && { detail }),
    })),
    ...(run.fix && { fix: run.fix }),
  };
}

export const jsonFinding = (finding: Finding, text: FindingText): JsonFinding => ({
  code: finding.code,
  severity: finding.severity,
  group: groupOf(finding),
  ...text,
  ...(finding.at !== undefined && { at: finding.at }),
  docsUrl: finding.docsUrl,
  args: finding.args,
});
