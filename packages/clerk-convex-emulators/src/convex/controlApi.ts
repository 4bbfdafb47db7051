import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { EmulatorError } from '../errors.ts';
import type { ActiveFault, Fault } from '../faults/fault.ts';
import type { ConvexEmulator } from './types.ts';

/** `/__emulator/...`: what a page or another process may do to the emulator. Not logged, and no fault hits it. */
export function createControlApi(
  emulator: Pick<ConvexEmulator, 'faults' | 'log' | 'runs' | 'authentications' | 'push' | 'reset'>,
): Hono {
  const control = new Hono();
  const { faults } = emulator;
  control.use(cors({ origin: '*' }));
  control
    .get('/faults', (context) => context.json({ active: faults.active.map(show), fired: faults.fired }))
    .post('/faults', async (context) => {
      const input = await context.req.json<Fault | Fault[]>();
      const added = (Array.isArray(input) ? input : [input]).map((fault) => faults.add(fault));
      return context.json({ added: added.map(show) }, 201);
    })
    .delete('/faults', (context) => {
      faults.clear();
      return context.body(null, 204);
    })
    .delete('/faults/:id', (context) => {
      const found = faults.active.find(({ id }) => id === Number(context.req.param('id')));
      found?.remove();
      return context.body(null, found ? 204 : 404);
    })
    .get('/log', (context) => context.json(emulator.log))
    .get('/runs', (context) => context.json(emulator.runs))
    .get('/authentications', (context) => context.json(emulator.authentications))
    .post('/push', async (context) => {
      const text = await context.req.text();
      await emulator.push(text ? (JSON.parse(text) as { env?: Record<string, string> }) : undefined);
      return context.body(null, 204);
    })
    .post('/reset', async (context) => {
      await emulator.reset();
      return context.body(null, 204);
    });
  control.onError((error, context) => {
    if (error instanceof EmulatorError) {
      return context.json({ error: { code: error.code, message: error.message } }, 400);
    }
    if (error instanceof SyntaxError) {
      const message = 'The body is not JSON; send { "action": "hang" }.';
      return context.json({ error: { code: 'invalid_json', message } }, 400);
    }
    return context.json({ error: { code: 'internal', message: error.message } }, 500);
  });
  return control;
}

const show = ({ id, fault, fired }: ActiveFault) => ({
  id,
  fault: { ...fault, ...(fault.match instanceof RegExp && { match: String(fault.match) }) },
  fired,
});
