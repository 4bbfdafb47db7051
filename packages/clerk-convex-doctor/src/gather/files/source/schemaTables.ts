import { constantIn } from '../syntax/exported.ts';
import { bare, type Expression, literalString, type ObjectExpression, walk } from '../syntax/parseSource.ts';
import type { SourceFile } from './sourceFiles.ts';

/** Names of the tables in schema.ts; undefined where one part of them is not known. */
export function schemaTables(schema: SourceFile): readonly string[] | undefined {
  let argument: Expression | undefined;
  walk(schema.program, (node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return;
    if (schema.imports.get(node.callee.name)?.name !== 'defineSchema' && node.callee.name !== 'defineSchema') return;
    argument ??= node.arguments[0] as Expression | undefined;
  });
  const tables = argument && namesOf(argument, schema, 0);
  return tables && [...new Set(tables)];
}

/** Spreads that are known: by the name and package that they come from. */
const knownSpreads: Readonly<Record<string, readonly string[]>> = {
  'clerk-convex-resilience/convex clerkWebhookTables': [
    'clerkWebhookDeliveries',
    'clerkWebhookObjects',
    'clerkSessions',
  ],
  '@convex-dev/auth/server authTables': [
    'users',
    'authSessions',
    'authAccounts',
    'authRefreshTokens',
    'authVerificationCodes',
    'authVerifiers',
    'authRateLimits',
  ],
};

function namesOf(given: Expression, schema: SourceFile, depth: number): readonly string[] | undefined {
  const expression = bare(given);
  if (depth > 5) return undefined;
  if (expression.type === 'Identifier') {
    const imported = schema.imports.get(expression.name);
    if (imported) return knownSpreads[`${imported.from} ${imported.name}`];
    const own = constantIn(schema.program, expression.name);
    return own && namesOf(own, schema, depth + 1);
  }
  if (expression.type !== 'ObjectExpression') return undefined;
  const found: string[] = [];
  for (const property of expression.properties) {
    const names = property.type === 'SpreadElement' ? namesOf(property.argument, schema, depth + 1) : nameOf(property);
    if (!names) return undefined;
    found.push(...names);
  }
  return found;
}

function nameOf(property: ObjectExpression['properties'][number]): readonly string[] | undefined {
  if (property.type === 'SpreadElement') return undefined;
  const { key, computed } = property;
  const name = !computed && key.type === 'Identifier' ? key.name : literalString(key);
  return name === undefined ? undefined : [name];
}
