import { type AuthEvent, ConvexClerkProvider, createAuthFetch, useAuthHealth } from 'clerk-convex-resilience';
import { Authenticated, ConvexReactClient, useConvex, useConvexAuth, useQuery } from 'convex/react';
import { ConvexProviderWithClerk } from 'convex/react-clerk';
import { type ComponentProps, type ComponentType, type ReactNode, StrictMode, useEffect, useLayoutEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { api } from '../../../faults/page/api.ts';
import type { Seen } from './pageSettings.ts';

/** The exports of a Clerk package that the page uses, and the provider that is bound to it. */
export interface ClerkKit {
  readonly ClerkProvider: ComponentType<Record<string, unknown> & { children: ReactNode }>;
  readonly AllInOne: ComponentType<Record<string, unknown> & { children: ReactNode }>;
  readonly SignIn: ComponentType<{ routing: 'hash' }>;
  readonly useAuth: ComponentProps<typeof ConvexProviderWithClerk>['useAuth'];
  readonly useClerk: () => { readonly status?: string; signOut(options?: { sessionId?: string }): Promise<unknown> };
  /** clerk-js from the page's bundle. */
  readonly Clerk: unknown;
}

/** Notes what was tried again. */
const onEvent = (event: AuthEvent): void => {
  if (event.type === 'request_recovered') window.contractPage.recovered.push(event.request);
};

/** Goes somewhere without unloading the page, as an app with a router does: Clerk navigates after a sign-out. */
const navigate = (to: string): void => history.pushState(null, '', to);

/** Renders the app as the page's settings say, in StrictMode. */
export function mountPage(kit: ClerkKit): void {
  const { side, convex, clerk, bundled, signIn, guardRequests = true } = window.sessionsSettings;
  const clerkProps = {
    ...clerk,
    ...(bundled && { Clerk: kit.Clerk }),
    telemetry: false,
    routerPush: navigate,
    routerReplace: navigate,
  };
  window.contractPage = {
    seen: [],
    recovered: [],
    mounts: 0,
    signOut: () => Promise.resolve('the app is not mounted yet'),
    retry: () => {},
    signIn: () => Promise.resolve(),
    reset: () => Promise.resolve(),
    organization: () => undefined,
    post: () => Promise.resolve('the app is not mounted yet'),
    api: () => Promise.reject(new Error('the app is not mounted yet')),
  };
  const { ClerkProvider, AllInOne, SignIn, useAuth } = kit;
  const app = (
    <>
      <App kit={kit} />
      {signIn && <SignIn routing="hash" />}
    </>
  );
  const withHealth = (
    <>
      <Health />
      {app}
    </>
  );
  const client = new ConvexReactClient(convex, { unsavedChangesWarning: false });
  const sides = {
    plain: (
      <ClerkProvider {...clerkProps}>
        <ConvexProviderWithClerk client={client} useAuth={useAuth}>
          {app}
        </ConvexProviderWithClerk>
      </ClerkProvider>
    ),
    'drop-in': (
      <ClerkProvider {...clerkProps}>
        <ConvexClerkProvider client={client} useAuth={useAuth} guardRequests={guardRequests} onEvent={onEvent}>
          {withHealth}
        </ConvexClerkProvider>
      </ClerkProvider>
    ),
    'all-in-one': (
      <AllInOne {...clerkProps} client={client} guardRequests={guardRequests} onEvent={onEvent}>
        {withHealth}
      </AllInOne>
    ),
  };
  createRoot(document.getElementById('root') as HTMLElement).render(<StrictMode>{sides[side]}</StrictMode>);
}

function App({ kit }: { kit: ClerkKit }) {
  const client = useConvex();
  const { isLoading, isAuthenticated } = useConvexAuth();
  const clerk = kit.useClerk();
  const { orgId, getToken } = kit.useAuth();
  const convex = isLoading ? 'loading' : isAuthenticated ? 'authenticated' : 'signed_out';
  const status = clerk.status ?? 'unknown';
  useLayoutEffect(() => see({ convex, clerk: status }), [convex, status]);
  useEffect(() => {
    window.contractPage.mounts++;
  }, []);
  useEffect(() => {
    window.contractPage.signOut = (options) => clerk.signOut(options).then(() => null, String);
    window.contractPage.organization = () => orgId;
    window.contractPage.api = async () => {
      let createdBy: 'user' | 'nobody' = 'nobody';
      const send = createAuthFetch({
        getToken: ({ skipCache }) => getToken({ skipCache }),
        fetch: async (_, init) => {
          createdBy = new Headers(init?.headers).has('authorization') ? 'user' : 'nobody';
          return new Response();
        },
      });
      await send('/api/notes');
      return { getToken: (await getToken({})) ? 'user' : 'nobody', createAuthFetch: createdBy };
    };
    window.contractPage.post = () => client.mutation(api.post, { body: 'hello' }).then(() => 'ok', String);
  });
  return (
    <>
      <h1>{useQuery(api.headline)}</h1>
      <Authenticated>
        <Me />
      </Authenticated>
    </>
  );
}

function Me() {
  return <p id="me">{useQuery(api.me)}</p>;
}

function Health() {
  const health = useAuthHealth();
  const code = 'failure' in health ? health.failure?.code : undefined;
  const text = code === undefined ? health.status : `${health.status} ${code}`;
  useLayoutEffect(() => see({ health: text }), [text]);
  useEffect(() => {
    window.contractPage.retry = () => void health.retry();
    window.contractPage.signIn = health.signIn;
    window.contractPage.reset = health.resetLocalAuth;
  });
  return null;
}

function see(change: Partial<Seen>): void {
  const { seen } = window.contractPage;
  seen.push({ convex: 'loading', clerk: 'unknown', ...seen.at(-1), ...change, at: Date.now() });
}
