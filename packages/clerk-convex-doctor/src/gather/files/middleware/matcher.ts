import type { SourceFile } from '../source/sourceFiles.ts';
import { type Expression, literalString, walk } from '../syntax/parseSource.ts';

/** The patterns of `config.matcher`; undefined: there is none, or it is not made of texts. */
export function matcherOf({ program }: SourceFile): readonly string[] | undefined {
  let patterns: readonly string[] | undefined;
  walk(program, (node) => {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || node.id.name !== 'config') return;
    if (node.init?.type !== 'ObjectExpression') return;
    for (const property of node.init.properties)
      if (property.type === 'ObjectProperty' && property.key.type === 'Identifier' && property.key.name === 'matcher')
        patterns = textsIn(property.value);
  });
  return patterns;
}

/** A path is among the patterns, or it cannot be told, or there are none. */
export const takes = (patterns: readonly string[] | undefined, path: string): boolean =>
  patterns?.some((pattern) => matches(pattern, path) !== false) ?? true;

/** A text, or several; undefined: something else is among them. */
export function textsIn(node: object | undefined): readonly string[] | undefined {
  const expression = node as Expression | undefined;
  const single = literalString(expression);
  if (single !== undefined) return [single];
  if (expression?.type !== 'ArrayExpression') return undefined;
  const texts = expression.elements.map((element) => literalString(element));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/**
 * A path against a pattern of path-to-regexp, as `createRouteMatcher` and Next.js take them: `/api(.*)`, `/api/:path*`. Undefined:
 * the pattern is one that may take for ever to try.
 */
export function matches(pattern: string, path: string): boolean | undefined {
  if (pattern.length > 300 || path.length > 200) return undefined;
  // A repeated group, or many repetitions after each other.
  if (/\)[*+{]/.test(pattern) || (pattern.match(/[*+{]/g) ?? []).length > 4) return undefined;
  const source = pattern.replace(/\/:\w+([*+?]?)/g, (_, repeat: string) =>
    repeat === '*' ? '(?:/.*)?' : repeat === '+' ? '/.+' : repeat === '?' ? '(?:/[^/]+)?' : '/[^/]+',
  );
  try {
    return new RegExp(`^${source}/?$`, 'i').test(path);
  } catch {
    return undefined;
  }
}
