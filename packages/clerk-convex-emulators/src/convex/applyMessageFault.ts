import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { DueFault } from '../faults/fault.ts';
import { internalServerError, SocketEnded } from './socketEnding.ts';

const defaultRejection =
  "Could not verify OIDC token claim. Check that the token signature is valid and the token hasn't expired.";

/**
 * Makes a message of the sync protocol suffer an action. `answered`: do no more with it. Throws `SocketEnded` where the
 * server would end the socket. Messages are handled in turn: those that follow wait too.
 */
export async function applyMessageFault(
  fault: DueFault,
  type: string,
  socket: WebSocket,
  stream: Duplex,
): Promise<'answered' | 'proceed'> {
  if (fault.afterMs) await sleepWhileOpen(socket, fault.afterMs);
  switch (fault.type) {
    case 'reject_authenticate':
      if (type !== 'Authenticate') return 'proceed';
      throw new SocketEnded({ type: 'auth_error', message: fault.message ?? defaultRejection, attempted: true });
    case 'hang':
      await sleepWhileOpen(socket, undefined);
      return 'answered';
    case 'delay':
      await sleepWhileOpen(socket, fault.delayMs);
      return 'proceed';
    case 'slow_body':
      await sleepWhileOpen(socket, fault.durationMs);
      return 'proceed';
    case 'close':
      // No close frame: as when a process dies.
      stream.end();
      return 'answered';
    case 'reset':
    case 'truncate':
      if (stream instanceof Socket) stream.resetAndDestroy();
      else stream.destroy();
      return 'answered';
    case 'status':
      throw new SocketEnded(internalServerError);
    case 'garbage':
      socket.send('\u0001this is not JSON');
      return 'answered';
    case 'empty_token':
    case 'identical_token':
    case 'unknown_shape':
    case 'refuse_upgrade':
    case 'drop_sockets':
    case 'auth_error':
      return 'proceed';
    default:
      return fault satisfies never;
  }
}

/** Ends with the time, or with the socket. */
function sleepWhileOpen(socket: WebSocket, ms: number | undefined): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = ms === undefined ? undefined : setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      socket.off('close', done);
      resolve();
    }
    socket.once('close', done);
  });
}
