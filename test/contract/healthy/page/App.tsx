import { Authenticated, AuthLoading, Unauthenticated, useConvexAuth, useQuery } from 'convex/react';
import { Profiler, useLayoutEffect } from 'react';
import { api } from '../../../faults/page/api.ts';
import type { ClerkKit } from '../../../faults/page/ClerkKit.ts';
import { count } from './counters.ts';

/** An app as a user writes it, which counts its renders and commits. `id` tells it from another under another provider. */
export function App({ kit, id }: { kit: ClerkKit; id: number }) {
  return (
    <Profiler id="children" onRender={() => count('commits')}>
      <AuthState id={id} />
      <ClerkState kit={kit} />
      <Headline />
      <Authenticated>
        <Mounted view="authenticated" />
        <Me id={id} />
      </Authenticated>
      <Unauthenticated>
        <Mounted view="unauthenticated" />
      </Unauthenticated>
      <AuthLoading>
        <Mounted view="loading" />
      </AuthLoading>
    </Profiler>
  );
}

function AuthState({ id }: { id: number }) {
  const { isLoading, isAuthenticated } = useConvexAuth();
  count('renders of useConvexAuth');
  return <p id={`state-${id}`}>{isLoading ? 'loading' : isAuthenticated ? 'authenticated' : 'signed_out'}</p>;
}

function ClerkState({ kit }: { kit: ClerkKit }) {
  kit.useAuth();
  count('renders of useAuth');
  return null;
}

function Headline() {
  const headline = useQuery(api.headline);
  count('renders of a public query');
  return <h1>{headline}</h1>;
}

function Mounted({ view }: { view: string }) {
  useLayoutEffect(() => {
    count(`mounts of ${view}`);
    return () => count(`unmounts of ${view}`);
  }, [view]);
  return null;
}

function Me({ id }: { id: number }) {
  const me = useQuery(api.me);
  const messages = useQuery(api.messages);
  count('renders of queries');
  return (
    <p id={`me-${id}`} data-messages={messages?.length}>
      {me}
    </p>
  );
}
