import { posix } from 'node:path';
import type { ProjectEvidence } from 'clerk-convex-resilience/diagnosis';
import type { Draft } from './draft.ts';
import { parseFaultless, propertyNames, schemaObject } from './edit.ts';
import { withTable, withUsersTable } from './fixUsersTable.ts';

/** The schema with the tables that webhooks write into. */
export type WebhookTables =
  | { readonly status: 'there' }
  | { readonly status: 'change'; readonly file: string; readonly text: string }
  /** It is not surely understood. */
  | { readonly status: 'by_hand'; readonly file: string };

const webhookTableNames = ['clerkWebhookDeliveries', 'clerkWebhookObjects', 'clerkSessions'];

export async function webhookTables(
  folder: string,
  { tables }: ProjectEvidence['source'],
  draft: Draft,
  { withUsers }: { readonly withUsers: boolean },
): Promise<WebhookTables> {
  const file = posix.join(folder, 'schema.ts');
  if ([...webhookTableNames, ...(withUsers ? ['users'] : [])].every((name) => tables?.includes(name)))
    return { status: 'there' };
  const text = await draft.read(file);
  if (text === undefined) {
    const plain = posix.join(folder, 'schema.js');
    if ((await draft.read(plain)) !== undefined) return { status: 'by_hand', file: plain };
    return withUsers ? { status: 'change', file, text: newSchema } : { status: 'by_hand', file };
  }
  const changed = withWebhookTables(text, withUsers);
  if (changed === null) return { status: 'by_hand', file };
  return changed === text ? { status: 'there' } : { status: 'change', file, text: changed };
}

function withWebhookTables(text: string, needsUsers: boolean): string | null {
  const program = parseFaultless(text);
  const object = program && schemaObject(program);
  if (!object) return null;
  const names = propertyNames(object);
  // A table of the app's own has other fields than the functions write.
  if (needsUsers && names.includes('users') && !/\busers:\s*usersTable\(/.test(text)) return null;
  const withUsers = !needsUsers || names.includes('users') ? text : withUsersTable(text);
  if (withUsers === null || names.includes('...clerkWebhookTables')) return withUsers;
  return withTable(withUsers, '...clerkWebhookTables', '...clerkWebhookTables', 'clerkWebhookTables');
}

const newSchema = `import { clerkWebhookTables, usersTable } from 'clerk-convex-resilience/convex';
import { defineSchema } from 'convex/server';

export default defineSchema({
  users: usersTable(),
  ...clerkWebhookTables,
});
`;
