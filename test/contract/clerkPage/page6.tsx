import { ClerkProvider, OrganizationSwitcher, SignIn, SignUp, UserButton, useAuth, useClerk } from '@clerk/react';
import { Clerk } from 'clerk-js-v6/no-rhc';
import type { ComponentProps } from 'react';
import { createRoot } from 'react-dom/client';
import { Page } from './Page.tsx';

const parts = {
  signIn: <SignIn routing="hash" />,
  signUp: <SignUp routing="hash" />,
  signedIn: (
    <>
      <OrganizationSwitcher />
      <UserButton />
    </>
  ),
};

function ClerkPage() {
  return <Page auth={useAuth()} clerk={useClerk()} parts={parts} />;
}

const { providerProps, load } = window.pageSettings;
// clerk-js declares more optional members than @clerk/react's own type of it, under exactOptionalPropertyTypes.
type ClerkProp = NonNullable<ComponentProps<typeof ClerkProvider>['Clerk']>;
const bundled = load === 'bundle' ? { Clerk: Clerk as unknown as ClerkProp, prefetchUI: false as const } : {};
createRoot(document.getElementById('root') as HTMLElement).render(
  <ClerkProvider
    {...providerProps}
    {...bundled}
    telemetry={false}
    signInFallbackRedirectUrl={location.href}
    signUpFallbackRedirectUrl={location.href}
    afterSignOutUrl={location.href}
  >
    <ClerkPage />
  </ClerkProvider>,
);
