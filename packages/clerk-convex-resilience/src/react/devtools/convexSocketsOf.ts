import type { ConvexClientLike } from '../convexTypes.ts';

/**
 * The socket that a Convex client has open: in private fields (react/client.ts, sync/client.ts, sync/web_socket_manager.ts,
 * convex 1.25 and 1.48). None where they are named otherwise, and none before the client was first asked anything: to look
 * opens nothing.
 */
export function convexSocketsOf(client: ConvexClientLike | undefined): ReadonlyArray<{ close(): void }> {
  const field = (of: unknown, name: string): unknown =>
    typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
  const manager = field(field(client, 'cachedSync'), 'webSocketManager');
  const socket = field(field(manager, 'socket'), 'ws');
  return typeof field(socket, 'close') === 'function' ? [socket as { close(): void }] : [];
}
