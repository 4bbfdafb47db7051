import type { WebhookVersion } from './version.ts';

/**
 * Remembers which deliveries were handled and which version of each object was applied. Each call is one transaction: of two
 * claims at the same time, one must see the other. `webhookStoreRules` decides; a store only reads two rows, asks it, and
 * writes them back (`createMemoryWebhookStore` is the shortest example).
 *
 * What a call throws is answered with 503, and Svix delivers again.
 */
export interface WebhookStore {
  /** May this delivery be handled now? `claimed` is a promise to call `finish` or `fail` with the same token. */
  claim(request: WebhookClaimRequest): Promise<WebhookClaim>;
  /** It was handled: every later delivery of the event is `handled`, and what is older than its version is outdated. */
  finish(ticket: WebhookTicket): Promise<void>;
  /** The app's handler threw: the claim is given back, so that the next delivery tries again at once. */
  fail(ticket: WebhookTicket): Promise<void>;
}

/** A delivery asks for its turn. */
export interface WebhookClaimRequest {
  /** The header `svix-id`. */
  readonly deliveryId: string;
  /** Null when the event has no order: then it is only told from its repetitions. */
  readonly version: WebhookVersion | null;
  /** A claim that is neither finished nor failed ends by itself after so many milliseconds: its server died. */
  readonly leaseMs: number;
}

/** The answer to a claim. */
export type WebhookClaim =
  /** Its turn. `outdated`: the store knows a newer version of the object; the delivery is claimed, the object is not. */
  | { readonly status: 'claimed'; readonly token: string; readonly outdated: boolean }
  /** This event has been handled. */
  | { readonly status: 'handled' }
  /** Another delivery of this event, or another event of the object, is being handled. */
  | { readonly status: 'busy' };

/** A claim that ends. */
export interface WebhookTicket {
  readonly deliveryId: string;
  readonly version: WebhookVersion | null;
  /** The token of the claim. A store ignores the end of a claim that has been given to somebody else meanwhile. */
  readonly token: string;
  /** As the claim said. */
  readonly outdated: boolean;
}

/** What a store keeps for one `svix-id`. Rows older than Svix delivers (28 hours, or a resend by hand) may be dropped. */
export type WebhookDeliveryRow =
  | { readonly status: 'handled' }
  | { readonly status: 'claimed'; readonly token: string; readonly until: number };

/** What a store keeps for one `version.object`. That of a deleted object must stay: it is what makes a deletion final. */
export interface WebhookObjectRow {
  readonly applied: WebhookVersion | null;
  readonly claim: { readonly token: string; readonly until: number } | null;
}

/** The two rows that a call is about: of `deliveryId`, and of `version.object`. Null: there is none. */
export interface WebhookStoreRows {
  readonly delivery: WebhookDeliveryRow | null;
  readonly object: WebhookObjectRow | null;
}
