import { createClerkWebhookHandler, createMemoryWebhookStore } from 'clerk-convex-resilience/webhooks';

/**
 * Clerk's dashboard, Webhooks: https://<your app>/api/webhooks/clerk. Its signing secret is CLERK_WEBHOOK_SIGNING_SECRET.
 *
 * The users' table is kept by convex/http.ts, which Clerk calls besides; here is what the app's own server does. The store
 * lives as long as the process: of several servers each has its own (docs/webhooks.md, "A store").
 */
export const POST = createClerkWebhookHandler({
  store: createMemoryWebhookStore(),
  on: {
    'user.created': ({ data }) => console.info(`Welcome, ${data.id}`),
    'user.updated': ({ data }) => console.info(`A new profile for ${data.id}`),
    'user.deleted': ({ data }) => console.info(`Goodbye, ${data.id}`),
  },
});
