import { STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { waitWhileOpen } from './applyHttpFault.ts';
import type { DueFault } from './fault.ts';

/** Makes a WebSocket upgrade suffer an action. `proceed`: go on with the handshake. */
export async function applyUpgradeFault(action: DueFault, socket: Duplex): Promise<'answered' | 'proceed'> {
  if (action.afterMs && !(await waitWhileOpen(socket, action.afterMs))) return 'answered';
  switch (action.type) {
    case 'status':
      answer(socket, action.status, action.headers);
      return 'answered';
    case 'refuse_upgrade':
      answer(socket, 503);
      return 'answered';
    case 'garbage':
      socket.end('\u0001this is not HTTP\r\n\r\n');
      return 'answered';
    case 'reset':
    case 'truncate':
      if (socket instanceof Socket) socket.resetAndDestroy();
      else socket.destroy();
      return 'answered';
    case 'close':
      socket.end();
      return 'answered';
    case 'hang':
      socket.resume();
      return 'answered';
    case 'delay':
      return (await waitWhileOpen(socket, action.delayMs)) ? 'proceed' : 'answered';
    case 'slow_body':
      return (await waitWhileOpen(socket, action.durationMs)) ? 'proceed' : 'answered';
    case 'empty_token':
    case 'identical_token':
    case 'unknown_shape':
    case 'drop_sockets':
    case 'auth_error':
    case 'reject_authenticate':
      return 'proceed';
    default:
      return action satisfies never;
  }
}

function answer(socket: Duplex, status: number, headers: Readonly<Record<string, string>> = {}): void {
  const lines = Object.entries({ connection: 'close', 'content-length': '0', ...headers });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
  );
}
