import type { Clock } from '../core/clock.ts';
import type { AuthEventBody } from '../core/events.ts';
import type { IdentityState } from '../core/health.ts';
import type { TokenSource } from '../core/tokenSource.ts';
import {
  type ConvexClientLike,
  connectionOf,
  expectsAuth,
  isOpen,
  onOpenSocketLost,
  onRefusalLogged,
  onSocketLost,
} from './convexTypes.ts';
import { createExpiryWatch } from './expiryWatch.ts';
import { holdCalls } from './holdCalls.ts';
import { tokenOfNobody } from './tokenOfNobody.ts';

export interface ConvexAuthFacadeOptions {
  readonly client: ConvexClientLike;
  readonly source: TokenSource;
  readonly clock: Clock;
  /** Is the user signed in as far as Clerk and this library know? */
  readonly isSignedIn: () => boolean;
  /** Does the newest render that was committed, or is being, show a page without a user? */
  readonly isShownSignedOut: () => boolean;
  readonly onIdentity: (status: IdentityState['status']) => void;
  /** Convex was given a token that ends before it can be renewed. */
  readonly onShortLife: () => void;
  /** Convex was given a token, and says nothing of it over a socket that is open. `signal`: it has said something, or is asked anew. */
  readonly onSilence: (signal: AbortSignal) => void;
  /** Convex's client has logged why a token was refused. */
  readonly onRefusal: (text: string) => void;
  /** Convex refuses every token, and does so until somebody changes something. */
  readonly isBlocked: () => boolean;
  readonly report: (event: AuthEventBody) => void;
}

type Token = string | null | undefined;
type Fetcher = (args: { forceRefreshToken: boolean }) => Promise<Token>;

/**
 * What `ConvexProviderWithAuth` is given in place of the client. Convex takes a lost token as a sign-out and never asks
 * again; the façade keeps that word back while the user is signed in, and arms the real client anew.
 *
 * Read in convex 1.48, `browser/sync/authentication_manager.ts` and `web_socket_manager.ts`.
 */
export interface ConvexAuthFacade {
  setAuth(
    fetchToken: Fetcher,
    onChange: (isAuthenticated: boolean) => void,
    onRefreshChange?: (isRefreshing: boolean) => void,
  ): void;
  clearAuth(): void;
  /** The user signs out: at once. What the app asks from now on is asked as nobody, though what it has asked is unsubscribed before. */
  signOut(): void;
  /** Makes the real client ask for a token again, under the same callbacks: another organisation of the same session. */
  rearm(): void;
  /** Holds the real client's queries and mutations until it is known who the user is. */
  park(): void;
  /** Lets a parked client go on without an identity. Does nothing when it is not parked. */
  unpark(): void;
  /** Is the real client kept from running anything until its first word of who the user is? */
  isHeld(): boolean;
}

/** Who answers the real client. */
interface Mode {
  /** A token for a client that has none. */
  readonly first: () => Promise<Token>;
  /** Another token than the last one. */
  readonly forced: () => Promise<Token>;
  readonly onChange: (isAuthenticated: boolean) => void;
  readonly onRefreshChange: (isRefreshing: boolean) => void;
}

const never = (): Promise<Token> => new Promise(() => {});
const none = (): Promise<Token> => Promise.resolve(null);
const nothing = (): void => {};
const nobody: Mode = { first: none, forced: none, onChange: nothing, onRefreshChange: nothing };
/** Nobody, once React has unmounted what asks as the user. */
const leaving: Mode = { ...nobody };
/** Not known yet who it is. */
const unknown: Mode = { first: never, forced: never, onChange: nothing, onRefreshChange: nothing };

/** What a real client has asked and nobody has answered yet. It outlives the façade that was asked: a remount makes another. */
interface Asked {
  owner: object;
  /** Of each provider that has a user for this client, or waits for one: takes it over from one that leaves. False: it cannot. */
  readonly heirs: Set<() => boolean>;
  readonly questions: Set<Question>;
  /** It re-authenticates: its socket is stopped. Told since convex 1.40. */
  isStopped: boolean;
}
interface Question {
  readonly forced: boolean;
  readonly answer: (token: Token) => void;
  /** Ends the wait for its turn. */
  stopWaiting: () => void;
}
const askedBy = new WeakMap<ConvexClientLike, Asked>();

/** How long a refusal is waited for, in milliseconds: a slow answer of a server that is there. */
const refusalWithinMs = 2000;

/** How long Convex may be silent after it was given a token before it is asked why, over HTTP, in milliseconds. */
const silentMs = 3_000;
/** How long before it is armed anew; twice as long each time, and no longer than a mend may go unnoticed. */
const confirmWithinMs = 10_000;
const confirmWithinAtMostMs = 40_000;

// Fresh tokens cost Clerk a request each, and Convex asks for them without a pause where it refuses all of them, or where
// they live shorter than its leeway (400 in five seconds measured): so many are free, one more every ten seconds.
const freeTokens = 8;
const tokenEveryMs = 10_000;
const longestTurnMs = 30_000;

export function createConvexAuthFacade(options: ConvexAuthFacadeOptions): ConvexAuthFacade {
  const { client, source, clock, report } = options;
  const expiry = createExpiryWatch(client, source);
  /** Null between a `clearAuth` and what comes of it. */
  let mode: Mode | null = nobody;
  const me = {};
  const asked: Asked = askedBy.get(client) ?? { owner: me, heirs: new Set(), questions: new Set(), isStopped: false };
  askedBy.set(client, asked);
  const { questions } = asked;
  /** What `ConvexProviderWithAuth` gave. */
  let armed: { fetchToken: Fetcher; onChange: (v: boolean) => void; onRefreshChange: (v: boolean) => void } | null =
    null;
  /** Between a kept-back `false` and the next `true`. */
  let recovering = false;
  /** A fresh token that is kept for a moment, and how to let it go. */
  let kept: { readonly token: string; readonly letGo: () => void } | null = null;
  /** Has Convex heard, once, who the user is, or that there is nobody? */
  let isKnown = false;
  /** Fresh tokens asked for of late: one is forgotten every `tokenEveryMs`. */
  let recent = { count: 0, at: 0 };
  let stopWatch = nothing;
  /** The last answer that Convex got. */
  let given: Token;
  /** How often in a row the client had to be armed anew because it was silent. */
  let silences = 0;

  /**
   * Changes who answers. `same`: the same session and organisation as far as the client is concerned.
   *
   * While its first question is open the client is paused, and nothing is sent: the new mode answers it. A second `setAuth`
   * meanwhile would leave a socket that is opening without its Connect message, and with that without exactly-once
   * mutations (web_socket_manager.ts, `pause` and `resume`). A forced question may be a routine refresh on a live socket:
   * for somebody else the client has to be paused, or mutations would go on under the old identity.
   */
  function enter(next: Mode, same: boolean, silent = false): void {
    become(next);
    const open = [...questions];
    if (asked.owner === me && open.length > 0 && (same || open.some(({ forced }) => !forced))) {
      for (const question of open) reply(question);
      return;
    }
    asked.owner = me;
    // A `setAuth` during a re-authentication leaves a stopped socket stopped for ever. Null as the first answer sends the
    // client through `refetchToken`, which restarts it.
    let unwedge = silent || asked.isStopped || open.some(({ forced }) => forced);
    asked.isStopped = false;
    client.setAuth(
      ({ forceRefreshToken }) => {
        if (!unwedge) return ask(forceRefreshToken);
        unwedge = false;
        return none();
      },
      (isAuthenticated) => {
        stopWatch();
        if (isAuthenticated) silences = 0;
        mode?.onChange(isAuthenticated);
      },
      (isRefreshing) => {
        asked.isStopped = isRefreshing;
        if (isRefreshing) watch();
        mode?.onRefreshChange(isRefreshing);
      },
    );
    // Superseded: Convex ignores these answers now.
    for (const question of open) question.answer(null);
  }
  function ask(forced: boolean): Promise<Token> {
    return new Promise((resolve) => {
      // Convex pauses its socket while the first token is fetched, but a socket that reconnects is no longer paused
      // (web_socket_manager.ts, `connect`): every query and mutation would run as nobody. Refused, it is stopped instead.
      const unwatch = forced ? nothing : onSocketLost(client, () => question.answer(tokenOfNobody));
      const question: Question = {
        forced,
        answer: (token: Token) => {
          if (!questions.delete(question)) return;
          unwatch();
          question.stopWaiting();
          given = token;
          if (token) expiry.gave(token);
          if (token && token !== tokenOfNobody) {
            watch();
            if (expiry.isTooShort()) options.onShortLife();
          }
          resolve(token);
        },
        stopWaiting: nothing,
      };
      questions.add(question);
      reply(question);
    });
  }
  function reply(question: Question): void {
    const answering = mode;
    if (!answering) return;
    const fetch = (): void =>
      void (question.forced ? answering.forced() : answering.first()).then((token) => {
        if (mode === answering) question.answer(token);
      });
    question.stopWaiting();
    const ms = question.forced && answering.onChange !== nothing ? turnIn() : 0;
    if (ms === 0) fetch();
    else question.stopWaiting = clock.setTimer(fetch, ms);
  }
  function turnIn(): number {
    const now = clock.now();
    // A clock that was set back makes nobody wait for it.
    const passedMs = Math.max(0, now - recent.at);
    recent = { count: Math.max(0, recent.count - passedMs / tokenEveryMs) + 1, at: now };
    // A client that has stopped its socket cannot wait.
    const restMs = asked.isStopped ? 0 : expiry.restMs();
    if (options.isBlocked()) return longestTurnMs;
    if (recent.count <= freeTokens) return restMs;
    return Math.max(restMs, Math.min(longestTurnMs, 250 * 2 ** (recent.count - freeTokens)));
  }

  function become(next: Mode | null): void {
    stopWatch();
    mode = next;
  }

  /** Has the app closed the client? Then there is nothing to wait for. */
  const isClosed = (): boolean => connectionOf(client) === null;

  /**
   * Convex has a token, or was about to ask for one, and is to say something soon. Where it is stuck (a socket that does not
   * close, or a `setAuth` while it stopped one: convex 1.25 does not tell) it neither asks nor confirms, for ever. Nor does
   * it where the identity provider answers its server 404, 429 or 5xx: that closes each socket in place of an AuthError
   * (crates/sync, `authentication_update_error`), and the client goes on with the next.
   */
  function watch(): void {
    stopWatch();
    const watched = mode;
    if (!watched || watched.onChange === nothing || isClosed()) return;
    // An open question: the token is what is missing, and its answer starts the watch again.
    const isSilent = (): boolean =>
      mode === watched && asked.owner === me && questions.size === 0 && options.isSignedIn() && !isClosed();
    const ended = new AbortController();
    const rearm = (): void => {
      stopWatch();
      if (!isSilent()) return;
      silences++;
      report({ type: 'convex_rearmed' });
      enterSignedIn(first, true, true);
    };
    const rearmInMs = Math.min(confirmWithinAtMostMs, confirmWithinMs * 2 ** silences);
    // One timer at a time: a Convex that confirms costs no second one.
    let cancel = clock.setTimer(() => {
      cancel = clock.setTimer(rearm, rearmInMs - silentMs);
      if (isSilent() && isOpen(client)) options.onSilence(ended.signal);
    }, silentMs);
    const unwatch = onOpenSocketLost(client, () => {
      if (!isSilent()) return;
      void source.doubt(ended.signal).then((isRefused) => {
        if (isRefused && isSilent()) enterSignedIn(first, true, true);
      });
    });
    const unhear = onRefusalLogged(client, (text) => {
      // What Convex says of a token of nobody is known.
      if (mode === watched && given !== tokenOfNobody) options.onRefusal(text);
    });
    stopWatch = () => {
      unhear();
      cancel();
      unwatch();
      ended.abort();
      stopWatch = nothing;
    };
  }

  function enterSignedIn(first: () => Promise<Token>, same: boolean, silent = false): void {
    if (!armed) return;
    const { fetchToken, onChange, onRefreshChange } = armed;
    const signedIn: Mode = {
      first,
      forced: () => fetchForced(fetchToken),
      onChange(isAuthenticated) {
        if (isAuthenticated) {
          isKnown = true;
          source.confirmed();
          onChange(true);
          if (recovering) onRefreshChange(false);
          recovering = false;
          options.onIdentity('confirmed');
          report({ type: 'identity_confirmed' });
        } else if (options.isSignedIn()) {
          report({ type: 'identity_lost', kept: true });
          source.refused();
          recovering = true;
          options.onIdentity('lost');
          onRefreshChange(true);
          // Convex says false before it resets itself and restarts its socket: come after that, before the socket opens.
          void Promise.resolve().then(() => {
            if (mode === signedIn && options.isSignedIn()) enterSignedIn(stopped, true);
          });
        } else {
          report({ type: 'identity_lost', kept: false });
          options.onIdentity('none');
          onChange(false);
        }
      },
      onRefreshChange(isRefreshing) {
        if (isRefreshing) source.refused();
        if (!recovering) onRefreshChange(isRefreshing);
      },
    };
    enter(signedIn, same, silent);
  }

  const first = (): Promise<Token> => armed?.fetchToken({ forceRefreshToken: false }) ?? none();

  // Convex has just forgotten its token, and its socket may reconnect without one, as nobody, before a new one is there.
  // One that is refused stops the socket until a better one comes.
  const stopped = (): Promise<Token> => Promise.resolve(source.lastToken() ?? tokenOfNobody);

  /**
   * A fresh token that arrives between an Authenticate with an expired one and its refusal would be overtaken by that:
   * Convex then ignores the refusal as one of an older identity, and its socket, closed by the server, comes back only after
   * a backoff that grew during the outage (18 s measured). So it waits for the refusal, which asks for a token again.
   */
  async function fetchForced(fetchToken: Fetcher): Promise<Token> {
    if (kept) {
      const { token, letGo } = kept;
      letGo();
      return token;
    }
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
    return token;
  }

  /** Another provider of this client may be mounted still: what is below that goes on as its user. False: there is none. */
  const handOver = (): boolean => !isClosed() && [...asked.heirs].some((takeOver) => takeOver());
  function takeOver(): boolean {
    if (mode === unknown) enter(unknown, true);
    // Its own sign-out may be under way.
    else if (options.isSignedIn() && !options.isShownSignedOut()) enterSignedIn(first, false);
    else return false;
    return true;
  }
  function disarm(): void {
    armed = null;
    asked.heirs.delete(takeOver);
    recovering = false;
    kept?.letGo();
    options.onIdentity('none');
  }

  let lastFetcher: Fetcher | null = null;
  function becomeNobody(): void {
    become(nobody);
    isKnown = true;
    if (asked.owner !== me) return; // another provider has taken the client over
    // A fetch that Convex waits for gets null, and with that Convex restarts a socket that it stopped.
    for (const question of questions) reply(question);
    if (handOver()) return;
    try {
      client.clearAuth();
    } catch {
      // The app has closed the client meanwhile (ConvexReactClient throws then): there is nothing left to clear.
    }
  }
  /** Ends the moment that a sign-out leaves to React. */
  let leave: (() => void) | null = null;
  function unpark(): void {
    asked.heirs.delete(takeOver);
    // Such a client runs nothing for nobody, by the app's own wish, and Convex's provider leaves it alone until there is a token.
    if (mode === unknown && expectsAuth(client)) return;
    isKnown = true;
    if (mode !== unknown) return;
    become(nobody);
    if (asked.owner !== me || handOver()) return;
    for (const question of questions) reply(question);
  }

  return {
    setAuth(fetchToken, onChange, onRefreshChange = nothing) {
      // A fetcher stands for a session: the same one comes again in StrictMode. A parked client has no session yet.
      const same = mode === unknown || fetchToken === lastFetcher;
      lastFetcher = fetchToken;
      armed = { fetchToken, onChange, onRefreshChange };
      asked.heirs.add(takeOver);
      recovering = false;
      enterSignedIn(first, same);
    },
    clearAuth() {
      disarm();
      if (leave) return leave();
      // Convex's provider comes here when what is gone has unsubscribed, and before what is new subscribes: that would run as the user.
      if (options.isShownSignedOut()) {
        if (mode !== nobody) becomeNobody();
        return;
      }
      become(null);
      // React clears and sets in one turn when the session is another one, and in StrictMode: that is no sign-out, and the
      // real client need not become nobody in between.
      void Promise.resolve().then(() => {
        if (!mode) becomeNobody();
      });
    },
    signOut() {
      disarm();
      if (mode === nobody || leave) return;
      // A query that is subscribed when Convex becomes nobody runs once more, as nobody: React unmounts it first, in this turn or
      // in the first microtask, which it has asked for by now. Until then nothing of the app goes out, or it would as the user.
      become(leaving);
      const letGo = holdCalls(client);
      leave = () => {
        leave = null;
        if (mode === leaving) becomeNobody();
        letGo();
      };
      void Promise.resolve().then(() => leave?.());
    },
    rearm() {
      kept?.letGo();
      recent = { count: 0, at: 0 };
      enterSignedIn(first, false);
    },
    park() {
      if (mode !== nobody) return;
      asked.heirs.add(takeOver);
      enter(unknown, true);
    },
    unpark,
    isHeld: () => !isKnown && mode !== nobody,
  };
}
