import { Hono } from 'hono';
import type { ClerkContext, ClerkEnv } from '../clerkContext.ts';
import { activeSessions } from '../clerkState.ts';
import { clientJson } from '../json/clientJson.ts';
import { answer } from './answer.ts';

/** The browser itself: reading, creating and forgetting it; signing all of it out. */
export function clientRoutes(context: ClerkContext): Hono<ClerkEnv> {
  const { state } = context;
  return new Hono<ClerkEnv>()
    .get('/v1/client', async (c) => {
      const client = c.env.browser.client();
      return answer(c, context, client ? await clientJson(client, context) : null, undefined);
    })
    .on(['PUT', 'POST'], '/v1/client', async (c) => {
      const client = c.env.browser.ensureClient();
      return answer(c, context, await clientJson(client, context));
    })
    .delete('/v1/client', async (c) => {
      const client = c.env.browser.client();
      if (!client) return c.json({ response: null, client: null });
      for (const session of activeSessions(client)) state.endSession(session, 'removed');
      c.env.browser.forget();
      return c.json({ response: await clientJson(client, context), client: null });
    })
    .delete('/v1/client/sessions', async (c) => {
      const client = c.env.browser.client();
      if (!client) return c.json({ response: null, client: null });
      for (const session of activeSessions(client)) state.endSession(session, 'removed');
      return answer(c, context, await clientJson(client, context));
    });
}
