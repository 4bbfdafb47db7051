import type { StateChange } from './clerkState.ts';
import { bareSessionJson } from './json/clientJson.ts';
import { backendUserJson, type JsonContext } from './json/userJson.ts';
import type { ClerkWebhookEvent } from './types.ts';

/** The event that Clerk sends for a change. */
export function toWebhookEvent(change: StateChange, context: JsonContext): ClerkWebhookEvent {
  switch (change.type) {
    case 'user.created':
    case 'user.updated':
      return { type: change.type, data: backendUserJson(change.user, context) };
    case 'user.deleted':
      return { type: change.type, data: { object: 'user', id: change.user.id, deleted: true } };
    case 'session.created':
    case 'session.ended':
    case 'session.removed':
    case 'session.revoked':
      return { type: change.type, data: bareSessionJson(change.session) };
    default:
      return change satisfies never;
  }
}
