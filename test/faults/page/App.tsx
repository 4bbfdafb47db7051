import { Authenticated, AuthLoading, Unauthenticated, useConvexAuth, useQuery } from 'convex/react';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { api } from './api.ts';
import type { AuthState, View } from './bridge.ts';
import type { ClerkKit } from './ClerkKit.ts';
import { report } from './report.ts';

/** The app under test: what a user would see of it is written down in layout effects, so at the commit that showed it. */
export function App({ kit }: { kit: ClerkKit }) {
  return (
    <>
      <Watch kit={kit} />
      <Headline />
      <Authenticated>
        <Seen view="authenticated" />
        <Messages />
      </Authenticated>
      <Unauthenticated>
        <Seen view="unauthenticated" />
      </Unauthenticated>
      <AuthLoading>
        <Seen view="loading" />
      </AuthLoading>
    </>
  );
}

function Watch({ kit }: { kit: ClerkKit }) {
  const auth = useConvexAuth();
  const { isLoaded, isSignedIn = false } = kit.useAuth();
  const status = kit.useClerk().status ?? 'unknown';
  const state: AuthState = auth.isLoading
    ? 'loading'
    : !auth.isAuthenticated
      ? 'signed_out'
      : auth.isRefreshing
        ? 'refreshing'
        : 'authenticated';
  useLayoutEffect(() => report({ kind: 'auth', state }), [state]);
  useLayoutEffect(() => report({ kind: 'clerk', isLoaded, isSignedIn, status }), [isLoaded, isSignedIn, status]);
  return null;
}

function Seen({ view }: { view: View }) {
  const mount = useRef({ isThere: false, isTold: false }).current;
  useLayoutEffect(() => {
    mount.isThere = true;
    if (!mount.isTold) report({ kind: 'view', view, mounted: true });
    mount.isTold = true;
    return () => {
      mount.isThere = false;
      // StrictMode runs the effects of what it mounts twice, in one turn: nobody saw that.
      queueMicrotask(() => {
        if (mount.isThere) return;
        mount.isTold = false;
        report({ kind: 'view', view, mounted: false });
      });
    };
  }, [view, mount]);
  return <p id={view}>{view}</p>;
}

function Headline() {
  return <h1>{useQuery(api.headline)}</h1>;
}

function Messages() {
  const me = useQuery(api.me);
  const messages = useQuery(api.messages);
  useEffect(() => {
    if (me !== undefined) report({ kind: 'me', subject: me });
  }, [me]);
  return (
    <ul>
      {messages?.map(({ _id, body }) => (
        <li key={_id}>{body}</li>
      ))}
    </ul>
  );
}
