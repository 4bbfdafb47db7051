import { bare, type Expression, literalString, walk } from '../syntax/parseSource.ts';
import type { SourceFile } from './sourceFiles.ts';

/** `proxyUrl`, as it is written out for `<ClerkProvider>` or in the options of Clerk's middleware. */
export function proxyUrlIn(files: readonly SourceFile[]): string | undefined {
  let found: string | undefined;
  for (const { program, imports } of files) {
    if (found !== undefined) return found;
    const isClerk = (name: string): boolean =>
      /^(@clerk\/|clerk-convex-resilience)/.test(imports.get(name)?.from ?? '');
    walk(program, (node) => {
      if (node.type === 'JSXElement') {
        const { name, attributes } = node.openingElement;
        if (name.type !== 'JSXIdentifier' || !isClerk(name.name)) return;
        for (const attribute of attributes) {
          if (attribute.type !== 'JSXAttribute' || attribute.name.name !== 'proxyUrl') continue;
          const { value } = attribute;
          found ??= literalString(value?.type === 'JSXExpressionContainer' ? value.expression : value);
        }
      }
      if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || !isClerk(node.callee.name)) return;
      for (const argument of node.arguments) found ??= inOptions(argument as Expression);
    });
  }
  return found === '' ? undefined : found;
}

/**
 * `{ proxyUrl }` or `{ frontendApiProxy: { enabled } }` (@clerk/nextjs 7, server/types.d.ts: `/__clerk` unless `path` says
 * otherwise), also in what a callback gives back: `clerkMiddleware(handler, (request) => ({ proxyUrl: '/__clerk' }))`.
 */
function inOptions(argument: Expression): string | undefined {
  const options = bare(argument);
  if (options.type === 'ArrowFunctionExpression')
    return options.body.type === 'BlockStatement' ? undefined : inOptions(options.body);
  const written = propertyOf(options, 'proxyUrl');
  if (written) return literalString(written);
  const proxy = propertyOf(options, 'frontendApiProxy');
  const enabled = proxy && propertyOf(proxy, 'enabled');
  if (!proxy || !enabled || (enabled.type === 'BooleanLiteral' && !enabled.value)) return undefined;
  const path = propertyOf(proxy, 'path');
  return path ? literalString(path) : '/__clerk';
}

function propertyOf(object: Expression, name: string): Expression | undefined {
  if (object.type !== 'ObjectExpression') return undefined;
  for (const property of object.properties) {
    if (property.type !== 'ObjectProperty' || property.computed || property.key.type !== 'Identifier') continue;
    if (property.key.name === name) return bare(property.value as Expression);
  }
  return undefined;
}
