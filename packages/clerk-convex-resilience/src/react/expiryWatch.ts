import { readClaims } from '../core/jwt.ts';
import { type ConvexClientLike, connectionOf, isSynced } from './convexTypes.ts';

/** Knows how long the token lives that Convex has, and whether its socket was opened with one that had expired by then. */
export interface ExpiryWatch {
  /** Convex was given this token. */
  gave(token: string): void;
  /** A refusal is on the way. */
  isRefusalAhead(): boolean;
  /** The token lives shorter than it takes to renew it in time. */
  isTooShort(): boolean;
  /**
   * How long to keep the next one back, in milliseconds: one that lives no longer than Convex's leeway is asked for again
   * at once, for ever, and half its life is early enough.
   */
  restMs(): number;
}

/** Convex's client renews so long before the end (authentication_manager.ts, convex 1.48). In milliseconds. */
const leewayMs = 10_000;
/** And clerk-js 6.40 renews in the background only what lives longer than 17 s: `neededSeconds` of the diagnosis. */
const neededMs = 18_000;

/** `clock` tells the server's time: this device's may be off by more than a token lives. */
export function createExpiryWatch(client: ConvexClientLike, clock: { now(): number }): ExpiryWatch {
  let given: { expiresAt: number; lifeMs: number; connections: number } | null = null;
  return {
    gave(token) {
      const { exp, iat } = readClaims(token) ?? {};
      const now = connectionOf(client);
      const opensLater = now?.isWebSocketConnected === false ? 1 : 0;
      given =
        exp === undefined
          ? null
          : {
              expiresAt: exp * 1000,
              lifeMs: (exp - (iat ?? Number.NEGATIVE_INFINITY)) * 1000,
              connections: (now?.connectionCount ?? 0) + opensLater,
            };
    },
    isTooShort: () => given !== null && given.lifeMs < neededMs,
    restMs: () =>
      given !== null && given.lifeMs <= leewayMs
        ? Math.max(0, Math.min(given.lifeMs / 2, given.expiresAt - given.lifeMs / 2 - clock.now()))
        : 0,
    isRefusalAhead() {
      if (!given || clock.now() < given.expiresAt) return false;
      const now = connectionOf(client);
      // One that has synced was opened with it when it was still good.
      return now?.isWebSocketConnected === true && !isSynced(now) && (now.connectionCount ?? 0) > given.connections;
    },
  };
}
