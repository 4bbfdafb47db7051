// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { ConvexProvider, type ConvexReactClient } from 'convex/react';
import { type ReactNode, StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuthEventBody } from '../../core/events.ts';
import type { AuthHealth } from '../../core/health.ts';
import { resolvePolicy, retryPolicies } from '../../core/policy.ts';
import { createTestClock } from '../../core/testClock.ts';
import { createTestConnectivity } from '../../core/testConnectivity.ts';
import { createTestRuntime, type TestRuntime } from '../../testing/testRuntime.ts';
import { AuthRuntimeContext, type AuthView } from '../AuthRuntimeContext.ts';
import { createAuthRuntime } from '../authRuntime.ts';
import { BoundProvider, type ClerkBinding } from '../BoundProvider.tsx';
import type { ClerkAuth, UseClerkAuth } from '../clerkTypes.ts';
import { ConfigProblemsContext } from '../useAuthHealth.ts';
import { AuthDevtools, type AuthDevtoolsProps } from './AuthDevtools.tsx';

const failure = { kind: 'server', retryable: true, source: 'clerk', status: 500, code: 'internal_error' } as const;
const base64 = (value: object): string => btoa(JSON.stringify(value)).replace(/=+$/, '');
const jwt = (claims: object): string =>
  `${base64({ alg: 'RS256', typ: 'JWT' })}.${base64(claims)}.c2lnbmF0dXJlLXNpZ25hdHVyZQ`;
/** A part of a token is one, too. */
const looksLikeToken = /eyJ[\w-]{8,}|c2lnbmF0dXJl/;

let runtime: TestRuntime;
let copied: string[];
beforeEach(() => {
  // Files that are run at the same time are threads of one process: their words would be heard here.
  vi.stubGlobal('BroadcastChannel', undefined);
  runtime = createTestRuntime();
  copied = [];
  const clipboard = { writeText: async (text: string) => void copied.push(text) };
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard });
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, 'clipboard');
});

const show = (props: AuthDevtoolsProps = { initialIsOpen: true }, view: AuthView = runtime) =>
  render(
    <StrictMode>
      <AuthRuntimeContext.Provider value={view}>
        <AuthDevtools {...props} />
      </AuthRuntimeContext.Provider>
    </StrictMode>,
  );
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });
// By its text: by its role takes 20 ms a time, in a panel of this size.
const click = (text: string): Promise<void> =>
  act(async () => void fireEvent.click(screen.getByText(text, { selector: 'button' })));
const report = (body: AuthEventBody): Promise<void> =>
  act(async () => runtime.script.report({ at: runtime.clock.now(), ...body } as never));
const log = (): string[] =>
  within(screen.getByRole('log'))
    .queryAllByRole('listitem')
    .map((line) => line.lastChild?.textContent ?? '');
/** Every text of the page, also in attributes. */
const page = (): string => document.documentElement.outerHTML;

/** Has no Clerk yet: its script is on the way. */
const loadingClerk: ClerkBinding<{ children?: ReactNode }> = {
  ClerkProvider: ({ children }) => children,
  useAuth: () => ({ isLoaded: false, isSignedIn: undefined }) as ReturnType<UseClerkAuth>,
  useClerk: () => ({}),
};

describe('AuthDevtools', () => {
  it('tells of scripts of Clerk that fail, below a provider that loads them', async () => {
    const props = {
      publishableKey: `pk_test_${btoa('clerk.example.com$')}`,
      convexUrl: 'https://happy-animal-123.convex.cloud',
      children: <AuthDevtools initialIsOpen />,
    };
    await act(async () => render(<BoundProvider binding={loadingClerk} props={props} />));
    const script = document.createElement('script');
    script.dataset.clerkPublishableKey = props.publishableKey;
    document.body.append(script);
    await act(async () => void script.dispatchEvent(new Event('error')));
    script.remove();
    expect(log()).toContainEqual(expect.stringMatching(/^Attempt 1 of Clerk's script failed/));
  });

  it('is a button in a corner, and opens and closes with the focus where a keyboard expects it', async () => {
    show({ placement: 'top-start' });
    const toggle = button('Auth: healthy');
    expect(toggle.getAttribute('aria-expanded')).toBe('false');
    expect(document.querySelector('[data-placement]')?.getAttribute('data-placement')).toBe('top-start');
    expect(screen.queryByRole('region')).toBe(null);
    await click('Auth: healthy');
    const region = screen.getByRole('region', { name: 'Auth devtools' });
    expect(toggle.getAttribute('aria-expanded')).toBe('true');
    expect(toggle.getAttribute('aria-controls')).toBe(region.id);
    expect(document.activeElement).toBe(region);
    act(() => void fireEvent.keyDown(button('Copy report'), { key: 'Escape' }));
    expect(screen.queryByRole('region')).toBe(null);
    expect(document.activeElement).toBe(toggle);
    await click('Auth: healthy');
    await click('Close');
    expect(document.activeElement).toBe(toggle);
  });

  it('takes no focus when it is open from the start', () => {
    show();
    expect(screen.getByRole('region')).toBeTruthy();
    expect(document.activeElement).toBe(document.body);
  });

  it('reads from left to right in a page that reads from right to left, as it is in English', () => {
    document.documentElement.dir = 'rtl';
    show();
    for (const element of [screen.getByRole('region'), button('Auth: healthy')]) {
      expect([element.getAttribute('lang'), element.getAttribute('dir')]).toEqual(['en', 'ltr']);
    }
    document.documentElement.removeAttribute('dir');
  });

  it('holds one timer, closed, and leaves none behind', () => {
    const { unmount } = show({});
    expect(runtime.clock.pendingTimers).toBe(1); // the watch for a machine that slept
    unmount();
    expect(runtime.clock.pendingTimers).toBe(0);
    expect(runtime.subscribers).toBe(0);
  });

  it('renders nothing on a server', () => {
    const html = renderToString(
      <AuthRuntimeContext.Provider value={runtime}>
        <AuthDevtools initialIsOpen />
      </AuthRuntimeContext.Provider>,
    );
    expect(html).toBe('');
  });

  it('says what to do when there is no provider', () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    expect(() => render(<AuthDevtools />)).toThrow(/AuthDevtools was rendered outside of ConvexClerkProvider/);
  });

  it('shows which settings are wrong where the app is not configured, and offers nothing to break', () => {
    render(
      <ConfigProblemsContext.Provider value={[{ option: 'convexUrl', message: 'convexUrl is missing: set it.' }]}>
        <AuthDevtools initialIsOpen />
      </ConfigProblemsContext.Provider>,
    );
    expect(button('Auth: unconfigured')).toBeTruthy();
    expect(screen.getByText('convexUrl').closest('li')?.textContent).toBe('convexUrl convexUrl is missing: set it.');
    expect(['Offline', 'Answer 500', 'Hang', 'Expire token'].map((name) => button(name).disabled)).toEqual(
      Array(4).fill(true),
    );
    expect(screen.queryByText('Claims of the token')).toBe(null);
  });
});

describe('the state', () => {
  const terms = (): Record<string, string> =>
    Object.fromEntries(
      screen.getAllByRole('term').map((term) => [term.textContent, term.nextElementSibling?.textContent ?? '']),
    );

  it('is told for a user who is well', () => {
    runtime.set({ status: 'healthy', since: runtime.clock.now() - 5_000 });
    show();
    expect(terms()).toEqual({
      Health: 'healthy',
      User: 'signed in',
      Clerk: 'ready',
      Token: 'idle',
      Convex: 'identity confirmed 5 s ago',
      Guard: 'off',
      Browser: 'online',
    });
    expect(screen.queryByText('Findings')).toBe(null);
  });

  it('is told while it recovers, with what is wrong and the seconds to the next attempt', async () => {
    show();
    const now = runtime.clock.now();
    act(() =>
      runtime.set({
        status: 'recovering',
        failure,
        since: now,
        attempt: 3,
        nextAttemptAt: now + 9_000,
        signedIn: true,
      }),
    );
    expect(terms()).toMatchObject({ Health: 'recovering', Token: 'waiting, 3 failed in a row, next attempt in 9 s' });
    expect(screen.getByText('server internal_error').closest('li')?.textContent).toBe(
      'server internal_error Clerk says so, with status 500.',
    );
    await act(() => runtime.clock.advance(2_000));
    expect(terms().Token).toBe('waiting, 3 failed in a row, next attempt in 7 s');
  });

  it.each<[AuthHealth, user: string]>([
    [{ status: 'starting' }, 'starting'],
    [{ status: 'signed_out' }, 'signed out'],
    [{ status: 'blocked', failure: { ...failure, kind: 'misconfigured' }, since: 0 }, 'signed in'],
  ])('is told when it is %j', (health, user) => {
    runtime.set(health);
    show();
    expect(terms().User).toBe(user);
    expect(button('Expire token').disabled).toBe(user !== 'signed in');
  });

  it('tells of sign-outs that Clerk has not confirmed', () => {
    show({ initialIsOpen: true }, { ...runtime, signOuts: { pending: () => new Set(['sess_1', 'sess_2']) } });
    expect(terms()['Sign-outs']).toBe('2 not confirmed by Clerk');
  });
});

describe('the timeline', () => {
  it('writes down what happens, when, and is a log that reads nothing out by itself', async () => {
    show({});
    await report({ type: 'token_requested', attempt: 1, forced: true });
    await act(() => runtime.clock.advance(1_250));
    await report({ type: 'token_received', attempt: 1, expiresInMs: 60_000 });
    await click('Auth: healthy');
    expect(log()).toEqual(['Clerk was asked for a fresh token.', 'A token arrived, good for 60 s.']);
    expect(screen.getByText('+1.25 s').getAttribute('datetime')).toBe(new Date(runtime.clock.now()).toISOString());
    const box = screen.getByRole('log', { name: 'Timeline' });
    expect([box.getAttribute('aria-live'), box.tabIndex]).toEqual(['off', 0]);
  });

  it('shows what is wanted, can be paused, and cleared', async () => {
    show();
    expect(screen.getByText('Nothing yet.')).toBeTruthy();
    await report({ type: 'request_failed', request: 'tokens', failure, attempt: 1, retryInMs: 300 });
    await report({ type: 'identity_confirmed' });
    await act(async () => void window.dispatchEvent(new Event('online')));
    expect(log()).toHaveLength(3);
    await click('Wakes');
    await click('Requests');
    // It is a wait as well.
    expect(log()).toEqual([expect.stringContaining('Attempt 1'), 'Convex confirmed the identity.']);
    await click('Waits');
    expect(log()).toEqual(['Convex confirmed the identity.']);
    expect(button('Waits').getAttribute('aria-pressed')).toBe('false');
    await click('Pause');
    await report({ type: 'convex_rearmed' });
    expect(log()).toHaveLength(1);
    await click('Pause');
    expect(log()).toHaveLength(2);
    await click('Pause');
    await click('Clear');
    await report({ type: 'identity_confirmed' });
    expect(log()).toEqual(['Convex confirmed the identity.']);
  });

  it('goes on when what it writes down cannot be written', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    show();
    await report({ type: 'request_failed', request: 'tokens' } as never);
    await report({ type: 'identity_confirmed' });
    expect(log()).toEqual(['Convex confirmed the identity.']);
  });
});

describe('what is secret', () => {
  const secrets = { email: 'ada@example.com', name: 'Ada Lovelace', sub: 'user_2abcdefghijk' };
  const inner = jwt({ role: 'authenticated', secret: 'inner' });
  const claims = { iss: 'https://clerk.app.test', exp: 1_700_000_060, aud: 'convex', ...secrets, supabase: inner };
  const token = jwt(claims);

  /** A runtime that holds the token, and that was told secrets where it should not be. */
  const leaky = (): AuthView => {
    const health: AuthHealth = {
      status: 'blocked',
      since: 0,
      failure: { ...failure, code: `${secrets.email} ${token}`, cause: new Error(token) },
    };
    runtime.set(health);
    const inspection = runtime.inspect();
    return {
      ...runtime,
      inspect: () => ({ ...inspection, token: { ...inspection.token, last: token } }),
    };
  };

  it('is in the page only as values of the claims, and a token not even there', async () => {
    show({ initialIsOpen: true }, leaky());
    await report({ type: 'token_failed', attempt: 1, failure: { ...failure, code: token } });
    expect(screen.getByText('Ada Lovelace').closest('dd')?.previousSibling?.textContent).toBe('name');
    expect(page().split('Ada Lovelace')).toHaveLength(2);
    expect(page().split(secrets.email)).toHaveLength(2);
    expect(screen.getByText('supabase').closest('dt')?.nextSibling?.textContent).toBe('[token]');
    expect(page()).toContain('2023-11-14T22:14:20.000Z');
    for (const part of [token, inner, ...token.split('.'), ...inner.split('.')]) expect(page()).not.toContain(part);
    expect(page()).not.toMatch(looksLikeToken);
  });

  it('is not in the report', async () => {
    show({ initialIsOpen: true }, leaky());
    await report({ type: 'token_failed', attempt: 1, failure: { ...failure, code: token } });
    await report({ type: 'token_withheld', origin: `https://x.test/?jwt=${token}&email=${secrets.email}` });
    await click('Copy report');
    expect(screen.getByRole('status').textContent).toContain('Copied');
    const [text = ''] = copied;
    expect(text).toContain('- iss: https://clerk.app.test');
    expect(text).toContain('- sub: user_2ab…');
    expect(text).toContain('- others, by name: email, name, supabase');
    expect(text).toMatch(/versions: clerk-js unknown, convex \d+\.\d+\.\d+, react \d+\./);
    for (const secret of [...Object.values(secrets), ...token.split('.'), ...inner.split('.')])
      expect(text).not.toContain(secret);
    expect(text).not.toMatch(looksLikeToken);
    expect(text).not.toContain('?');
  });

  it('is not in the report that is shown where the clipboard refuses it', async () => {
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: { writeText: () => Promise.reject(new Error('not allowed')) },
    });
    Object.defineProperty(window, 'Clerk', { configurable: true, value: { version: '6.40.0' } });
    show({ initialIsOpen: true }, leaky());
    await click('Copy report');
    const { value } = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Report' });
    expect(value).toContain('## Auth report');
    expect(value).toContain('clerk-js 6.40.0');
    expect(value).not.toMatch(looksLikeToken);
    expect(value).not.toContain(secrets.email);
    expect(screen.getByRole('status').textContent).toContain('Not copied');
    Reflect.deleteProperty(window, 'Clerk');
  });

  it('is not shown of a token that is no JWT, nor where none is held', () => {
    const inspection = runtime.inspect();
    const opaque = 'opaque-opaque-opaque';
    show(
      { initialIsOpen: true },
      {
        ...runtime,
        inspect: () => ({ ...inspection, token: { ...inspection.token, last: opaque } }),
      },
    );
    expect(screen.getByText('A token is held that is no JWT.')).toBeTruthy();
    expect(page()).not.toContain(opaque);
    cleanup();
    show();
    expect(screen.getByText('No token is held.')).toBeTruthy();
  });
});

describe('what is simulated, on the real runtime and the real guard', () => {
  const tokensUrl = 'https://clerk.app.test/v1/client/sessions/sess_1/tokens?_clerk_js_version=6.40.0';
  const convexUrl = 'https://happy-animal-123.convex.cloud';

  /** The parts of a provider whose Clerk asks its server as clerk-js does. The network answers everything. */
  function play() {
    const clock = createTestClock();
    const connectivity = createTestConnectivity();
    connectivity.isOnline = () => navigator.onLine;
    const answered: string[] = [];
    let minted = 0;
    const network = vi.fn(async (input: RequestInfo | URL) => {
      answered.push(String(input).split('?')[0] ?? '');
      const exp = clock.now() / 1000 + 60;
      const body = { object: 'token', jwt: jwt({ jti: ++minted, iat: clock.now() / 1000, exp }), status: 'success' };
      return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
    });
    vi.stubGlobal('fetch', network);
    let cached = '';
    const auth: ClerkAuth = {
      isLoaded: true,
      isSignedIn: true,
      sessionId: 'sess_1',
      orgId: null,
      orgRole: null,
      sessionClaims: null,
      async getToken({ skipCache }) {
        if (skipCache || !cached) {
          const { jwt } = (await (await fetch(tokensUrl, { method: 'POST' })).json()) as { jwt: string };
          cached = jwt;
        }
        return cached;
      },
    };
    /** What Convex was given. */
    const given: Array<string | null | undefined> = [];
    let isAuthenticated = (_: boolean): void => {};
    const client = {
      url: convexUrl,
      async setAuth(
        fetchToken: (args: { forceRefreshToken: boolean }) => Promise<string | null | undefined>,
        onChange: (isAuthenticated: boolean) => void = () => {},
      ) {
        isAuthenticated = onChange;
        given.push(await fetchToken({ forceRefreshToken: false }));
        onChange(true);
      },
      clearAuth: () => void given.push('cleared'),
    };
    const view = createAuthRuntime({
      client: client as never,
      guardRequests: true,
      policy: resolvePolicy(undefined, retryPolicies.session),
      clock,
      connectivity,
      page: connectivity,
      onEvent: () => {},
    });
    const undoGuard = view.guardFetch();
    const stop = view.start();
    view.seen(auth, undefined, 'signed_in');
    view.source.startSession();
    view.facade.setAuth(
      ({ forceRefreshToken }) => view.source.request({ fresh: forceRefreshToken }),
      () => {},
    );
    const app = (children: ReactNode) => (
      <StrictMode>
        <ConvexProvider client={client as unknown as ConvexReactClient}>
          <AuthRuntimeContext.Provider value={view}>{children}</AuthRuntimeContext.Provider>
        </ConvexProvider>
      </StrictMode>
    );
    const advance = (ms: number): Promise<void> => act(() => clock.advance(ms));
    const end = (): void => {
      stop();
      undoGuard();
    };
    return { view, network, answered, given, app, advance, end, refuse: () => isAuthenticated(false) };
  }

  const parts = { open: <AuthDevtools initialIsOpen /> };

  it('expires the token: Clerk is asked for a fresh one at once, and Convex is given it', async () => {
    const { view, given, answered, app, advance, end } = play();
    render(app(parts.open));
    await advance(0);
    expect(view.health().status).toBe('healthy');
    expect(given).toHaveLength(1);
    await click('Expire token');
    await advance(1_000);
    expect(view.health().status).toBe('healthy');
    expect(given).toHaveLength(2);
    expect(given[1]).not.toBe(given[0]);
    // Tried first, as after a refusal.
    expect(answered).toEqual([
      'https://clerk.app.test/v1/client/sessions/sess_1/tokens',
      'https://clerk.app.test/v1/client/sessions/sess_1/tokens',
      `${convexUrl}/api/query`,
    ]);
    expect(log()).toEqual(
      expect.arrayContaining([
        'The token held is taken for expired: a new one is asked for.',
        'Clerk was asked for a fresh token.',
        'Convex confirmed the identity.',
      ]),
    );
    end();
  });

  it.each([
    ['Answer 500', /^Attempt 1 of the request for a token failed \(server 500 internal_clerk_error|\(server 500/],
    ['Offline', /\(offline, of browser\)/],
    ['Hang', /is slow: another one was sent beside it/],
  ] as const)('breaks the network (%s): the guard gets over it, and nobody is signed out', async (name, seen) => {
    const { view, network, given, app, advance, end } = play();
    render(app(parts.open));
    await advance(0);
    await click(name);
    expect(button(name).getAttribute('aria-pressed')).toBe('true');
    await click('Expire token');
    await advance(8_000);
    expect(view.health()).toMatchObject({ status: 'recovering', signedIn: true });
    expect(log().some((line) => seen.test(line))).toBe(true);
    expect(network).toHaveBeenCalledTimes(1);
    await click(name);
    expect(button(name).getAttribute('aria-pressed')).toBe('false');
    await advance(10_000);
    expect(view.health().status).toBe('healthy');
    expect(given).toHaveLength(2);
    expect(given).not.toContain('cleared');
    expect(given).not.toContain(null);
    end();
  });

  it.each(['Offline', 'Answer 500', 'Hang'])('is over when the panel is unmounted: %s', async (name) => {
    const { view, network, app, advance, end } = play();
    const before = Object.getOwnPropertyDescriptor(WebSocket.prototype, 'onopen');
    const guarded = globalThis.fetch;
    const { rerender } = render(app(parts.open));
    await advance(0);
    await click(name);
    await click('Expire token');
    await advance(4_000);
    expect(view.inspect().guard?.wire.fetch).not.toBe(network);
    if (name === 'Offline') expect(Object.getOwnPropertyDescriptor(WebSocket.prototype, 'onopen')).not.toEqual(before);
    rerender(app(null));
    expect(view.inspect().guard?.wire.fetch).toBe(network);
    expect(globalThis.fetch).toBe(guarded);
    expect(navigator.onLine).toBe(true);
    expect(Object.getOwnPropertyDescriptor(navigator, 'onLine')).toBeUndefined();
    expect(Object.getOwnPropertyDescriptor(WebSocket.prototype, 'onopen')).toEqual(before);
    expect(document.adoptedStyleSheets ?? []).toEqual([]);
    await advance(10_000);
    expect(view.health().status).toBe('healthy');
    end();
    await advance(0);
    expect(globalThis.fetch).toBe(network);
  });
});
