import { createAttention } from './attention.ts';
import {
  type ClerkClientSnapshot,
  confirmsSignOut,
  doubtsSession,
  type Judgement,
  judgeAnswer,
  unavailableAnswer,
} from './clerkAnswers.ts';
import { environmentSnapshot, type Hold, type HoldFacts, holdLimits, holdOf, sessionCookie } from './clerkHolds.ts';
import { type ClerkRequest, joinKey, knownMajors, looksLikeClerk, readClerkRequest } from './clerkRequests.ts';
import { type Clock, systemClock } from './clock.ts';
import { browserConnectivity, type Connectivity } from './connectivity.ts';
import { invalidOption } from './errors.ts';
import { type AuthEvent, type AuthEventBody, safely } from './events.ts';
import { type FetchCall, type FetchInput, readFetchCall, urlOf } from './fetchCall.ts';
import { classifyFetchError } from './fetchErrors.ts';
import { createGate, type Gate } from './gates.ts';
import { createSlots, type HedgeTimes, type Nudge, type Slots } from './hedge.ts';
import { type HeldRequest, holdRequest, type Lost, type Outcome } from './heldRequest.ts';
import { onWake } from './onWake.ts';
import { type RetryPolicyOptions, resolvePolicy, retryPolicies } from './policy.ts';
import { createSessionLedger } from './sessionLedger.ts';
import { createTabs } from './tabs.ts';

/** What stands between clerk-js and its Frontend API. */
export interface ClerkFetchGuard {
  /** What the newest authoritative GET /client (2xx) said; null until one was answered since install. */
  readonly client: ClerkClientSnapshot | null;
  /**
   * Is a GET /client under way, or was the newest not answered so, whether it was held or not? After a 403 and a 500 clerk-js drops
   * a session that it goes on listing (Clerk#handleUnauthenticated, 5.128.0 and 6.40.0).
   */
  readonly lacksClient: boolean;
  /** A sign-out of that session was answered 2xx, 401 or 404, or a GET /client sent after `endSession` no longer has it. */
  isRevoked(sessionId: string): boolean;
  /** Sign-out is under way: lets go of every held request of that session and of held GET /client; their failure goes to clerk-js. */
  endSession(sessionId: string): void;
  /** Something else proves that the network works again (a socket that opened, another tab): held requests try sooner. */
  wake(): void;
  /** A person asks for it: held requests try at once, but not before a `Retry-After` is over. */
  retryNow(): void;
  /** Calls back when `client` or a revocation changed. Returns its own undo. */
  subscribe(listener: () => void): () => void;
  /** Does it leave a clerk-js alone whose major it does not know? Then nothing keeps a request of that from hanging. */
  readonly standsAside: boolean;
  /** The `fetch` beneath, which the guard sends with: for tools that make faults which the guard is to meet. */
  readonly wire: FetchTarget;
  /** Takes the guard off; leaves a `fetch` that somebody wrapped after it alone and becomes a pass-through. */
  uninstall(): void;
}

export interface ClerkFetchGuardOptions {
  /**
   * Whether to guard at all. A function is asked at each of Clerk's requests, for a remote flag, and again while one is held:
   * once it says no, that is let go of with its next failure.
   * @defaultValue true
   */
  readonly enabled?: boolean | (() => boolean);
  /** How to wait between attempts. `retries` and `attemptTimeoutMs` are not consulted: how long a request is held depends on what its failure would do. */
  readonly policy?: RetryPolicyOptions;
  readonly clock?: Clock;
  readonly connectivity?: Connectivity;
  readonly onEvent?: ((event: AuthEvent) => void) | undefined;
  /**
   * Whose `fetch` is wrapped.
   * @defaultValue globalThis
   */
  readonly target?: FetchTarget;
}

export interface FetchTarget {
  fetch: typeof fetch;
}

/** Three hedges and three first attempts: HTTP/1.1 gives six connections an origin. */
const hedgesPerOrigin = 3;

interface Origin {
  readonly network: Gate;
  readonly slots: Slots;
  /** A GET /client was answered: the page load is over. */
  loaded: boolean;
  /** When the one budget of the page load is spent, whatever asks. */
  load: HoldFacts['load'] | undefined;
  lost: Lost | undefined;
}

type Sent = ReturnType<FetchCall['replay']>;

interface Family {
  /** Closed for this family only when it has failed itself: a template that is broken keeps no session token. */
  readonly gate: Gate;
  lost: Lost | undefined;
}

/** What fails in one way probably fails together: session tokens and those of templates share one probe. */
interface Kind {
  readonly gate: Gate;
  /** The families that have failed since they were answered last. */
  readonly failing: Set<string>;
}

/**
 * Wraps `fetch` for clerk-js's requests to its Frontend API, and for nothing else: their transient failures are retried
 * and kept from clerk-js as long as they would do harm.
 * @throws AuthResilienceError `invalid_option`
 */
export function installClerkFetchGuard(options: ClerkFetchGuardOptions = {}): ClerkFetchGuard {
  const { clock = systemClock, connectivity = browserConnectivity() } = options;
  const policy = resolvePolicy(options.policy, retryPolicies.session);
  const target: FetchTarget = options.target ?? globalThis;
  if (typeof target?.fetch !== 'function') throw invalidOption('target', target, 'an object with a fetch function');
  const times: HedgeTimes = {
    hedgeAfterMs: 3_000,
    replaceAfterMs: 20_000,
    maxDelayMs: policy.maxDelayMs,
  };
  const native = target.fetch;
  const wire: FetchTarget = { fetch: native };
  const ownFetch = Object.hasOwn(target, 'fetch');
  let installed = true;
  let wasEnabled = true;
  /** Another tab signed out, and no GET /client was answered since. */
  let announced = false;
  let lacksClient = false;
  const warnedOf = new Set<string>();
  const origins = new Map<string, Origin>();
  const kinds = new Map<string, Kind>();
  const families = new Map<string, Family>();
  const gates = new Map<string, Gate>();
  const tabs = createTabs(connectivity);
  const inFlight = new Map<string, HeldRequest>();
  const held = new Set<HeldRequest>();
  const listeners = new Set<() => void>();
  const ledger = createSessionLedger(() => {
    for (const listener of [...listeners]) listener();
  });

  const tell = safely(options.onEvent);
  const report = (body: AuthEventBody): void => tell({ at: clock.now(), ...body } as AuthEvent);
  const gateOf = (name: string): Gate =>
    remember(gates, name, () =>
      createGate({
        policy,
        clock,
        connectivity,
        isLoading: () => !origins.get(name.split(' ', 1)[0] ?? '')?.loaded,
        tabs: tabs.of(name),
      }),
    );
  const originOf = (name: string): Origin =>
    remember(origins, name, () => ({
      network: gateOf(name),
      slots: createSlots(hedgesPerOrigin),
      loaded: false,
      load: undefined,
      lost: undefined,
    }));
  const kindOf = ({ origin, kind }: ClerkRequest): Kind =>
    remember(kinds, `${origin} ${kind}`, () => ({ gate: gateOf(`${origin} ${kind}`), failing: new Set() }));
  const familyOf = (request: ClerkRequest): Family =>
    remember(families, `${request.origin} ${request.family}`, () => {
      const { gate, failing } = kindOf(request);
      return {
        gate: {
          ...gate,
          isClosed: () => failing.has(request.family) && gate.isClosed(),
          close(...failure) {
            failing.add(request.family);
            return gate.close(...failure);
          },
        },
        lost: undefined,
      };
    });

  // Listeners and channels exist only while something is in trouble or in doubt.
  const attention = createAttention(() => {
    const undoWake = onWake({ clock, connectivity }, (reason) =>
      // One that hangs may be slow rather than dead: it keeps its place.
      wake(reason === 'socket' ? 'recovery' : 'wake'),
    );
    const clerkTabs = connectivity.openChannel('clerk', (data) => {
      if ((data as { readonly type?: unknown } | null | undefined)?.type === 'signout') signOutAnnounced();
    });
    const leaveTabs = tabs.join((name, word) => {
      gates.get(name)?.hear(word);
      if (word.type === 'up') nudgeAll(name.split(' ', 1)[0], 'recovery');
    });
    return () => {
      undoWake();
      clerkTabs.close();
      leaveTabs();
    };
  });
  const doubtful = {};
  const minded = (): void => (installed && ledger.hasDoubt() ? attention.add(doubtful) : attention.delete(doubtful));

  function wake(nudge: Nudge, options?: Parameters<Gate['wake']>[0]): void {
    for (const gate of gates.values()) gate.wake(options);
    for (const request of held) request.nudge(nudge);
  }

  /** Any answer from an origin, on whatever path and whatever it says, opens its gate and wakes the sleepers. */
  function heardFrom(request: ClerkRequest): void {
    origins.get(request.origin)?.network.open();
    nudgeAll(request.origin, 'answer', request);
  }

  /** A request that works again is news for the others of its origin; one that worked all along is none. */
  function recovered(request: ClerkRequest): void {
    for (const [name, gate] of gates) if (name.startsWith(`${request.origin} `)) gate.wake();
    nudgeAll(request.origin, 'recovery', request);
    // The other tabs', too: what hangs has closed no gate that would tell them.
    tabs.of(request.origin).tell({ type: 'up' });
  }

  function nudgeAll(origin: string | undefined, why: Nudge, but?: ClerkRequest): void {
    for (const { request, nudge } of held) if (request !== but && request.origin === origin) nudge(why);
  }

  /** clerk-js of another tab announces a sign-out on its own channel (core/clerk, UserSignOut, 5.128.0 and 6.40.0). */
  function signOutAnnounced(): void {
    // Whose it was is not said.
    if (ledger.hasOthers()) return;
    announced = true;
    ledger.forgetDoubts();
    letGo(({ kind }) => kind === 'client');
    minded();
  }

  function letGo(which: (request: ClerkRequest) => boolean, reason: 'sign_out' | 'aborted' = 'sign_out'): void {
    for (const each of [...held]) if (which(each.request)) each.letGo(reason);
  }

  function isEnabled(): boolean {
    let enabled = true;
    try {
      enabled = typeof options.enabled === 'function' ? options.enabled() : (options.enabled ?? true);
    } catch {
      // A flag that cannot be read turns nothing off.
    }
    if (!enabled && wasEnabled) report({ type: 'guard_stepped_aside', reason: 'turned_off' });
    wasEnabled = enabled;
    return enabled;
  }

  function isKnown({ major }: ClerkRequest): boolean {
    if (major !== undefined && knownMajors.includes(major)) return true;
    if (!warnedOf.has(`${major}`)) report({ type: 'guard_stepped_aside', reason: 'unknown_version' });
    warnedOf.add(`${major}`);
    return false;
  }

  function hasSnapshot(): boolean {
    const { key, expires } = environmentSnapshot;
    return Number(expires.exec(connectivity.stored(key) ?? '')?.[1]) > clock.now();
  }

  /** How long the failure of this request may be kept from clerk-js, now. */
  function holdNow({ kind, origin, repeated }: ClerkRequest, call: FetchCall, startedAt: number): Hold {
    const known = originOf(origin);
    if (kind === 'client' && known.load === undefined) {
      const hasCookie = connectivity.readCookie(sessionCookie) !== undefined;
      const unfailedUntil = clock.now() + holdLimits.loadMs;
      known.load = { until: hasCookie ? clock.now() + holdLimits.loadWithCookieMs : unfailedUntil, unfailedUntil };
    }
    return holdOf(kind, {
      startedAt,
      ofLoad: call.signal !== undefined || repeated,
      // A server that answers gets no more patience than clerk-js has with it.
      environmentIsMissed: known.network.isClosed() && !hasSnapshot(),
      inDoubt: ledger.hasDoubt(),
      hasOthers: ledger.hasOthers(),
      signOutAnnounced: announced,
      loaded: known.loaded,
      load: known.load ?? { until: 0, unfailedUntil: 0 },
    });
  }

  /**
   * A failure that clerk-js would take too hard is told as a 503, which makes it boot degraded. At page load it takes a 4xx
   * for the end (status `error`, for good), clerk-js 5 takes an offline network error for an empty client, and a network
   * error of a GET starts eleven tries of its own that the load waits for (core/clerk, BaseResource._fetch, fapiClient,
   * 5.128.0 and 6.40.0).
   */
  function translate({ kind, origin }: ClerkRequest): Response | null {
    if (kind !== 'environment' && (kind !== 'client' || originOf(origin).loaded || announced)) return null;
    return unavailableAnswer();
  }

  async function attempt(request: ClerkRequest, args: Sent, signal: AbortSignal): Promise<Outcome> {
    const startedAt = clock.now();
    const sent = ledger.send();
    let response: Response;
    let text: string;
    try {
      response = await Reflect.apply(wire.fetch, undefined, args);
      // Read through a copy: what clerk-js gets is the answer itself, unread.
      text = await response.clone().text();
    } catch (error) {
      return { type: 'lost', startedAt, error, failure: classifyFetchError(error, connectivity.isOnline()) };
    }
    const couldEnd = ledger.hasDoubt() || ledger.hasOthers();
    const judgement = judgeAnswer(request.kind, response, text, clock.now(), couldEnd);
    const outcome: Outcome =
      judgement.verdict === 'failed'
        ? { type: 'lost', startedAt, response, failure: judgement.failure }
        : { type: 'answered', response };
    // Given up in the meantime: another attempt has spoken for it.
    if (signal.aborted) return outcome;
    heardFrom(request);
    if (outcome.type === 'lost') return outcome;
    if (judgement.verdict === 'unknown') report({ type: 'guard_stepped_aside', reason: 'unknown_answer' });
    if (judgement.verdict === 'pass' && judgement.refusal) {
      const failure = {
        kind: 'misconfigured',
        source: 'clerk',
        status: response.status,
        code: judgement.refusal,
      } as const;
      report({ type: 'request_refused', request: request.kind, failure });
    }
    noteClient(request, judgement, startedAt, sent);
    noteToken(request, response.ok && judgement.verdict === 'pass', sent);
    const { gate, failing } = kindOf(request);
    const worksAgain = failing.delete(request.family);
    if (failing.size === 0) gate.open();
    else if (worksAgain) gate.wake();
    noteStatus(request, response.status, text);
    return outcome;
  }

  function noteClient({ origin }: ClerkRequest, judgement: Judgement, at: number, sent: number): void {
    if (judgement.verdict !== 'pass' || !judgement.client) return;
    originOf(origin).loaded = true;
    announced = false;
    lacksClient = false;
    ledger.clientSeen({ at, ...judgement.client }, sent);
    minded();
  }

  /** clerk-js gets over a `missing_expired_token` by itself, and asks no GET /client that would end the doubt. One that it has asked for is not let go. */
  function noteToken({ kind, sessionId }: ClerkRequest, isMinted: boolean, sent: number): void {
    if (kind !== 'tokens' || !isMinted || !sessionId || [...held].some((each) => each.request.kind === 'client'))
      return;
    ledger.minted(sessionId, sent);
    minded();
  }

  function noteSignOut({ sessionId }: ClerkRequest, status: number, text: string): void {
    if (confirmsSignOut(status, text)) ledger.revoke(sessionId);
    minded();
  }

  /** After which answers clerk-js asks GET /client whether the session is over (BaseResource._fetch, handleGetTokenError, Clerk#touch). */
  function noteStatus({ kind, family, sessionId }: ClerkRequest, status: number, text: string): void {
    if (!sessionId || status < 400 || status >= 500) return;
    if (doubtsSession(status, text) || kind === 'touch' || family === 'tokens/tokens') ledger.doubt(sessionId);
    minded();
  }

  function guarded(request: ClerkRequest, call: FetchCall): Promise<Response> {
    const { bodyText } = call;
    const asks = bodyText === undefined ? undefined : joinKey(call.method, call.url, bodyText);
    // A GET /client that was sent before a doubt does not resolve it, and is not joined.
    const key = asks && `${request.kind === 'client' ? ledger.lastDoubt() : ''} ${asks}`;
    const running = key === undefined ? undefined : inFlight.get(key);
    if (running) return running.join(call.signal);
    const origin = originOf(request.origin);
    const family = familyOf(request);
    const startedAt = clock.now();
    const started: HeldRequest = holdRequest({
      request,
      call,
      attempt: (args, signal) => attempt(request, args, signal),
      hold: () => (isEnabled() ? holdNow(request, call, startedAt) : 'not'),
      gates: { family: family.gate, network: origin.network },
      lastLost: () => (family.gate.isClosed() ? family.lost : origin.lost),
      onLost: (lost) => {
        if (lost.response) family.lost = lost;
        else origin.lost = lost;
      },
      translate: ({ response }) => {
        // A 429 is transient here, and a refusal to clerk-js.
        if (response) noteStatus(request, response.status, '');
        return translate(request);
      },
      slots: origin.slots,
      times,
      clock,
      report,
      onTrouble: () => attention.add(request),
      onRecovered: () => recovered(request),
      // At once, or clerk-js's next try would join an answer that is over.
      onOver: () => {
        held.delete(started);
        attention.delete(request);
        if (key !== undefined && inFlight.get(key) === started) inFlight.delete(key);
      },
    });
    held.add(started);
    if (key !== undefined) inFlight.set(key, started);
    return started.join(call.signal);
  }

  /** clerk-js's own sign-out hangs for as long as its request does: that gets an end, and its answer is noted. */
  async function signOut(
    request: ClerkRequest,
    input: FetchInput,
    init: RequestInit,
    call: FetchCall,
  ): Promise<Response> {
    const controller = new AbortController();
    const follow = (): void => controller.abort(call.signal?.reason);
    if (call.signal?.aborted) follow();
    call.signal?.addEventListener('abort', follow);
    const undo = clock.setTimer(() => {
      report({ type: 'request_released', request: 'sign_out', reason: 'hold_spent' });
      controller.abort(new DOMException(`No answer within ${holdLimits.signOutMs} ms.`, 'TimeoutError'));
    }, holdLimits.signOutMs);
    try {
      const response = await Reflect.apply(wire.fetch, undefined, [input, { ...init, signal: controller.signal }]);
      heardFrom(request);
      noteSignOut(request, response.status, await response.clone().text());
      return response;
    } finally {
      undo();
      call.signal?.removeEventListener('abort', follow);
    }
  }

  /** Never touched, but listened to: an answer is news of the network, and a 401 makes clerk-js doubt the session. */
  function observed(request: ClerkRequest, response: Promise<Response>): Promise<Response> {
    const listen = async (answer: Response): Promise<void> => {
      heardFrom(request);
      // Only a 401 has to be read.
      noteStatus(request, answer.status, answer.status === 401 ? await answer.clone().text() : '');
    };
    response.then(listen).catch(() => {});
    return response;
  }

  /** All that is left when the guard steps aside: whoever signs out still has to learn whether the session is over. */
  function overheard(request: ClerkRequest, response: Promise<Response>): Promise<Response> {
    const { kind, sessionId } = request;
    if (sessionId) ledger.know(sessionId);
    if (kind !== 'sign_out' && kind !== 'client') return response;
    const [at, sent] = [clock.now(), ledger.send()];
    const listen = async (answer: Response): Promise<void> => {
      const text = await answer.clone().text();
      if (kind === 'sign_out') noteSignOut(request, answer.status, text);
      else noteClient(request, judgeAnswer(kind, answer, text, at), at, sent);
    };
    response.then(listen).catch(() => {});
    return response;
  }

  function fetch(this: unknown, ...args: [input: FetchInput, init?: RequestInit]): Promise<Response> {
    if (!installed || !looksLikeClerk(urlOf(args[0]))) return Reflect.apply(wire.fetch, this, args);
    const [input, init = {}] = args;
    const call = readFetchCall(input, init);
    const request = readClerkRequest(call.url, call.method, connectivity.baseUrl);
    if (!request) return Reflect.apply(wire.fetch, this, args);
    if (request.kind === 'client') lacksClient = true;
    if (!isEnabled() || !isKnown(request)) return overheard(request, Reflect.apply(wire.fetch, this, args));
    if (request.sessionId) ledger.know(request.sessionId);
    if (request.kind === 'sign_out') return signOut(request, input, init, call);
    const ended = request.sessionId !== undefined && ledger.isEnded(request.sessionId);
    if (request.kind === 'other' || ended || !call.replayable || call.signal?.aborted) {
      return observed(request, Reflect.apply(wire.fetch, this, args));
    }
    return guarded(request, call);
  }

  target.fetch = fetch;
  report({ type: 'guard_installed' });

  return {
    wire,
    get standsAside() {
      return warnedOf.size > 0;
    },
    get client() {
      return ledger.client;
    },
    get lacksClient() {
      return lacksClient;
    },
    isRevoked: (sessionId) => ledger.isRevoked(sessionId),
    endSession(sessionId) {
      ledger.end(sessionId);
      // What else is in doubt is another session, which is not to end with this one.
      const isShared = ledger.hasDoubt() || ledger.hasOthers();
      letGo((request) => (request.kind === 'client' && !isShared) || request.sessionId === sessionId);
      minded();
    },
    wake: () => wake('recovery'),
    retryNow: () => wake('recovery', { now: true }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    uninstall() {
      if (!installed) return;
      installed = false;
      if (target.fetch === fetch) {
        if (ownFetch) target.fetch = native;
        else Reflect.deleteProperty(target, 'fetch');
      }
      letGo(() => true, 'aborted');
      ledger.forgetDoubts();
      minded();
      listeners.clear();
    },
  };
}

function remember<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
