import { resolveImport } from '../source/resolveImport.ts';
import { guardIn, isClient, readerIn, usesServerAuth } from '../source/serverAuth.ts';
import type { SourceFile } from '../source/sourceFiles.ts';
import { declaredIn, type Positioned } from '../syntax/declared.ts';
import { exportedAs } from '../syntax/exported.ts';
import type { Imported } from '../syntax/imports.ts';
import { type SyntaxNode, walk } from '../syntax/parseSource.ts';

/**
 * Does a page, layout or route of Next.js's server call `auth()`: itself, or in functions that it calls and components that it
 * renders, by names of the app's own files? What catches the error itself is passed over there, and what is only handed on.
 */
export function callsAuth(file: SourceFile, files: readonly SourceFile[]): boolean {
  if (isClient(file)) return false;
  const followed = new Set<string>();

  function fromNode(outer: object, at: SourceFile): boolean {
    const isReader = readerIn(at);
    const isGuard = guardIn(at);
    const caught: Positioned[] = [];
    const calls: SyntaxNode[] = [];
    const names = new Set<string>();
    walk(outer, (node) => {
      if (node.type === 'TryStatement' && node.handler) caught.push(node.block);
      if (isReader(node) || isGuard(node)) calls.push(node);
      const name = ranBy(node);
      if (name !== undefined) names.add(name);
    });
    return (
      calls.some((call) => !caught.some((block) => isWithin(call, block))) ||
      [...names].some((name) => fromName(name, at))
    );
  }

  function fromName(name: string, at: SourceFile): boolean {
    const key = `${at.path}#${name}`;
    if (followed.has(key)) return false;
    followed.add(key);
    const imported = at.imports.get(name);
    if (imported) return fromImport(imported, at);
    const own = declaredIn(at.program).get(name);
    return own !== undefined && fromNode(own, at);
  }

  function fromImport({ from, name }: Imported, importer: SourceFile): boolean {
    const target = resolveImport(from, importer, files);
    if (!target || isClient(target)) return false;
    const exported = exportedAs(target.program, [name]);
    if (exported?.kind === 'imported') return fromImport(exported.imported, target);
    return exported ? fromNode(exported.expression, target) : fromName(name, target);
  }

  return usesServerAuth([file]) || fromNode(file.program, file);
}

/** The name of what is called or rendered: `getUser()`, `<UserMenu />`. */
function ranBy(node: SyntaxNode): string | undefined {
  if (node.type === 'CallExpression') return node.callee.type === 'Identifier' ? node.callee.name : undefined;
  if (node.type !== 'JSXElement') return undefined;
  const { name } = node.openingElement;
  return name.type === 'JSXIdentifier' && /^[A-Z]/.test(name.name) ? name.name : undefined;
}

const isWithin = (inner: Positioned, outer: Positioned): boolean =>
  (inner.start ?? 0) >= (outer.start ?? 0) && (inner.end ?? 0) <= (outer.end ?? 0);
