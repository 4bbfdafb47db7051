import type { Place } from 'clerk-convex-resilience/diagnosis';
import { resolveImport } from '../source/resolveImport.ts';
import type { SourceFile } from '../source/sourceFiles.ts';
import {
  bare,
  type CallExpression,
  type Expression,
  lineOf,
  literalString,
  memberName,
  walk,
} from '../syntax/parseSource.ts';
import { handlerCallsIn } from './handlerCalls.ts';

/** What http.ts does with the handlers. */
export interface ConvexRoute {
  /** A route leads to a handler; or nobody can say, since something else adds routes too. */
  readonly isRouted: boolean;
  readonly path?: string;
  /** Where a route leads to it by another method, and none by POST. */
  readonly refusesPost?: Place;
}

/** Looks for the route in http.ts that leads to a handler of Clerk's webhooks. */
export function convexRoute(files: readonly SourceFile[]): ConvexRoute {
  const http = files.find(({ local }) => /^http\.[cm]?[jt]s$/.test(local));
  if (!http) return { isRouted: false };
  const hasDefault = http.program.body.some(
    (statement) =>
      statement.type === 'ExportDefaultDeclaration' ||
      (statement.type === 'ExportNamedDeclaration' &&
        statement.specifiers.some(({ exported }) => nameOf(exported) === 'default')),
  );
  // Convex takes routes from the default export only.
  if (!hasDefault) return { isRouted: false };

  const routers = routersOf(http);
  let found: ConvexRoute = { isRouted: false };
  let isAddedElsewhere = false;
  walk(http.program, (node) => {
    if (node.type !== 'CallExpression') return;
    if (memberName(node.callee) === 'route') {
      const handler = propertyOf(node, 'handler');
      if (!handler || !leadsToHandler(handler, http, files, 0)) return;
      if (found.isRouted && found.refusesPost === undefined) return;
      const path = literalString(propertyOf(node, 'path')) ?? literalString(propertyOf(node, 'pathPrefix'));
      const isPost = (literalString(propertyOf(node, 'method')) ?? 'POST') === 'POST';
      found = {
        isRouted: true,
        ...(path !== undefined && { path }),
        ...(!isPost && { refusesPost: `${http.shown}:${lineOf(node)}` }),
      };
    } else if (node.arguments.some((given) => given.type === 'Identifier' && routers.has(given.name))) {
      isAddedElsewhere = true;
    }
  });
  return found.isRouted || !isAddedElsewhere ? found : { isRouted: true };
}

const nameOf = (node: { readonly type: string }): string | undefined =>
  'name' in node && typeof node.name === 'string' ? node.name : undefined;

function routersOf(http: SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  walk(http.program, (node) => {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || node.init?.type !== 'CallExpression')
      return;
    if (nameOf(node.init.callee) === 'httpRouter') names.add(node.id.name);
  });
  return names;
}

function propertyOf(call: CallExpression, name: string): Expression | undefined {
  const [options] = call.arguments;
  if (options?.type !== 'ObjectExpression') return undefined;
  for (const property of options.properties) {
    if (property.type !== 'ObjectProperty' || property.computed) continue;
    const key = property.key.type === 'Identifier' ? property.key.name : literalString(property.key);
    if (key === name) return property.value as Expression;
  }
  return undefined;
}

/** The expression is a handler, or a name of one, here or in a file that it is imported from. */
function leadsToHandler(given: Expression, file: SourceFile, files: readonly SourceFile[], depth: number): boolean {
  const expression = bare(given);
  if (depth > 5) return false;
  const calls = handlerCallsIn(file);
  if (holds(expression, calls)) return true;
  const names = new Set<string>();
  walk(expression, (node) => {
    if (node.type === 'Identifier') names.add(node.name);
  });
  for (const name of names) {
    const imported = file.imports.get(name);
    const target = imported && resolveImport(imported.from, file, files);
    if (target && handlerCallsIn(target).length > 0) return true;
    const own = declared(name, file);
    if (
      own &&
      own !== expression &&
      (holds(own, calls) ||
        (expression.type === 'Identifier' && leadsToHandler(own as Expression, file, files, depth + 1)))
    )
      return true;
  }
  return false;
}

const holds = (outer: Positioned, calls: readonly { readonly node: Positioned }[]): boolean =>
  calls.some(({ node }) => (node.start ?? -1) >= (outer.start ?? 0) && (node.end ?? 0) <= (outer.end ?? 0));

interface Positioned {
  readonly start?: number | null;
  readonly end?: number | null;
}

/** What a name of the file's top level stands for. */
function declared(name: string, file: SourceFile): (Positioned & object) | undefined {
  for (const outer of file.program.body) {
    const statement = outer.type === 'ExportNamedDeclaration' && outer.declaration ? outer.declaration : outer;
    if (statement.type === 'FunctionDeclaration' && statement.id?.name === name) return statement;
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id, init } of statement.declarations)
      if (id.type === 'Identifier' && id.name === name && init) return init;
  }
  return undefined;
}
