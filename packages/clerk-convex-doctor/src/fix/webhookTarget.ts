import { posix } from 'node:path';
import { type Program, walk } from '../gather/files/syntax/parseSource.ts';
import type { Draft } from './draft.ts';
import { isCallOf, parseFaultless } from './edit.ts';

/** What the route of the webhooks can lead to. */
export type WebhookTarget =
  /** An HTTP action that a module exports. */
  | { readonly status: 'handler'; readonly module: string; readonly name: string }
  /** A module with the mutations of `clerkWebhookFunctions`, which may write into a table of another name. */
  | { readonly status: 'functions'; readonly module: string; readonly isOtherTable: boolean }
  /** A file that makes these mutations, and does not export them under the names that the action calls. */
  | { readonly status: 'misnamed'; readonly file: string }
  | { readonly status: 'unknown' };

/** What `clerkWebhookAction` calls: `internal.clerk.claim` and so on. */
const mutations = ['claim', 'finish', 'fail', 'apply'] as const;

export async function webhookTarget(folder: string, files: readonly string[], draft: Draft): Promise<WebhookTarget> {
  const handlers: WebhookTarget[] = [];
  const functions: WebhookTarget[] = [];
  for (const file of new Set([...files, posix.join(folder, 'clerk.ts')])) {
    const module = posix.relative(folder, file).replace(/\.[jt]s$/, '');
    const program = parseFaultless((await draft.read(file)) ?? '');
    if (!program || module.startsWith('..') || module === 'http') continue;
    for (const statement of program.body) {
      if (statement.type !== 'ExportNamedDeclaration' || statement.declaration?.type !== 'VariableDeclaration')
        continue;
      for (const { id, init } of statement.declaration.declarations) {
        const isAction = isCallOf(init, 'httpAction') || isCallOf(init, 'clerkWebhookAction');
        if (isAction && id.type === 'Identifier') handlers.push({ status: 'handler', module, name: id.name });
      }
    }
    const isOtherTable = mayUseOtherTable(program);
    if (isOtherTable === undefined) continue;
    const names = exportedNames(program);
    functions.push(
      mutations.every((name) => names.has(name))
        ? { status: 'functions', module, isOtherTable }
        : { status: 'misnamed', file },
    );
  }
  if (handlers.length > 1) return { status: 'unknown' };
  return handlers[0] ?? functions.find(({ status }) => status === 'functions') ?? functions[0] ?? { status: 'unknown' };
}

/** Undefined: there is no call of `clerkWebhookFunctions`. */
function mayUseOtherTable(program: Program): boolean | undefined {
  let isOther: boolean | undefined;
  walk(program, (node) => {
    if (!isCallOf(node, 'clerkWebhookFunctions')) return;
    const options = node.arguments[1];
    const isPlain =
      options === undefined ||
      (options.type === 'ObjectExpression' &&
        options.properties.every(
          (property) =>
            property.type !== 'SpreadElement' && property.key.type === 'Identifier' && property.key.name !== 'table',
        ));
    isOther = !isPlain;
  });
  return isOther;
}

/** Names that a module exports, each of which is the same within a pattern: `{ claim: take }` exports another. */
function exportedNames(program: Program): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of program.body) {
    if (statement.type !== 'ExportNamedDeclaration') continue;
    for (const { exported } of statement.specifiers) if (exported.type === 'Identifier') names.add(exported.name);
    if (statement.declaration?.type !== 'VariableDeclaration') continue;
    for (const { id } of statement.declaration.declarations) {
      if (id.type === 'Identifier') names.add(id.name);
      if (id.type !== 'ObjectPattern') continue;
      for (const property of id.properties) {
        if (property.type === 'ObjectProperty' && property.value.type === 'Identifier') names.add(property.value.name);
      }
    }
  }
  return names;
}
