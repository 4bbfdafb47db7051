/** Which state of an object an event tells. Plain data, so that it can be kept beside the object. */
export interface WebhookVersion {
  /** What changed: the first word of the event's type and Clerk's id, `user:user_2abc`. */
  readonly object: string;
  /** `data.updated_at`, or the event's own `timestamp` where the data has none (a deletion). Milliseconds since the epoch. */
  readonly updatedAt: number;
  /** The event's own `timestamp`: it tells two events of one `updated_at` apart. Milliseconds since the epoch. */
  readonly eventAt: number;
  /** Nothing comes after a deletion: Clerk gives no id twice. */
  readonly deleted: boolean;
}

/**
 * Reads the version off an event; null when it has no id or no time, so that no order can be told.
 * Never from `svix-timestamp`: that is the time of the attempt, and a repeated old event would look new.
 */
export function versionOf(event: { readonly type: string; readonly data: object }): WebhookVersion | null {
  const { id, updated_at, deleted } = event.data as Record<string, unknown>;
  const { timestamp } = event as { readonly timestamp?: unknown };
  const [object, ...verb] = event.type.split('.');
  if (typeof id !== 'string' || id === '') return null;
  const isDeleted = deleted === true || verb.at(-1) === 'deleted';
  const updatedAt = asTime(updated_at) ?? asTime(timestamp) ?? (isDeleted ? 0 : null);
  if (updatedAt === null) return null;
  return { object: `${object}:${id}`, updatedAt, eventAt: asTime(timestamp) ?? updatedAt, deleted: isDeleted };
}

/**
 * True when what is stored is newer than what the event tells, so that writing it would undo something: an older
 * `updatedAt`, or the same with an older `eventAt`, or anything once the object is deleted. A tie is not outdated.
 *
 * For a handler without a store: keep `context.version` beside the row, and compare in the transaction that writes it.
 */
export function isOutdated(
  stored: Omit<WebhookVersion, 'object'> | null | undefined,
  version: Omit<WebhookVersion, 'object'>,
): boolean {
  if (!stored) return false;
  if (stored.deleted) return true;
  if (version.deleted) return false;
  if (version.updatedAt !== stored.updatedAt) return version.updatedAt < stored.updatedAt;
  return version.eventAt < stored.eventAt;
}

const asTime = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
