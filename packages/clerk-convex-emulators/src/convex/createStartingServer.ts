import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export type OnRequest = (request: IncomingMessage, response: ServerResponse) => void;
export type OnUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => void;

/** A server whose address is needed before it can answer: what comes meanwhile waits. */
export interface StartingServer {
  readonly server: Server;
  /** Cuts every connection, upgraded ones too. */
  close(): Promise<void>;
}

/** Makes one that answers from the time when its handlers are there. Without `onUpgrade`, an upgrade is a request like any other. */
export function createStartingServer(onRequest: Promise<OnRequest>, onUpgrade?: Promise<OnUpgrade>): StartingServer {
  const connections = new Set<Duplex>();
  const server = createServer((request, response) => {
    void onRequest.then((handle) => handle(request, response));
  });
  server.on('connection', (connection) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
  });
  if (onUpgrade) {
    server.on('upgrade', (request, stream, head) => {
      // Without a listener, a connection that is reset would end the process.
      stream.on('error', () => stream.destroy());
      void onUpgrade.then((handle) => handle(request, stream, head));
    });
  }
  return {
    server,
    close() {
      for (const connection of connections) connection.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
