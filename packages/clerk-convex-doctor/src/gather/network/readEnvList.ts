/**
 * Reads what `convex env list` prints: `NAME=value` a line. Values may hold `=` and line breaks: Convex puts quotes around
 * those, and around what a dotfile would read otherwise (formatEnvValueForDotfile in convex 1.48). Lines of any other form are
 * messages, and are passed over.
 */
export function readEnvList(output: string): Readonly<Record<string, string>> {
  const variables: Array<readonly [string, string]> = [];
  const lines = output.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const [, name, rest] = /^([A-Za-z_]\w*)=(.*)$/.exec(lines[index] ?? '') ?? [];
    if (name === undefined || rest === undefined) continue;
    const quote = /^['"]/.exec(rest)?.[0];
    const end = quote === undefined ? -1 : closingLine(lines, index, quote);
    if (quote === undefined || end < 0) {
      variables.push([name, rest]);
      continue;
    }
    const value = [rest, ...lines.slice(index + 1, end + 1)].join('\n').slice(1, -1);
    variables.push([name, quote === '"' ? value.replaceAll('\\n', '\n') : value]);
    index = end;
  }
  return Object.fromEntries(variables);
}

/** The line on which the quoted value that begins on that line ends; -1: on none, so that the quote is part of the value. */
function closingLine(lines: readonly string[], first: number, quote: string): number {
  return lines.findIndex((line, index) => {
    if (index < first || !line.endsWith(quote)) return false;
    return index > first || line.slice(line.indexOf('=') + 1).length > 1;
  });
}
