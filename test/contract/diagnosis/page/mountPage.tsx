import {
  AuthErrorHandler,
  type AuthEvent,
  ConvexClerkProvider,
  type ReportedFinding,
  useAuthHealth,
  useUserSync,
} from 'clerk-convex-resilience';
import { ConvexReactClient, useConvexAuth, useMutation, useQuery } from 'convex/react';
import { ConvexProviderWithClerk } from 'convex/react-clerk';
import { makeFunctionReference } from 'convex/server';
import { type ComponentProps, type ComponentType, type ReactNode, StrictMode, useEffect, useLayoutEffect } from 'react';
import { createRoot } from 'react-dom/client';

/** The exports of a Clerk package that the page uses, and the provider that is bound to it. */
export interface DiagnosisKit {
  readonly ClerkProvider: ComponentType<Record<string, unknown> & { children: ReactNode }>;
  readonly AllInOne: ComponentType<Record<string, unknown> & { children: ReactNode }>;
  readonly useAuth: ComponentProps<typeof ConvexProviderWithClerk>['useAuth'];
}

/** What was to be seen, each time that it changed. */
export interface DiagnosisSeen {
  readonly convex: 'loading' | 'authenticated' | 'signed_out';
  /** `useAuthHealth().status`, and the kind of its failure. */
  readonly health?: string;
  /** Codes of `health.findings`. */
  readonly findings?: readonly string[];
  /** `useUserSync().status`, and the codes of its findings. */
  readonly sync?: string;
  /** `health.findings`, all that an app gets of them. */
  readonly whole?: readonly ReportedFinding[];
}

declare global {
  interface Window {
    diagnosisPage: { readonly seen: DiagnosisSeen[]; readonly events: AuthEvent[] };
  }
}

const store = makeFunctionReference<'mutation', Record<string, never>>('users:store');
const whoami = makeFunctionReference<'query', Record<string, never>, string | null>('site:whoami');

/**
 * Renders an app that says who its user is, with the handler in development; in StrictMode. At `?store` it stores the user
 * besides, as many apps do it, and at `?sync` as this library does.
 */
export function mountPage({ ClerkProvider, AllInOne, useAuth }: DiagnosisKit): void {
  const { side, convex, clerk } = window.sessionsSettings;
  window.diagnosisPage = { seen: [], events: [] };
  const client = new ConvexReactClient(convex, { unsavedChangesWarning: false });
  const onEvent = (event: AuthEvent): void => void window.diagnosisPage.events.push(event);
  const app = (
    <>
      {new URLSearchParams(location.search).has('store') && <StoredUser useAuth={useAuth} />}
      <App />
    </>
  );
  const ours = (
    <>
      <AuthErrorHandler />
      <Health />
      {new URLSearchParams(location.search).has('sync') && <Synced />}
      {app}
    </>
  );
  const sides = {
    plain: (
      <ClerkProvider {...clerk} telemetry={false}>
        <ConvexProviderWithClerk client={client} useAuth={useAuth}>
          {app}
        </ConvexProviderWithClerk>
      </ClerkProvider>
    ),
    'drop-in': (
      <ClerkProvider {...clerk} telemetry={false}>
        <ConvexClerkProvider client={client} useAuth={useAuth} onEvent={onEvent}>
          {ours}
        </ConvexClerkProvider>
      </ClerkProvider>
    ),
    'all-in-one': (
      <AllInOne
        {...('convexUrl' in clerk ? {} : { client })}
        {...clerk}
        telemetry={false}
        onEvent={onEvent}
        fallback={
          <>
            <AuthErrorHandler />
            <Health />
          </>
        }
      >
        {ours}
      </AllInOne>
    ),
  };
  createRoot(document.getElementById('root') as HTMLElement).render(<StrictMode>{sides[side]}</StrictMode>);
}

function App() {
  const { isLoading, isAuthenticated } = useConvexAuth();
  const convex = isLoading ? 'loading' : isAuthenticated ? 'authenticated' : 'signed_out';
  useLayoutEffect(() => see({ convex }), [convex]);
  return <p id="me">{useQuery(whoami)}</p>;
}

/** As many apps do it: the user is stored when Clerk says that somebody is signed in. */
function StoredUser({ useAuth }: Pick<DiagnosisKit, 'useAuth'>) {
  const { isSignedIn } = useAuth();
  const storeUser = useMutation(store);
  useEffect(() => {
    if (isSignedIn) void storeUser({});
  }, [isSignedIn, storeUser]);
  return null;
}

function Health() {
  const health = useAuthHealth();
  const kind = 'failure' in health && health.failure ? ` ${health.failure.kind}` : '';
  const text = `${health.status}${kind}`;
  const codes = codesOf(health);
  const whole = ('findings' in health && health.findings) || none;
  useLayoutEffect(() => see({ health: text, findings: codes.split(',').filter(Boolean), whole }), [text, codes, whole]);
  return null;
}

function Synced() {
  const sync = useUserSync(store);
  const text = `${sync.status} ${codesOf(sync)}`.trim();
  useLayoutEffect(() => see({ sync: text }), [text]);
  return null;
}

const none: readonly ReportedFinding[] = [];
const codesOf = (state: object): string =>
  ((state as { readonly findings?: readonly ReportedFinding[] }).findings ?? []).map(({ code }) => code).join();

function see(change: Partial<DiagnosisSeen>): void {
  const { seen } = window.diagnosisPage;
  seen.push({ convex: 'loading', ...seen.at(-1), ...change });
}
