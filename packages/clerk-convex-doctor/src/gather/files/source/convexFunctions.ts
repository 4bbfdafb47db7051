import { envReadsOf } from '../syntax/envReads.ts';
import {
  type CallExpression,
  lineOf,
  literalString,
  type MemberExpression,
  memberName,
  walk,
} from '../syntax/parseSource.ts';
import type { SourceFile } from './sourceFiles.ts';

/** Where functions read `process.env.CLERK_SECRET_KEY`. */
export const readsClerkSecretKey = (files: readonly SourceFile[]): readonly string[] =>
  files
    .filter(({ local }) => !isAuthConfig(local))
    .flatMap(({ shown, program }) =>
      envReadsOf(program)
        .filter(({ name }) => name === 'CLERK_SECRET_KEY')
        .map(({ line }) => `${shown}:${line}`),
    );

/** Where functions read or write a table `users`, by themselves or through this library's. */
export const usesUsersTable = (files: readonly SourceFile[]): readonly string[] =>
  files.flatMap(({ shown, program, imports }) => {
    const lines: number[] = [];
    walk(program, (node) => {
      if (node.type !== 'CallExpression') return;
      const { callee } = node;
      if (callee.type === 'Identifier') {
        const imported = imports.get(callee.name);
        if (imported?.from !== 'clerk-convex-resilience/convex') return;
        if (imported.name !== 'storeUser' && imported.name !== 'clerkWebhookFunctions') return;
        // Both take `{ table }` where it is called otherwise.
        if (!takesTable(node)) lines.push(lineOf(node));
        return;
      }
      const method = memberName(callee);
      if (method === undefined || !tableMethods.has(method)) return;
      const { object } = callee as MemberExpression;
      const isDatabase = memberName(object) === 'db' || (object.type === 'Identifier' && object.name === 'db');
      if (isDatabase && literalString(node.arguments[0]) === 'users') lines.push(lineOf(node));
    });
    return lines.map((line) => `${shown}:${line}`);
  });

function takesTable(call: CallExpression): boolean {
  let takes = false;
  walk(call, (node) => {
    if (node.type !== 'ObjectExpression') return;
    takes ||= node.properties.some(
      (property) =>
        property.type === 'ObjectProperty' && property.key.type === 'Identifier' && property.key.name === 'table',
    );
  });
  return takes;
}

// Of `ctx.db`, convex 1.25 to 1.48; from 1.31 on, `get` and its like take the table first.
const tableMethods = new Set(['query', 'insert', 'get', 'patch', 'replace', 'delete', 'normalizeId']);

const isAuthConfig = (local: string): boolean => /^auth\.config\.[cm]?[jt]s$/.test(local);
