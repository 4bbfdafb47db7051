/**
 * The language that the reader likes best of those that there are, by `Accept-Language` (RFC 9110, 12.5.4): `pt-BR` takes `pt`, and of
 * equal weights the first one counts. English where none fits.
 */
export function chooseLanguage<Language extends string>(
  header: string | null,
  languages: readonly Language[],
): Language | 'en' {
  const wanted = (header ?? '')
    .slice(0, 500) // nobody has so many languages
    .split(',')
    .map((each, at) => {
      const [tag = '', ...parameters] = each.trim().toLowerCase().split(';');
      const weight = parameters.map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1]).find((text) => text !== undefined);
      return { language: tag.trim().split('-')[0] ?? '', weight: weight === undefined ? 1 : Number(weight), at };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || a.at - b.at);
  for (const { language } of wanted) {
    const found = languages.find((each) => each === language);
    if (found) return found;
  }
  return 'en';
}
