import type { Check } from '../check.ts';
import { oncePerCode } from './oncePerCode.ts';
import { judgeToken } from './token/judgeToken.ts';

/** What is wrong with a token; one cause can spoil two claims. */
export const tokenChecks: readonly Check[] = [
  (evidence) => oncePerCode(judgeToken(evidence).flatMap((verdict) => verdict.finding ?? [])),
];
