import {
  ConvexProviderWithAuth,
  ConvexReactClient,
  useConvexAuth,
  useMutation,
  usePaginatedQuery,
  useQuery,
} from 'convex/react';
import { useCallback, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { api } from './convex/_generated/api.ts';

declare global {
  interface Window {
    /** What the test gives the page. */
    convexPage: { convexUrl: string; tokens: string[] };
    /** How often Convex asked for a token. */
    fetches: number;
  }
}

/** A page as an app has it: who am I, a page of messages and more of them, a counter with an optimistic update. */
function Page() {
  const { isAuthenticated, isLoading } = useConvexAuth();
  const me = useQuery(api.users.me);
  const { results, status, loadMore } = usePaginatedQuery(api.messages.page, {}, { initialNumItems: 2 });
  const count = useQuery(api.counters.get, { name: 'shared' });
  const increment = useMutation(api.counters.increment).withOptimisticUpdate((store, { name }) => {
    const value = store.getQuery(api.counters.get, { name });
    if (value !== undefined) store.setQuery(api.counters.get, { name }, value + 1);
  });
  const send = useMutation(api.messages.sendAnonymously);
  return (
    <main>
      <p id="auth">{isLoading ? 'loading' : isAuthenticated ? 'authenticated' : 'anonymous'}</p>
      <p id="me">{String(me)}</p>
      <p id="messages">{results.map(({ body }) => body).join(' ')}</p>
      <p id="status">{status}</p>
      <p id="count">{count}</p>
      <button type="button" id="more" onClick={() => loadMore(2)}>
        more
      </button>
      <button type="button" id="increment" onClick={() => void increment({ name: 'shared' })}>
        increment
      </button>
      <button type="button" id="send" onClick={() => void send({ body: 'sent' })}>
        send
      </button>
    </main>
  );
}

function useAuth() {
  const { tokens } = window.convexPage;
  const [isAuthenticated] = useState(tokens.length > 0);
  const fetchAccessToken = useCallback(async () => {
    const at = window.fetches++;
    return tokens[Math.min(at, tokens.length - 1)] ?? null;
  }, [tokens]);
  return { isLoading: false, isAuthenticated, fetchAccessToken };
}

window.fetches = 0;
const client = new ConvexReactClient(window.convexPage.convexUrl);
createRoot(document.getElementById('root') as HTMLElement).render(
  <ConvexProviderWithAuth client={client} useAuth={useAuth}>
    <Page />
  </ConvexProviderWithAuth>,
);
