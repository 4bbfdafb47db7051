import { Hono } from 'hono';
import { addUnknownFields } from './addUnknownFields.ts';
import { ClerkApiError, clerkErrorBody } from './clerkApiError.ts';
import type { ClerkContext, ClerkEnv } from './clerkContext.ts';
import { backendRoutes } from './routes/backendRoutes.ts';
import { clientRoutes } from './routes/clientRoutes.ts';
import { handshakeRoutes } from './routes/handshakeRoutes.ts';
import { instanceRoutes } from './routes/instanceRoutes.ts';
import { meRoutes } from './routes/meRoutes.ts';
import { scriptRoutes } from './routes/scriptRoutes.ts';
import { sessionRoutes } from './routes/sessionRoutes.ts';
import { signInRoutes } from './routes/signInRoutes.ts';
import { signUpRoutes } from './routes/signUpRoutes.ts';
import { statusPageRoutes } from './routes/statusPageRoutes.ts';

/** The Frontend API, the Backend API behind the secret key, and the status page. */
export function createClerkApp(context: ClerkContext): Hono<ClerkEnv> {
  const app = new Hono<ClerkEnv>();
  app.use('/v1/*', async (c, next) => {
    await next();
    c.header('cache-control', 'no-store');
    if (context.runtime().responseShape !== 'unknown_version') return;
    const body: unknown = await c.res.json();
    c.res = new Response(JSON.stringify(addUnknownFields(body)), c.res);
  });
  for (const routes of [
    instanceRoutes,
    handshakeRoutes,
    clientRoutes,
    signInRoutes,
    signUpRoutes,
    sessionRoutes,
    meRoutes,
    backendRoutes,
    scriptRoutes,
    statusPageRoutes,
  ]) {
    app.route('/', routes(context));
  }
  app.notFound((c) =>
    c.json(
      clerkErrorBody('resource_not_found', 'not found', `The emulator has no ${c.req.method} ${c.req.path}.`),
      404,
    ),
  );
  app.onError((error, c) => {
    if (error instanceof ClerkApiError) {
      return c.json(clerkErrorBody(error.code, error.message, error.longMessage, error.meta), error.status);
    }
    const text = error instanceof Error ? error.message : String(error);
    return c.json(clerkErrorBody('internal_clerk_error', 'There was an internal error in the emulator.', text), 500);
  });
  return app;
}
