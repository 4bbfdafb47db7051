import { createServer, type Server } from 'node:net';
import { expect, test } from 'vitest';
import { readCliOptions } from './readCliOptions.ts';
import { startBoth } from './startBoth.ts';

async function listen(port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return { server, port: (server.address() as { port: number }).port };
}
const start = (...args: string[]) => startBoth(readCliOptions(args), () => undefined);

test('Clerk is closed again when Convex does not start', async () => {
  const { server, port } = await listen();
  await new Promise((resolve) => server.close(resolve));
  await expect(start('--clerk-port', `${port}`, '--convex', '/nowhere/convex')).rejects.toMatchObject({
    code: 'invalid_option',
    message: "There is no folder /nowhere/convex. Give --convex the path of your app's convex/ folder.",
  });
  const again = await listen(port);
  again.server.close();
});

test.each(['clerk', 'convex', 'site'])('a taken port is told by the option of the command: --%s-port', async (name) => {
  const { server, port } = await listen();
  try {
    await expect(start(`--${name}-port`, `${port}`)).rejects.toThrow(`another --${name}-port, or leave`);
  } finally {
    server.close();
  }
});
