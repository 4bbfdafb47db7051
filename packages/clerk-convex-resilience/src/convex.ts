// The entry "./convex": for an app's convex/ folder. Runs in Convex's own runtime: Web APIs only.
export { isStoreUserError, type StoreUserErrorCode, type StoreUserErrorData } from './core/storeUserError.ts';
export { type ClerkWebhookActionOptions, clerkWebhookAction } from './server/convex/clerkWebhookAction.ts';
export {
  type ClerkWebhookFunctions,
  type ClerkWebhookFunctionsOptions,
  type ClerkWebhookReferences,
  clerkWebhookFunctions,
} from './server/convex/clerkWebhookFunctions.ts';
export { clerkWebhookTables } from './server/convex/clerkWebhookTables.ts';
export type { OwnUserFields, UsersTableName } from './server/convex/dataModel.ts';
export {
  type StoreUserLogDetails,
  type StoreUserLogger,
  type StoreUserOptions,
  storeUser,
} from './server/convex/storeUser.ts';
export { type UserFields, usersTable } from './server/convex/usersTable.ts';
export { createConvexWebhookStore, type WebhookStoreReferences } from './server/convex/webhookStore.ts';
// An app whose compiler writes declarations names these, of its own convex/clerk.ts.
export type { WebhookClaim, WebhookStore } from './server/webhooks/store.ts';
