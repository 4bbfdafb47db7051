import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
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

test('a webhook URL that is none leaves neither open', async () => {
  const ports: number[] = [];
  for (let count = 0; count < 2; count++) {
    const { server, port } = await listen();
    await new Promise((resolve) => server.close(resolve));
    ports.push(port);
  }
  const [clerk, convex] = ports;
  const folder = fileURLToPath(new URL('../../../../test/contract/convexFixture/convex', import.meta.url));
  const args = ['--clerk-port', `${clerk}`, '--convex-port', `${convex}`, '--convex', folder];
  await expect(start(...args, '--webhook-url', 'http://')).rejects.toThrow('--webhook-url');
  for (const port of ports) (await listen(port)).server.close();
});

test.each(['clerk', 'convex', 'site'])('a taken port is told by the option of the command: --%s-port', async (name) => {
  const { server, port } = await listen();
  try {
    await expect(start(`--${name}-port`, `${port}`)).rejects.toThrow(`another --${name}-port, or leave`);
  } finally {
    server.close();
  }
});
