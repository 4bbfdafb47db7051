import type { ConfigProblem } from '../core/health.ts';
import { type Finding, finding, type ReportedFinding } from '../diagnosis/findings.ts';
import { redactSecret, redactText } from '../diagnosis/redact.ts';
import { reported } from './reported.ts';

/** Where an app has the settings of an all-in-one provider. */
export interface SettingVariables {
  readonly publishableKey: string;
  readonly convexUrl: string;
}

/** What an all-in-one provider was given. `variables`: by which names its settings are told. @defaultValue by the props' own */
export interface GivenSettings {
  readonly publishableKey: unknown;
  readonly convexUrl: unknown;
  readonly variables?: SettingVariables | undefined;
}

/** The findings of what an all-in-one provider was given, as the app gets them. */
export const reportProblems = (
  problems: readonly ConfigProblem[],
  given: GivenSettings,
  development: boolean | undefined,
): readonly ReportedFinding[] => reported(findingsOfProblems(problems, given), development);

/** In the order of the problems. */
export const findingsOfProblems = (
  problems: readonly ConfigProblem[],
  { publishableKey, convexUrl, variables }: GivenSettings,
): readonly Finding[] =>
  problems.flatMap(({ option, code }) => {
    const name = variables?.[option as keyof SettingVariables] ?? option;
    switch (code) {
      case 'PUBLISHABLE_KEY_MISSING':
      case 'CONVEX_URL_MISSING':
        return finding(code, { name });
      case 'PUBLISHABLE_KEY_MALFORMED':
      case 'SECRET_KEY_IN_PUBLIC_VARIABLE':
        return finding(code, { name, seen: redactSecret(`${publishableKey}`) });
      case 'CONVEX_URL_MALFORMED':
        return finding(code, { name, seen: redactText(`${convexUrl}`) });
      default:
        return [];
    }
  });
