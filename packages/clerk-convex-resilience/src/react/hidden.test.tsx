// @vitest-environment jsdom
import { act, cleanup, render } from '@testing-library/react';
import { ConvexReactClient, useConvex } from 'convex/react';
import {
  Activity,
  Fragment,
  type ReactNode,
  StrictMode,
  Suspense,
  startTransition,
  use,
  useEffect,
  useLayoutEffect,
  useState,
} from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '../../../../test/support/eventually.ts';
import {
  createSeen,
  createTestClient,
  createTestProviders,
  type Seen,
  signedInAuth,
  type TestClient,
  type TestProviders,
  turn,
} from '../../../../test/support/providers.tsx';
import { createTestClock, type TestClock } from '../core/testClock.ts';
import { createTestRuntime, type TestRuntime } from '../testing/testRuntime.ts';
import { AuthBoundary } from './AuthBoundary.tsx';
import { AuthErrorHandler } from './AuthErrorHandler.tsx';
import { AuthRuntimeContext } from './AuthRuntimeContext.ts';
import { BoundProvider, type ClerkBinding } from './BoundProvider.tsx';

// What React hides, by `<Suspense>` or `<Activity>`, it unmounts as far as effects and classes can tell, and shows again as it was.

/** Suspends until that is settled. */
const Late = ({ until }: { until: Promise<void> | null }): ReactNode => {
  if (until) use(until);
  return null;
};

function createLate(): { readonly late: Promise<void>; readonly arrive: () => void } {
  let arrive = (): void => {};
  const late = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  return { late, arrive };
}

/** Does Convex refuse the query? */
let isRefused: boolean;
const Query = (): ReactNode => {
  if (isRefused) throw new Error('[CONVEX Q(users:me)] Uncaught Error: Not authenticated');
  return 'messages';
};

/** The client that was handed down last. */
let newest: ConvexReactClient | undefined;
function Look(): ReactNode {
  const client = useConvex();
  useLayoutEffect(() => {
    newest = client;
  });
  return null;
}

/** Tells what client it had when its passive effects are undone. */
function Uses({ onLeave }: { onLeave: (client: ConvexReactClient) => void }): ReactNode {
  const client = useConvex();
  useEffect(() => () => onLeave(client), [client, onLeave]);
  return null;
}
/** In a transition the passive effects of what goes are undone by themselves, a while after the others. */
let leave = (): void => {};
function LeavesLater({ children }: { children: ReactNode }): ReactNode {
  const [isThere, setThere] = useState(true);
  useLayoutEffect(() => {
    leave = () => startTransition(() => setThere(false));
  });
  return isThere && children;
}

const binding: ClerkBinding<{ children?: ReactNode }> = {
  ClerkProvider: ({ children }) => children,
  useAuth: () => signedInAuth,
  useClerk: () => ({}),
};

describe('AuthBoundary', () => {
  let clock: TestClock;
  let caught: Array<string | null>;

  const boundary = (): ReactNode => (
    <AuthBoundary
      clock={clock}
      resetKey=""
      status={() => 'healthy'}
      onCaught={(failure) => caught.push(failure?.kind ?? null)}
      fallback="notice"
    >
      <Query />
    </AuthBoundary>
  );
  const pass = (ms: number): Promise<void> => act(() => clock.advance(ms));

  beforeEach(() => {
    clock = createTestClock();
    isRefused = true;
    caught = [];
    vi.spyOn(console, 'error').mockImplementation(() => {});
  });
  afterEach(() => {
    cleanup();
    vi.restoreAllMocks();
  });

  describe('what stands in place of the children', () => {
    it('goes when they can be rendered again: tried after a second, then after twice as long', async () => {
      const { container } = render(boundary());
      expect(container.textContent).toBe('notice');
      await pass(1000);
      isRefused = false;
      await pass(1999);
      expect(container.textContent).toBe('notice');
      await pass(1);
      expect([container.textContent, caught.at(-1)]).toEqual(['messages', null]);
    });

    it('goes in StrictMode, where they throw as they are mounted', async () => {
      const { container } = render(<StrictMode>{boundary()}</StrictMode>);
      expect(container.textContent).toBe('notice');
      isRefused = false;
      await pass(30_000);
      expect(container.textContent).toBe('messages');
    });

    it('goes though <Suspense> has hidden it meanwhile', async () => {
      const { late, arrive } = createLate();
      const app = (until: Promise<void> | null): ReactNode => (
        <Suspense fallback="waiting">
          {boundary()}
          <Late until={until} />
        </Suspense>
      );
      const { container, rerender } = render(app(null));
      await act(async () => rerender(app(late)));
      expect(container.textContent).toContain('waiting');
      isRefused = false;
      await act(async () => arrive());
      await pass(30_000);
      expect(container.textContent).toBe('messages');
    });

    it('goes though <Activity> has hidden it for a while, and is not tried meanwhile', async () => {
      const app = (mode: 'visible' | 'hidden'): ReactNode => <Activity mode={mode}>{boundary()}</Activity>;
      const { container, rerender } = render(app('visible'));
      rerender(app('hidden'));
      await pass(60_000);
      expect(caught).toEqual(['session_ended']);
      isRefused = false;
      rerender(app('visible'));
      await pass(30_000);
      expect(container.textContent).toBe('messages');
    });

    it('leaves no timer when it is unmounted', () => {
      render(boundary()).unmount();
      expect(clock.pendingTimers).toBe(0);
    });
  });
});

describe('the dialog of an AuthErrorHandler', () => {
  let runtime: TestRuntime;
  beforeEach(() => {
    document.body.replaceChildren();
    // jsdom has no modal dialogs.
    HTMLDialogElement.prototype.showModal = function () {
      this.open = true;
    };
    HTMLDialogElement.prototype.close = function () {
      this.open = false;
    };
    runtime = createTestRuntime({
      status: 'blocked',
      failure: { kind: 'account_blocked', retryable: false, source: 'clerk' },
      since: 0,
    });
  });
  afterEach(cleanup);

  const handler = (): ReactNode => (
    <AuthRuntimeContext.Provider value={runtime}>
      <AuthErrorHandler variant="dialog" />
    </AuthRuntimeContext.Provider>
  );
  /** A modal dialog makes the page inert, also where `display: none` stands on it or above it. */
  const isModal = (): boolean | undefined => document.querySelector('dialog')?.open;
  const shown = (): Promise<void> => act(() => runtime.clock.advance(0));

  describe('a dialog', () => {
    it('is no modal while <Activity> hides it', async () => {
      const app = (mode: 'visible' | 'hidden'): ReactNode => <Activity mode={mode}>{handler()}</Activity>;
      const { rerender } = render(app('visible'));
      await shown();
      expect(isModal()).toBe(true);
      rerender(app('hidden'));
      expect(isModal()).toBe(false);
      rerender(app('visible'));
      await shown();
      expect(isModal()).toBe(true);
    });

    it('is no modal while <Suspense> hides it', async () => {
      const { late, arrive } = createLate();
      const app = (until: Promise<void> | null): ReactNode => (
        <Suspense fallback="waiting">
          {handler()}
          <Late until={until} />
        </Suspense>
      );
      const { container, rerender } = render(app(null));
      await shown();
      expect(isModal()).toBe(true);
      await act(async () => rerender(app(late)));
      expect([container.textContent?.includes('waiting'), isModal()]).toEqual([true, false]);
      await act(async () => arrive());
      expect(isModal()).toBe(true);
    });

    it('is a modal in StrictMode', async () => {
      render(<StrictMode>{handler()}</StrictMode>);
      await shown();
      expect(isModal()).toBe(true);
    });
  });
});

describe('ConvexClerkProvider', () => {
  let page: TestProviders;
  let client: TestClient;
  let seen: Seen;

  beforeEach(async () => {
    localStorage.clear();
    page = createTestProviders();
    client = createTestClient();
    seen = createSeen();
    Object.assign(window, { Clerk: page.clerkJs });
    await page.says('sess_1');
  });
  afterEach(() => {
    cleanup();
    localStorage.clear();
    Reflect.deleteProperty(window, 'Clerk');
  });

  const isIn = (): Promise<void> =>
    eventually(async () => {
      await turn();
      expect([seen.word, seen.health.status, client.isSomebody]).toEqual(['in', 'healthy', true]);
    });

  describe.each([
    ['as it is', Fragment],
    ['in StrictMode', StrictMode],
  ])('a provider that <Activity> hides for a while, %s', (_mode, Wrap) => {
    const app = (mode: 'visible' | 'hidden'): ReactNode => (
      <Wrap>
        <Activity mode={mode}>{page.provider(client, seen)}</Activity>
      </Wrap>
    );

    it('has its user again when it is shown again', async () => {
      const { rerender } = render(app('visible'));
      await isIn();
      rerender(app('hidden'));
      await turn();
      expect(client.isSomebody).toBe(false);
      rerender(app('visible'));
      await isIn();
    });

    it('tells of no session that has ended where the user signed out meanwhile', async () => {
      page.clerkJs.signOut = async () => {
        page.clerkJs.client = { sessions: [] };
        page.clerk.set({ isSignedIn: false, sessionId: null });
      };
      const { rerender } = render(app('visible'));
      await isIn();
      rerender(app('hidden'));
      await turn();
      await act(async () => page.clerkJs.signOut?.());
      rerender(app('visible'));
      await eventually(async () => {
        await turn();
        expect(seen.word).toBe('out');
      });
      expect(seen.health).toMatchObject({ status: 'signed_out' });
      expect(seen.health).not.toHaveProperty('failure');
    });
  });
});

describe('a client of BoundProvider’s own', () => {
  const publishableKey = `pk_test_${btoa('clerk.example.com$')}`;
  const convexUrl = 'https://happy-animal-123.convex.cloud';
  const closed: ConvexReactClient[] = [];
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

    it('is closed after what is below has let go of it, though React unmounts that in a later turn', async () => {
      const left: boolean[] = [];
      render(
        <Wrap>
          <LeavesLater>
            <BoundProvider
              binding={binding}
              props={{ ...props, children: <Uses onLeave={(client) => left.push(closed.includes(client))} /> }}
            />
          </LeavesLater>
        </Wrap>,
      );
      left.length = 0;
      vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false);
      leave();
      await eventually(() => expect(closed).toHaveLength(1));
      vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
      expect(left).toEqual([false]);
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
});
