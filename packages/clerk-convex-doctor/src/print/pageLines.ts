import type { Colors } from './createTerminal.ts';
import type { Language } from './languages.ts';

/**
 * A page of the catalogue, as a terminal shows it. In another language its words come first: what the page has of it is what is
 * wrong and what to do, and the rest is English.
 */
export function pageLines(page: string, language: Language, colors: Colors): readonly string[] {
  const text = page.replaceAll(/<!--[\s\S]*?-->/g, '').replaceAll('\r\n', '\n');
  const english = text.split(/^## In other languages$/m)[0] ?? text;
  const other = language === 'en' ? undefined : wordsIn(language, text);
  const [title = '', ...rest] = english.trim().split('\n');
  const body = [...(other ? [...other.split('\n'), ''] : []), ...rest];
  return [title, ...body]
    .map((line) => plain(line, colors))
    .filter((line, index, all) => line !== '' || all[index - 1] !== '');
}

const wordsIn = (language: Language, text: string): string | undefined =>
  new RegExp(`<details lang="${language}">\\s*<summary>[^<]*</summary>([\\s\\S]*?)</details>`).exec(text)?.[1]?.trim();

/** A line without what only a browser of Markdown understands. */
function plain(line: string, colors: Colors): string {
  if (/^```/.test(line) || /^\|(?:\s*-+\s*\|)+\s*$/.test(line) || /^\| *\|/.test(line)) return '';
  const heading = /^#+\s+(.*)/.exec(line)?.[1];
  if (heading !== undefined) return colors.bold(heading);
  const cells = /^\|(.*)\|\s*$/
    .exec(line)?.[1]
    ?.split('|')
    .map((cell) => cell.trim());
  return (cells ? `  ${cells.join('  ')}` : line)
    .replaceAll(/ · \[All findings\]\([^)]*\)/g, '')
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replaceAll(/\*\*([^*]+)\*\*/g, (_, text: string) => colors.bold(text))
    .replaceAll(/`([^`]+)`/g, (whole, code: string) => (colors.isColorSupported ? colors.cyan(code) : whole));
}
