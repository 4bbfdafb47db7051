/** Escapes of letters that nobody needs to escape, of `/`, `\`, `.`, `%`, `;` and of controls: two readers may read them differently. */
const ambiguousEscape = /%(?![\da-f]{2})|%[0-7][\da-f]/i;

/** Escapes of ASCII that stay: browsers write a space and these so, and no router takes one for a delimiter. */
const harmlessEscape = /%(?:20|22|3c|3e|5b|5d|5e|60|7b|7c|7d)/gi;

/**
 * Can a path be read in one way only? What a server, a proxy in front of it and a matcher may read differently is not plain:
 * `//`, `/./`, `/../`, `\`, `;`, an escaped letter, slash, dot or percent sign (`%61`, `%2f`, `%2e`, `%252f`), a control
 * character, white space at an end of a segment, which some readers cut off, and escapes that are no UTF-8.
 */
export function isPlainPath(path: string): boolean {
  if (!path.startsWith('/') || /\/\/|\\|;|\/\.{1,2}(?:\/|$)/.test(path)) return false;
  if (ambiguousEscape.test(path.replace(harmlessEscape, ''))) return false;
  try {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for.
    return !/[\u0000-\u001f\u007f]|\s(?:\/|$)|\/\s/.test(decodeURI(path));
  } catch {
    return false;
  }
}
