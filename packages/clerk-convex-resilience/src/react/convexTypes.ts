/** What this library uses of a Convex client: `ConvexReactClient` of convex 1.25 and later has it. */
export interface ConvexClientLike {
  readonly url?: string;
  setAuth(
    fetchToken: (args: { forceRefreshToken: boolean }) => Promise<string | null | undefined>,
    onChange?: (isAuthenticated: boolean) => void,
    onRefreshChange?: (isRefreshing: boolean) => void,
  ): void;
  clearAuth(): void;
  connectionState?: () => ConnectionStateLike;
  /** Since convex 1.26. */
  subscribeToConnectionState?: (listener: (state: ConnectionStateLike) => void) => () => void;
}

interface ConnectionStateLike {
  readonly isWebSocketConnected: boolean;
  readonly connectionRetries: number;
  /** How many times the socket has been opened. Since convex 1.26. */
  readonly connectionCount?: number;
}
