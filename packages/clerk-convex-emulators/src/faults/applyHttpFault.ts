import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { DueFault } from './fault.ts';

/** How a server lends itself to faults. */
export interface HttpFaultTarget {
  /** The body that the real server sends with this status. */
  errorBody(status: number): { readonly contentType: string; readonly body: string };
  /** The headers that let a cross-origin page read the answer. */
  corsHeaders(request: IncomingMessage): Readonly<Record<string, string>>;
}

/**
 * Makes a request suffer an action. `answered`: do no more with it. `proceed`: handle it as usual; the action has been
 * waited for, sits in front of the response, or is one that only the server itself can do (`empty_token`).
 */
export async function applyHttpFault(
  action: DueFault,
  request: IncomingMessage,
  response: ServerResponse,
  target: HttpFaultTarget,
): Promise<'answered' | 'proceed'> {
  if (action.afterMs && !(await waitWhileOpen(response, action.afterMs))) return 'answered';
  switch (action.type) {
    case 'status': {
      const { contentType, body } = statusBody(action, target);
      // Read to its end, or the connection would be reset under the answer.
      request.resume();
      response.writeHead(action.status, {
        ...(action.cors === false ? {} : target.corsHeaders(request)),
        'content-type': contentType,
        ...action.headers,
      });
      response.end(action.status === 204 || action.status === 304 ? undefined : body);
      return 'answered';
    }
    case 'garbage':
      request.resume();
      response.writeHead(200, { ...target.corsHeaders(request), 'content-type': 'application/json' });
      response.end('\u0001this is not JSON');
      return 'answered';
    case 'reset':
      request.socket.resetAndDestroy();
      return 'answered';
    case 'close':
      // A close with unread input is a reset.
      request.resume();
      if (request.complete) request.socket.destroySoon();
      else request.once('end', () => request.socket.destroySoon());
      return 'answered';
    case 'hang':
      request.resume();
      return 'answered';
    case 'delay':
      return (await waitWhileOpen(response, action.delayMs)) ? 'proceed' : 'answered';
    case 'truncate':
      replaceBody(response, (body, send) => {
        send.write(body.subarray(0, Math.floor(body.length / 2)));
        setTimeout(() => request.socket.resetAndDestroy(), 30).unref();
      });
      return 'proceed';
    case 'slow_body':
      replaceBody(response, (body, send) => void sendSlowly(response, body, send, action.durationMs));
      return 'proceed';
    case 'empty_token':
    case 'identical_token':
    case 'unknown_shape':
    case 'refuse_upgrade':
    case 'drop_sockets':
    case 'auth_error':
    case 'reject_authenticate':
      return 'proceed';
    default:
      return action satisfies never;
  }
}

function statusBody(
  action: Extract<DueFault, { type: 'status' }>,
  target: HttpFaultTarget,
): { contentType: string; body: string } {
  if (action.json !== undefined) return { contentType: 'application/json', body: JSON.stringify(action.json) };
  if (action.html !== undefined) return { contentType: 'text/html; charset=utf-8', body: action.html };
  if (action.text !== undefined) return { contentType: 'text/plain; charset=utf-8', body: action.text };
  return target.errorBody(action.status);
}

/** Waits; `false` when the other side went away first. */
export function waitWhileOpen(stream: ServerResponse | Duplex, delayMs: number): Promise<boolean> {
  if (stream.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    const onClose = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      stream.off('close', onClose);
      resolve(true);
    }, delayMs);
    stream.once('close', onClose);
  });
}

interface BodySender {
  write(chunk: Uint8Array): void;
  end(): void;
}

/** Keeps the body back until the handler has ended it, then hands it to `send` in place of the network. */
function replaceBody(response: ServerResponse, send: (body: Buffer, sender: BodySender) => void): void {
  const sender: BodySender = {
    write: (
      (write) => (chunk: Uint8Array) =>
        void write(chunk)
    )(response.write.bind(response)),
    end: (
      (end) => () =>
        void end()
    )(response.end.bind(response)),
  };
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown, encoding: unknown) => {
    if (typeof chunk === 'string') {
      chunks.push(Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'));
    } else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  const callbackOf = (args: readonly unknown[]) =>
    args.find((arg) => typeof arg === 'function') as (() => void) | undefined;
  response.write = ((...args: unknown[]) => {
    keep(args[0], args[1]);
    callbackOf(args)?.();
    return true;
  }) as typeof response.write;
  response.end = ((...args: unknown[]) => {
    keep(args[0], args[1]);
    const body = Buffer.concat(chunks);
    if (!response.headersSent && !response.hasHeader('content-length')) {
      response.setHeader('content-length', body.length);
    }
    response.flushHeaders();
    send(body, sender);
    callbackOf(args)?.();
    return response;
  }) as typeof response.end;
}

async function sendSlowly(response: ServerResponse, body: Buffer, send: BodySender, durationMs: number): Promise<void> {
  const pieces = Math.max(1, Math.min(10, body.length));
  const size = Math.ceil(body.length / pieces);
  for (let piece = 0; piece < pieces; piece++) {
    if (!(await waitWhileOpen(response, durationMs / pieces))) return;
    send.write(body.subarray(piece * size, (piece + 1) * size));
  }
  send.end();
}
