import { createClerkWebhookHandler } from 'clerk-convex-resilience/webhooks';
import { httpActionGeneric, httpRouter } from 'convex/server';

const http = httpRouter();
const handle = createClerkWebhookHandler({ on: {} });

http.route({
  path: '/clerk-users-webhook',
  method: 'POST',
  handler: httpActionGeneric((_, request) => handle(request)),
});

export default http;
