import { type ClerkWebhookOptions, createResponder } from './createResponder.ts';

/**
 * Receives Clerk's webhooks: verifies the Svix signature over the raw bytes, runs the app's handler once for each event, in
 * the order of the events' own times, and answers with a stable code. For every server that speaks `Request` and
 * `Response`: Next.js route handlers, Convex HTTP actions, Hono, Cloudflare Workers.
 *
 * The promise never rejects. Throws an `AuthResilienceError` (`invalid_option`) for a malformed secret, and where `on` is missing or
 * holds what is no function.
 */
export function createClerkWebhookHandler(options: ClerkWebhookOptions): (request: Request) => Promise<Response> {
  const respond = createResponder(options);
  return async (request) => {
    const { body } = request;
    const {
      status,
      headers,
      body: text,
    } = await respond({
      method: request.method,
      header: (name) => request.headers.get(name),
      body: request.bodyUsed || body?.locked ? 'consumed' : body,
    });
    return new Response(text, { status, headers });
  };
}
