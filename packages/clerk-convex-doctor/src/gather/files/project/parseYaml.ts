import { parse } from 'yaml';

/** So deep is no file of a package manager; in columns, and in brackets. */
const mostIndent = 1_000;
const mostDepth = 300;

/**
 * Parses YAML. Throws where it is none, and where it is nested so deep that the parser would end the whole process: yaml 2.9
 * recurses for each level, and runs out of memory while it compiles a pattern at the end of the stack.
 */
export function parseYaml(text: string): unknown {
  if (isTooDeep(text)) throw new RangeError('it is nested too deep');
  return parse(text);
}

function isTooDeep(text: string): boolean {
  if (new RegExp(`^[ \\t]{${mostIndent}}|^(?:[-?:][ \\t]+){${mostDepth}}`, 'm').test(text)) return true;
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    // What stands in a text and is closed nowhere counts too: that is rare.
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > mostDepth) return true;
  }
  return false;
}
