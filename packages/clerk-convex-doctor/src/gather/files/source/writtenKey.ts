import type { EnvVariable } from 'clerk-convex-resilience/diagnosis';
import { constantIn } from '../syntax/exported.ts';
import { bare, type Expression, type JsxElement, lineOf, literalString, walk } from '../syntax/parseSource.ts';
import type { SourceFile } from './sourceFiles.ts';

/** The publishable key, where every provider of Clerk's in the app is given the same one as a text, and none takes it from elsewhere. */
export function writtenKey(files: readonly SourceFile[]): EnvVariable | undefined {
  const found: (EnvVariable | undefined)[] = [];
  for (const file of files)
    walk(file.program, (node) => {
      if (node.type !== 'JSXElement' || !isProvider(node, file)) return;
      const value = keyOf(node, file);
      const at = `${file.shown}:${lineOf(node.openingElement)}`;
      found.push(value === undefined ? undefined : { name: 'publishableKey', value, at });
    });
  const [first] = found;
  return first && found.every((each) => each?.value === first.value) ? first : undefined;
}

function isProvider({ openingElement: { name } }: JsxElement, { imports }: SourceFile): boolean {
  if (name.type === 'JSXMemberExpression') return name.property.name === 'ClerkProvider';
  const imported = name.type === 'JSXIdentifier' ? imports.get(name.name) : undefined;
  if (!imported) return false;
  return (
    (imported.name === 'ClerkProvider' && imported.from.startsWith('@clerk/')) ||
    (imported.name === 'ConvexClerkProvider' && /^clerk-convex-resilience(\/|$)/.test(imported.from))
  );
}

function keyOf({ openingElement: { attributes } }: JsxElement, { program }: SourceFile): string | undefined {
  let found: string | undefined;
  for (const attribute of attributes) {
    // What is spread may have a key too.
    if (attribute.type === 'JSXSpreadAttribute') return undefined;
    if (attribute.name.name !== 'publishableKey') continue;
    const { value } = attribute;
    const given = value?.type === 'JSXExpressionContainer' ? bare(value.expression as Expression) : value;
    const constant = given?.type === 'Identifier' ? constantIn(program, given.name) : undefined;
    found = literalString(constant === undefined ? given : bare(constant));
  }
  return found;
}
