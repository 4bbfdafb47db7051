'use client';
import type { ReactNode } from 'react';
import { describeWith, type FindingProse } from '../diagnosis/describeFinding.ts';
import type { Finding } from '../diagnosis/findings.ts';

/** What stands around a finding, and the words for the finding itself, in one language. */
interface FindingWords {
  readonly lang: string;
  readonly seen: string;
  readonly expected: string;
  readonly more: string;
  readonly prose: FindingProse;
}

/** The words of a language; English where there are none. Each is loaded when it is asked for. */
export async function findingWords(lang: string): Promise<FindingWords> {
  switch (lang.slice(0, 2)) {
    case 'ru': {
      const { ru } = await import('../diagnosis/prose/ru.ts');
      return { lang: 'ru', seen: 'Сейчас', expected: 'Нужно', more: 'Подробнее:', prose: ru };
    }
    case 'bn': {
      const { bn } = await import('../diagnosis/prose/bn.ts');
      return { lang: 'bn', seen: 'এখন আছে', expected: 'থাকা দরকার', more: 'বিস্তারিত:', prose: bn };
    }
    default: {
      const { en } = await import('../diagnosis/prose/en.ts');
      return { lang: 'en', seen: 'Seen', expected: 'Expected', more: 'More about', prose: en };
    }
  }
}

/** A finding for a developer: what is wrong, what was seen and what expected, and what to do. */
export function FindingView({ finding, words }: { finding: Finding; words: FindingWords }): ReactNode {
  const { title, seen, expected, fix } = describeWith(words.prose, finding);
  return (
    <div lang={words.lang}>
      <p>
        <strong>{withCode(title)}</strong>
      </p>
      {finding.at && (
        <p>
          <code dir="ltr">{finding.at}</code>
        </p>
      )}
      {seen !== undefined && (
        <p>
          {words.seen}: {withCode(seen)}
        </p>
      )}
      {expected !== undefined && (
        <p>
          {words.expected}: {withCode(expected)}
        </p>
      )}
      <ol>
        {fix.map((step) => (
          <li key={step}>{withCode(step)}</li>
        ))}
      </ol>
      <p>
        {words.more}{' '}
        <a href={finding.docsUrl} target="_blank" rel="noreferrer">
          <code dir="ltr">{finding.code}</code>
        </a>
      </p>
    </div>
  );
}

/** Fits into the narrowest panel, in characters. */
const oneLine = 20;

/** What is between backticks, as code. A short one is not torn at its hyphens: `--prod` is one word. */
const withCode = (text: string): ReactNode[] =>
  text.split('`').map((part, at) =>
    at % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text, in their order
      <code key={at} dir="ltr" style={part.length > oneLine ? undefined : { whiteSpace: 'nowrap' }}>
        {part}
      </code>
    ) : (
      part
    ),
  );
