'use client';
import { type ReactNode, useEffect, useState } from 'react';
import type { Finding } from '../diagnosis/findings.ts';

type Module = typeof import('./FindingView.tsx');
interface Loaded {
  readonly View: Module['FindingView'];
  readonly words: Awaited<ReturnType<Module['findingWords']>>;
}

/** What was found, for a developer, in the language of the page where there are words in it. They are loaded now. */
export function Findings({ findings, lang }: { findings: readonly Finding[]; lang: string }): ReactNode {
  const [loaded, setLoaded] = useState<Loaded>();
  useEffect(() => {
    let isGone = false;
    void import('./FindingView.tsx')
      .then(async ({ FindingView, findingWords }) => ({ View: FindingView, words: await findingWords(lang) }))
      .then((it) => isGone || setLoaded(it))
      .catch(() => {}); // its code says enough to look it up
    return () => {
      isGone = true;
    };
  }, [lang]);
  return findings.map((finding, at) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: one code may be found twice
    loaded ? <loaded.View key={at} finding={finding} words={loaded.words} /> : <code key={at}>{finding.code}</code>,
  );
}
