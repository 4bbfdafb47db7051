import type { JSONValue } from 'convex/values';
import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Identity } from './authentication.ts';
import { cleanJson } from './cleanJson.ts';
import { ConvexServerError } from './convexError.ts';
import type { Deployment } from './createDeployment.ts';
import { canonicalPath, type FunctionKind, findFunction } from './executeFunction.ts';
import { encodeTs } from './protocol.ts';

/** The deployment's HTTP API (crates/local_backend/src/public_api.rs). Authentication comes before look-up, failures of functions are 200. */
export function createHttpApi(deployment: Deployment): Hono {
  const api = new Hono();
  // Mirrors the headers that are asked for: `*` does not stand for Authorization.
  api.use(cors({ origin: '*', maxAge: 86_400 }));
  api.onError((error, context) => {
    if (!(error instanceof ConvexServerError)) throw error;
    const { status, shortMessage: code, message } = error;
    return context.json({ code, message }, status as ContentfulStatusCode);
  });
  api.notFound((context) => context.text('', 404));

  api.get('/', (context) => context.text('This Convex deployment is running. See https://docs.convex.dev/.'));
  api.get('/version', (context) => context.text('clerk-convex-emulators'));
  api.get('/instance_name', (context) => context.text('clerk-convex-emulators'));
  api.post('/api/query_ts', (context) => context.json({ ts: encodeTs(deployment.database.latestTs()) }));

  const call = async (context: Context, kind: FunctionKind | undefined, body: FunctionBody) => {
    const identity = await readIdentity(context, deployment);
    const { path, args } = body;
    if (typeof path !== 'string') throw badRequest('BadJsonBody', 'The body needs `path`, such as "messages:list".');
    const outcome = await deployment.execute({
      kind: kind ?? findFunction(deployment.functions, canonicalPath(path))?.kind ?? 'query',
      path,
      args: Array.isArray(args) ? args[0] : args,
      identity,
    });
    const logLines = outcome.logLines.length > 0 ? { logLines: outcome.logLines } : {};
    const write = body.format === 'convex_encoded_json' ? (value: JSONValue) => value : cleanJson;
    if (outcome.ok) return context.json({ status: 'success', value: write(outcome.value), ...logLines });
    const errorData = outcome.errorData === undefined ? {} : { errorData: write(outcome.errorData) };
    return context.json({ status: 'error', errorMessage: outcome.message, ...errorData, ...logLines });
  };

  const post = (path: string, kind: FunctionKind | undefined) =>
    api.post(path, async (context) => call(context, kind, await readBody(context)));
  post('/api/query', 'query');
  post('/api/query_at_ts', 'query');
  post('/api/mutation', 'mutation');
  post('/api/action', 'action');
  post('/api/function', undefined);
  api.get('/api/query', (context) => {
    const { path, args = '{}', format } = context.req.query();
    return call(context, 'query', { path, args: parseJson(args), format });
  });
  api.post('/api/run/:path{.+}', async (context) => {
    const parts = context.req.param('path').split('/').map(decodeURIComponent);
    const name = parts.pop();
    if (parts.length === 0) {
      throw badRequest('MissingIdentifier', 'Path or function name not provided in path, e.g. /api/run/messages/list');
    }
    return call(context, undefined, { ...(await readBody(context)), path: `${parts.join('/')}:${name}` });
  });
  return api;
}

interface FunctionBody {
  readonly path?: string | undefined;
  readonly args?: JSONValue | undefined;
  readonly format?: string | undefined;
}

async function readIdentity(context: Context, deployment: Deployment): Promise<Identity | null> {
  const header = context.req.header('authorization');
  if (header === undefined) return null;
  if (/^convex /i.test(header)) throw badRequest('InvalidAdminKey', 'This emulator has no admin keys.');
  // The text is the backend's own (crates/local_backend/src/authentication.rs).
  if (!/^bearer ./i.test(header)) throw badRequest('InvalidAdminKey', 'Invalid admin key');
  return deployment.authenticate(header.slice('bearer '.length).trim());
}

async function readBody(context: Context): Promise<FunctionBody> {
  return parseJson(await context.req.text()) as FunctionBody;
}

function parseJson(text: string): JSONValue {
  try {
    return JSON.parse(text) as JSONValue;
  } catch {
    throw badRequest('BadJsonBody', 'The request is not valid JSON.');
  }
}

const badRequest = (shortMessage: string, message: string) =>
  new ConvexServerError('bad_request', shortMessage, message);
