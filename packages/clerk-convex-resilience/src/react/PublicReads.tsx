'use client';
import { ConvexProvider, ConvexReactClient, useConvex } from 'convex/react';
import { type ReactNode, useContext, useMemo } from 'react';
import { AuthResilienceError } from '../core/errors.ts';
import { AuthRuntimeContext } from './AuthRuntimeContext.ts';
import { withPublicReads } from './withPublicReads.ts';

/**
 * Lets the queries below it show what anybody may see, until it is known who the user is. Without it they wait, because
 * the client is held: the page has a sign that somebody is signed in, and nothing of theirs may run as nobody.
 *
 * Until the user's own answer is there, `useQuery` and `usePaginatedQuery` below show the answer of a second, anonymous
 * client; a query that throws there is still loading. Mutations, actions and everything else wait for the user. Put only
 * what is public below it: a query that answers nobody otherwise than somebody shows nobody's answer first.
 * @throws AuthResilienceError `missing_provider` when there is no provider of this library above
 */
export function PublicReads({ children }: { readonly children?: ReactNode }): ReactNode {
  const runtime = useContext(AuthRuntimeContext);
  const client = useConvex();
  if (!runtime) {
    throw new AuthResilienceError(
      'missing_provider',
      'PublicReads was rendered outside of ConvexClerkProvider. Render that above it.',
    );
  }
  const reading = useMemo(
    () =>
      withPublicReads(client, runtime.facade.isHeld, () => {
        // Quiet: what a query of the user throws here is no mistake.
        return new ConvexReactClient(client.url, { unsavedChangesWarning: false, logger: false });
      }),
    [client, runtime],
  );
  return <ConvexProvider client={reading}>{children}</ConvexProvider>;
}
