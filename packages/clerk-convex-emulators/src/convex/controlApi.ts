import { Hono } from 'hono';
import { createControlRoutes, readJsonObject } from '../faults/controlRoutes.ts';
import type { ConvexEmulator } from './types.ts';

/** `/__emulator/...`: what a page or another process may do to the emulator. Not logged, and no fault hits it. */
export function createControlApi(
  emulator: Pick<ConvexEmulator, 'faults' | 'log' | 'runs' | 'authentications' | 'push' | 'reset'>,
): Hono {
  const own = new Hono()
    .get('/runs', (context) => context.json(emulator.runs))
    .get('/authentications', (context) => context.json(emulator.authentications))
    .post('/push', async (context) => {
      const { env } = await readJsonObject(context, '{ "env": { "NAME": "value" } }', {});
      // What is no string in it is refused by `push`.
      await emulator.push(env === undefined ? undefined : { env: env as Readonly<Record<string, string>> });
      return context.body(null, 204);
    });
  return createControlRoutes('convex', emulator, own);
}
