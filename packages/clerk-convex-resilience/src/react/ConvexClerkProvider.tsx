'use client';
import { ConvexProvider, ConvexProviderWithAuth, type ConvexReactClient } from 'convex/react';
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useInsertionEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { systemClock } from '../core/clock.ts';
import { browserConnectivity, browserPage } from '../core/connectivity.ts';
import { type AuthEvent, safely } from '../core/events.ts';
import { type AuthLogger, createEventLog } from '../core/milestones.ts';
import { type RetryPolicyOptions, resolvePolicy, retryPolicies } from '../core/policy.ts';
import type { AuthMessages } from '../locales/messages.ts';
import { AuthRuntimeContext } from './AuthRuntimeContext.ts';
import { type AuthRuntime, createAuthRuntime } from './authRuntime.ts';
import type { ClerkAuth, ClerkLike, UseClerkAuth } from './clerkTypes.ts';
import { tellOfOtherConvex, useOneReact } from './copies.ts';
import { DevelopmentContext, LocaleContext } from './LocaleContext.ts';
import { type AuthPhase, derivePhase, mayRestore, type PhaseEvidence } from './phase.ts';

export interface ConvexClerkProviderOptions {
  /**
   * How to wait between attempts. Read when the provider mounts. `retries` and `attemptTimeoutMs` are not consulted: a
   * session is not given up.
   * @defaultValue quick at first, then in proportion to the outage
   */
  readonly policy?: RetryPolicyOptions | undefined;
  /**
   * Retry Clerk's own requests where they fail. `false` leaves `fetch` alone; read when the provider mounts. A function is
   * asked at each of Clerk's requests: where it answers false the request passes unchanged, and only the answers of a
   * sign-out and of GET /client are listened to, so that a sign-out is known to be confirmed. It is asked again while one is
   * held: that is let go of with its next failure.
   * @defaultValue true
   */
  readonly guardRequests?: boolean | (() => boolean) | undefined;
  /** Gets every event, redacted: for logs and devtools. */
  readonly onEvent?: ((event: AuthEvent) => void) | undefined;
  /**
   * Gets the milestones (Convex URL and publishable key configured, token obtained, identity confirmed) as `info`, what
   * goes wrong as `warn` or `error`; with `debug`, every event as `debug`. Redacted as events are.
   * @defaultValue `console` with `debug`, nothing without
   */
  readonly logger?: AuthLogger | undefined;
  /** Writes the milestones and every event to `logger`, or to the console. @defaultValue false */
  readonly debug?: boolean | undefined;
  /** The language of every `AuthErrorHandler` below: one of `clerk-convex-resilience/locales/*`. @defaultValue English */
  readonly locale?: AuthMessages | undefined;
  /**
   * A developer looks at it: findings say what was seen and expected, and their lines in the console too. Otherwise both are
   * codes alone, for whoever reads them. Also what every `AuthErrorHandler` below takes for its own `development`.
   * @defaultValue whether `NODE_ENV` is `development` or `test`
   */
  readonly development?: boolean | undefined;
}

export interface ConvexClerkProviderProps extends ConvexClerkProviderOptions {
  readonly client: ConvexReactClient;
  /** Clerk's `useAuth`. */
  readonly useAuth: UseClerkAuth;
  /** Clerk's object, from `useClerk()`. @defaultValue `window.Clerk` */
  readonly clerk?: ClerkLike | undefined;
  readonly children?: ReactNode;
}

/**
 * Drop-in for `ConvexProviderWithClerk`: a signed-in user stays signed in through any network.
 *
 * Wrap it in Clerk's provider, as before. What is under it may use `useConvexAuth`, `<Authenticated>` and every other hook of
 * `convex/react` as before, and `useAuthHealth` of this library besides.
 * @throws AuthResilienceError `invalid_option` when `policy` is malformed
 */
export function ConvexClerkProvider(props: ConvexClerkProviderProps): ReactNode {
  useOneReact(props);
  const { client, useAuth, clerk, locale, development, children } = props;
  tellOfOtherConvex(client, props);
  const runtime = useRuntime(props);
  const auth = useLastWord(useAuth());
  const signedOutOf = useSyncExternalStore(runtime.signOuts.subscribe, runtime.signOuts.signedOutOf, nobody);
  const isSignOutPending = useSyncExternalStore(
    runtime.signOuts.subscribe,
    () => runtime.signOuts.pending().size > 0,
    no,
  );
  const nothingToRestore = useSyncExternalStore(runtime.subscribe, runtime.nothingToRestore, no);
  const clerkStatus = runtime.clerkStatus();

  const [wasSignedIn, setWasSignedIn] = useState(false);
  if (auth.isSignedIn && !wasSignedIn) setWasSignedIn(true);
  const evidence: PhaseEvidence = {
    auth,
    signedOutOf,
    // Read only where it matters: a cookie costs a parse.
    sessionInCookie: signedOutOf.size > 0 && !auth.isLoaded ? runtime.sessionInCookie() : undefined,
    wasSignedIn: wasSignedIn || runtime.wasSignedIn(),
    clerkStatus,
    nothingToRestore,
  };
  const phase = derivePhase(evidence);
  const restoring = mayRestore(evidence, isSignOutPending);

  const sessionId = phase === 'signed_in' ? auth.sessionId : null;
  const convexAuth = useMemo(
    () => ({
      isLoading: phase === 'starting',
      isAuthenticated: phase === 'signed_in',
      // A new identity makes Convex forget who it is, which is right when, and only when, the session is another one.
      fetchAccessToken: fetcherOf(runtime, sessionId),
    }),
    [runtime, phase, sessionId],
  );

  return (
    <AuthRuntimeContext.Provider value={runtime}>
      <Effects runtime={runtime} auth={auth} clerk={clerk} phase={phase} sessionId={sessionId} restoring={restoring} />
      <ConvexAuthContext.Provider value={convexAuth}>
        <ConvexProviderWithAuth client={runtime.facade} useAuth={useConvexAuthFromContext}>
          <ConvexProvider client={client}>
            <LocaleContext.Provider value={locale}>
              <DevelopmentContext.Provider value={development}>{children}</DevelopmentContext.Provider>
            </LocaleContext.Provider>
          </ConvexProvider>
        </ConvexProviderWithAuth>
      </ConvexAuthContext.Provider>
    </AuthRuntimeContext.Provider>
  );
}

type ConvexAuth = ReturnType<Parameters<typeof ConvexProviderWithAuth>[0]['useAuth']>;
type Fetcher = ConvexAuth['fetchAccessToken'];

const ConvexAuthContext = createContext<ConvexAuth>({
  isLoading: true,
  isAuthenticated: false,
  fetchAccessToken: () => Promise.resolve(null),
});
const useConvexAuthFromContext = (): ConvexAuth => useContext(ConvexAuthContext);

const none: ReadonlySet<string> = new Set();
const nobody = (): ReadonlySet<string> => none;
const no = (): boolean => false;

const fetcherOf =
  (runtime: AuthRuntime, _sessionId: string | null | undefined): Fetcher =>
  ({ forceRefreshToken }) =>
    runtime.source.request({ fresh: forceRefreshToken });

function useRuntime(props: ConvexClerkProviderProps): AuthRuntime {
  const latest = useRef(props);
  useInsertionEffect(() => {
    latest.current = props;
  });
  const create = (): AuthRuntime => {
    const tell = safely((event) => latest.current.onEvent?.(event));
    const log = safely(createEventLog(() => latest.current));
    return createAuthRuntime({
      client: props.client,
      clerk: props.clerk,
      guardRequests: props.guardRequests ?? true,
      policy: resolvePolicy(props.policy, retryPolicies.session),
      clock: systemClock,
      connectivity: browserConnectivity(),
      page: browserPage(),
      logger: () => latest.current.logger,
      development: () => latest.current.development,
      onEvent(event) {
        tell(event);
        log(event);
      },
    });
  };
  const [held, setHeld] = useState(() => ({ client: props.client, runtime: create() }));
  if (held.client === props.client) return held.runtime;
  const next = { client: props.client, runtime: create() };
  setHeld(next);
  return next.runtime;
}

/** Clerk's last word that was a word: clerk-js 6 takes `isLoaded` back during a sign-out and while it changes sessions. */
function useLastWord(auth: ClerkAuth): ClerkAuth {
  const [last, setLast] = useState(auth);
  if (!auth.isLoaded) return last;
  // Compared by what is read of it: Clerk does not promise the same object (its Expo hook makes a new one at each render).
  const same =
    last.isLoaded && last.sessionId === auth.sessionId && last.orgId === auth.orgId && last.orgRole === auth.orgRole;
  if (!same) setLast(auth);
  return auth;
}

/**
 * What a committed render means for the world outside React. It stands before `ConvexProviderWithAuth` in the tree, because
 * effects run in that order: the session has to be there before Convex asks for its token.
 */
function Effects({
  runtime,
  auth,
  clerk,
  phase,
  sessionId,
  restoring,
}: {
  runtime: AuthRuntime;
  auth: ClerkAuth;
  clerk: ClerkLike | undefined;
  phase: AuthPhase;
  sessionId: string | null | undefined;
  restoring: boolean;
}): null {
  // Before every other effect of the page, and so before the first request of a Clerk that is rendered with it.
  useInsertionEffect(() => runtime.guardFetch(), [runtime]);
  useInsertionEffect(() => runtime.shows(phase), [runtime, phase]);
  useEffect(() => runtime.start(), [runtime]);
  useEffect(() => runtime.seen(auth, clerk, phase));

  const parking = useRef<AuthRuntime | null>(null);
  useEffect(() => {
    parking.current = runtime;
    if (phase === 'starting' && runtime.hasSignOfSession()) runtime.facade.park();
    if (phase === 'signed_out') runtime.facade.unpark();
    // Unmounted while it is not known who it is: the app's client goes on without us. In StrictMode it is parked again first.
    return () => {
      parking.current = null;
      void Promise.resolve().then(() => {
        if (parking.current !== runtime) runtime.facade.unpark();
      });
    };
  }, [runtime, phase]);

  const organization = `${auth.orgId ?? ''} ${auth.orgRole ?? ''}`;
  const begun = useRef<{ sessionId: string; organization: string } | null>(null);
  useEffect(() => {
    if (!sessionId) return;
    runtime.source.startSession();
    return () => {
      begun.current = null;
      runtime.source.endSession();
    };
  }, [runtime, sessionId]);
  useEffect(() => {
    if (!sessionId) return;
    const before = begun.current;
    begun.current = { sessionId, organization };
    if (before?.sessionId !== sessionId || before.organization === organization) return;
    // The same user in another organisation: a new token, and nothing is unmounted or run as nobody meanwhile.
    runtime.source.startSession();
    runtime.facade.rearm();
  }, [runtime, sessionId, organization]);

  useEffect(() => (restoring ? runtime.restore() : undefined), [runtime, restoring]);
  return null;
}
