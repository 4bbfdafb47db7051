import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { EmulatorError } from '../errors.ts';
import type { Fault } from '../faults/fault.ts';
import type { ConvexEmulator } from './types.ts';

/** What a page or another process may do to the emulator. */
export function createControlApi(
  emulator: Pick<ConvexEmulator, 'faults' | 'log' | 'runs' | 'authentications' | 'openSockets' | 'reset'>,
): Hono {
  const control = new Hono();
  control.use(cors({ origin: '*' }));
  control.onError((error, context) => {
    if (!(error instanceof EmulatorError)) throw error;
    return context.json({ error: { code: error.code, message: error.message } }, 400);
  });
  const { faults } = emulator;
  const describeFaults = () => ({
    fired: faults.fired,
    active: faults.active.map(({ id, fault, fired }) => ({
      id,
      fired,
      fault: { ...fault, ...(fault.match instanceof RegExp && { match: String(fault.match) }) },
    })),
  });
  control.get('/faults', (context) => context.json(describeFaults()));
  control.post('/faults', async (context) => {
    let fault: Fault;
    try {
      fault = await context.req.json<Fault>();
    } catch {
      throw new EmulatorError('invalid_fault', 'The body is no JSON. Send a fault, like { "action": "hang" }.');
    }
    const { id } = faults.add(fault);
    return context.json({ id }, 201);
  });
  control.delete('/faults', (context) => {
    faults.clear();
    return context.body(null, 204);
  });
  control.delete('/faults/:id', (context) => {
    faults.active.find(({ id }) => id === Number(context.req.param('id')))?.remove();
    return context.body(null, 204);
  });
  control.get('/log', (context) => context.json(emulator.log));
  control.get('/runs', (context) => context.json(emulator.runs));
  control.get('/authentications', (context) => context.json(emulator.authentications));
  control.post('/reset', async (context) => {
    await emulator.reset();
    return context.body(null, 204);
  });
  return control;
}
