// @vitest-environment jsdom
import { act, cleanup, render } from '@testing-library/react';
import { ConvexReactClient, useConvex } from 'convex/react';
import { Activity, Fragment, type ReactNode, StrictMode, useLayoutEffect } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BoundProvider, type ClerkBinding } from './BoundProvider.tsx';
import type { ClerkAuth } from './clerkTypes.ts';

const publishableKey = `pk_test_${btoa('clerk.example.com$')}`;
const convexUrl = 'https://happy-animal-123.convex.cloud';
const auth: ClerkAuth = {
  isLoaded: true,
  isSignedIn: true,
  sessionId: 'sess_1',
  orgId: null,
  orgRole: null,
  sessionClaims: null,
  getToken: () => Promise.resolve(`x.${btoa(JSON.stringify({ sid: 'sess_1', iat: 1, exp: 61 }))}.x`),
};
const binding: ClerkBinding<{ children?: ReactNode }> = {
  ClerkProvider: ({ children }) => children,
  useAuth: () => auth,
  useClerk: () => ({}),
};

/** The client that was handed down last. */
let newest: ConvexReactClient | undefined;
const closed: ConvexReactClient[] = [];
function Look(): ReactNode {
  const client = useConvex();
  useLayoutEffect(() => {
    newest = client;
  });
  return null;
}
const props = { publishableKey, convexUrl, guardRequests: false, children: <Look /> };
const provider = (client?: ConvexReactClient): ReactNode => (
  <BoundProvider binding={binding} props={{ ...props, client }} />
);
/** With what comes of it: a client is closed in a microtask after the effects. */
const show = (rerender: () => void): Promise<void> => act(async () => rerender());

beforeEach(() => {
  newest = undefined;
  closed.length = 0;
  vi.stubGlobal(
    'WebSocket',
    class {
      close(): void {}
      send(): void {}
    },
  );
  const { close } = ConvexReactClient.prototype;
  vi.spyOn(ConvexReactClient.prototype, 'close').mockImplementation(function (this: ConvexReactClient) {
    closed.push(this);
    void close.call(this);
    return Promise.resolve();
  });
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe.each([
  ['as it is', Fragment],
  ['in StrictMode', StrictMode],
])('the client that an all-in-one provider makes, %s', (_mode, Wrap) => {
  const app = (mode: 'visible' | 'hidden' | null): ReactNode => (
    <Wrap>{mode && <Activity mode={mode}>{provider()}</Activity>}</Wrap>
  );

  it('is open while <Activity> hides the provider, the same when it is shown again, and closed with it', async () => {
    const { rerender } = render(app('visible'));
    await show(() => rerender(app('hidden')));
    expect(closed).toEqual([]);
    const before = newest;
    await show(() => rerender(app('visible')));
    expect(newest).toBe(before);
    expect(() => newest?.connectionState()).not.toThrow();
    await show(() => rerender(app(null)));
    expect(closed).toEqual([before]);
  });

  it('is closed when the provider is unmounted while it is hidden', async () => {
    const { rerender } = render(app('visible'));
    await show(() => rerender(app('hidden')));
    const before = newest;
    await show(() => rerender(app(null)));
    expect(closed).toEqual([before]);
  });

  it('is closed when the app gives one of its own, and another is made when that is taken away', async () => {
    const theirs = new ConvexReactClient(convexUrl);
    const given = (client?: ConvexReactClient): ReactNode => <Wrap>{provider(client)}</Wrap>;
    const { rerender, unmount } = render(given());
    const first = newest;
    await show(() => rerender(given(theirs)));
    expect([newest, closed]).toEqual([theirs, [first]]);
    await show(() => rerender(given()));
    const second = newest;
    expect([first, theirs]).not.toContain(second);
    expect(() => second?.connectionState()).not.toThrow();
    await show(unmount);
    expect(closed).toEqual([first, second]);
    await theirs.close();
  });
});
