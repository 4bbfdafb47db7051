import { resolveImport } from '../source/resolveImport.ts';
import type { SourceFile } from '../source/sourceFiles.ts';
import { declaredIn, type Positioned } from '../syntax/declared.ts';
import { exportedAs } from '../syntax/exported.ts';
import type { Imported } from '../syntax/imports.ts';
import { type Expression, memberName, type SyntaxNode, walk } from '../syntax/parseSource.ts';
import { handlerCallsIn } from './handlerCalls.ts';

/**
 * Does what a route is given come to a handler: by names of the file and its imports, and by what an HTTP action runs,
 * `ctx.runAction(internal.clerk.verify)`? Each name of each file is followed once.
 */
export function leadsToHandler(given: Expression, file: SourceFile, files: readonly SourceFile[]): boolean {
  const followed = new Set<string>();
  const isNew = (at: SourceFile, name: string): boolean => {
    const before = followed.size;
    return followed.add(`${at.path}#${name}`).size > before;
  };

  function fromNode(outer: Positioned & object, at: SourceFile): boolean {
    if (callsOf(at).some(({ node }) => holds(outer, node))) return true;
    const names = new Set<string>();
    const functions = new Set<string>();
    walk(outer, (node) => {
      if (node.type === 'Identifier') names.add(node.name);
      const path = functionPath(node, at);
      if (path !== undefined) functions.add(path);
    });
    return [...names].some((name) => fromName(name, at)) || [...functions].some(fromFunction);
  }

  function fromName(name: string, at: SourceFile): boolean {
    const imported = at.imports.get(name);
    if (imported) return fromImport(imported, at);
    const own = declaredIn(at.program).get(name);
    return own !== undefined && isNew(at, name) && fromNode(own, at);
  }

  function fromImport({ from, name }: Imported, importer: SourceFile): boolean {
    const target = resolveImport(from, importer, files);
    return target !== undefined && fromExport(name, target);
  }

  function fromExport(name: string, target: SourceFile): boolean {
    if (callsOf(target).length > 0) return true;
    if (!isNew(target, `export ${name}`)) return false;
    const exported = exportedAs(target.program, [name]);
    if (exported?.kind === 'imported' && fromImport(exported.imported, target)) return true;
    if (exported?.kind === 'own' && fromNode(exported.expression, target)) return true;
    const handsOn = target.program.body.some(
      (statement) =>
        statement.type === 'ExportAllDeclaration' && fromImport({ from: statement.source.value, name }, target),
    );
    return handsOn || fromName(name, target);
  }

  function fromFunction(path: string): boolean {
    const parts = path.split('.');
    const module = parts.slice(0, -1).join('/');
    const target = files.find(({ local }) => local.replace(/\.[cm]?[jt]sx?$/, '') === module);
    return target !== undefined && fromExport(parts.at(-1) ?? '', target);
  }

  return fromNode(given, file);
}

/** `internal.a.b.c`, the export `c` of `a/b` in Convex's folder: `a.b.c`. */
function functionPath(node: SyntaxNode, { imports }: SourceFile): string | undefined {
  const parts: string[] = [];
  let inner: SyntaxNode = node;
  while (inner.type === 'MemberExpression') {
    const name = memberName(inner);
    if (name === undefined) return undefined;
    parts.unshift(name);
    inner = inner.object as SyntaxNode;
  }
  const root = inner.type === 'Identifier' ? imports.get(inner.name) : undefined;
  const isGenerated = /(^|\/)_generated\/api(\.js)?$/.test(root?.from ?? '');
  return isGenerated && parts.length > 1 ? parts.join('.') : undefined;
}

const holds = (outer: Positioned, inner: Positioned): boolean =>
  (inner.start ?? -1) >= (outer.start ?? 0) && (inner.end ?? 0) <= (outer.end ?? 0);

const knownCalls = new WeakMap<SourceFile, ReturnType<typeof handlerCallsIn>>();

function callsOf(file: SourceFile): ReturnType<typeof handlerCallsIn> {
  const calls = knownCalls.get(file) ?? handlerCallsIn(file);
  knownCalls.set(file, calls);
  return calls;
}
