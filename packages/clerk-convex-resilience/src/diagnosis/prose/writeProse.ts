import type { FindingProse, FindingText } from '../describeFinding.ts';
import type { FindingArgs, FindingCode } from '../findings.ts';
import { shown } from './shown.ts';

/** The words of one language: what is wrong and what to do. What was seen and expected is the same in each (`shown`). */
export type Words = {
  readonly [Code in FindingCode]: (args: FindingArgs[Code]) => Pick<FindingText, 'title' | 'fix'>;
};

/** Puts the values beside the words. */
export function writeProse(words: Words): FindingProse {
  const write =
    <Code extends FindingCode>(name: Code) =>
    (args: FindingArgs[Code]): FindingText => {
      const { title, fix } = words[name](args);
      return { title, ...shown[name](args), fix };
    };
  return Object.fromEntries((Object.keys(words) as FindingCode[]).map((name) => [name, write(name)])) as FindingProse;
}
