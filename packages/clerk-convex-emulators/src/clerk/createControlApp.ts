import { Hono } from 'hono';
import { createControlRoutes, readJsonObject } from '../faults/controlRoutes.ts';
import type { ClerkEmulator, ClerkRuntimeOptions } from './types.ts';

/** `/__emulator/...`: the emulator's function API for demos and other processes. Not logged, and no fault hits it. */
export function createControlApp(emulator: ClerkEmulator): Hono {
  const own = new Hono()
    .post('/configure', async (c) => {
      emulator.configure((await readJsonObject(c, '{ "tokenLifeSeconds": 5 }')) as ClerkRuntimeOptions);
      return c.body(null, 204);
    })
    .post('/sessions/:id/:action{revoke|expire}', (c) => {
      const { id, action } = c.req.param();
      if (action === 'revoke') emulator.revokeSession(id);
      else emulator.expireSession(id);
      return c.body(null, 204);
    })
    .post('/users/:user/:action{ban|delete}', (c) => {
      const { user, action } = c.req.param();
      if (action === 'ban') emulator.banUser(user);
      else emulator.deleteUser(user);
      return c.body(null, 204);
    })
    .post('/tickets', async (c) => {
      const { user } = await readJsonObject(c, '{ "user": "ada@example.com" }', {});
      return c.json({ ticket: emulator.createSignInTicket(user === undefined ? undefined : String(user)) }, 201);
    })
    .get('/pictures/:file', (c) => c.body(picture(c.req.param('file')), 200, { 'content-type': 'image/svg+xml' }));
  return new Hono().route('/__emulator', createControlRoutes('clerk', emulator, own));
}

/** A person or a house, in a colour of its own for each id. */
function picture(id: string): string {
  const hue = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  const person = '<circle cx="40" cy="32" r="14" fill="#fff"/><path d="M12 80a28 28 0 0 1 56 0z" fill="#fff"/>';
  const house = '<path d="M16 40 40 20l24 20v28H46V52H34v16H16z" fill="#fff"/>';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80"><rect width="80" height="80" fill="hsl(${hue} 60% 45%)"/>${id.startsWith('org_') ? house : person}</svg>`;
}
