import { readClaims } from '../core/jwt.ts';
import type { ConvexClientLike } from './convexTypes.ts';

/** Knows whether Convex has opened its socket with a token that had expired by then: its refusal is on the way. */
export interface ExpiryWatch {
  /** Convex was given this token. */
  gave(token: string): void;
  isRefusalAhead(): boolean;
}

/** `clock` tells the server's time: this device's may be off by more than a token lives. */
export function createExpiryWatch(client: ConvexClientLike, clock: { now(): number }): ExpiryWatch {
  let given: { expiresAt: number; connections: number } | null = null;
  const state = () => {
    try {
      return client.connectionState?.();
    } catch {
      return undefined; // a client that is closed
    }
  };
  return {
    gave(token) {
      const exp = readClaims(token)?.exp;
      const now = state();
      const opensLater = now?.isWebSocketConnected === false ? 1 : 0;
      given =
        exp === undefined ? null : { expiresAt: exp * 1000, connections: (now?.connectionCount ?? 0) + opensLater };
    },
    isRefusalAhead() {
      if (!given || clock.now() < given.expiresAt) return false;
      const now = state();
      return now?.isWebSocketConnected === true && (now.connectionCount ?? 0) > given.connections;
    },
  };
}
