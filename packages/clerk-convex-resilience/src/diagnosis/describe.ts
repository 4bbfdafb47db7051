import { describeWith, type FindingProse, type FindingText } from './describeFinding.ts';
import type { Finding } from './findings.ts';
import { bn } from './prose/bn.ts';
import { en } from './prose/en.ts';
import { ru } from './prose/ru.ts';

/** Languages that findings are written in. */
export type FindingLanguage = 'en' | 'ru' | 'bn';

const proses: Readonly<Record<FindingLanguage, FindingProse>> = { en, ru, bn };

/** A finding in words. @defaultValue `'en'` */
export const describeFinding = (finding: Finding, language: FindingLanguage = 'en'): FindingText =>
  describeWith(proses[language], finding);
