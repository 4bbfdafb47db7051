import type { Place } from 'clerk-convex-resilience/diagnosis';
import { isRouterFile, type SourceFile } from '../source/sourceFiles.ts';
import { bare, type Expression, lineOf, literalString, memberName, walk } from '../syntax/parseSource.ts';
import { leadsToHandler } from './leadsToHandler.ts';

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
  const http = files.find(({ local }) => isRouterFile(local));
  if (!http) return { isRouted: false };
  // Convex takes routes from the default export only.
  const exported = defaultOf(http);
  if (exported === undefined) return { isRouted: false };

  const routers = routersOf(http);
  let found: ConvexRoute = { isRouted: false };
  // Of Hono's router, of one that another file makes, and of routes that are not written out, nobody can say.
  let isUnsure = exported === 'elsewhere' || !isRouter(exported, http, routers);
  walk(http.program, (node) => {
    if (node.type !== 'CallExpression') return;
    if (memberName(node.callee) === 'route') {
      const [spec] = node.arguments;
      const handler = propertyOf(spec, 'handler');
      if (!handler) isUnsure = true;
      if (!handler || !leadsToHandler(handler, http, files)) return;
      if (found.isRouted && found.refusesPost === undefined) return;
      const path = literalString(propertyOf(spec, 'path')) ?? literalString(propertyOf(spec, 'pathPrefix'));
      const isPost = (literalString(propertyOf(spec, 'method')) ?? 'POST') === 'POST';
      found = {
        isRouted: true,
        ...(path !== undefined && { path }),
        ...(!isPost && { refusesPost: `${http.shown}:${lineOf(node)}` }),
      };
    } else if (node.arguments.some((given) => given.type === 'Identifier' && routers.has(given.name))) {
      isUnsure = true;
    }
  });
  return found.isRouted || !isUnsure ? found : { isRouted: true };
}

const nameOf = (node: { readonly type: string }): string | undefined =>
  'name' in node && typeof node.name === 'string' ? node.name : undefined;

/** What the file exports as its default; `elsewhere`: it has that from another file. */
function defaultOf({ program, imports }: SourceFile): Expression | 'elsewhere' | undefined {
  for (const statement of program.body) {
    if (statement.type === 'ExportDefaultDeclaration') {
      const exported = bare(statement.declaration as Expression);
      return imports.has(nameOf(exported) ?? '') ? 'elsewhere' : exported;
    }
    if (statement.type !== 'ExportNamedDeclaration') continue;
    const specifier = statement.specifiers.find(({ exported }) => nameOf(exported) === 'default');
    if (specifier?.type === 'ExportSpecifier')
      return statement.source || imports.has(specifier.local.name) ? 'elsewhere' : specifier.local;
  }
  return undefined;
}

const isRouter = (exported: Expression, http: SourceFile, routers: ReadonlySet<string>): boolean =>
  exported.type === 'Identifier' ? routers.has(exported.name) : makesRouter(exported, http);

function makesRouter(expression: Expression, { imports }: SourceFile): boolean {
  if (expression.type !== 'CallExpression') return false;
  const name = nameOf(expression.callee);
  return name !== undefined && (imports.get(name)?.name ?? name) === 'httpRouter';
}

function routersOf(http: SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  walk(http.program, (node) => {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || !node.init) return;
    if (makesRouter(bare(node.init), http)) names.add(node.id.name);
  });
  return names;
}

function propertyOf(spec: object | undefined, name: string): Expression | undefined {
  const options = spec as Expression | undefined;
  if (options?.type !== 'ObjectExpression') return undefined;
  for (const property of options.properties) {
    if (property.type !== 'ObjectProperty' || property.computed) continue;
    const key = property.key.type === 'Identifier' ? property.key.name : literalString(property.key);
    if (key === name) return property.value as Expression;
  }
  return undefined;
}
