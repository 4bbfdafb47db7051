import { Clerk } from '@clerk/clerk-js/headless';
import { ClerkProvider, OrganizationSwitcher, SignIn, SignUp, UserButton, useAuth, useClerk } from '@clerk/clerk-react';
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
const bundled = load === 'bundle' ? { Clerk } : {};
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
