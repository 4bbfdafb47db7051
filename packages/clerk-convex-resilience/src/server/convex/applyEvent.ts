import type { ClerkWebhookEvent } from '../webhooks/events.ts';
import { isOutdated, versionOf, type WebhookVersion } from '../webhooks/version.ts';
import type { LibraryDatabase } from './dataModel.ts';
import { type ClerkUser, userRules } from './userRules.ts';
import { findObject, objectExpiry } from './webhookStore.ts';
import { findUser, writeUser } from './writeUser.ts';

/** What Clerk tells that belongs into the tables. */
export const appliedTypes = [
  ...(['user.created', 'user.updated', 'user.deleted'] as const),
  ...(['session.created', 'session.pending', 'session.ended', 'session.removed', 'session.revoked'] as const),
];

export interface ApplySettings {
  readonly table: string;
  readonly issuer: string | undefined;
  readonly fields: ((user: ClerkUser) => object) | undefined;
}

interface AppliedEvent {
  readonly type: (typeof appliedTypes)[number];
  readonly data: object;
}

/**
 * Brings the tables to what an event tells, in one transaction: an event that is older than what was applied changes
 * nothing, also when it was claimed in its turn and held up since.
 */
export async function applyEvent(db: LibraryDatabase, event: AppliedEvent, settings: ApplySettings): Promise<null> {
  const version = versionOf(event);
  // Never seen of Clerk. Answered 500, it is delivered again and to be seen in Clerk's dashboard, instead of being lost.
  if (!version) throw new Error(`An event of the type ${event.type} has no id or no time, and was not applied.`);
  const row = await findObject(db, version.object);
  if (isOutdated(row?.applied, version)) return null;

  if (event.type.startsWith('session.')) await applySession(db, event, version);
  else await applyUser(db, event, version, settings);

  const applied = { object: version.object, applied: version, ...objectExpiry(version.object) };
  if (row) await db.patch(row._id, applied);
  else await db.insert('clerkWebhookObjects', { ...applied, claim: null });
  return null;
}

async function applyUser(
  db: LibraryDatabase,
  { data }: AppliedEvent,
  { updatedAt, eventAt, deleted }: WebhookVersion,
  { table, issuer, fields }: ApplySettings,
): Promise<void> {
  const user = data as ClerkUser;
  const row = await findUser(db, table, user.id);
  if (deleted) {
    // The app may have marked the row itself, before it asked Clerk: the time stays, and the person's data go.
    await writeUser(db, table, row, userRules.deletion(row, user.id, row?.deletedAt ?? eventAt, issuer));
    return;
  }
  if (row?.deletedAt !== undefined) return;
  // A login may have brought a newer profile than this event.
  const change = userRules.profile(row, user, updatedAt, issuer);
  if (change) await writeUser(db, table, row, { ...fields?.(user), ...change });
}

async function applySession(db: LibraryDatabase, { type, data }: AppliedEvent, version: WebhookVersion): Promise<void> {
  const session = data as ClerkWebhookEvent<'session.created'>['data'];
  const { updatedAt } = version;
  const hasEnded = type !== 'session.created' && type !== 'session.pending';
  const next = {
    sessionId: session.id,
    clerkId: session.user_id,
    status: session.status,
    updatedAt,
    ...times({ createdAt: session.created_at, lastActiveAt: session.last_active_at }),
    ...(hasEnded && { endedAt: updatedAt }),
  };
  const row = await db
    .query('clerkSessions')
    .withIndex('by_sessionId', (q) => q.eq('sessionId', session.id))
    .unique();
  // What is resent by hand after weeks, when nothing but this row tells of a newer event.
  if (row && (row.updatedAt > updatedAt || (row.endedAt !== undefined && !hasEnded))) return;
  if (row) await db.replace(row._id, next);
  else await db.insert('clerkSessions', next);
}

const times = <Name extends string>(values: Record<Name, unknown>): { [Each in Name]?: number } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === 'number')) as {
    [Each in Name]?: number;
  };
