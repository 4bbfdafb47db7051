// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/react';
import type { ConvexReactClient } from 'convex/react';
import { afterEach, expect, it, vi } from 'vitest';
import { eventually } from '../../../../test/support/eventually.ts';
import { ConvexClerkProvider } from './ConvexClerkProvider.tsx';
import type { ClerkAuth, ClerkLike } from './clerkTypes.ts';

const loading: ClerkAuth = {
  isLoaded: false,
  isSignedIn: undefined,
  sessionId: undefined,
  orgId: undefined,
  orgRole: undefined,
  sessionClaims: undefined,
  getToken: () => Promise.resolve(null),
};
const useAuth = (): ClerkAuth => loading;
type Fetcher = (args: { forceRefreshToken: boolean }) => Promise<string | null>;

/** A client that asks for a token as soon as it is told whom to ask, and keeps what it is answered. */
function createClient() {
  const answers: Array<string | null> = [];
  const asked: Fetcher[] = [];
  const client = {
    url: 'https://happy-animal-123.convex.cloud',
    setAuth(fetchToken: Fetcher) {
      asked.push(fetchToken);
      void fetchToken({ forceRefreshToken: false }).then((token) => answers.push(token));
    },
    clearAuth() {},
  } as unknown as ConvexReactClient;
  return { client, asked, answers };
}

afterEach(() => {
  cleanup();
  // biome-ignore lint/suspicious/noDocumentCookie: jsdom has no Cookie Store API
  document.cookie = '__client_uat=;max-age=0';
});

it('lets go of a client that is exchanged while Clerk loads, and holds the next one', async () => {
  // biome-ignore lint/suspicious/noDocumentCookie: jsdom has no Cookie Store API
  document.cookie = '__client_uat=1700000000';
  const [first, second] = [createClient(), createClient()];
  const show = ({ client }: { client: ConvexReactClient }) => (
    <ConvexClerkProvider client={client} useAuth={useAuth} guardRequests={false} />
  );
  const { rerender } = render(show(first));
  await Promise.resolve();
  expect([first.asked.length, first.answers]).toEqual([1, []]);
  rerender(show(second));
  await new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
  expect(first.answers).toEqual([null]);
  expect([second.asked.length, second.answers]).toEqual([1, []]);
});

it('renders in a sandboxed frame, where a page may read no cookie', () => {
  vi.spyOn(document, 'cookie', 'get').mockImplementation(() => {
    throw new DOMException("The document is sandboxed and lacks the 'allow-same-origin' flag.", 'SecurityError');
  });
  const { container } = render(
    <ConvexClerkProvider client={createClient().client} useAuth={useAuth} guardRequests={false}>
      the app
    </ConvexClerkProvider>,
  );
  vi.restoreAllMocks();
  expect(container.textContent).toBe('the app');
});

it('brings back the account that is left when a page was loaded in an outage after another was signed out of', async () => {
  localStorage.setItem('clerk-convex-resilience:signed-out', '["sess_1"]');
  const out = { ...loading, isLoaded: true, isSignedIn: false, sessionId: null };
  let live = ['sess_1', 'sess_2'];
  const made: string[] = [];
  async function reload(): Promise<void> {
    clerk.client = { reload, lastActiveSessionId: live[0] ?? null, sessions: live.map((id) => ({ id })) };
  }
  const clerk: { -readonly [Key in keyof ClerkLike]: ClerkLike[Key] } = {
    loaded: true,
    status: 'degraded',
    session: null,
    client: { sessions: [], reload },
    async signOut(_: unknown, { sessionId }: { sessionId: string }) {
      live = live.filter((id) => id !== sessionId);
    },
    async setActive({ session }) {
      made.push(session);
      clerk.session = { id: session, status: 'active' };
    },
  };
  render(
    <ConvexClerkProvider client={createClient().client} useAuth={() => out} clerk={clerk} guardRequests={false} />,
  );
  await eventually(() => expect(made).toEqual(['sess_2']));
  expect([live, localStorage.getItem('clerk-convex-resilience:signed-out')]).toEqual([['sess_2'], null]);
});
