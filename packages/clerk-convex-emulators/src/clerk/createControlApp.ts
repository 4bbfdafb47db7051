import { Hono } from 'hono';
import { EmulatorError } from '../errors.ts';
import type { ActiveFault, Fault } from '../faults/fault.ts';
import type { ClerkEmulator, ClerkRuntimeOptions } from './types.ts';

/** `/__emulator/...`: the emulator's function API for demos and other processes. Not logged, and no fault hits it. */
export function createControlApp(emulator: ClerkEmulator): Hono {
  const app = new Hono().basePath('/__emulator');
  const show = ({ id, fault, fired }: ActiveFault) => ({
    id,
    fault: { ...fault, ...(fault.match instanceof RegExp ? { match: String(fault.match) } : {}) },
    fired,
  });
  app
    .get('/faults', (c) => c.json({ active: emulator.faults.active.map(show), fired: emulator.faults.fired }))
    .post('/faults', async (c) => {
      const input = await c.req.json<Fault | Fault[]>();
      const added = (Array.isArray(input) ? input : [input]).map((fault) => emulator.faults.add(fault));
      return c.json({ added: added.map(show) }, 201);
    })
    .delete('/faults', (c) => {
      emulator.faults.clear();
      return c.body(null, 204);
    })
    .delete('/faults/:id', (c) => {
      const found = emulator.faults.active.find(({ id }) => id === Number(c.req.param('id')));
      found?.remove();
      return c.body(null, found ? 204 : 404);
    })
    .get('/log', (c) => c.json(emulator.log))
    .post('/configure', async (c) => {
      emulator.configure(await c.req.json<ClerkRuntimeOptions>());
      return c.body(null, 204);
    })
    .post('/sessions/:id/revoke', (c) => {
      emulator.revokeSession(c.req.param('id'));
      return c.body(null, 204);
    })
    .post('/users/:user/:action{ban|delete}', (c) => {
      const { user, action } = c.req.param();
      if (action === 'ban') emulator.banUser(user);
      else emulator.deleteUser(user);
      return c.body(null, 204);
    })
    .post('/tickets', async (c) => {
      const { user } = await c.req.json<{ user?: string }>();
      return c.json({ ticket: emulator.createSignInTicket(user) }, 201);
    })
    .post('/reset', (c) => {
      emulator.reset();
      return c.body(null, 204);
    })
    .get('/pictures/:file', (c) => c.body(picture(c.req.param('file')), 200, { 'content-type': 'image/svg+xml' }));
  app.notFound((c) =>
    c.json({ error: { code: 'not_found', message: `There is no ${c.req.method} ${c.req.path}.` } }, 404),
  );
  app.onError((error, c) => {
    if (error instanceof EmulatorError) return c.json({ error: { code: error.code, message: error.message } }, 400);
    if (error instanceof SyntaxError) {
      return c.json(
        { error: { code: 'invalid_json', message: 'The body is not JSON; send { "action": "hang" }.' } },
        400,
      );
    }
    return c.json({ error: { code: 'internal', message: error.message } }, 500);
  });
  return app;
}

/** A person or a house, in a colour of its own for each id. */
function picture(id: string): string {
  const hue = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  const person = '<circle cx="40" cy="32" r="14" fill="#fff"/><path d="M12 80a28 28 0 0 1 56 0z" fill="#fff"/>';
  const house = '<path d="M16 40 40 20l24 20v28H46V52H34v16H16z" fill="#fff"/>';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80"><rect width="80" height="80" fill="hsl(${hue} 60% 45%)"/>${id.startsWith('org_') ? house : person}</svg>`;
}
