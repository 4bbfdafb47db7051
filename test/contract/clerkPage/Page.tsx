import { type ReactNode, useLayoutEffect } from 'react';
import type { PageHandle } from './pageSettings.ts';

interface PageProps {
  readonly auth: PageHandle['auth'];
  readonly clerk: unknown;
  readonly parts: Readonly<Record<'signIn' | 'signUp' | 'signedIn', ReactNode>>;
}

/** Shows what the test asked for and lays Clerk open to it. */
export function Page({ auth, clerk, parts }: PageProps) {
  useLayoutEffect(() => {
    window.page = { auth, clerk: clerk as PageHandle['clerk'] };
  });
  const { show } = window.pageSettings;
  return (
    <main>
      <p id="state">{!auth.isLoaded ? 'loading' : auth.isSignedIn ? 'signed in' : 'signed out'}</p>
      {show === 'sign-in' && !auth.isSignedIn && parts.signIn}
      {show === 'sign-up' && !auth.isSignedIn && parts.signUp}
      {show === 'signed-in' && auth.isSignedIn && parts.signedIn}
    </main>
  );
}
