import type { ConfigProblem } from '../core/health.ts';
import { type Finding, finding } from '../diagnosis/findings.ts';
import { redactSecret, redactText } from '../diagnosis/redact.ts';

/** The findings of what an all-in-one provider was given, in the order of its problems. */
export const findingsOfProblems = (
  problems: readonly ConfigProblem[],
  { publishableKey, convexUrl }: { readonly publishableKey: unknown; readonly convexUrl: unknown },
): readonly Finding[] =>
  problems.flatMap(({ option: name, code }) => {
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
