import { parse } from 'dotenv';

export interface EnvLine {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/** As dotenv reads it, each with the line that its value comes from: of a name that is there twice, the last. */
export function parseEnvFile(text: string): readonly EnvLine[] {
  const values = parse(withoutGaps(text));
  const lines = new Map<string, number>();
  text.split(/\r\n?|\n/).forEach((line, index) => {
    const name = /^\s{0,200}(?:export\s{1,20})?([\w.-]+)\s{0,200}[=:]/.exec(line)?.[1];
    if (name !== undefined) lines.set(name, index + 1);
  });
  return Object.entries(values).map(([name, value]) => ({ name, value, line: lines.get(name) ?? 1 }));
}

/** Without long runs of blank lines: dotenv 18 takes time by their square (20,000 of them: 6 s). */
function withoutGaps(text: string): string {
  let blank = 0;
  return text
    .split(/\r\n?|[\n\u2028\u2029]/)
    .flatMap((line) => {
      if (line.trim() !== '') {
        blank = 0;
        return [line];
      }
      blank += 1;
      return blank > 20 ? [] : [''];
    })
    .join('\n');
}
