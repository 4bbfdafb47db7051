import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { EmulatorError } from '../errors.ts';
import type { RequestLogEntry } from '../requestLog.ts';
import type { ActiveFault, Fault, Faults } from './fault.ts';
import { type FaultServer, readFault } from './readFault.ts';

/** What every emulator lends to its control endpoint. */
export interface Controlled {
  readonly faults: Faults;
  readonly log: readonly RequestLogEntry[];
  reset(): void | Promise<void>;
}

/** What is served under `/__emulator` for any page or process: faults, log and reset of an emulator, and routes of its `own`. */
export function createControlRoutes(server: FaultServer, emulator: Controlled, own: Hono): Hono {
  const routes = new Hono();
  const { faults } = emulator;
  routes.use(cors({ origin: '*', allowMethods: ['*'] }));
  routes
    .get('/faults', (c) => c.json({ active: faults.active.map(show), fired: faults.fired }))
    .post('/faults', async (c) => {
      const input = await readJson(c, '{ "action": "hang" }');
      const list = Array.isArray(input) ? input : [input];
      // All or none: a list whose last fault is malformed must not leave the others behind.
      for (const fault of list) readFault(server, fault);
      return c.json({ added: (list as Fault[]).map((fault) => faults.add(fault)).map(show) }, 201);
    })
    .delete('/faults', (c) => {
      faults.clear();
      return c.body(null, 204);
    })
    .delete('/faults/:id', (c) => {
      const found = faults.active.find(({ id }) => id === Number(c.req.param('id')));
      found?.remove();
      return c.body(null, found ? 204 : 404);
    })
    .get('/log', (c) => c.json(emulator.log))
    .post('/reset', async (c) => {
      await emulator.reset();
      return c.body(null, 204);
    })
    .route('/', own)
    .all('*', (c) =>
      c.json({ error: { code: 'not_found', message: `There is no ${c.req.method} ${c.req.path}.` } }, 404),
    );
  routes.onError((error, c) => {
    if (error instanceof EmulatorError) return c.json({ error: { code: error.code, message: error.message } }, 400);
    if (error instanceof MalformedBody) return c.json({ error: { code: 'invalid_json', message: error.message } }, 400);
    return c.json({ error: { code: 'internal', message: error.message } }, 500);
  });
  return routes;
}

/** The object in a body. `ifEmpty` stands for no body; without it one is needed. `example` goes into the error. */
export async function readJsonObject(c: Context, example: string, ifEmpty?: object): Promise<Record<string, unknown>> {
  const value = await readJson(c, example, ifEmpty);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new MalformedBody(`The body is no JSON object; send one like ${example}.`);
}

async function readJson(c: Context, example: string, ifEmpty?: object): Promise<unknown> {
  const text = await c.req.text();
  if (text === '' && ifEmpty) return ifEmpty;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new MalformedBody(`The body is not JSON; send some like ${example}.`);
  }
}

class MalformedBody extends Error {
  override readonly name = 'MalformedBody';
}

const show = ({ id, fault, fired }: ActiveFault) => ({
  id,
  fault: { ...fault, ...(fault.match instanceof RegExp && { match: String(fault.match) }) },
  fired,
});
