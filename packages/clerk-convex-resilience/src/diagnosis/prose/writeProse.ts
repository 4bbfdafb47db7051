import type { FindingProse, FindingText } from '../describeFinding.ts';
import type { FindingArgs, FindingCode } from '../findings.ts';
import { shown } from './shown.ts';

/** The words of one language: what is wrong and what to do. What was seen and expected is nearly the same in each (`shown`). */
export type Words = {
  readonly [Code in FindingCode]: (args: FindingArgs[Code]) => Pick<FindingText, 'title' | 'fix'>;
};

/** The words that stand in what was seen and expected, in a language other than English. */
export interface ValueWords {
  /** Of a secret: `sk_test_… (50 characters)`. */
  readonly characters: (count: number) => string;
  /** The unit, behind a number. */
  readonly seconds: string;
  readonly none: string;
  readonly noJwt: string;
  /** What a token lacks: `sub or exp`. */
  readonly missing: (what: string) => string;
  /** A claim whose time has not come. */
  readonly tooEarly: (what: string) => string;
}

/** Says a value in another language: what stands in it of ours. What is somebody's text stays as it is. */
const valueIn =
  (words: ValueWords) =>
  (value: string): string =>
    value
      .replace(/(?<=… \()(\d+) characters(?=\))/g, (_, count: string) => words.characters(Number(count)))
      .replace(/^(`?(?:exp: )?[−+≥]? ?\d+) s(`?)$/, `$1 ${words.seconds}$2`)
      .replace(/^`none`$/, `\`${words.none}\``)
      .replace(/^`no JWT`$/, `\`${words.noJwt}\``)
      .replace(/^`([\w ]{1,40}) is missing`$/, (_, what: string) => `\`${words.missing(what)}\``)
      .replace(/^`(\w{1,20}) is in the future`$/, (_, what: string) => `\`${words.tooEarly(what)}\``);

/** Puts the values beside the words. @defaultValue of `values`: English */
export function writeProse(words: Words, values?: ValueWords): FindingProse {
  const say = values ? valueIn(values) : (value: string): string => value;
  const write =
    <Code extends FindingCode>(name: Code) =>
    (args: FindingArgs[Code]): FindingText => {
      const { title, fix } = words[name](args);
      const { seen, expected } = shown[name](args);
      return {
        title,
        ...(seen !== undefined && { seen: say(seen) }),
        ...(expected !== undefined && { expected: say(expected) }),
        fix,
      };
    };
  return Object.fromEntries((Object.keys(words) as FindingCode[]).map((name) => [name, write(name)])) as FindingProse;
}
