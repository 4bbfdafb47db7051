import type { Finding, FindingArgs, FindingCode } from './findings.ts';

/** A finding in words. `code` marks what is to be typed or compared: `` `npx convex dev` ``. */
export interface FindingText {
  /** What is wrong, in one line. */
  readonly title: string;
  /** What there is, where there is something to show. */
  readonly seen?: string;
  /** What there should be. */
  readonly expected?: string;
  /** What to do, a step each. A command stands between backticks. */
  readonly fix: readonly string[];
}

/** The prose of one language: `clerk-convex-resilience/diagnosis` has English; Russian and Bengali stand beside it. */
export type FindingProse = {
  readonly [Code in FindingCode]: (args: FindingArgs[Code]) => FindingText;
};

/** Writes a finding in the language of that prose. */
export function describeWith(prose: FindingProse, finding: Finding): FindingText {
  const write = prose[finding.code] as (args: Finding['args']) => FindingText;
  return write(finding.args);
}
