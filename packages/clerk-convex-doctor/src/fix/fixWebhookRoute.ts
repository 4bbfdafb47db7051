import { posix } from 'node:path';
import { constantOf, defaultExport, insertAll, isCallOf, parseFaultless, withImport } from './edit.ts';
import { type Fixer, hasLibrary, installFirst } from './planFixes.ts';
import { webhookTables } from './webhookTables.ts';
import { webhookTarget } from './webhookTarget.ts';

const library = 'clerk-convex-resilience/convex';
const docs = 'docs/users.md of clerk-convex-resilience, "In Convex"';

/** Puts the route of the webhooks into `convex/http.ts`, with the functions and tables that it needs. */
export const fixWebhookRoute: Fixer = async (report, draft) => {
  // An endpoint that answers 404 has its route in the files as a rule: a second one is no help.
  const finding = report.findings.find(
    (each) => each.code === 'WEBHOOK_ROUTE_MISSING' && each.args.status === undefined,
  );
  const project = report.evidence.project;
  if (!finding || project?.convexFolder === undefined) return [];
  // Of a handler in the app the route is a file of the framework: where, the finding says.
  if (project.webhook.handlers.some(({ runsIn }) => runsIn === 'app')) return [];
  const folder = project.convexFolder;
  const file = posix.join(folder, 'http.ts');
  const before = await draft.read(file);
  const target = await webhookTarget(
    folder,
    project.webhook.handlers.map(({ at }) => at.replace(/:\d+$/, '')),
    draft,
  );
  if (target.status === 'unknown' && !hasLibrary(report)) return [installFirst(`The webhook route in ${file}`)];
  if (target.status === 'misnamed') return [exportFirst(target.file)];
  const path = project.webhook.path ?? '/webhooks/clerk';
  const route =
    target.status === 'handler'
      ? { name: target.name, from: `./${target.module}`, handler: target.name }
      : {
          name: 'clerkWebhookAction',
          from: library,
          // Of a file in a folder: internal.hooks.clerk.
          handler: `clerkWebhookAction(internal.${target.status === 'functions' ? target.module.replaceAll('/', '.') : 'clerk'})`,
        };
  const changed = withRoute(before ?? '', path, route);
  if (changed === null) return [byHand(file)];
  const steps: string[] = [];
  if (target.status !== 'handler') {
    const withUsers = target.status === 'unknown' || !target.isOtherTable;
    const tables = await webhookTables(folder, project.source, draft, { withUsers });
    if (target.status === 'unknown') {
      const functions = posix.join(folder, 'clerk.ts');
      if (tables.status === 'by_hand' || (await draft.read(functions)) !== undefined) return [byHand(file)];
      await draft.write(functions, functionsModule, finding.code);
    }
    if (tables.status === 'change') await draft.write(tables.file, tables.text, finding.code);
    if (tables.status === 'by_hand') steps.push(tablesByHand(tables.file, withUsers));
  }
  await draft.write(file, changed, finding.code);
  return [
    ...steps,
    `In Clerk dashboard, Webhooks, the endpoint is https://<deployment>.convex.site${path}, with the events user.* and session.*.`,
  ];
};

const exportFirst = (file: string): string =>
  `${file} has to export \`claim\`, \`finish\`, \`fail\` and \`apply\` by these names, as in \`export const { claim, finish, fail, apply } = clerkWebhookFunctions(internalMutation)\`: the route calls them. Then run --fix again.`;

const tablesByHand = (file: string, withUsers: boolean): string =>
  `Add \`...clerkWebhookTables\` ${withUsers ? 'and `users: usersTable()` ' : ''}to ${file} yourself, where they are not there: without these tables the webhook functions cannot write. ${docs} shows it.`;

const byHand = (file: string): string =>
  `Add the webhook route to ${file} yourself, which is written so that it is not surely understood: ${docs} shows it.`;

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
