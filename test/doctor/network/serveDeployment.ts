import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  encodeTs,
  parseClientMessage,
  type ServerMessage,
} from '../../../packages/clerk-convex-emulators/src/convex/protocol.ts';
import type { Served } from '../serveAnswer.ts';

export interface Deployment {
  readonly variables?: Readonly<Record<string, string>>;
  /** What the socket says to whoever authenticates, in place of letting them in. */
  readonly refusal?: Extract<ServerMessage, { readonly type: 'AuthError' | 'FatalError' }>;
  /** What the question for the variables comes to, in place of them. */
  readonly failure?: string;
  /** The handshake of the socket is answered with that, in place of being taken. */
  readonly upgrade?: number | 'hang';
  /** What is no socket. */
  readonly http?: RequestListener;
}

/**
 * A Convex deployment as far as `convex env list` (1.48) asks one: the sync protocol, an administrator's key, one system query.
 */
export async function serveDeployment({ upgrade, http, ...rest }: Deployment): Promise<Omit<Served, 'requests'>> {
  const server = createServer(http ?? ((_, response) => response.writeHead(404).end()));
  const sockets = new WebSocketServer({ noServer: true });
  const taken = new Set<Duplex>();
  server.on('upgrade', (request, socket, head) => {
    taken.add(socket);
    if (upgrade === undefined) sockets.handleUpgrade(request, socket, head, (each) => answer(each, rest));
    else if (upgrade !== 'hang') socket.end(`HTTP/1.1 ${upgrade} No\r\ncontent-length: 0\r\n\r\n`);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        for (const each of taken) each.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(socket: WebSocket, { variables = {}, refusal, failure }: Deployment): void {
  const ts = encodeTs(0n);
  let version = { querySet: 0, identity: 0 };
  const value = Object.entries(variables).map(([name, one]) => ({ name, value: one }));
  const send = (message: object) => socket.send(JSON.stringify(message));
  const step = (next: typeof version, modifications: readonly object[]) => {
    send({
      type: 'Transition',
      startVersion: { ...version, ts },
      endVersion: { ...next, ts },
      modifications,
      serverTs: 0,
    });
    version = next;
  };
  socket.on('message', (frame) => {
    const message = parseClientMessage(String(frame));
    if (message.type === 'Authenticate') {
      if (refusal) return send(refusal);
      step({ ...version, identity: version.identity + 1 }, []);
    }
    if (message.type !== 'ModifyQuerySet' || refusal) return;
    const results = message.modifications.map(({ type, queryId }) => {
      const common = { queryId, logLines: [], journal: null };
      if (type === 'Remove') return { type: 'QueryRemoved', queryId };
      return failure === undefined
        ? { type: 'QueryUpdated', value, ...common }
        : { type: 'QueryFailed', errorMessage: failure, ...common };
    });
    step({ ...version, querySet: message.newVersion }, results);
  });
}
