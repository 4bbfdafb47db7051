// The entry "./webhooks": Clerk's webhooks, on any server. Web APIs only.
export type { Clock } from './core/clock.ts';
export { AuthResilienceError, type AuthResilienceErrorCode } from './core/errors.ts';
export type { WebhookCode } from './server/webhooks/answers.ts';
export { createClerkWebhookHandler } from './server/webhooks/createClerkWebhookHandler.ts';
export { createMemoryWebhookStore } from './server/webhooks/createMemoryWebhookStore.ts';
export {
  createNodeWebhookHandler,
  type NodeWebhookRequest,
  type NodeWebhookResponse,
} from './server/webhooks/createNodeWebhookHandler.ts';
export type { ClerkWebhookOptions, WebhookErrorReport } from './server/webhooks/createResponder.ts';
export type {
  ClerkWebhookEvent,
  ClerkWebhookEventType,
  ClerkWebhookHandlers,
  WebhookContext,
  WebhookEventHandler,
} from './server/webhooks/events.ts';
export type { WebhookLogger, WebhookLogLine } from './server/webhooks/log.ts';
export type { WebhookSecrets } from './server/webhooks/secrets.ts';
export type {
  WebhookClaim,
  WebhookClaimRequest,
  WebhookDeliveryRow,
  WebhookObjectRow,
  WebhookStore,
  WebhookStoreRows,
  WebhookTicket,
} from './server/webhooks/store.ts';
export { webhookStoreRules } from './server/webhooks/storeRules.ts';
export { isOutdated, type WebhookVersion } from './server/webhooks/version.ts';
