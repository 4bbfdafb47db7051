import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { api } from '../convex/_generated/api';
import { App } from './App.tsx';
import { AuthErrorHandler, ConvexClerkProvider, scriptsBehind, UserSync } from './clerk.ts';
import { clerkAppearance } from './clerkAppearance.ts';
import { SessionControls } from './SessionControls.tsx';
import { SetupNeeded } from './SetupNeeded.tsx';
import 'clerk-convex-resilience/styles.css';
import './app.css';

/** For developers, in a corner. Left out of a production build. */
const AuthDevtools = import.meta.env.DEV
  ? lazy(() => import('clerk-convex-resilience/devtools').then((devtools) => ({ default: devtools.AuthDevtools })))
  : () => null;

const { VITE_CLERK_PUBLISHABLE_KEY, VITE_CONVEX_URL, VITE_CLERK_PROXY_URL } = import.meta.env;

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <ConvexClerkProvider
      publishableKey={VITE_CLERK_PUBLISHABLE_KEY}
      convexUrl={VITE_CONVEX_URL}
      {...(VITE_CLERK_PROXY_URL && { proxyUrl: VITE_CLERK_PROXY_URL, ...scriptsBehind(VITE_CLERK_PROXY_URL) })}
      appearance={clerkAppearance}
      telemetry={false}
      afterSignOutUrl="/"
      fallback={(problems) => <SetupNeeded problems={problems} />}
    >
      {/* The header has the way out, which is not to be covered for as long as an outage lasts. */}
      <AuthErrorHandler placement="bottom">
        <UserSync mutation={api.users.store}>
          <App controls={<SessionControls />} />
        </UserSync>
      </AuthErrorHandler>
      <Suspense>
        <AuthDevtools />
      </Suspense>
    </ConvexClerkProvider>
  </StrictMode>,
);
