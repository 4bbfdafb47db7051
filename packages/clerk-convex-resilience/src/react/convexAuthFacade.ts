import type { Clock } from '../core/clock.ts';
import type { AuthEventBody } from '../core/events.ts';
import type { TokenSource } from '../core/tokenSource.ts';
import type { ConvexClientLike } from './convexTypes.ts';
import { createExpiryWatch } from './expiryWatch.ts';

export interface ConvexAuthFacadeOptions {
  readonly client: ConvexClientLike;
  readonly source: TokenSource;
  readonly clock: Clock;
  /** Is the user signed in as far as Clerk and this library know? */
  readonly isSignedIn: () => boolean;
  /** Convex confirmed the identity, or lost it. */
  readonly onConfirmed: (confirmed: boolean) => void;
  readonly report: (event: AuthEventBody) => void;
}

type Fetcher = (args: { forceRefreshToken: boolean }) => Promise<string | null | undefined>;
type OnChange = (isAuthenticated: boolean) => void;
type OnRefreshChange = (isRefreshing: boolean) => void;

/**
 * What `ConvexProviderWithAuth` is given in place of the client. Convex takes a lost token as a sign-out and never asks
 * again; the façade keeps that word back while the user is signed in, and arms the real client anew.
 *
 * Read in convex 1.48, `browser/sync/authentication_manager.ts` and `web_socket_manager.ts`.
 */
export interface ConvexAuthFacade {
  setAuth(fetchToken: Fetcher, onChange: OnChange, onRefreshChange?: OnRefreshChange): void;
  clearAuth(): void;
  /** Makes the real client ask for a token again, under the same callbacks: another organisation of the same session. */
  rearm(): void;
  /** Holds the real client's queries and mutations until it is known who the user is. */
  park(): void;
  /** Lets a parked client go on without an identity. Does nothing when it is not parked. */
  unpark(): void;
}

/** How long a refusal is waited for, in milliseconds: a slow answer of a server that is there. */
const refusalWithinMs = 2000;

export function createConvexAuthFacade(options: ConvexAuthFacadeOptions): ConvexAuthFacade {
  const { client, source, clock, report } = options;
  let armed: { fetchToken: Fetcher; onChange: OnChange; onRefreshChange: OnRefreshChange | undefined } | null = null;
  let arming = 0;
  /** Forced fetches that Convex waits for. While there is one the socket may be stopped, and only their answer restarts it. */
  let pendingForced = 0;
  /** Between a kept-back `false` and the next `true`. */
  let recovering = false;
  let parked: { release: () => void } | null = null;

  const expiry = createExpiryWatch(client, clock);
  /** A fresh token that is kept for a moment, and how to let it go. */
  let kept: { token: string; letGo: () => void } | null = null;

  /**
   * A fresh token that arrives between an Authenticate with an expired one and its refusal would be overtaken by that:
   * Convex then ignores the refusal as one of an older identity, and its socket, closed by the server, comes back only after
   * a backoff that grew during the outage (18 s measured). So it waits for the refusal, which asks for a token again.
   */
  async function fetchForced(fetchToken: Fetcher): Promise<string | null | undefined> {
    if (kept) {
      const { token, letGo } = kept;
      letGo();
      return token;
    }
    const generation = arming;
    const token = await fetchToken({ forceRefreshToken: true });
    if (!token || !expiry.isRefusalAhead()) return token;
    await new Promise<void>((resolve) => {
      const cancel = clock.setTimer(letGo, refusalWithinMs);
      function letGo(): void {
        cancel();
        kept = null;
        resolve();
      }
      kept = { token, letGo };
    });
    return generation === arming ? token : null;
  }
  function track(fetch: () => Promise<string | null | undefined>): Promise<string | null | undefined> {
    pendingForced++;
    return fetch().finally(() => pendingForced--);
  }

  /** Gives the real client a fetcher whose first, not forced call is answered by `first`. */
  function arm(
    first: () => Promise<string | null | undefined>,
    forced: () => Promise<string | null | undefined>,
    onChange: OnChange,
    onRefreshChange: OnRefreshChange,
  ): void {
    // A `setAuth` while a forced fetch is pending leaves a stopped socket stopped for ever. Null as the first answer sends
    // the client through `refetchToken`, which restarts it.
    const generation = arming;
    const give = (token: string | null | undefined): string | null | undefined => {
      if (token && generation === arming) expiry.gave(token);
      return token;
    };
    let answer: (() => Promise<string | null | undefined>) | null =
      pendingForced > 0 ? () => Promise.resolve(null) : first;
    client.setAuth(
      ({ forceRefreshToken }) => {
        if (forceRefreshToken) return track(forced).then(give);
        const once = answer ?? first;
        answer = null;
        return once().then(give);
      },
      onChange,
      onRefreshChange,
    );
  }

  function armSignedIn(first: () => Promise<string | null | undefined>): void {
    if (!armed) return;
    const { fetchToken, onChange, onRefreshChange } = armed;
    const generation = ++arming;
    arm(
      first,
      () => fetchForced(fetchToken),
      (isAuthenticated) => {
        if (generation !== arming) return;
        if (isAuthenticated) {
          source.confirmed();
          onChange(true);
          if (recovering) onRefreshChange?.(false);
          recovering = false;
          options.onConfirmed(true);
          report({ type: 'identity_confirmed' });
        } else if (options.isSignedIn()) {
          report({ type: 'identity_lost', kept: true });
          source.refused();
          recovering = true;
          onRefreshChange?.(true);
          // Convex says false before it resets itself and restarts its socket: come after that, before the socket opens.
          void Promise.resolve().then(() => {
            if (generation === arming && options.isSignedIn()) armSignedIn(rearmAnswer);
          });
        } else {
          report({ type: 'identity_lost', kept: false });
          options.onConfirmed(false);
          onChange(false);
        }
      },
      (isRefreshing) => {
        if (generation !== arming) return;
        if (isRefreshing) source.refused();
        if (!recovering) onRefreshChange?.(isRefreshing);
      },
    );
    // Superseded: Convex ignores its answer, and nobody watches the socket for it any more.
    unpark();
  }

  function unpark(): void {
    parked?.release();
    parked = null;
  }

  const firstAnswer = (): Promise<string | null | undefined> =>
    beforeSocketIsLost(client, () => armed?.fetchToken({ forceRefreshToken: false }) ?? Promise.resolve(null));

  // Convex has just forgotten its token, and its socket may reconnect without one, as nobody, before a new one is there.
  // The last token, though it may be refused, stops the socket until a better one comes.
  const rearmAnswer = (): Promise<string | null | undefined> => {
    const last = source.lastToken();
    return last ? Promise.resolve(last) : firstAnswer();
  };

  return {
    setAuth(fetchToken, onChange, onRefreshChange) {
      armed = { fetchToken, onChange, onRefreshChange };
      recovering = false;
      armSignedIn(firstAnswer);
    },
    clearAuth() {
      arming++;
      armed = null;
      recovering = false;
      kept?.letGo();
      options.onConfirmed(false);
      // A fetch that Convex waits for gets null as the session ends, and with that Convex restarts a socket that it stopped.
      client.clearAuth();
    },
    rearm() {
      if (armed) armSignedIn(firstAnswer);
    },
    park() {
      if (parked || armed) return;
      let release = (): void => {};
      const token = new Promise<null>((resolve) => {
        release = () => resolve(null);
      });
      parked = { release };
      arming++;
      arm(
        () => beforeSocketIsLost(client, () => token),
        () => token,
        () => {},
        () => {},
      );
    },
    unpark,
  };
}

/**
 * Answers with what `fetch` answers, or, as soon as the socket is lost before that, with a token that is refused.
 *
 * Convex pauses its socket while the first token is fetched, but a socket that reconnects is no longer paused
 * (web_socket_manager.ts, `connect`): every query and mutation would run as nobody. Refused, it is stopped, and stays so
 * until the next token.
 */
function beforeSocketIsLost(
  client: ConvexClientLike,
  fetch: () => Promise<string | null | undefined>,
): Promise<string | null | undefined> {
  if (!client.subscribeToConnectionState) return fetch();
  let stop: (() => void) | undefined;
  const lost = new Promise<string>((resolve) => {
    stop = client.subscribeToConnectionState?.((state) => {
      if (!state.isWebSocketConnected && state.connectionRetries > 0) resolve(standIn);
    });
  });
  return Promise.race([fetch(), lost]).finally(() => stop?.());
}

/**
 * A token of nobody: `{ iss: 'https://no-identity-yet.invalid', sub: 'none', aud: 'none', iat: 0, exp: 1 }`, not signed.
 * Well-formed, so that the server says no and not "malformed".
 */
const standIn =
  'eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6Im5vbmUifQ.eyJpc3MiOiJodHRwczovL25vLWlkZW50aXR5LXlldC5pbnZhbGlkIiwic3ViIjoibm9uZSIsImF1ZCI6Im5vbmUiLCJpYXQiOjAsImV4cCI6MX0.none';
