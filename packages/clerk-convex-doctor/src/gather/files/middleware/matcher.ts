import type { SourceFile } from '../source/sourceFiles.ts';
import { bare, type Expression, literalString, walk } from '../syntax/parseSource.ts';
import { matches } from './pathPattern.ts';

/** The patterns of `config.matcher`; undefined: there is none, or it is not made of texts. */
export function matcherOf({ program }: SourceFile): readonly string[] | undefined {
  let patterns: readonly string[] | undefined;
  walk(program, (node) => {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || node.id.name !== 'config') return;
    const config = node.init && bare(node.init);
    if (config?.type !== 'ObjectExpression') return;
    for (const property of config.properties)
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
  const expression = node && bare(node as Expression);
  const single = literalString(expression);
  if (single !== undefined) return [single];
  if (expression?.type !== 'ArrayExpression') return undefined;
  const texts = expression.elements.map((element) => literalString(element));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}
