import type { Server } from 'node:http';
import { EmulatorError } from '../errors.ts';

/** Longer than any poller's interval: Node's 5 s would close connections just when clerk-js asks again. */
const keepAliveMs = 65_000;

interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** What the caller's option for the port is called, for errors. @defaultValue `port` */
  readonly portOption?: string;
}

/** Starts a server and gives its `http://host:port`. Throws `EmulatorError` `port_taken`, naming the port and the mend. */
export function listenOn(server: Server, { host, port, portOption = 'port' }: ListenOptions): Promise<string> {
  server.keepAliveTimeout = keepAliveMs;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(describeListenError(error, host, port, portOption));
    });
    server.listen(port, host, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('A TCP server has an address.');
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${address.port}`);
    });
  });
}

function describeListenError(error: NodeJS.ErrnoException, host: string, port: number, portOption: string): Error {
  if (error.code === 'EADDRINUSE') {
    return new EmulatorError(
      'port_taken',
      `Port ${port} on ${host} is taken. Stop what listens there, give another \`${portOption}\`, or leave it out for a free one.`,
      { cause: error },
    );
  }
  return new EmulatorError(
    'invalid_option',
    `Cannot listen on ${host}:${port} (${error.code ?? error.message}). Check \`host\` and \`${portOption}\`: 127.0.0.1 and 0 (a free port) always work.`,
    { cause: error },
  );
}
