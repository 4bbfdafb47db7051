import type { ConvexServerError } from './convexError.ts';

/** How a socket ends from the server's side (crates/local_backend/src/subs/mod.rs, `run_sync_socket`). */
export type SocketEnding =
  | { readonly type: 'auth_error'; readonly message: string; readonly attempted: boolean }
  | { readonly type: 'fatal'; readonly message: string }
  | { readonly type: 'close'; readonly code: number; readonly reason: string };

/** Thrown to end the socket that a message came over. */
export class SocketEnded extends Error {
  constructor(readonly ending: SocketEnding) {
    super(ending.type);
  }
}

/** What anything unforeseen does to a socket. */
export const internalServerError: SocketEnding = { type: 'close', code: 1011, reason: 'InternalServerError' };

export const expired: SocketEnding = { type: 'auth_error', message: 'Convex token identity expired', attempted: false };

/**
 * A refusal is an AuthError; an overloaded or missing provider closes the socket, and the client comes back
 * (crates/sync/src/worker.rs, `authentication_update_error`; close codes of crates/errors/src/lib.rs).
 */
export function endingForRefusal(error: ConvexServerError): SocketEnding {
  switch (error.kind) {
    case 'unauthenticated':
    case 'bad_request':
    case 'forbidden':
      return { type: 'auth_error', message: error.message, attempted: true };
    case 'not_found':
      return { type: 'close', code: 1000, reason: error.shortMessage };
    case 'overloaded':
    case 'rate_limited':
      return { type: 'close', code: 1013, reason: error.shortMessage };
    default:
      return error.kind satisfies never;
  }
}
