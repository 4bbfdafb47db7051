import { ClerkProvider, useAuth } from '@clerk/react';
import { ConvexClerkProvider, type UseClerkAuth } from 'clerk-convex-resilience';
import { AuthDevtools } from 'clerk-convex-resilience/devtools';
import { Clerk } from 'clerk-js-v6/no-rhc';
import { ConvexReactClient } from 'convex/react';
import { createRoot } from 'react-dom/client';
import { App } from '../../support/page/App.tsx';

declare global {
  interface Window {
    /** Its socket is open. */
    isConvexConnected(): boolean;
  }
}

// The app under test, with the panel, as an app has it in development.
const query = new URLSearchParams(location.search);
const read = (name: string) => query.get(name) ?? '';
const client = new ConvexReactClient(read('convex'), { unsavedChangesWarning: false });
window.isConvexConnected = () => client.connectionState().isWebSocketConnected;

createRoot(document.getElementById('root') as HTMLElement).render(
  <ClerkProvider
    publishableKey={read('publishableKey')}
    proxyUrl={read('clerk')}
    telemetry={false}
    prefetchUI={false}
    Clerk={Clerk as never}
  >
    <ConvexClerkProvider client={client} useAuth={useAuth as unknown as UseClerkAuth}>
      <App />
      <AuthDevtools />
    </ConvexClerkProvider>
  </ClerkProvider>,
);
