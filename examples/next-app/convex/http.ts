import { clerkWebhookAction } from 'clerk-convex-resilience/convex';
import { httpRouter } from 'convex/server';
import { internal } from './_generated/api';

const http = httpRouter();

// Clerk's dashboard, Webhooks: https://<deployment>.convex.site/webhooks/clerk, events user.* and session.*.
// Its signing secret: `npx convex env set CLERK_WEBHOOK_SIGNING_SECRET whsec_…`.
http.route({ path: '/webhooks/clerk', method: 'POST', handler: clerkWebhookAction(internal.clerk) });

export default http;
