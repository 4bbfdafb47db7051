import { readWeights } from './readWeights.ts';

/** The language that the reader likes best of those that there are, by `Accept-Language`: `pt-BR` takes `pt`. English where none fits. */
export function chooseLanguage<Language extends string>(
  header: string | null,
  languages: readonly Language[],
): Language | 'en' {
  for (const { name } of readWeights(header)) {
    const found = languages.find((each) => each === name.split('-')[0]);
    if (found) return found;
  }
  return 'en';
}
