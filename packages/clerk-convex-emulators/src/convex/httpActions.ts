import { Hono } from 'hono';
import type { Identity } from './authentication.ts';
import type { Deployment } from './createDeployment.ts';

interface Router {
  lookup(path: string, method: string): readonly [unknown, string, string] | null;
}

/** The routes of `convex/http.ts`, and nothing else: no CORS, no health check (crates/local_backend/src/http_actions.rs). */
export function createHttpActions(deployment: Deployment): Hono {
  const site = new Hono();
  site.all('*', async ({ req: { raw: request } }) => {
    const at = Date.now();
    const router = deployment.functions.modules.get('http')?.default as Router | undefined;
    if (typeof router?.lookup !== 'function') {
      return new Response('This Convex deployment does not have HTTP actions enabled.', { status: 404 });
    }
    const url = new URL(request.url);
    const method = request.method as 'GET';
    if (!router.lookup(url.pathname, method)) return new Response('No matching routes found', { status: 404 });

    const identity = await readIdentity(request, deployment);
    const body = method === 'GET' || (method as string) === 'HEAD' ? null : await request.arrayBuffer();
    const logLines: string[] = [];
    const { runtime } = deployment;
    const execution = await runtime.console.capture(logLines, () =>
      runtime.database.execute((engine) =>
        (identity ? engine.withIdentity(identity.user) : engine).fetch(`${url.pathname}${url.search}`, {
          method,
          headers: request.headers,
          body,
        }),
      ),
    );
    const { pathname: path } = url;
    runtime.noteRun({ at, kind: 'http_action', path, identity: identity?.user.subject ?? null, ok: execution.ok });
    for (const line of logLines) runtime.print(`[CONVEX H(${method} ${path})] ${line}`);
    if (execution.ok) return execution.value;
    const { error } = execution;
    const message = error instanceof Error ? error.message : String(error);
    return Response.json(runtime.redact ? { code: 'Server Error' } : { code: `Server Error: ${message}` }, {
      status: 500,
    });
  });
  return site;
}

/** A bearer token that is none of ours is the action's business, not an error. */
async function readIdentity(request: Request, deployment: Deployment): Promise<Identity | null> {
  const header = request.headers.get('authorization');
  if (!header || !/^bearer /i.test(header)) return null;
  try {
    return await deployment.authenticate(header.slice('bearer '.length).trim());
  } catch {
    return null;
  }
}
