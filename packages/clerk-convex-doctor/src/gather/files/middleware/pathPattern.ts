/**
 * A path against a pattern of path-to-regexp 6, as `createRouteMatcher` and Next.js take them: `/api(.*)`, `/:locale(en|de)/:path*`.
 * Undefined: the pattern is one that nobody writes, or that may take for ever to try.
 */
export function matches(pattern: string, path: string): boolean | undefined {
  if (pattern.length > 300 || path.length > 200) return undefined;
  // Many repetitions after each other.
  if ((pattern.match(/[*+{]/g) ?? []).length > 4) return undefined;
  const source = sourceOf(pattern);
  if (source === undefined) return undefined;
  try {
    return new RegExp(`^${source}/?$`, 'i').test(path);
  } catch {
    return undefined;
  }
}

/** The regular expression that a pattern stands for, without its ends. */
function sourceOf(pattern: string): string | undefined {
  let source = '';
  for (let at = 0; at < pattern.length; ) {
    const part = partAt(pattern, at);
    if (part) {
      const rest = repeated(part);
      if (rest === undefined) return undefined;
      source += rest;
      at = part.end;
    } else {
      const letter = pattern.charAt(at) === '\\' ? pattern.charAt(++at) : pattern.charAt(at);
      // Groups of several parts: `{/:lang}?`.
      if (letter === '' || (pattern.charAt(at - 1) !== '\\' && /[{}()*+?]/.test(letter))) return undefined;
      source += letter.replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
      at += 1;
    }
  }
  return source;
}

/** `/:name`, `/:name(en|de)`, `/(.*)`, each with what repeats it. */
interface Part {
  /** A slash or a dot before it goes with it where it may be absent. */
  readonly prefix: string;
  /** Undefined: all that has no slash. */
  readonly own: string | undefined;
  readonly modifier: string;
  readonly end: number;
}

function partAt(pattern: string, start: number): Part | undefined {
  const prefix = /[/.]/.test(pattern.charAt(start)) ? pattern.charAt(start) : '';
  let at = start + prefix.length;
  const name = /^:\w+/.exec(pattern.slice(at))?.[0] ?? '';
  at += name.length;
  const own = pattern.charAt(at) === '(' ? groupAt(pattern, at) : undefined;
  if (name === '' && own === undefined) return undefined;
  at += own?.length ?? 0;
  const modifier = /[*+?]/.test(pattern.charAt(at)) ? pattern.charAt(at) : '';
  return { prefix, own, modifier, end: at + modifier.length };
}

function repeated({ prefix, own, modifier }: Part): string | undefined {
  // A group that is repeated, or that repeats within itself, may take for ever.
  if (own !== undefined && (/[*+]/.test(modifier) || /\)[*+{]/.test(own.slice(1)))) return undefined;
  const before = prefix === '.' ? '\\.' : prefix;
  const one = `${before}${own ?? '[^/#?]+'}`;
  if (modifier === '') return one;
  if (modifier === '?') return `(?:${one})?`;
  return before === '' ? `[^/#?]${modifier}` : `(?:${before}.+)${modifier === '*' ? '?' : ''}`;
}

/** With its parentheses, and those within. Undefined: it does not end. */
function groupAt(pattern: string, start: number): string | undefined {
  let depth = 0;
  for (let at = start; at < pattern.length; at += 1) {
    const letter = pattern.charAt(at);
    if (letter === '\\') at += 1;
    else if (letter === '(') depth += 1;
    else if (letter === ')') {
      depth -= 1;
      if (depth === 0) return pattern.slice(start, at + 1);
    }
  }
  return undefined;
}
