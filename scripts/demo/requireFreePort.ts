import { once } from 'node:events';
import { createServer } from 'node:net';
import { DemoError } from './readOptions.ts';

/** Throws a `DemoError` when something listens on the port already, with the `command` that takes another. 0 stands for any free one. */
export async function requireFreePort(port: number, command: 'demo' | 'demo:next'): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (cause) {
    throw new DemoError(
      `Port ${port} cannot be used (${codeOf(cause)}). Stop what listens there, or choose another: npm run ${command} -- --port=${port + 1}`,
    );
  } finally {
    server.close();
  }
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
