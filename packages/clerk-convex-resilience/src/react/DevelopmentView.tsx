'use client';
import { Fragment, type ReactNode, useEffect, useState } from 'react';
import type { Notice } from '../core/noticeOf.ts';
import { describeWith, type FindingProse } from '../diagnosis/describeFinding.ts';
import type { Finding } from '../diagnosis/findings.ts';

export interface DevelopmentViewProps {
  readonly notice: Notice;
  /** The language of the page: findings are told in it where there are words in it. */
  readonly lang: string;
  readonly className: string | undefined;
  readonly children: ReactNode;
}

/** The failure, what is not configured, and what was found to be wrong with how to mend it. */
export function DevelopmentView({ notice, lang, className, children }: DevelopmentViewProps): ReactNode {
  const { failure, problems, findings } = notice;
  const words = useFindingWords(findings?.some(({ args }) => args) ? lang : undefined);
  if (!failure && !problems && !children) return null;
  return (
    <div className={className} lang="en" dir="ltr">
      {failure && (
        <code>{[failure.source, failure.kind, failure.status, failure.code].filter(Boolean).join(' · ')}</code>
      )}
      {problems?.map(
        // A finding says the same, with its steps.
        ({ option, code, message }) => findings?.some((found) => found.code === code) || <p key={option}>{message}</p>,
      )}
      {findings?.map((finding, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one code may be found twice
        <Fragment key={at}>
          {words && finding.args ? <FindingView finding={finding} words={words} /> : <code>{finding.code}</code>}
        </Fragment>
      ))}
      {children}
    </div>
  );
}

/** What stands around a finding, and the words for the finding itself, in one language. */
interface FindingWords {
  readonly lang: string;
  readonly seen: string;
  readonly expected: string;
  readonly more: string;
  readonly prose: FindingProse;
}

/** The words of a language; English where there are none. Each is loaded when it is asked for. */
async function findingWords(lang: string): Promise<FindingWords> {
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

/** Undefined until they are loaded, and where no more than codes was found. */
function useFindingWords(lang: string | undefined): FindingWords | undefined {
  const [words, setWords] = useState<FindingWords>();
  useEffect(() => {
    if (lang === undefined) return;
    let isGone = false;
    void findingWords(lang)
      .then((it) => isGone || setWords(it))
      .catch(() => {}); // its code says enough to look it up
    return () => {
      isGone = true;
    };
  }, [lang]);
  return words;
}

/** A finding for a developer: what is wrong, what was seen and what expected, and what to do. */
function FindingView({ finding, words }: { finding: Finding; words: FindingWords }): ReactNode {
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
