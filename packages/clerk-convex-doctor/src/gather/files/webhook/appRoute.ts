import type { Framework } from 'clerk-convex-resilience/diagnosis';
import type { SourceFile } from '../source/sourceFiles.ts';
import { literalString, walk } from '../syntax/parseSource.ts';

/** The path that a file of the app is served at, by the rules of its framework; undefined: it is no route. */
export function appRoute(framework: Framework, file: SourceFile): string | undefined {
  switch (framework) {
    case 'next':
      return nextRoute(file.local);
    case 'expo': {
      const inApp = /^(?:src\/)?app\/(.+)\+api\.[cm]?[jt]sx?$/.exec(file.local);
      return inApp?.[1] === undefined ? undefined : pathOf(inApp[1]);
    }
    case 'tanstack-start':
      return createdRoute(file);
    // A server of the app's own, with routes of its own.
    case 'vite':
    case 'plain':
      return undefined;
    default:
      return framework satisfies never;
  }
}

/** The same, of a file of Next.js by its name alone. */
export function nextRoute(local: string): string | undefined {
  const inApp = /^(?:src\/)?app\/(?:(.+)\/)?route\.[cm]?[jt]sx?$/.exec(local);
  if (inApp) return pathOf(inApp[1] ?? '');
  const inPages = /^(?:src\/)?pages\/(api\/.+?)(?:\/index)?\.[cm]?[jt]sx?$/.exec(local);
  return inPages?.[1] === undefined ? undefined : pathOf(inPages[1]);
}

/** A route of Next.js's `app` that answers other methods, and not POST: Next.js then answers 405 itself. */
export function refusesPost(framework: Framework, { local, program }: SourceFile): boolean {
  if (framework !== 'next' || !/^(?:src\/)?app\/(?:.+\/)?route\.[cm]?[jt]sx?$/.test(local)) return false;
  const names: string[] = [];
  for (const statement of program.body) {
    if (statement.type === 'ExportAllDeclaration') return false;
    if (statement.type !== 'ExportNamedDeclaration') continue;
    const { declaration, specifiers } = statement;
    if (declaration?.type === 'FunctionDeclaration') names.push(declaration.id?.name ?? '');
    if (declaration?.type === 'VariableDeclaration')
      for (const { id } of declaration.declarations) {
        if (id.type !== 'Identifier') return false;
        names.push(id.name);
      }
    for (const { exported } of specifiers) names.push(exported.type === 'Identifier' ? exported.name : exported.value);
  }
  return !names.includes('POST') && names.some((name) => /^(GET|HEAD|PUT|PATCH|DELETE|OPTIONS)$/.test(name));
}

/** Groups in parentheses and parallel routes are no part of the path. */
const pathOf = (folders: string): string =>
  `/${folders
    .split('/')
    .filter((part) => part !== '' && part !== 'index' && !/^\(.*\)$|^@/.test(part))
    .join('/')}`;

/** `createFileRoute('/api/webhooks/clerk')`, and its like in older versions. */
function createdRoute(file: SourceFile): string | undefined {
  let path: string | undefined;
  walk(file.program, (node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return;
    if (/^create(Server|API)?File?Route$/.test(node.callee.name)) path ??= literalString(node.arguments[0]);
  });
  return path;
}
