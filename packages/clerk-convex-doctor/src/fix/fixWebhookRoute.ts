import { posix } from 'node:path';
import type { Draft } from './draft.ts';
import {
  constantOf,
  defaultExport,
  insertAll,
  isCallOf,
  parseFaultless,
  propertyNames,
  schemaObject,
  withImport,
} from './edit.ts';
import { withTable, withUsersTable } from './fixUsersTable.ts';
import { type Fixer, hasLibrary, installFirst } from './planFixes.ts';

const library = 'clerk-convex-resilience/convex';
const docs = 'docs/users.md of clerk-convex-resilience, "In Convex"';

/** Puts the route of the webhooks into `convex/http.ts`, with the functions and tables that it needs. */
export const fixWebhookRoute: Fixer = async (report, draft) => {
  const finding = report.findings.find(({ code }) => code === 'WEBHOOK_ROUTE_MISSING');
  const project = report.evidence.project;
  if (!finding || project?.convexFolder === undefined) return [];
  // Of a handler in the app the route is a file of the framework: where, the finding says.
  if (project.webhook.handlers.some(({ runsIn }) => runsIn === 'app')) return [];
  const folder = project.convexFolder;
  const file = posix.join(folder, 'http.ts');
  const before = await draft.read(file);
  const target = await targetOf(
    folder,
    project.webhook.handlers.map(({ at }) => at.replace(/:\d+$/, '')),
    draft,
  );
  if (target.status === 'unknown' && !hasLibrary(report)) return [installFirst(`The webhook route in ${file}`)];

  const path = project.webhook.path ?? '/webhooks/clerk';
  const route =
    target.status === 'handler'
      ? { name: target.name, from: `./${target.module}`, handler: target.name }
      : {
          name: 'clerkWebhookAction',
          from: library,
          handler: `clerkWebhookAction(internal.${target.status === 'functions' ? target.module : 'clerk'})`,
        };
  const changed = withRoute(before ?? '', path, route);
  if (changed === null) return [byHand(file)];

  if (target.status === 'unknown') {
    const others = await neededByRoute(folder, draft);
    if (others === null) return [byHand(file)];
    for (const [name, text] of others) await draft.write(name, text, finding.code);
  }
  await draft.write(file, changed, finding.code);
  return [
    `In Clerk dashboard, Webhooks, the endpoint is https://<deployment>.convex.site${path}, with the events user.* and session.*.`,
  ];
};

const byHand = (file: string): string =>
  `Add the webhook route to ${file} yourself, which is written so that it is not surely understood: ${docs} shows it.`;

type Target =
  /** An HTTP action that a module exports. */
  | { readonly status: 'handler'; readonly module: string; readonly name: string }
  /** A module with the mutations of `clerkWebhookFunctions`. */
  | { readonly status: 'functions'; readonly module: string }
  | { readonly status: 'unknown' };

async function targetOf(folder: string, files: readonly string[], draft: Draft): Promise<Target> {
  const handlers: Target[] = [];
  const functions: Target[] = [];
  for (const file of new Set([...files, posix.join(folder, 'clerk.ts')])) {
    const module = posix.relative(folder, file).replace(/\.[jt]s$/, '');
    const program = parseFaultless((await draft.read(file)) ?? '');
    if (!program || module.startsWith('..') || module === 'http') continue;
    for (const statement of program.body) {
      if (statement.type !== 'ExportNamedDeclaration' || statement.declaration?.type !== 'VariableDeclaration')
        continue;
      for (const { id, init } of statement.declaration.declarations) {
        if (isCallOf(init, 'clerkWebhookFunctions') && !module.includes('/')) {
          functions.push({ status: 'functions', module });
        }
        const isAction = isCallOf(init, 'httpAction') || isCallOf(init, 'clerkWebhookAction');
        if (isAction && id.type === 'Identifier') handlers.push({ status: 'handler', module, name: id.name });
      }
    }
  }
  if (handlers.length > 1) return { status: 'unknown' };
  return handlers[0] ?? functions[0] ?? { status: 'unknown' };
}

/** `convex/clerk.ts` and the tables; null where they cannot be written surely. */
async function neededByRoute(folder: string, draft: Draft): Promise<readonly (readonly [string, string])[] | null> {
  const clerk = posix.join(folder, 'clerk.ts');
  const schema = posix.join(folder, 'schema.ts');
  if ((await draft.read(clerk)) !== undefined) return null;
  const text = await draft.read(schema);
  const changed = text === undefined ? newSchema : withWebhookTables(text);
  if (changed === null) return null;
  return [
    [clerk, functionsModule],
    [schema, changed],
  ];
}

function withWebhookTables(text: string): string | null {
  const program = parseFaultless(text);
  const object = program && schemaObject(program);
  if (!object) return null;
  const names = propertyNames(object);
  // A table of the app's own has other fields than the functions write.
  if (names.includes('users') && !/\busers:\s*usersTable\(/.test(text)) return null;
  const withUsers = names.includes('users') ? text : withUsersTable(text);
  if (withUsers === null || names.includes('...clerkWebhookTables')) return withUsers;
  return withTable(withUsers, '...clerkWebhookTables', '...clerkWebhookTables', 'clerkWebhookTables');
}

/** The router with the route in it: a new one, or one that is plainly written. Null where it cannot be put there surely. */
export function withRoute(
  text: string,
  path: string,
  { name, from, handler }: { readonly name: string; readonly from: string; readonly handler: string },
): string | null {
  const needsInternal = handler.includes('internal.');
  if (text.trim() === '') {
    const imports = [
      `import { ${name} } from '${from}';`,
      "import { httpRouter } from 'convex/server';",
      ...(needsInternal ? ["import { internal } from './_generated/api';"] : []),
    ];
    return `${imports.join('\n')}\n\nconst http = httpRouter();\n\n${routeLine('http', path, handler)}\n\nexport default http;\n`;
  }
  const program = parseFaultless(text);
  if (!program || text.includes(path)) return null;
  const statement = program.body.find((node) => node.type === 'ExportDefaultDeclaration');
  if (statement?.type !== 'ExportDefaultDeclaration' || statement.declaration.type !== 'Identifier') return null;
  const router = statement.declaration.name;
  if (!isCallOf(constantOf(program, router), 'httpRouter') || !defaultExport(program)) return null;
  if (typeof statement.start !== 'number') return null;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const at = statement.start;
  const tail = text.slice(at);
  const withTheImport = withImport(text, name, from);
  const withAll =
    withTheImport && needsInternal ? withImport(withTheImport, 'internal', './_generated/api') : withTheImport;
  if (!withAll?.endsWith(tail)) return null;
  const changed = insertAll(withAll, [
    { at: withAll.length - tail.length, inserted: `${routeLine(router, path, handler)}${newline}${newline}` },
  ]);
  return parseFaultless(changed) ? changed : null;
}

const routeLine = (router: string, path: string, handler: string): string =>
  `${router}.route({ path: '${path}', method: 'POST', handler: ${handler} });`;

const functionsModule = `import { clerkWebhookFunctions } from '${library}';
import { internalMutation } from './_generated/server';

/** What the webhooks in http.ts write with. */
export const { claim, finish, fail, apply } = clerkWebhookFunctions(internalMutation);
`;

const newSchema = `import { clerkWebhookTables, usersTable } from '${library}';
import { defineSchema } from 'convex/server';

export default defineSchema({
  users: usersTable(),
  ...clerkWebhookTables,
});
`;
