import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { AuthErrorHandler, ConvexClerkProvider, scriptsBehind } from './clerk.ts';
import { clerkAppearance } from './clerkAppearance.ts';
import { SessionControls } from './SessionControls.tsx';
import { SetupNeeded } from './SetupNeeded.tsx';
import 'clerk-convex-resilience/styles.css';
import './app.css';

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
      <AuthErrorHandler>
        <App controls={<SessionControls />} />
      </AuthErrorHandler>
    </ConvexClerkProvider>
  </StrictMode>,
);
