import { type AuthEvent, ConvexClerkProvider } from 'clerk-convex-resilience';
import { ConvexReactClient, useConvexAuth } from 'convex/react';
import { createRoot } from 'react-dom/client';

/** An app of whose packages one is there twice; nobody is signed in, and nothing is asked of anybody. */
function App() {
  const { isLoading } = useConvexAuth();
  return <p id="app">{isLoading ? 'loading' : 'there'}</p>;
}

const events: AuthEvent[] = [];
Reflect.set(window, 'events', events);
const signedOut = { isLoaded: true, isSignedIn: false, sessionId: null, getToken: () => Promise.resolve(null) };

createRoot(document.getElementById('root') as HTMLElement).render(
  <ConvexClerkProvider
    client={new ConvexReactClient('http://127.0.0.1:9')}
    useAuth={() => signedOut as never}
    onEvent={(event) => void events.push(event)}
  >
    <App />
  </ConvexClerkProvider>,
);
