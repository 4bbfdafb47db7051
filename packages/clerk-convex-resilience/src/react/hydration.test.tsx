// @vitest-environment jsdom
import { act, cleanup } from '@testing-library/react';
import { type ConvexReactClient, useConvexAuth } from 'convex/react';
import { type ReactNode, StrictMode } from 'react';
import { hydrateRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, expect, it } from 'vitest';
import { createTestClient, signedInAuth, turn } from '../../../../test/support/providers.tsx';
import { markKey } from '../core/signOutMark.ts';
import { ConvexClerkProvider } from './ConvexClerkProvider.tsx';
import type { ConvexClientLike } from './convexTypes.ts';
import { useAuthHealth } from './useAuthHealth.ts';

function Words(): ReactNode {
  const { isLoading, isAuthenticated } = useConvexAuth();
  const { status } = useAuthHealth();
  return `${isLoading ? 'loading' : isAuthenticated ? 'in' : 'out'}, ${status}`;
}

afterEach(() => {
  cleanup();
  localStorage.clear();
});

it('shows no user, and hands over no token, of a session that a server rendered and that was signed out of here', async () => {
  const client = createTestClient();
  const app = (
    <StrictMode>
      <ConvexClerkProvider
        client={client as ConvexClientLike as ConvexReactClient}
        useAuth={() => signedInAuth}
        guardRequests={false}
      >
        <Words />
      </ConvexClerkProvider>
    </StrictMode>
  );
  const page = document.body.appendChild(document.createElement('div'));
  page.innerHTML = renderToString(app);
  expect(page.textContent).toBe('loading, starting');
  localStorage.setItem(markKey, '["sess_1"]');
  const errors: unknown[] = [];
  const root: Root = await act(async () =>
    hydrateRoot(page, app, { onRecoverableError: (error) => errors.push(error) }),
  );
  for (let i = 0; i < 3; i++) await turn();
  expect([page.textContent, errors]).toEqual(['out, signed_out', []]);
  expect(client.tokens.filter(Boolean)).toEqual([]);
  await act(async () => root.unmount());
  page.remove();
});
