import { once } from 'node:events';
import { request as requestHttp } from 'node:http';
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { Certificate } from '../../support/createCertificate.ts';

/** TLS in front of servers on the loopback interface, as an edge is: HTTP/2 for requests, HTTP/1.1 for WebSockets. */
export interface Front {
  /** What happens to requests from now on. */
  set(fault: FrontFault): void;
  /** Resets the connections that are open. */
  sever(): void;
  /** How many connections and requests the faults have hit. */
  readonly hit: number;
  /** Requests that are kept waiting now. */
  readonly held: number;
  close(): Promise<void>;
}

type FrontFault =
  | 'none'
  /** Each request waits; they go on when the fault is over. */
  | 'hold'
  /** A connection is reset (TCP RST) as soon as it is there. */
  | 'reset'
  /** A request is answered with the end of the connection. */
  | 'close'
  /** A request is answered with GOAWAY, and the end of the connection. */
  | 'goaway'
  /** A request is answered with RST_STREAM. */
  | 'rst_stream';

/** `targetOf`: the server behind a host name, as `http://127.0.0.1:PORT`. `http2`: whether it offers HTTP/2. */
export async function openFront({
  address,
  certificate,
  targetOf,
  http2 = true,
}: {
  address: string;
  certificate: Certificate;
  targetOf: (host: string) => string | undefined;
  http2?: boolean;
}): Promise<Front> {
  let fault: FrontFault = 'none';
  let hit = 0;
  const waiting = new Set<() => void>();
  const connections = new Set<Socket>();
  // An HTTP/2 server offers HTTP/2 whatever ALPNProtocols says. What is used of the other one is the same.
  const server = http2
    ? createSecureServer({ ...certificate, allowHTTP1: true })
    : (createHttpsServer({ ...certificate, keepAliveTimeout: 60_000 }) as unknown as Http2SecureServer);

  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.on('error', () => {}).once('close', () => connections.delete(socket));
    if (fault !== 'reset') return;
    hit++;
    socket.resetAndDestroy();
  });
  server.on('sessionError', () => {});
  server.on('tlsClientError', () => {});

  server.on('request', (request, response) => {
    request.on('error', () => {});
    response.on('error', () => {});
    if (fault === 'none') return forward(request, response, targetOf(hostOf(request)));
    hit++;
    const session = request.stream?.session as ServerHttp2Session | undefined;
    switch (fault) {
      case 'hold': {
        const goOn = () => {
          waiting.delete(goOn);
          forward(request, response, targetOf(hostOf(request)));
        };
        waiting.add(goOn);
        request.once('close', () => waiting.delete(goOn));
        return;
      }
      case 'goaway':
        if (!session) throw new Error('GOAWAY needs HTTP/2.');
        session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM);
        setTimeout(() => session.destroy(), 20);
        return;
      case 'rst_stream':
        request.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
        return;
      case 'close':
      case 'reset': // on a connection that was there before
        request.socket.destroy();
        return;
      default:
        fault satisfies never;
    }
  });
  server.on('upgrade', (request, socket: Socket, head: Buffer) => {
    const target = targetOf(hostOf(request));
    if (!target) return socket.destroy();
    const { hostname, port } = new URL(target);
    const behind = connect(Number(port), hostname, () => {
      const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
      behind.write(`${[`GET ${request.url} HTTP/1.1`, ...headers].join('\r\n')}\r\n\r\n`);
      behind.write(head);
      socket.pipe(behind).pipe(socket);
    });
    for (const [from, to] of [
      [socket, behind],
      [behind, socket],
    ] as const)
      from.on('error', () => {}).once('close', () => to.destroy());
  });
  server.listen(443, address);
  await once(server, 'listening');

  return {
    set(next) {
      fault = next;
      if (next === 'none') for (const goOn of waiting) goOn();
    },
    sever() {
      for (const socket of connections) socket.resetAndDestroy();
    },
    get hit() {
      return hit;
    },
    get held() {
      return waiting.size;
    },
    async close() {
      for (const socket of connections) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const hostOf = ({ headers }: Pick<Http2ServerRequest, 'headers'>): string =>
  String(headers[':authority'] ?? headers.host ?? '').replace(/:\d+$/, '');

const ofConnection = /^(:|connection$|keep-alive$|transfer-encoding$|upgrade$)/;
const endToEnd = <T extends object>(headers: T): T =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.test(name))) as T;

function forward(request: Http2ServerRequest, response: Http2ServerResponse, target: string | undefined): void {
  if (!target) {
    response.writeHead(421).end();
    return;
  }
  const behind = requestHttp(target + request.url, {
    method: request.method,
    headers: { ...endToEnd(request.headers), host: hostOf(request) },
    agent: false,
  });
  behind.on('error', () => (request.stream ? request.stream.close() : request.socket.destroy()));
  behind.on('response', (answer) => {
    if (response.stream?.destroyed) return;
    response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
    answer.pipe(response);
  });
  request.pipe(behind);
}
