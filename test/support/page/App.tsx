import { Authenticated, AuthLoading, Unauthenticated, useConvexAuth, useQuery } from 'convex/react';
import { makeFunctionReference } from 'convex/server';
import { useEffect, useLayoutEffect } from 'react';
import { tell } from './tell.ts';

export type View = 'authenticated' | 'unauthenticated' | 'loading';

// Functions of test/faults/convex.
const headline = makeFunctionReference<'query', Record<string, never>, string>('site:headline');
const me = makeFunctionReference<'query', Record<string, never>, string | null>('users:me');

/** The app under test: tells what its user sees, in layout effects, so at the commit that showed it. */
export function App() {
  return (
    <>
      <Watch />
      <Headline />
      <Authenticated>
        <Seen view="authenticated" />
        <Me />
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

function Watch() {
  const auth = useConvexAuth();
  const state = auth.isLoading
    ? 'loading'
    : !auth.isAuthenticated
      ? 'signed_out'
      : auth.isRefreshing
        ? 'refreshing'
        : 'authenticated';
  useLayoutEffect(() => tell({ kind: 'auth', state }), [state]);
  return null;
}

function Seen({ view }: { view: View }) {
  useLayoutEffect(() => {
    tell({ kind: 'view', view, mounted: true });
    return () => tell({ kind: 'view', view, mounted: false });
  }, [view]);
  return <p>{view}</p>;
}

function Headline() {
  return <h1>{useQuery(headline)}</h1>;
}

function Me() {
  const subject = useQuery(me);
  useEffect(() => {
    if (subject !== undefined) tell({ kind: 'me', subject });
  }, [subject]);
  return null;
}
