import { describeFinding } from 'clerk-convex-resilience/diagnosis';
import type { Wording } from './findingLines.ts';
import type { Language } from './languages.ts';

/** Findings in the words of a language. */
export const wordingOf = (language: Language): Wording => ({
  language,
  describe: (finding) => describeFinding(finding, language),
});
