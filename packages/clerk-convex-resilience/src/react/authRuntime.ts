import { createConfiguredReport } from '../config/createConfiguredReport.ts';
import { type ClerkFetchGuard, retainClerkFetchGuard } from '../core/clerkFetchGuard.ts';
import { holdLimits, sessionCookie } from '../core/clerkHolds.ts';
import type { Clock } from '../core/clock.ts';
import type { Connectivity, PageActions } from '../core/connectivity.ts';
import type { AuthEvent, AuthEventBody } from '../core/events.ts';
import type { AuthFailure } from '../core/failure.ts';
import { type AuthHealth, deriveHealth, type IdentityState } from '../core/health.ts';
import { readClaims } from '../core/jwt.ts';
import type { RetryPolicy } from '../core/policy.ts';
import { createSignOut, type SignOut, type SignOutMark } from '../core/signOut.ts';
import { createTokenSource, type TokenSource } from '../core/tokenSource.ts';
import type { ClerkAuth, ClerkLike } from './clerkTypes.ts';
import { type ConvexAuthFacade, createConvexAuthFacade } from './convexAuthFacade.ts';
import { createConvexToken } from './convexToken.ts';
import type { ConvexClientLike } from './convexTypes.ts';
import type { AuthPhase } from './phase.ts';
import { restoreSession } from './restoreSession.ts';
import { tryToken } from './tryToken.ts';
import { type ClerkSignOut, wrapSignOut } from './wrapSignOut.ts';

export interface AuthRuntimeOptions {
  readonly client: ConvexClientLike;
  readonly guardRequests: boolean | (() => boolean);
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly connectivity: Connectivity;
  readonly page: PageActions;
  readonly onEvent: (event: AuthEvent) => void;
}

/**
 * The parts of one provider, put together: everything that is not rendering. The provider tells it what Clerk says
 * (`seen`), and in effects what came of it; components subscribe to it.
 */
export interface AuthRuntime {
  readonly clock: Clock;
  readonly connectivity: Connectivity;
  readonly page: PageActions;
  readonly facade: ConvexAuthFacade;
  readonly source: TokenSource;
  readonly signOuts: SignOut;
  /** Wraps `fetch`. Returns its own undo. */
  guardFetch(): () => void;
  /** From mount to unmount. Returns its own undo. */
  start(): () => void;
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
}

/** Clerk objects under which somebody was signed in: a page has one, and may mount more than one provider. */
const signedInOn = new WeakSet<ClerkLike>();

export function createAuthRuntime(options: AuthRuntimeOptions): AuthRuntime {
  const { client, clock, connectivity, policy } = options;
  let auth: ClerkAuth | null = null;
  let clerkProp: ClerkLike | undefined;
  let phase: AuthPhase = 'starting';
  let identity: IdentityState = { status: 'none' };
  let nothing = false;
  let guard: ClerkFetchGuard | null = null;
  let health: AuthHealth = { status: 'starting' };
  /** Why the last session ended, when nobody signed out of it here. */
  let ended: AuthFailure | null = null;
  const listeners = new Set<() => void>();
  const retryListeners = new Set<() => void>();

  const report = (body: AuthEventBody): void => options.onEvent({ at: clock.now(), ...body } as AuthEvent);
  const configured = createConfiguredReport(report);
  const clerk = (): ClerkLike | undefined => clerkProp ?? (connectivity.readGlobal('Clerk') as ClerkLike | undefined);
  const isSignedIn = (): boolean => phase === 'signed_in' && !isSignedOutHere();
  /** Signed out of this session, and not rendered yet. */
  const isSignedOutHere = (): boolean => !!auth?.sessionId && auth.sessionId === signOuts.signedOutOf();

  function update(): void {
    const next = currentHealth();
    if (sameHealth(health, next)) return;
    if (health.status !== next.status) report({ type: 'health_changed', from: health.status, to: next.status });
    health = next;
    for (const listener of [...listeners]) listener();
  }
  function currentHealth(): AuthHealth {
    if (phase === 'starting') return { status: 'starting' };
    return isSignedIn()
      ? deriveHealth(source.trouble(), identity)
      : { status: 'signed_out', ...(ended && { failure: ended }) };
  }

  const convexToken = createConvexToken();
  const source: TokenSource = createTokenSource({
    clock,
    connectivity,
    policy,
    report,
    session: () => `${auth?.sessionId} ${auth?.orgId} ${auth?.orgRole}`,
    getToken: async ({ fresh }) => (auth ? convexToken(auth, fresh) : null),
    tryToken: (token, signal) =>
      tryToken({ url: client.url, fetch: (...args) => globalThis.fetch(...args), clock }, token, signal),
  });

  const signOuts = createSignOut({
    clock,
    connectivity,
    policy,
    report,
    isRevoked: (sessionId) =>
      guard ? guard.isRevoked(sessionId) : clerk()?.client?.sessions?.every(({ id }) => id !== sessionId) === true,
    revoke: (mark) => revoke(mark),
  });

  const facade = createConvexAuthFacade({
    client,
    source,
    clock,
    report,
    isSignedIn,
    onIdentity(status) {
      if (identity.status !== status) identity = status === 'none' ? { status } : { status, since: clock.now() };
      update();
    },
  });

  /** Clerk's own sign-out, past our wrapper. */
  let clerkSignOut: ClerkSignOut | null = null;
  async function revoke({ sessionId, scope, sessions = [] }: SignOutMark): Promise<unknown> {
    const instance = clerk();
    if (!instance?.loaded) return Promise.reject(new Error('Clerk is not loaded yet'));
    // From here on a GET /client that no longer has the session is a confirmation, also of one that an earlier page ended.
    guard?.endSession(sessionId);
    const there = instance.client?.sessions ?? [];
    const isAll = scope === 'browser' && there.every(({ id }) => id === sessionId || sessions.includes(id));
    const active = instance.session?.id ?? sessionId;
    if (isAll || active === sessionId) {
      const call = clerkSignOut ?? (instance.signOut?.bind(instance) as ClerkSignOut | undefined);
      // A callback instead of a redirect: the user may have gone elsewhere since.
      await call?.(() => {}, ...(isAll ? [] : [{ sessionId }]));
    } else {
      // Another session is active here, or began since. Clerk's own would end the only one that it knows, whichever is named
      // (Clerk#signOut, 5.128.0 and 6.40.0).
      await there.find(({ id }) => id === sessionId)?.remove?.();
    }
    // No confirmation: Clerk believed that there was nothing to end. Its server knows.
    if (guard && !guard.isRevoked(sessionId)) await instance.client?.reload?.();
  }
  function endHere(sessionId: string): void {
    source.endSession();
    facade.signOut();
    guard?.endSession(sessionId);
    update();
  }
  function signOutWith(first: () => Promise<unknown>, scope: SignOutMark['scope']): Promise<void> {
    // Also of a session that Clerk has not loaded yet.
    const sessionId = auth?.sessionId ?? sessionInCookie();
    if (!sessionId) return clerk()?.loaded ? first().then(ignore, ignore) : Promise.resolve();
    const sessions = clerk()?.client?.sessions?.map(({ id }) => id) ?? [];
    return signOuts.begin({ sessionId, scope, sessions }, () => {
      endHere(sessionId);
      return first();
    });
  }
  const sessionInCookie = (): string | undefined => readClaims(connectivity.readCookie(sessionCookie) ?? '')?.sid;
  const signOut = (): Promise<void> =>
    signOutWith(
      // A Clerk that is not there yet would keep the wish to itself.
      () => (clerk()?.loaded && (clerk()?.signOut as ClerkSignOut | undefined)?.()) || Promise.resolve(),
      'browser',
    );
  const signOutWrapper = wrapSignOut({
    clerk,
    connectivity,
    currentSession: () => (isSignedIn() ? auth?.sessionId : null),
    signOut: signOutWith,
    onOriginal: (original) => {
      clerkSignOut = original;
    },
  });

  function guardFetch(): () => void {
    if (options.guardRequests === false) return () => {};
    const retained = retainClerkFetchGuard({
      clock,
      connectivity,
      policy,
      enabled: options.guardRequests,
      onEvent(event) {
        options.onEvent(event);
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
    page: options.page,
    facade,
    source,
    signOuts,
    guardFetch,
    start() {
      const stops = [source.subscribe(update), signOuts.subscribe(update), signOutWrapper.undo, signOuts.stop];
      return () => {
        for (const stop of stops) stop();
      };
    },
    seen(nextAuth, nextClerk, nextPhase) {
      if (phase === 'signed_in' && nextPhase === 'signed_out') {
        const why =
          health.status === 'blocked' && health.failure.kind === 'account_blocked' ? health.failure : sessionEnded;
        ended = isSignedOutHere() ? null : why;
      } else if (nextPhase !== 'signed_out') ended = null;
      auth = nextAuth;
      clerkProp = nextClerk;
      phase = nextPhase;
      const page = clerk();
      configured(client.url, page?.publishableKey);
      if (page && nextAuth.isSignedIn) signedInOn.add(page);
      const mark = signOuts.pending();
      if (nextAuth.isLoaded) signOutWrapper.apply();
      // Also when another session is active here: the wish was for that one.
      if (mark && nextAuth.isLoaded) signOuts.resume();
      update();
    },
    wasSignedIn: () => {
      const page = clerk();
      return page !== undefined && signedInOn.has(page);
    },
    sessionInCookie,
    clerkStatus: () => clerk()?.status,
    nothingToRestore: () => nothing,
    restore: () =>
      restoreSession({
        clerk,
        clock,
        connectivity,
        policy,
        report,
        onRetry: (listener) => {
          retryListeners.add(listener);
          return () => retryListeners.delete(listener);
        },
        onNothing: () => {
          nothing = true;
          update();
          for (const listener of [...listeners]) listener();
        },
      }),
    hasSignOfSession: () => {
      const lastSeen = connectivity.readCookie(/^__client_uat(_|$)/);
      return (lastSeen !== undefined && lastSeen !== '0') || connectivity.readCookie(sessionCookie) !== undefined;
    },
    signOut,
    async signIn() {
      // Without a redirect URL both majors lead back to this page (Clerk#buildSignInUrl, 5.128.0 and 6.40.0).
      await clerk()?.redirectToSignIn?.();
    },
    async resetLocalAuth() {
      // The mark first: Clerk's cookie of this browser is out of a page's reach, and would bring the session back.
      const done = signOut().catch(ignore);
      options.page.forget(keptByClerk);
      await Promise.race([done, clock.sleep(holdLimits.signOutMs)]);
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
    health: () => health,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const ignore = (): void => {};

/**
 * Cookies and stored texts of clerk-js 5.128.0 and 6.40.0, with and without the suffix of the instance. Not ours: the mark of
 * the sign-out has to outlive them.
 */
const keptByClerk = /^(__session|__client_uat|__clerk|clerk_)/;

const sessionEnded: AuthFailure = { kind: 'session_ended', retryable: false, source: 'clerk' };
const noAnswer: AuthFailure = { kind: 'timeout', retryable: true, source: 'browser' };

function sameHealth(a: AuthHealth, b: AuthHealth): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof AuthHealth>;
  return [...keys].every((key) => a[key] === b[key]);
}
