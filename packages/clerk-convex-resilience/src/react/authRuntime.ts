import { createConfiguredReport } from '../config/createConfiguredReport.ts';
import { parsePublishableKey } from '../config/publishableKey.ts';
import { classifyTokenError } from '../core/classifyTokenError.ts';
import { type ClerkFetchGuard, retainClerkFetchGuard } from '../core/clerkFetchGuard.ts';
import { sessionCookie } from '../core/clerkHolds.ts';
import type { Clock } from '../core/clock.ts';
import type { Connectivity, PageActions } from '../core/connectivity.ts';
import type { AuthEvent, AuthEventBody } from '../core/events.ts';
import type { AuthFailure } from '../core/failure.ts';
import { type AuthHealth, deriveHealth, type IdentityState, needsAPerson } from '../core/health.ts';
import { readClaims } from '../core/jwt.ts';
import type { AuthLogger } from '../core/milestones.ts';
import type { RetryPolicy } from '../core/policy.ts';
import { sameFields } from '../core/sameFields.ts';
import { createSignOut, type SignOut } from '../core/signOut.ts';
import { everyone } from '../core/signOutMark.ts';
import type { TokenState, Trouble } from '../core/tokenMachine.ts';
import { createTokenSource, type TokenSource } from '../core/tokenSource.ts';
import type { ClerkAuth, ClerkLike } from './clerkTypes.ts';
import { type ConvexAuthFacade, createConvexAuthFacade } from './convexAuthFacade.ts';
import { createConvexToken } from './convexToken.ts';
import type { ConvexClientLike } from './convexTypes.ts';
import { createDiagnosis } from './createDiagnosis.ts';
import { createOwnToken } from './ownToken.ts';
import type { AuthPhase } from './phase.ts';
import { reloadClient, signedInSessions } from './reloadClient.ts';
import { restoreSession } from './restoreSession.ts';
import { type TryTokenOptions, tryToken } from './tryToken.ts';
import { wakeWithSocket } from './wakeWithSocket.ts';
import { type ClerkSignOut, wrapSignOut } from './wrapSignOut.ts';

export interface AuthRuntimeOptions {
  readonly client: ConvexClientLike;
  /** Clerk's object, where the first render has it. */
  readonly clerk?: ClerkLike | undefined;
  readonly guardRequests: boolean | (() => boolean);
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly connectivity: Connectivity;
  readonly page: PageActions;
  readonly onEvent: (event: AuthEvent) => void;
  /** Where a finding is written when something is refused. @defaultValue `console` */
  readonly logger?: (() => AuthLogger | undefined) | undefined;
  /** What the app says of who looks at it. @defaultValue by `NODE_ENV` */
  readonly development?: (() => boolean | undefined) | undefined;
}

/**
 * The parts of one provider, put together: everything that is not rendering. The provider tells it what Clerk says
 * (`seen`), and in effects what came of it; components subscribe to it.
 */
export interface AuthRuntime {
  readonly clock: Clock;
  readonly connectivity: Connectivity;
  readonly policy: RetryPolicy;
  readonly page: PageActions;
  readonly facade: ConvexAuthFacade;
  readonly source: TokenSource;
  readonly signOuts: SignOut;
  /** Wraps `fetch`. Returns its own undo. */
  guardFetch(): () => void;
  /** From mount to unmount. Returns its own undo. */
  start(): () => void;
  /** What is being committed, before any effect of it and before the cleanup of the last one's. */
  shows(phase: AuthPhase): void;
  /** Clerk's newest word, from the newest render that was committed. */
  seen(auth: ClerkAuth, clerk: ClerkLike | undefined, phase: AuthPhase): void;
  /** Was somebody signed in on this page, under whatever provider? */
  wasSignedIn(): boolean;
  /** The session that this browser's cookie names, read without Clerk; undefined when there is none. */
  sessionInCookie(): string | undefined;
  /** Clerk's own status, when it tells. */
  clerkStatus(): string | undefined;
  /** Clerk's server said, after a load that failed, that this browser has no session. */
  nothingToRestore(): boolean;
  /** Brings back the session that a page load in an outage could not read. Returns its own undo. */
  restore(): () => void;
  /** Has this page a sign that somebody was signed in here? */
  hasSignOfSession(): boolean;
  signOut(): Promise<void>;
  /** Leads to Clerk's sign-in page and back to this one. */
  signIn(): Promise<void>;
  /** Signs out, and forgets what this browser keeps of Clerk's. */
  resetLocalAuth(): Promise<void>;
  /** A person asks: tries now instead of waiting. Resolves when that is answered, at once where nobody waits. */
  retry(): Promise<void>;
  /** The newest health; the same object until it changes. */
  health(): AuthHealth;
  subscribe(listener: () => void): () => void;
  /** Every event from now on, after the app's own listener. Returns its own undo. */
  onEvent(listener: (event: AuthEvent) => void): () => void;
  /** Tells the listeners of an event. */
  report(event: AuthEventBody): void;
  /** Where a line is written that has to be seen, whoever looks: the app's own logger, or the console. */
  logger(): AuthLogger;
  /** What the app says of who looks at it: a developer, or anybody. */
  development(): boolean | undefined;
  /** Whose session this is; null when nobody is signed in, and while Clerk is ahead of what is rendered. */
  profile(): AuthProfile | null;
  /** Calls back when Clerk has changed something of it. Returns its own undo. */
  onProfile(listener: () => void): () => void;
  /** Asks Clerk's server for the user (GET /me), and puts the answer in the place of a stand-in. Rejects when there is none in time. */
  reloadProfile(): Promise<void>;
  /**
   * Has Convex take a token of now, and waits for its word, where the one that it has was made before the profile changed: it says what is in that.
   * `leniently`: not where that was in the same second, which a token tells no better.
   */
  renewToken(leniently: boolean): Promise<void>;
  /** What there is to look at, for devtools. */
  inspect(): AuthInspection;
}

/** Which session, and which version of its user's profile. */
export interface AuthProfile {
  readonly sessionId: string;
  /** `updatedAt` of Clerk's user, in milliseconds since the epoch; undefined where Clerk's object is out of reach. */
  readonly updatedAt: number | undefined;
}

/** What a runtime knows. `token` holds the token itself: to be looked at, never to be shown. */
export interface AuthInspection {
  readonly phase: AuthPhase;
  readonly identity: IdentityState;
  readonly token: TokenState;
  /** Null where `fetch` is left alone. */
  readonly guard: Pick<ClerkFetchGuard, 'wire'> | null;
}

/** Without the guard a request of clerk-js may hang for as long as its socket does: after a minute it is asked anew. */
const unguardedMs = 60_000;

/**
 * So long a reset waits for Clerk, in milliseconds: the page shows its sign-in by then, and is about to be loaded anew. What
 * Clerk has not heard by then it hears after that.
 */
const resetMs = 1_000;

/** Clerk objects under which somebody was signed in: a page has one, and may mount more than one provider. */
const signedInOn = new WeakSet<ClerkLike>();

export function createAuthRuntime(options: AuthRuntimeOptions): AuthRuntime {
  const { client, clock, policy } = options;
  const connectivity = wakeWithSocket(options.connectivity, client, clock);
  let auth: ClerkAuth | null = null;
  let clerkProp = options.clerk;
  let phase: AuthPhase = 'starting';
  let shown: AuthPhase = 'starting';
  /** Nobody heard of a sign-out between a `start` that was undone and the next word: `<Activity>` hides a provider for a while. */
  let isListening = false;
  let identity: IdentityState = { status: 'none' };
  let nothing = false;
  let guard: ClerkFetchGuard | null = null;
  /** As it was told last. */
  let health: AuthHealth = { status: 'starting' };
  /** As somebody found it who looked: a token expires, and nothing tells of it. */
  let found: AuthHealth | null = null;
  /** Why Clerk cannot load here: it refuses this page. */
  let refused: AuthFailure | null = null;
  /** Why Convex does not confirm a token: what its client has logged, or that it is silent. */
  let unconfirmed: Trouble | null = null;
  /** Why the last session ended, when nobody signed out of it here. */
  let ended: AuthFailure | null = null;
  const listeners = new Set<() => void>();
  const retryListeners = new Set<() => void>();

  const profileListeners = new Set<() => void>();
  const tellProfile = (): void => {
    for (const listener of [...profileListeners]) listener();
  };
  /** Clerk's object that is listened to while somebody wants to know of the profile. It may come late. */
  let watched: ClerkLike | undefined;
  let stopWatching = ignore;
  function watchProfile(): void {
    const next = profileListeners.size > 0 ? clerk() : undefined;
    if (next === watched) return;
    stopWatching();
    watched = next;
    stopWatching = next?.addListener?.(tellProfile) ?? ignore;
  }

  const eventListeners = new Set<(event: AuthEvent) => void>([options.onEvent]);
  const emit = (event: AuthEvent): void => {
    for (const listener of [...eventListeners]) listener(event);
  };
  const report = (body: AuthEventBody): void => emit({ at: clock.now(), ...body } as AuthEvent);
  const logger = (): AuthLogger => options.logger?.() ?? console;
  const development = (): boolean | undefined => options.development?.();
  const configured = createConfiguredReport(report);
  const clerkOfPage = (): ClerkLike | undefined => connectivity.readGlobal('Clerk') as ClerkLike | undefined;
  const clerk = (): ClerkLike | undefined => clerkProp ?? clerkOfPage();
  const isSignedIn = (): boolean => phase === 'signed_in' && !isSignedOutHere();
  /** Signed out of this session, and not rendered yet. */
  const isSignedOutHere = (): boolean => isSignedOutOf(sessionHere()) || isSignedOutOf(everyone);
  const sessionHere = (): string => auth?.sessionId ?? everyone;
  const isSignedOutOf = (sessionId: string): boolean => signOuts.signedOutOf().has(sessionId);

  function update(): void {
    const next = currentHealth();
    if (sameFields(health, next)) return;
    const from = health.status;
    // First: who hears of it may act at once, and what comes of that is newer.
    health = found && sameFields(found, next) ? found : next;
    if (from !== next.status) report({ type: 'health_changed', from, to: next.status });
    for (const listener of [...listeners]) listener();
  }
  function healthNow(): AuthHealth {
    const trouble = health.status === 'healthy' && isSignedIn() ? source.trouble() : null;
    if (!trouble) return health;
    const next = deriveHealth(trouble, identity);
    if (found && sameFields(found, next)) return found;
    found = next;
    // The others are told after this render.
    void Promise.resolve().then(update);
    return next;
  }
  function setIdentity(status: IdentityState['status']): void {
    if (status !== 'lost') unconfirmed = null;
    if (identity.status !== status) identity = status === 'none' ? { status } : { status, since: clock.now() };
    update();
  }
  /** That Convex refused a token says less than why. */
  function troubleNow(): Trouble | null {
    const trouble = source.trouble();
    return trouble && trouble.failure.kind !== 'unknown' ? trouble : (unconfirmed ?? trouble);
  }
  async function askWhySilent(signal: AbortSignal): Promise<void> {
    const token = source.lastToken();
    const asked = token && (await import('./askWhySilent.ts')).askWhySilent(convexApi, token, signal);
    const failure = await asked;
    if (failure && !signal.aborted) sawWhy(failure, token);
  }
  function sawWhy(failure: AuthFailure, token: string | null): void {
    tried = token ?? tried;
    unconfirmed = { failure, since: unconfirmed?.since ?? clock.now(), attempts: 0, nextAttemptAt: null };
    update();
  }
  function currentHealth(): AuthHealth {
    const isStarting = phase === 'starting' && !isSignedOutHere();
    const trouble = isSignedIn() ? troubleNow() : null;
    diagnosis.saw(isStarting ? refused : (trouble?.failure ?? null));
    const findings = diagnosis.findings();
    if (isStarting) {
      return { status: 'starting', ...(refused && { failure: refused }), ...(findings.length > 0 && { findings }) };
    }
    return isSignedIn()
      ? deriveHealth(trouble, identity, findings)
      : { status: 'signed_out', ...(ended && { failure: ended }) };
  }

  const convexApi: TryTokenOptions = { url: client.url, fetch: (...args) => globalThis.fetch(...args), clock };
  const ownToken = createOwnToken(createConvexToken());
  const source: TokenSource = createTokenSource({
    clock,
    connectivity,
    policy,
    report,
    session: () => `${auth?.sessionId} ${auth?.orgId} ${auth?.orgRole}`,
    onUnconfirmed() {
      if (identity.status === 'confirmed') setIdentity('lost');
    },
    getToken: async ({ fresh }) => (auth ? ownToken(auth, fresh) : null),
    // With the guard no request of clerk-js hangs; where it may be off, or stands aside, one may.
    deadlineMs: () => (options.guardRequests === true && !guard?.standsAside ? undefined : unguardedMs),
    tryToken(token, signal) {
      tried = token;
      return tryToken(convexApi, token, signal);
    },
  });
  /** The token that Convex was asked about last. */
  let tried: string | null = null;
  const diagnosis = createDiagnosis(
    {
      client,
      clock,
      connectivity,
      source: { ...source, trouble: troubleNow },
      clerk,
      report,
      auth: () => auth,
      refusedToken: () => tried,
      logger,
      development,
    },
    () => update(),
  );

  const signOuts = createSignOut({
    instance: () => parsePublishableKey(clerk()?.publishableKey)?.frontendApi,
    clock,
    connectivity,
    policy,
    report,
    isRevoked: (sessionId) => guard?.isRevoked(sessionId) ?? false,
    sessions: async () => {
      // What this page knows of them may be from a load in an outage, or of before another tab signed in.
      const sessionIds = await reloadClient(clerk);
      nothing ||= sessionIds.length === 0;
      return sessionIds;
    },
    revoke: (sessionIds) => revoke(sessionIds),
  });
  const sessionsKnown = (): readonly string[] => signedInSessions(clerk());

  const facade = createConvexAuthFacade({
    client,
    source,
    clock,
    report,
    isSignedIn,
    isShownSignedOut: () => shown === 'signed_out',
    onShortLife: () => diagnosis.sawShortLife(),
    // What cannot be loaded is asked for again at the next silence.
    onSilence: (signal) => void askWhySilent(signal).catch(ignore),
    // Where the page's policy lets it reach the socket alone, this is the only word.
    isBlocked: () => unconfirmed !== null && needsAPerson(unconfirmed.failure),
    onRefusal(text) {
      const failure = classifyTokenError(new Error(text));
      if (failure.kind !== 'unknown') sawWhy(failure, source.lastToken());
    },
    onIdentity: setIdentity,
  });

  /** Clerk's own sign-out, past our wrapper. */
  let clerkSignOut: ClerkSignOut | null = null;
  async function revoke(sessionIds: readonly string[]): Promise<void> {
    const instance = clerk();
    const call = clerkSignOut ?? (instance?.signOut?.bind(instance) as ClerkSignOut | undefined);
    // A callback instead of a redirect: the user may have gone elsewhere since.
    if (sessionsKnown().every((id) => sessionIds.includes(id))) return void (await call?.(() => {}));
    for (const sessionId of sessionIds) {
      if ((instance?.session?.id ?? sessionId) === sessionId) await call?.(() => {}, { sessionId });
      // Another session is active here, or began since.
      else await instance?.client?.sessions?.find(({ id }) => id === sessionId)?.remove?.();
    }
  }
  function endHere(): void {
    tried = null;
    source.endSession();
    if (phase === 'signed_in') facade.signOut();
    heardOfSignOut();
  }
  /** Perhaps from another tab: what is held here for such a session is let go of. */
  function heardOfSignOut(): void {
    for (const sessionId of signOuts.pending()) if (sessionId !== everyone) guard?.endSession(sessionId);
    update();
  }
  const currentSession = (): string | null | undefined => (phase === 'signed_in' ? auth?.sessionId : undefined);
  /** The sessions that a sign-out ends, by the one that it names: none when Clerk's own is all that is needed. */
  function sessionsToEnd(named: string | undefined): readonly string[] {
    const current = currentSession();
    if (isSignedOutHere()) return [];
    if (named) return [named];
    // Nobody is active, and yet one may be listed: it has a task to do first (a pending session).
    if (phase === 'signed_out') return sessionsKnown().filter((id) => !isSignedOutOf(id));
    // A page that was loaded in an outage knows one session at most, and Clerk's own sign-out then does nothing, or ends only that.
    const isPartial = !current || (!guard?.client && clerk()?.status === 'degraded');
    return [...(current ? [current] : []), ...sessionsKnown(), ...(isPartial ? [everyone] : [])];
  }
  function signOutWith(first: () => Promise<unknown>, named?: string): Promise<unknown> {
    const sessionIds = sessionsToEnd(named);
    if (sessionIds.length === 0) return first();
    // Of another account it is no business of Convex's.
    const isOurs = sessionIds.includes(currentSession() ?? (sessionIds[0] as string));
    return signOuts.begin(sessionIds, () => {
      if (isOurs) endHere();
      return first();
    });
  }
  const sessionInCookie = (): string | undefined => readClaims(connectivity.readCookie(sessionCookie) ?? '')?.sid;
  async function signOut(): Promise<void> {
    // A Clerk that is not there yet would keep the wish to itself.
    const call = async (): Promise<unknown> => {
      const instance = clerk();
      if (!instance?.loaded) return;
      const theirs = instance.signOut as ClerkSignOut | undefined;
      // Without a network clerk-js signs out, and then goes where the app wants it: to the browser's own page of errors.
      return connectivity.isOnline() ? theirs?.() : theirs?.(() => {});
    };
    await signOutWith(call).catch(ignore);
  }
  const signOutWrapper = wrapSignOut({
    clerk,
    connectivity,
    signOut: signOutWith,
    onOriginal: (original) => {
      clerkSignOut = original;
    },
  });

  function profile(): AuthProfile | null {
    const sessionId = isSignedIn() ? auth?.sessionId : undefined;
    if (!sessionId) return null;
    const page = clerk();
    // Clerk's object may be ahead of what is rendered: another session's user is not this one's.
    const id = page?.session?.id ?? sessionId;
    if (id !== sessionId) return null;
    return { sessionId, updatedAt: page?.session ? page.user?.updatedAt?.getTime() : undefined };
  }

  function guardFetch(): () => void {
    if (options.guardRequests === false) return () => {};
    const retained = retainClerkFetchGuard({
      clock,
      connectivity,
      policy,
      enabled: options.guardRequests,
      onEvent(event) {
        emit(event);
        if (event.type === 'request_refused' && !auth?.isLoaded) {
          refused = { ...event.failure, retryable: false };
          update();
        }
        if (!('request' in event) || event.request !== 'tokens') return;
        if (event.type === 'request_failed') source.requestHeld({ ...event.failure, retryable: true }, event.retryInMs);
        if (event.type === 'request_hedged') source.requestHeld(noAnswer, 0);
      },
    });
    guard = retained.guard;
    return () => {
      retained.release();
      guard = null;
    };
  }

  return {
    clock,
    connectivity,
    policy,
    page: options.page,
    facade,
    source,
    signOuts,
    guardFetch,
    start() {
      const stops = [
        source.subscribe(update),
        signOuts.subscribe(heardOfSignOut),
        signOutWrapper.undo,
        signOuts.stop,
        diagnosis.start(),
      ];
      return () => {
        isListening = false;
        for (const stop of stops) stop();
      };
    },
    shows(nextPhase) {
      shown = nextPhase;
    },
    seen(nextAuth, nextClerk, nextPhase) {
      // It has loaded after all: what was refused before is mended, or was another instance's.
      if (nextAuth.isLoaded) refused = null;
      // What has waited for Clerk to load waits no longer.
      if (nextAuth.isLoaded && auth?.isLoaded === false) signOuts.stop();
      if (phase === 'signed_in' && nextPhase === 'signed_out' && isListening) {
        const why =
          health.status === 'blocked' && health.failure.kind === 'account_blocked' ? health.failure : sessionEnded;
        // Clerk lists it still, and not for want of an answer: `setActive({ session: null })`, or it has a task to do first.
        const isLeft = guard?.lacksClient === false && sessionsKnown().includes(sessionHere());
        ended = isSignedOutHere() || isLeft ? null : why;
      } else if (nextPhase !== 'signed_out') ended = null;
      const isAnother = auth?.sessionId !== nextAuth.sessionId;
      isListening = true;
      auth = nextAuth;
      clerkProp = nextClerk;
      phase = nextPhase;
      const page = clerk();
      configured(client.url, page?.publishableKey);
      if (page && nextAuth.isSignedIn) signedInOn.add(page);
      signOutWrapper.apply();
      // Also when another session is active here: the wish was for that one.
      if (nextAuth.isLoaded) signOuts.resume();
      update();
      watchProfile();
      // The health may be the same before and after.
      if (isAnother) tellProfile();
    },
    wasSignedIn: () => {
      const page = clerk();
      return page !== undefined && signedInOn.has(page);
    },
    sessionInCookie,
    // `useClerk()` of a package from before clerk-js 5.60 has none, where the clerk-js that it loads does.
    clerkStatus: () => clerk()?.status ?? clerkOfPage()?.status,
    nothingToRestore: () => nothing,
    restore: () =>
      restoreSession({
        clerk,
        clock,
        connectivity,
        policy,
        report,
        onRetry: addTo(retryListeners),
        isSignedOutOf,
        onNothing: () => {
          nothing = true;
          update();
          for (const listener of [...listeners]) listener();
        },
      }),
    // Several Clerk instances may share a domain: one without a user (0) says nothing of the others.
    hasSignOfSession: () =>
      (connectivity.readCookie(/^__client_uat(_|$)/, '0') ?? connectivity.readCookie(sessionCookie)) !== undefined,
    signOut,
    async signIn() {
      // Without a redirect URL both majors lead back to this page (Clerk#buildSignInUrl, 5.128.0 and 6.40.0).
      await clerk()?.redirectToSignIn?.();
    },
    async resetLocalAuth() {
      // The mark first: Clerk's cookie of this browser is out of a page's reach, and would bring the session back.
      const done = signOut();
      options.page.forget(keptByClerk);
      await Promise.race([done, clock.sleep(resetMs)]);
      // What clerk-js has written meanwhile.
      options.page.forget(keptByClerk);
    },
    retry() {
      const failures = source.trouble()?.attempts;
      source.retry();
      // The guard may be the one that waits.
      guard?.retryNow();
      for (const listener of [...retryListeners]) listener();
      if (failures === undefined || !source.isAsked()) return Promise.resolve();
      return new Promise((resolve) => {
        const undo = source.subscribe(() => {
          if (source.trouble()?.attempts === failures) return;
          undo();
          resolve();
        });
      });
    },
    health: healthNow,
    subscribe: addTo(listeners),
    onEvent: addTo(eventListeners),
    report,
    logger,
    development,
    profile,
    onProfile(listener) {
      profileListeners.add(listener);
      watchProfile();
      return () => {
        profileListeners.delete(listener);
        watchProfile();
      };
    },
    // No guard keeps this request from hanging.
    async reloadProfile() {
      const answered = new AbortController();
      const late = clock
        .sleep(policy.attemptTimeoutMs, answered.signal)
        .then(() => Promise.reject(new DOMException('No answer', 'TimeoutError')));
      await Promise.race([clerk()?.user?.reload?.(), late]).finally(() => answered.abort());
    },
    async renewToken(leniently) {
      const { iat } = readClaims(source.lastToken() ?? '') ?? {};
      const since = profile()?.updatedAt;
      if (iat === undefined || since === undefined || iat * 1000 + (leniently ? 999 : 0) >= since) return;
      // Null: for another session or organisation by now, whose client is armed already.
      if (!(await source.request({ fresh: true })) || !isSignedIn()) return;
      // Until Convex has taken it: what is called before stays in its queue, and would run for whoever comes next.
      const answered = new AbortController();
      const undo = addTo(eventListeners)(({ type }) => {
        if (/^(identity|health)_/.test(type)) answered.abort();
      });
      facade.rearm();
      await clock.sleep(policy.attemptTimeoutMs, answered.signal);
      undo();
    },
    inspect: () => ({ phase, identity, token: source.state(), guard }),
  };
}

const addTo =
  <T>(set: Set<T>) =>
  (item: T): (() => void) => {
    set.add(item);
    return () => set.delete(item);
  };

const ignore = (): void => {};

/**
 * Cookies and stored texts of clerk-js 5.128.0 and 6.40.0, with and without the suffix of the instance. Not ours: the mark of
 * the sign-out has to outlive them.
 */
const keptByClerk = /^(__session|__client_uat|__clerk|clerk_)/;

const sessionEnded: AuthFailure = { kind: 'session_ended', retryable: false, source: 'clerk' };
const noAnswer: AuthFailure = { kind: 'timeout', retryable: true, source: 'browser' };
