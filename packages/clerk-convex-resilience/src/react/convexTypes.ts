/** What this library uses of a Convex client: `ConvexReactClient` of convex 1.25 and later has it. */
export interface ConvexClientLike {
  readonly url?: string;
  setAuth(
    fetchToken: (args: { forceRefreshToken: boolean }) => Promise<string | null | undefined>,
    onChange?: (isAuthenticated: boolean) => void,
    onRefreshChange?: (isRefreshing: boolean) => void,
  ): void;
  clearAuth(): void;
  /** The app's own may be of any make. */
  readonly logger?: object;
  connectionState?: () => ConnectionStateLike;
  /** Since convex 1.26. */
  subscribeToConnectionState?: (listener: (state: ConnectionStateLike) => void) => () => void;
}

interface LoggerLike {
  addLogLineListener?: (listener: (level: string, ...args: readonly unknown[]) => void) => () => void;
}

interface ConnectionStateLike {
  readonly isWebSocketConnected: boolean;
  readonly connectionRetries: number;
  /** How many times the socket has been opened. */
  readonly connectionCount?: number;
}

/** What the client tells of its connection; undefined where it tells nothing, null when the app has closed it. */
export function connectionOf(client: ConvexClientLike): ConnectionStateLike | undefined | null {
  try {
    return client.connectionState?.();
  } catch {
    return null; // ConvexReactClient throws then
  }
}

/** Did the app make the client with `expectAuth`? It says so in a private field (react/client.ts, convex 1.25 and 1.48). */
export const expectsAuth = (client: ConvexClientLike): boolean =>
  (Reflect.get(client, 'options') as { readonly expectAuth?: boolean } | undefined)?.expectAuth === true;
/** Was it there, or tried, and is not? */
export const isLost = (state: ConnectionStateLike): boolean =>
  !state.isWebSocketConnected && state.connectionRetries > 0;

/** Is its socket open? Also where it does not tell. */
export function isOpen(client: ConvexClientLike): boolean {
  const connection = connectionOf(client);
  return connection === undefined || connection?.isWebSocketConnected === true;
}

/** Is it open, and has it answered what was outstanding? Only then are the retries 0 again (web_socket_manager.ts, convex 1.48). */
export const isSynced = (state: ConnectionStateLike): boolean =>
  state.isWebSocketConnected && state.connectionRetries === 0;

/**
 * Calls back once when the client's socket is lost, or is lost already; never at once. Returns its own undo. Where the
 * client does not tell (convex before 1.26) it never calls.
 */
export function onSocketLost(client: ConvexClientLike, listener: () => void): () => void {
  let over = false;
  const lost = (): void => {
    if (over) return;
    end();
    listener();
  };
  const unsubscribe = client.subscribeToConnectionState?.((state) => {
    if (isLost(state)) lost();
  });
  if (unsubscribe && client.connectionState && isLost(client.connectionState())) void Promise.resolve().then(lost);
  function end(): void {
    over = true;
    unsubscribe?.();
  }
  return end;
}

/**
 * Calls back with the words of a refusal where the client logs them: when it gives up after the fourth, and with `verbose`
 * each time (authentication_manager.ts, convex 1.25 and 1.48). Returns its own undo.
 */
export function onRefusalLogged({ logger }: ConvexClientLike, listener: (text: string) => void): () => void {
  const undo = (logger as LoggerLike | undefined)?.addLogLineListener?.((_level, ...args) => {
    const text = args.find((arg) => /^(attempting to reauthenticate|Failed to authenticate): /.test(`${arg}`));
    if (text !== undefined) listener(`${text}`);
  });
  return () => undo?.();
}

/**
 * Calls back when the client's open socket is lost, at the first time and at every second one after it: a server may end
 * each that it takes. Returns its own undo.
 */
export function onOpenSocketLost(client: ConvexClientLike, listener: () => void): () => void {
  let was = client.subscribeToConnectionState && client.connectionState?.().isWebSocketConnected;
  let losses = 0;
  const undo = client.subscribeToConnectionState?.(({ isWebSocketConnected: is }) => {
    if (was && !is && losses++ % 2 === 0) listener();
    was = is;
  });
  return () => undo?.();
}
