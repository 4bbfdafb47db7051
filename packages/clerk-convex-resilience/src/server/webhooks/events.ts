import type { WebhookEvent } from '@clerk/backend/webhooks';
import type { WebhookVersion } from './version.ts';

/** A type of event that the installed `@clerk/backend` knows: `'user.created'`. */
export type ClerkWebhookEventType = WebhookEvent['type'];

// One of Clerk's shapes stands for several types (`'user.created' | 'user.updated'`), so Extract would find none.
type Narrow<Event, Type> = Event extends { readonly type: infer Types }
  ? Type extends Types
    ? Event & { readonly type: Type }
    : never
  : never;

/** Clerk's own type of an event: `ClerkWebhookEvent<'user.created'>['data']` is its `UserJSON`. */
export type ClerkWebhookEvent<Type extends ClerkWebhookEventType = ClerkWebhookEventType> = Narrow<WebhookEvent, Type>;

/** What a handler is told besides the event. */
export interface WebhookContext {
  /** The header `svix-id`: the same for every delivery of one event. */
  readonly deliveryId: string;
  /** When this attempt was sent: milliseconds since the epoch, in whole seconds. Not the time of the event. */
  readonly sentAt: number;
  /** Which state of which object the event tells. Null when it has no id or no time. */
  readonly version: WebhookVersion | null;
}

/** Handles one event. What it returns is awaited and dropped; what it throws makes Svix deliver again. */
export type WebhookEventHandler<Event> = (event: Event, context: WebhookContext) => unknown;

/** A handler for each type of event that the app wants. */
export type ClerkWebhookHandlers = {
  readonly [Type in ClerkWebhookEventType]?: WebhookEventHandler<ClerkWebhookEvent<Type>> | undefined;
} & {
  /** Every event that has no handler of its own, also of a type that is newer than the installed `@clerk/backend`. */
  readonly '*'?: WebhookEventHandler<WebhookEvent> | undefined;
};
