import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { EmulatorError } from '../errors.ts';
import { applyHttpFault, type HttpFaultTarget } from '../faults/applyHttpFault.ts';
import { applyUpgradeFault } from '../faults/applyUpgradeFault.ts';
import { createFaultPlan } from '../faults/createFaultPlan.ts';
import { echoOrigin } from '../faults/echoOrigin.ts';
import type { Faults } from '../faults/fault.ts';
import { readRequestLine } from '../faults/requestLine.ts';
import { keepNewest } from '../keepNewest.ts';
import { refuseUnknownKeys } from '../refuseUnknownKeys.ts';
import type { RequestLogEntry } from '../requestLog.ts';
import { listenOn } from './listenOn.ts';
import { readPort } from './readPort.ts';

export interface FaultProxyOptions {
  /** The server behind it: `http://` or `https://`, WebSockets included. */
  target: string;
  /** @defaultValue `127.0.0.1` */
  host?: string;
  /** @defaultValue a free port */
  port?: number;
}

/** A server with faults in front of another, so that real services can be broken too. */
export interface FaultProxy {
  /** `http://127.0.0.1:PORT`: use it where the target's URL was used. */
  readonly url: string;
  readonly faults: Faults;
  readonly log: readonly RequestLogEntry[];
  /** Ends the faults and what they hold open; empties the log. */
  reset(): void;
  close(): Promise<void>;
}

const target: HttpFaultTarget = {
  errorBody: (status) => ({ contentType: 'text/plain; charset=utf-8', body: http.STATUS_CODES[status] ?? 'Error' }),
  corsHeaders: echoOrigin,
};

/**
 * Puts the fault language in front of any HTTP and WebSocket server.
 * Throws `EmulatorError`: `invalid_option` for a target that is no URL or a port that is none, `port_taken` for a taken port.
 */
export async function createFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  refuseUnknownKeys('`createFaultProxy`', options, ['target', 'host', 'port']);
  const upstream = readTarget(options.target);
  const port = readPort('port', options.port ?? 0);
  const sockets = new Set<Duplex>();
  const upgraded = new Set<Duplex>();
  const held = new Set<ServerResponse | Duplex>();
  const log: RequestLogEntry[] = [];
  const plan = createFaultPlan({
    server: 'wire',
    onImmediate: () => {
      const dropped = [...upgraded];
      for (const socket of dropped) socket.destroy();
      return dropped.length;
    },
  });

  const record = (method: string, path: string): RequestLogEntry => {
    const entry: RequestLogEntry = { at: Date.now(), method, path };
    keepNewest(log, entry);
    return entry;
  };
  const hold = (stream: ServerResponse | Duplex) => {
    held.add(stream);
    stream.once('close', () => held.delete(stream));
  };

  const onRequest = async (request: IncomingMessage, response: ServerResponse) => {
    const { method, path } = readRequestLine(request);
    const entry = record(method, path);
    response.once('finish', () => {
      entry.status = response.statusCode;
    });
    // A status on the preflight would reach the page as a broken connection, and use the fault up.
    const preflight = method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
    const fault = preflight ? undefined : plan.take(`${method} ${path}`);
    if (fault) {
      entry.fault = fault.type;
      hold(response);
      if ((await applyHttpFault(fault, request, response, target)) === 'answered') return;
    }
    const forwarded = send(upstream, request);
    forwarded.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, endToEndHeaders(answer));
      answer.pipe(response);
      answer.once('error', () => response.destroy());
    });
    // The wire broke behind us: the client sees a broken wire, not a made-up status.
    forwarded.once('error', () => request.socket.destroy());
    response.once('close', () => forwarded.destroy());
    request.pipe(forwarded);
  };

  const onUpgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { path } = readRequestLine(request);
    const entry = record('CONNECT', path);
    socket.on('error', () => socket.destroy());
    const fault = plan.take(`CONNECT ${path}`);
    if (fault) {
      entry.fault = fault.type;
      hold(socket);
      if ((await applyUpgradeFault(fault, socket)) === 'answered') return;
    }
    const forwarded = send(upstream, request);
    forwarded.once('upgrade', (answer, behind: Duplex, behindHead: Buffer) => {
      entry.status = 101;
      socket.write(rawHead(answer));
      socket.write(behindHead);
      behind.write(head);
      behind.on('error', () => socket.destroy());
      behind.once('close', () => socket.destroy());
      socket.once('close', () => {
        behind.destroy();
        upgraded.delete(socket);
      });
      upgraded.add(socket);
      behind.pipe(socket).pipe(behind);
    });
    forwarded.once('response', (answer) => {
      entry.status = answer.statusCode ?? 502;
      socket.write(rawHead(answer));
      answer.pipe(socket);
    });
    forwarded.once('error', () => socket.destroy());
    socket.once('close', () => forwarded.destroy());
    forwarded.end();
  };

  const server = http.createServer((request, response) => {
    onRequest(request, response).catch(() => response.destroy());
  });
  server.on('upgrade', (request, socket, head) => {
    onUpgrade(request, socket, head).catch(() => socket.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const url = await listenOn(server, { host: options.host ?? '127.0.0.1', port });

  return {
    url,
    faults: plan,
    log,
    reset() {
      plan.reset();
      for (const stream of held) stream.destroy();
      log.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        plan.clear();
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function readTarget(text: string): URL {
  if (URL.canParse(text)) {
    const url = new URL(text);
    if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  }
  throw new EmulatorError('invalid_option', `\`target\` is "${text}"; use a URL like http://127.0.0.1:3210.`);
}

function send(upstream: URL, request: IncomingMessage): http.ClientRequest {
  const { request: open } = upstream.protocol === 'https:' ? https : http;
  const prefix = upstream.pathname.replace(/\/$/, '');
  return open(upstream.origin, {
    method: request.method ?? 'GET',
    path: prefix + (request.url ?? '/'),
    headers: { ...request.headers, host: upstream.host },
    // A kept-alive connection that the server closes meanwhile would look like a fault of ours.
    agent: false,
  });
}

/** All but those on the connection behind, which is not the client's: its `keep-alive: timeout=5` would close that one. */
function endToEndHeaders({ rawHeaders }: IncomingMessage): string[] {
  const kept = (index: number) => !/^(?:connection|keep-alive)$/i.test(rawHeaders[index - (index % 2)] ?? '');
  return rawHeaders.filter((_, index) => kept(index));
}

function rawHead(answer: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage ?? ''}`];
  for (let index = 0; index < answer.rawHeaders.length; index += 2) {
    lines.push(`${answer.rawHeaders[index]}: ${answer.rawHeaders[index + 1]}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}
