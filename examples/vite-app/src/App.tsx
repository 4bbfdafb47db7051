import { Authenticated, AuthLoading, Unauthenticated } from 'convex/react';
import type { ReactNode } from 'react';
import { Composer } from './Composer.tsx';
import { OrganizationSwitcher, SignInButton, UserButton } from './clerk.ts';
import { Messages } from './Messages.tsx';
import { People } from './People.tsx';
import { usePage } from './usePage.ts';
import { WhoAmI } from './WhoAmI.tsx';

export interface AppProps {
  /** What stands beside the user's picture: the state of the session, and how to end it. */
  controls: ReactNode;
}

export function App({ controls }: AppProps) {
  const page = usePage();
  return (
    <div className="app">
      <header className="bar">
        <h1>Message board</h1>
        <Authenticated>
          <OrganizationSwitcher hidePersonal={false} />
          <div className="bar-end">
            {controls}
            <UserButton />
          </div>
        </Authenticated>
      </header>
      <nav className="pages" aria-label="Pages">
        <a href="#messages" aria-current={page === 'messages' ? 'page' : undefined}>
          Messages
        </a>
        <a href="#people" aria-current={page === 'people' ? 'page' : undefined}>
          People
        </a>
      </nav>
      <main>
        <AuthLoading>
          <p className="quiet" data-testid="loading">
            One moment…
          </p>
        </AuthLoading>
        <Unauthenticated>
          <div className="sign-in" data-testid="signed-out">
            <h2>You are signed out</h2>
            <p className="quiet">Anybody may read. Sign in to post.</p>
            <SignInButton mode="modal">
              <button type="button" className="primary">
                Sign in
              </button>
            </SignInButton>
          </div>
        </Unauthenticated>
        <Authenticated>
          <WhoAmI />
          {page === 'messages' ? <Composer /> : null}
        </Authenticated>
        {page === 'people' ? <People /> : <Messages />}
      </main>
    </div>
  );
}
