import type { AppReport } from '../types.ts';
import type { Draft } from './draft.ts';
import { fixAuthConfig } from './fixAuthConfig.ts';
import { fixEnvNames } from './fixEnvNames.ts';
import { fixUsersTable } from './fixUsersTable.ts';
import { fixWebhookRoute } from './fixWebhookRoute.ts';

/** Drafts what mends an app's findings, where that is safe. Answers what has to be done by hand instead, a sentence each. */
export type Fixer = (report: AppReport, draft: Draft, options: FixOptions) => Promise<readonly string[]>;

export interface FixOptions {
  /** The env file that was given in place of the app's own. */
  readonly envFile?: string | undefined;
}

const fixers: readonly Fixer[] = [fixEnvNames, fixAuthConfig, fixUsersTable, fixWebhookRoute];

export async function planFixes(report: AppReport, draft: Draft, options: FixOptions): Promise<readonly string[]> {
  const byHand: string[] = [];
  // One after the other: two of them may change one file.
  for (const fix of fixers) byHand.push(...(await fix(report, draft, options)));
  return byHand;
}

/** Whether the app has this package: an import of one that it has not would break its build. */
export const hasLibrary = ({ evidence }: AppReport): boolean =>
  evidence.project?.packages['clerk-convex-resilience'] !== undefined;

export const installFirst = (what: string): string =>
  `${what} is written with clerk-convex-resilience, which the app does not have: install it (\`npm install clerk-convex-resilience\`) and run --fix again, or write it yourself.`;
