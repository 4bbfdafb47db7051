import { lineOf, literalString, memberName, type SyntaxNode, walk } from '../syntax/parseSource.ts';
import type { SourceFile } from './sourceFiles.ts';

/** Clerk's `getToken`, and what this library makes of it for servers. */
const askers = new Set(['getToken', 'getServerToken', 'createServerConvex']);

/** JWT templates that the app's code asks for, where the name is written out: `getToken({ template: 'convex' })`. */
export function tokenTemplatesIn(
  files: readonly SourceFile[],
): readonly { readonly name: string; readonly at: string }[] {
  const found: { name: string; at: string }[] = [];
  for (const file of files) {
    walk(file.program, (node) => {
      const name = templateOf(node);
      if (name !== undefined) found.push({ name, at: `${file.shown}:${lineOf(node)}` });
    });
  }
  return found;
}

function templateOf(node: SyntaxNode): string | undefined {
  if (node.type !== 'CallExpression' && node.type !== 'OptionalCallExpression') return undefined;
  const { callee } = node;
  const called = callee.type === 'Identifier' ? callee.name : memberName(callee);
  if (called === undefined || !askers.has(called)) return undefined;
  for (const argument of node.arguments) {
    if (argument.type !== 'ObjectExpression') continue;
    for (const property of argument.properties) {
      if (property.type !== 'ObjectProperty' || property.computed) continue;
      const { key } = property;
      const name = key.type === 'Identifier' ? key.name : literalString(key);
      if (name === 'template') return literalString(property.value);
    }
  }
  return undefined;
}
