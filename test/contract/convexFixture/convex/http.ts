import { httpRouter } from 'convex/server';
import { api } from './_generated/api';
import { httpAction } from './_generated/server';

const http = httpRouter();

http.route({
  path: '/messages',
  method: 'POST',
  handler: httpAction(async (ctx, request) => {
    await ctx.runMutation(api.messages.sendAnonymously, { body: await request.text() });
    return new Response(new URL(request.url).pathname, { status: 201, headers: { 'x-own': 'yes' } });
  }),
});

http.route({
  path: '/me',
  method: 'GET',
  handler: httpAction(async (ctx) => Response.json((await ctx.auth.getUserIdentity())?.subject ?? null)),
});

export default http;
