// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { ConvexProvider, type ConvexReactClient } from 'convex/react';
import { Component, type ReactNode, StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { convexErrorMark } from '../core/convexErrors.ts';
import type { AuthFailure } from '../core/failure.ts';
import type { AuthHealth, ConfigProblem } from '../core/health.ts';
import { describeWith } from '../diagnosis/describeFinding.ts';
import { type Finding, finding } from '../diagnosis/findings.ts';
import { bn as bnProse } from '../diagnosis/prose/bn.ts';
import { en as enProse } from '../diagnosis/prose/en.ts';
import { ru as ruProse } from '../diagnosis/prose/ru.ts';
import { bn } from '../locales/bn.ts';
import { de } from '../locales/de.ts';
import { en } from '../locales/en.ts';
import { ru } from '../locales/ru.ts';
import { createTestRuntime, type TestRuntime } from '../testing/testRuntime.ts';
import { AuthErrorHandler, type AuthErrorHandlerProps, type AuthNoticeButtonProps } from './AuthErrorHandler.tsx';
import { AuthRuntimeContext } from './AuthRuntimeContext.ts';
import { DevelopmentContext } from './LocaleContext.ts';
import { ConfigFindingsContext, ConfigProblemsContext } from './useAuthHealth.ts';

const failure: AuthFailure = { kind: 'network', retryable: true, source: 'browser' };
const healthy: AuthHealth = { status: 'healthy', since: 0 };
const ended: AuthHealth = {
  status: 'signed_out',
  failure: { kind: 'session_ended', retryable: false, source: 'clerk' },
};
const misconfigured: AuthFailure = {
  kind: 'misconfigured',
  retryable: false,
  source: 'clerk',
  code: 'resource_not_found',
};

let runtime: TestRuntime;
beforeEach(() => {
  document.body.replaceChildren(); // files share a page: Clerk's loader may have left a script there
  runtime = createTestRuntime(healthy);
  // jsdom has no modal dialogs.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const recovering = (nextAttemptAt: number | null = null, of = failure): AuthHealth => ({
  status: 'recovering',
  failure: of,
  since: runtime.clock.now(),
  attempt: 1,
  nextAttemptAt,
  signedIn: true,
});
const app = (props: AuthErrorHandlerProps = {}) => (
  <AuthRuntimeContext.Provider value={runtime}>
    <AuthErrorHandler {...props} />
  </AuthRuntimeContext.Provider>
);
/** What the child throws, and how often it was rendered. */
let error: Error | null = null;
let renders = 0;
function Child() {
  renders++;
  if (error) throw error;
  return <main>the app</main>;
}
let outer: unknown = null;
class Outer extends Component<{ children: ReactNode }, { caught: unknown }> {
  override state = { caught: null };
  static getDerivedStateFromError = (caught: unknown) => ({ caught });
  override render() {
    outer = this.state.caught;
    return outer ? 'outer' : this.props.children;
  }
}
const notAuthenticated = new Error('[CONVEX Q(users:me)] Uncaught Error: Not authenticated');

const MyRetry = ({ notice, children, onClick }: AuthNoticeButtonProps) => (
  <button type="button" onClick={onClick}>
    {children} after {notice.kind}
  </button>
);
const Help = ({ reference }: { reference: string }) => <a href={`/support?ref=${reference}`}>Help</a>;

const set = (health: AuthHealth): void => act(() => runtime.set(health));
const advance = (ms: number): Promise<void> => act(() => runtime.clock.advance(ms));
/** A dialog has a toast beside it, with regions of its own. */
const text = (role = 'status'): string => {
  const regions = screen.getAllByRole(role);
  return regions.map((region) => region.textContent ?? '').join('');
};
const buttons = (): string[] => screen.queryAllByRole('button').map((button) => button.textContent ?? '');
const click = async (name: string): Promise<void> => {
  await act(async () => fireEvent.click(screen.getByRole('button', { name })));
};

/** What a developer is told is loaded when it is shown; only a failure takes that long. */
const patient = { timeout: 10_000 };

describe('AuthErrorHandler while all is well', () => {
  it('is an empty live region, holds no timer, and renders once', async () => {
    const seen: unknown[] = [];
    render(app({ children: (state) => void seen.push(state) as ReactNode }));
    await advance(600_000);
    for (const since of [1, 2, 3]) set({ status: 'healthy', since });
    runtime.connectivity.wake('visible');
    expect(seen.slice(1)).toEqual([]);
    expect(runtime.clock.pendingTimers).toBe(0);
    cleanup();
    render(app());
    expect(text()).toBe('');
    expect(buttons()).toEqual([]);
    expect(screen.queryByRole('link')).toBe(null);
  });

  it('leaves nothing behind when it is unmounted, also in StrictMode and while something is shown', async () => {
    const { unmount } = render(<StrictMode>{app()}</StrictMode>);
    set(recovering());
    await advance(5_000);
    expect(text()).toContain(en.clerk_unreachable);
    expect(runtime.connectivity.rejectionListeners).toBe(1);
    unmount();
    expect(runtime.clock.pendingTimers).toBe(0);
    expect(runtime.subscribers).toBe(0);
    expect(runtime.connectivity.rejectionListeners).toBe(0);
  });

  it('renders the children on a server, and no notice', () => {
    const html = renderToString(app({ children: <main>the app</main> }));
    expect(html).toContain('<main>the app</main>');
    expect(html).not.toContain(en.recovering);
  });

  it('says what to do when there is no provider', () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    expect(() => render(<AuthErrorHandler />)).toThrow(/AuthErrorHandler was rendered outside of ConvexClerkProvider/);
  });
});

describe('AuthErrorHandler while it recovers', () => {
  it('shows nothing of a blip', async () => {
    render(app());
    set(recovering());
    await advance(1_999);
    set(healthy);
    await advance(60_000);
    expect(text()).toBe('');
    expect(runtime.clock.pendingTimers).toBe(0);
  });

  it.each([
    [undefined, 2_000],
    [500, 500],
    [0, 0],
  ])('shows it after showAfterMs: %s', async (showAfterMs, ms) => {
    render(app({ showAfterMs }));
    set(recovering());
    if (ms > 0) {
      await advance(ms - 1);
      expect(text()).toBe('');
    }
    await advance(1);
    expect(text()).toBe(`${en.clerk_unreachable}${en.still_signed_in}`);
    expect(buttons()).toEqual(['Retry', 'Sign out']);
    expect(screen.getByRole('link', { name: en.status_page }).getAttribute('href')).toBe('https://status.clerk.com');
  });

  it('is gone at once when it is over, says so for three seconds, and then nothing', async () => {
    const onRecover = vi.fn();
    render(app({ onRecover }));
    set(recovering());
    await advance(5_000);
    set(healthy);
    expect(text()).toBe(en.back_online);
    expect(buttons()).toEqual([]);
    expect(onRecover).toHaveBeenCalledTimes(1);
    expect(onRecover.mock.lastCall?.[0]).toMatchObject({ notice: { kind: 'clerk_unreachable' }, afterMs: 5_000 });
    await advance(2_999);
    expect(text()).toBe(en.back_online);
    await advance(1);
    expect(text()).toBe('');
    expect(runtime.clock.pendingTimers).toBe(0);
  });

  it('counts the seconds outside of the live region, so that no tick is read out', async () => {
    render(app());
    set(recovering(runtime.clock.now() + 10_000));
    await advance(3_000);
    expect(screen.getByText('Trying again in 7 seconds.').closest('[role]')).toBe(null);
    const said = text();
    await advance(6_000);
    expect(screen.getByText('Trying again in 1 second.').closest('[role]')).toBe(null);
    await advance(1_000);
    expect(screen.getByText(en.trying).closest('[role]')).toBe(null);
    expect(text()).toBe(said);
  });

  it('has its live regions before their text, the same elements all the time', async () => {
    render(app());
    const [status, alert] = [screen.getByRole('status'), screen.getByRole('alert')];
    set(recovering());
    await advance(2_000);
    set(healthy);
    set(ended);
    expect(screen.getByRole('status')).toBe(status);
    expect(screen.getByRole('alert')).toBe(alert);
    expect(alert.textContent).toContain(en.session_ended);
    expect(status.textContent).toBe('');
  });

  it.each([['banner'], ['inline'], ['toast']] as const)(
    'has what happens read out once each, in its order, in the variant %s: no tick, and as an alert only that one has to sign in',
    async (variant) => {
      render(app({ variant }));
      const heard: string[] = [];
      const said = new Map<Element, string>();
      const listen = (): void => {
        for (const region of document.querySelectorAll('[role=status], [role=alert]')) {
          const now = region.textContent ?? '';
          if (now !== '' && now !== (said.get(region) ?? '')) heard.push(`${region.getAttribute('role')}: ${now}`);
          said.set(region, now);
        }
      };
      const observer = new MutationObserver(listen);
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });

      set(recovering(runtime.clock.now() + 12_000));
      await advance(9_000);
      set(recovering(runtime.clock.now() + 45_000, { kind: 'rate_limited', retryable: true, source: 'clerk' }));
      await advance(20_000);
      set(healthy);
      await advance(5_000);
      set(ended);
      await advance(5_000);
      observer.disconnect();
      expect(heard).toEqual([
        `status: ${en.clerk_unreachable}${en.still_signed_in}`,
        `status: ${en.overloaded}${en.still_signed_in}`,
        `status: ${en.back_online}`,
        `alert: ${en.session_ended}${en.session_ended_detail}`,
      ]);
    },
  );

  it('follows what it is about without going away', async () => {
    render(app());
    set(recovering());
    await advance(2_000);
    runtime.connectivity.online = false;
    await advance(1_000);
    expect(text()).toContain(en.offline);
    runtime.connectivity.online = true;
    set({ ...recovering(), failure: { ...failure, kind: 'rate_limited' } } as AuthHealth);
    expect(text()).toContain(en.overloaded);
  });

  it('tells of a try that a person asked for, and keeps the button that has the focus', async () => {
    let answer = (): void => {};
    runtime.retried = new Promise((resolve) => {
      answer = resolve;
    });
    const onRetry = vi.fn();
    render(app({ onRetry }));
    set(recovering());
    await advance(2_000);
    const retry = screen.getByRole('button', { name: 'Retry' });
    retry.focus();
    await click('Retry');
    await click('Retry');
    expect(runtime.calls).toEqual(['retry']);
    expect(text()).toContain(en.trying);
    expect(retry.getAttribute('aria-disabled')).toBe('true');
    expect(document.activeElement).toBe(retry);
    await act(async () => answer());
    expect(text()).not.toContain(en.trying);
    expect(retry.getAttribute('aria-disabled')).toBe('false');
    expect(onRetry.mock.lastCall?.[0]).toMatchObject({ notice: { kind: 'clerk_unreachable' } });
  });

  it('signs out', async () => {
    const onSignOut = vi.fn();
    render(app({ onSignOut }));
    set(recovering());
    await advance(2_000);
    await click('Sign out');
    expect(runtime.calls).toEqual(['signOut']);
    expect(onSignOut).toHaveBeenCalledTimes(1);
    set({ status: 'signed_out' });
    expect(text()).toBe('');
    expect(runtime.clock.pendingTimers).toBe(0);
  });

  it('signs out while a try is under way, which may take a minute', async () => {
    let answer = (): void => {};
    runtime.retried = new Promise((resolve) => {
      answer = resolve;
    });
    runtime.signedOut = new Promise(() => {});
    render(app());
    set(recovering());
    await advance(2_000);
    await click('Retry');
    const disabled = (): (string | null)[] =>
      screen.getAllByRole('button').map((button) => button.getAttribute('aria-disabled'));
    expect(disabled()).toEqual(['true', 'false']);
    await click('Sign out');
    expect(runtime.calls).toEqual(['retry', 'signOut']);
    expect(disabled()).toEqual(['true', 'true']);
    await act(async () => answer());
    await click('Sign out');
    await click('Retry');
    expect(runtime.calls).toEqual(['retry', 'signOut']);
  });

  it('gives the focus back when the button that had it goes away, and takes it from nobody', async () => {
    render(
      <>
        <input aria-label="mine" />
        {app()}
      </>,
    );
    const input = screen.getByRole('textbox');
    input.focus();
    set(recovering());
    await advance(2_000);
    expect(document.activeElement).toBe(input);
    screen.getByRole('button', { name: 'Retry' }).focus();
    set(healthy);
    expect(document.activeElement).toBe(input);

    set(recovering());
    await advance(2_000);
    screen.getByRole('button', { name: 'Retry' }).focus();
    vi.spyOn(document, 'hasFocus').mockReturnValue(true); // jsdom says that its window has no focus then
    (document.activeElement as HTMLElement).blur();
    set(healthy);
    expect(document.activeElement).toBe(document.body);
  });

  it('offers to reset this browser’s sign-in when it is stuck, warns before, and loads the page anew', async () => {
    render(app());
    set({ ...recovering(), failure: { ...failure, kind: 'unknown' } } as AuthHealth);
    await advance(29_000);
    expect(buttons()).toEqual(['Retry', 'Sign out']);
    await advance(2_000);
    const reset = screen.getByRole('button', { name: en.reset });
    const alert = screen.getByRole('alert');
    reset.focus();
    await click(en.reset);
    // An Enter that is held comes upon Cancel, and nothing but the warning is said: not that nobody is signed out.
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Cancel' }));
    expect(screen.getByRole('alert')).toBe(alert);
    expect([text(), text('alert')]).toEqual([en.recovering, en.reset_warning]);
    expect(screen.queryByText(en.trying)).toBe(null);
    await advance(1_000);
    expect(runtime.calls).toEqual([]);
    await click('Cancel');
    expect(document.activeElement).toBe(reset);
    expect(text()).toBe(`${en.recovering}${en.still_signed_in}`);
    expect([text('alert'), buttons()]).toEqual(['', ['Retry', 'Sign out', en.reset]]);
    await click(en.reset);
    await click(en.reset);
    expect(runtime.calls).toEqual(['resetLocalAuth']);
    expect(runtime.connectivity.reloads).toBe(1);
  });
});

describe('AuthErrorHandler and a reset that was asked for and not answered', () => {
  it.each([['banner'], ['dialog']] as const)(
    'does not ask for it again in the next trouble, in a %s',
    async (variant) => {
      const stuck = (): AuthHealth => recovering(null, { ...failure, kind: 'unknown' });
      render(app({ variant }));
      set(stuck());
      await advance(31_000);
      await click(en.reset);
      set(healthy);
      await advance(600_000);
      set(stuck());
      await advance(2_000);
      expect([text('alert'), buttons().slice(0, 2)]).toEqual(['', ['Retry', 'Sign out']]);
    },
  );
});

describe('AuthErrorHandler and Convex’s socket', () => {
  let state = { isWebSocketConnected: true, connectionRetries: 0, requestsInFlight: 0 };
  let asked = 0;
  const heard = new Set<() => void>();
  const client = {
    connectionState: () => {
      asked++;
      return state;
    },
    subscribeToConnectionState: (listener: () => void) => {
      heard.add(listener);
      return () => heard.delete(listener);
    },
  } as unknown as ConvexReactClient;
  const change = (next: Partial<typeof state>): void => {
    state = { ...state, ...next };
    act(() => {
      for (const listener of [...heard]) listener();
    });
  };
  const withClient = () => <ConvexProvider client={client}>{app()}</ConvexProvider>;
  beforeEach(() => {
    state = { isWebSocketConnected: true, connectionRetries: 0, requestsInFlight: 0 };
    asked = 0;
  });

  it('says so when it is lost for two seconds, though the identity is still confirmed', async () => {
    const { unmount } = render(withClient());
    change({ isWebSocketConnected: false, connectionRetries: 1 });
    await advance(1_999);
    expect(text()).toBe('');
    await advance(1);
    expect(text()).toContain(en.convex_unreachable);
    runtime.connectivity.online = false;
    await advance(1_000);
    expect(text()).toContain(en.offline);
    change({ isWebSocketConnected: true, connectionRetries: 0 });
    expect(text()).toBe(en.back_online);
    await advance(3_000);
    expect(runtime.clock.pendingTimers).toBe(0);
    unmount();
    expect(heard.size).toBe(0);
  });

  it('does not blame a server that the page is only on its way back to', async () => {
    render(withClient());
    runtime.connectivity.online = false;
    change({ isWebSocketConnected: false, connectionRetries: 1 });
    await advance(2_000);
    expect(text()).toContain(en.offline);
    runtime.connectivity.online = true;
    await advance(1_000);
    expect(text()).toContain(en.recovering);
    await advance(5_000);
    expect(text()).toContain(en.recovering);
    change({ isWebSocketConnected: true, connectionRetries: 0 });
    expect(text()).toBe(en.back_online);
    await advance(3_000);
    // The next trouble has nothing to do with that.
    change({ isWebSocketConnected: false, connectionRetries: 1 });
    await advance(2_000);
    expect(text()).toContain(en.convex_unreachable);
  });

  it('stays while the socket opens and is closed again, and says nothing of one that is slow to answer', async () => {
    render(withClient());
    // A backend that cannot reach the identity provider closes the socket as soon as it has seen the token.
    for (let retries = 1; retries <= 6; retries++) {
      change({ isWebSocketConnected: false, connectionRetries: retries });
      await advance(900);
      change({ isWebSocketConnected: true });
      await advance(100);
      expect(text().includes(en.convex_unreachable)).toBe(retries > 2);
    }
    change({ connectionRetries: 0 });
    expect(text()).toBe(en.back_online);
    await advance(3_000);
    expect(text()).toBe('');

    change({ isWebSocketConnected: false, connectionRetries: 1 });
    await advance(900);
    change({ isWebSocketConnected: true }); // and a query takes its time
    await advance(60_000);
    expect(text()).toBe('');
    change({ isWebSocketConnected: false });
    await advance(1_999);
    expect(text()).toBe('');
    await advance(1);
    expect(text()).toContain(en.convex_unreachable);
    change({ isWebSocketConnected: true });
    await advance(2_900);
    expect(text()).toContain(en.convex_unreachable);
    await advance(1_000);
    expect(text()).toBe(en.back_online);
    await advance(4_000);
    expect(runtime.clock.pendingTimers).toBe(0);
  });

  it('does not go away in between when the token is lost after it', async () => {
    render(withClient());
    change({ isWebSocketConnected: false, connectionRetries: 1 });
    await advance(2_000);
    set(recovering());
    expect(text()).toContain(en.recovering);
  });

  it('asks a client nothing before somebody is signed in: that would open its socket', async () => {
    runtime.set({ status: 'starting' });
    render(withClient());
    await advance(1_000);
    set({ status: 'signed_out' });
    expect([asked, heard.size]).toEqual([0, 0]);
    set(healthy);
    expect(heard.size).toBe(1);
  });
});

describe('AuthErrorHandler when waiting does not help', () => {
  it('asks to sign in again, as an alert, at once', async () => {
    render(app());
    set(ended);
    expect(text('alert')).toBe(`${en.session_ended}${en.session_ended_detail}`);
    await click('Sign in');
    expect(runtime.calls).toEqual(['signIn']);
    set({ status: 'starting' });
    expect(text('alert')).toBe('');
  });

  const lasting: readonly (readonly [string, AuthHealth])[] = [
    ['session_ended', ended],
    ['misconfigured', { status: 'blocked', failure: misconfigured, since: 0 }],
    ['account_blocked', { status: 'signed_out', failure: { ...misconfigured, kind: 'account_blocked' } }],
    ['clerk_not_loaded', { status: 'starting', failure: { ...failure, kind: 'not_loaded' } }],
    ['unconfigured', { status: 'unconfigured', problems: [{ option: 'convexUrl', message: 'convexUrl is missing.' }] }],
  ];
  it.each(lasting)('has a banner that can be closed of what does not pass by itself: %s', async (kind, health) => {
    const { container } = render(app({ development: false }));
    set(health);
    await advance(2_000);
    expect(container.querySelector('[data-kind]')?.getAttribute('data-kind')).toBe(kind);
    await click(en.close);
    await advance(10_000);
    expect([text(), text('alert'), container.querySelector('[data-kind]')]).toEqual(['', '', null]);
    expect(runtime.clock.pendingTimers).toBeLessThanOrEqual(1);
  });

  it('gives a reference in production, and nothing of the failure', async () => {
    render(app({ development: false, build: 'a1b2c3' }));
    set({ status: 'blocked', failure: misconfigured, since: Date.UTC(2023, 0, 2, 3, 4) });
    expect(screen.getByText('RESOURCE_NOT_FOUND 20230102T0304Z A1B2C3')).toBeTruthy();
    expect(document.body.textContent).not.toContain('misconfigured');
  });

  it('shows the failure and what was diagnosed in development', async () => {
    render(app({ development: true, diagnose: ({ failure: seen }) => <p>Make a template for {seen?.kind}.</p> }));
    set({ status: 'blocked', failure: misconfigured, since: 0 });
    expect(await screen.findByText('clerk · misconfigured · resource_not_found', {}, patient)).toBeTruthy();
    expect(screen.getByText('Make a template for misconfigured.')).toBeTruthy();
  });

  describe('that was found to have a cause', () => {
    const findings = [
      finding('TOKEN_ISSUER_WRONG', { seen: 'https://a.example.com', expected: 'https://b.example.com' }),
    ];
    const blocked: AuthHealth = {
      status: 'blocked',
      failure: misconfigured,
      since: Date.UTC(2023, 0, 2, 3, 4),
      findings,
    };

    it.each([
      ['English', en, enProse, 'Seen', 'Expected'],
      ['Russian', ru, ruProse, 'Сейчас', 'Нужно'],
      ['Bengali', bn, bnProse, 'এখন আছে', 'থাকা দরকার'],
      ['a language without words of its own', de, enProse, 'Seen', 'Expected'],
    ])('says it to a developer in %s, with what to do', async (_language, locale, prose, seen, expected) => {
      render(app({ development: true, locale }));
      set(blocked);
      const link = await screen.findByRole('link', { name: 'TOKEN_ISSUER_WRONG' }, patient);
      expect(link.getAttribute('href')).toBe(findings[0]?.docsUrl);
      const words = describeWith(prose, findings[0] as Finding);
      const plain = (words: string): string => words.replaceAll('`', '');
      expect(document.body.textContent).toContain(plain(words.title));
      expect(document.body.textContent).toContain(`${seen}: https://a.example.com`);
      expect(document.body.textContent).toContain(`${expected}: https://b.example.com`);
      expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual(words.fix.map(plain));
    });

    it('gives its code as the reference in production, and nothing of what was seen or expected', async () => {
      render(app({ development: false, build: 'a1b2c3' }));
      set(blocked);
      expect(screen.getByText('TOKEN_ISSUER_WRONG 20230102T0304Z A1B2C3')).toBeTruthy();
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(document.documentElement.outerHTML).not.toMatch(/example\.com|auth\.config|unpkg/);
    });

    it('is its code alone where the provider has redacted it, and the provider says who looks at it', async () => {
      const redacted = findings.map(({ code, severity, docsUrl }) => ({ code, severity, docsUrl }));
      vi.stubEnv('NODE_ENV', 'production');
      render(<DevelopmentContext.Provider value>{app({})}</DevelopmentContext.Provider>);
      set({ ...blocked, findings: redacted });
      vi.unstubAllEnvs();
      expect(await screen.findByText('TOKEN_ISSUER_WRONG', { selector: 'code' }, patient)).toBeTruthy();
      expect(screen.getByText('clerk · misconfigured · resource_not_found')).toBeTruthy();
    });

    it('shows it when it comes later than the trouble, and for what passes by itself too', async () => {
      render(app({ development: true }));
      const trouble = recovering();
      set(trouble);
      await advance(2_000);
      set({ ...trouble, findings } as AuthHealth);
      expect(await screen.findByRole('link', { name: 'TOKEN_ISSUER_WRONG' }, patient)).toBeTruthy();
      expect(screen.getByText(/^TOKEN_ISSUER_WRONG \d/)).toBeTruthy();
    });
  });

  it('shows what is not configured below a provider’s fallback', async () => {
    const problems = [{ option: 'convexUrl', message: 'convexUrl is missing: set VITE_CONVEX_URL.' }];
    render(
      <ConfigProblemsContext.Provider value={problems}>
        <AuthErrorHandler development />
      </ConfigProblemsContext.Provider>,
    );
    expect(text()).toContain(en.misconfigured);
    expect(await screen.findByText(/set VITE_CONVEX_URL/, {}, patient)).toBeTruthy();
  });

  it('says what is not configured once, where a finding says it with its steps', async () => {
    const problems: ConfigProblem[] = [
      { option: 'publishableKey', code: 'PUBLISHABLE_KEY_MISSING', message: 'publishableKey is missing.' },
      { option: 'convexUrl', code: 'CONVEX_URL_MISSING', message: 'convexUrl is missing.' },
    ];
    render(
      <ConfigProblemsContext.Provider value={problems}>
        <ConfigFindingsContext.Provider value={[finding('CONVEX_URL_MISSING', { name: 'convexUrl' })]}>
          <AuthErrorHandler development />
        </ConfigFindingsContext.Provider>
      </ConfigProblemsContext.Provider>,
    );
    await screen.findByText('publishableKey is missing.', {}, patient);
    const { textContent } = document.body;
    expect(textContent).toContain('CONVEX_URL_MISSING');
    expect(textContent).not.toContain('convexUrl is missing.');
  });

  it('loads the page anew when Clerk has given up loading', async () => {
    runtime.set({ status: 'starting' });
    runtime.script.set({ clerkStatus: 'error' });
    render(app());
    await advance(2_000);
    expect(text()).toContain(en.clerk_not_loaded);
    await click('Retry');
    expect(runtime.connectivity.reloads).toBe(1);
  });

  it('loads the page anew when Clerk refuses it', async () => {
    runtime.set({ status: 'starting', failure: { ...misconfigured, status: 400, code: 'origin_invalid' } });
    render(app());
    expect(text()).toContain(en.misconfigured);
    await click('Retry');
    expect([runtime.connectivity.reloads, runtime.calls]).toEqual([1, []]);
  });

  it('says so when a page takes long to load', async () => {
    runtime.set({ status: 'starting' });
    render(app());
    await advance(9_999);
    expect(text()).toBe('');
    await advance(1);
    expect(text()).toBe(en.connecting);
  });
});

describe('AuthErrorHandler as an error boundary', () => {
  beforeEach(() => {
    error = null;
    vi.spyOn(console, 'error').mockImplementation(() => {});
  });
  it('shows the notice in place of a child that throws "Not authenticated", and the child again after recovery', async () => {
    const tree = () => app({ children: <Child key={String(error)} /> });
    const { rerender } = render(tree());
    set(recovering());
    error = notAuthenticated;
    rerender(tree());
    expect(screen.queryByRole('main')).toBe(null);
    expect(text()).toContain(en.clerk_unreachable);
    expect(screen.getByRole('status').closest('[data-variant]')?.getAttribute('data-variant')).toBe('inline');
    error = null;
    set(healthy);
    expect(screen.getByRole('main')).toBeTruthy();
    await advance(3_000);
    expect(text()).toBe('');
    expect(runtime.clock.pendingTimers).toBe(0);
  });

  /** One by one: React renders at the end of each. */
  const seconds = async (count: number): Promise<void> => {
    for (let second = 0; second < count; second++) await advance(1_000);
  };

  it('is done in a quarter of a minute with an error of a user whom Convex knows: it is the app’s own', async () => {
    error = new Error('Authentication required: admins only');
    render(<Outer>{app({ children: <Child /> })}</Outer>);
    await seconds(14);
    expect([text().includes(en.recovering), outer]).toEqual([true, null]);
    await seconds(1);
    expect(outer).toBe(error);
    expect(runtime.clock.pendingTimers).toBe(0);
  });

  it('counts anew when it was well for a while, and not when a query only loads again', async () => {
    const tree = () => <Outer>{app({ children: <Child key={String(error)} /> })}</Outer>;
    const { rerender } = render(tree());
    const fail = (): void => {
      error = notAuthenticated;
      rerender(tree());
      error = null; // what it throws next time, if it does, comes later
    };
    for (let times = 0; times < 4; times++) {
      fail();
      await advance(70_000);
      expect(screen.getByRole('main')).toBeTruthy();
    }
    for (let times = 0; times < 4; times++) {
      fail();
      await advance(9_000);
      expect(outer).toBe(null);
    }
    fail();
    expect(outer).toBe(notAuthenticated);
  });

  it('has patience with it for as long as the identity is out', async () => {
    error = notAuthenticated;
    runtime.set(recovering());
    render(<Outer>{app({ children: <Child /> })}</Outer>);
    await seconds(120);
    expect(outer).toBe(null);
    set(healthy);
    await seconds(14);
    expect(outer).toBe(null);
    await seconds(1);
    expect(outer).toBe(error);
  });

  it('renders the child again by itself, more and more seldom, where nothing else is known to be wrong', async () => {
    error = notAuthenticated;
    renders = 0;
    render(app({ children: <Child /> }));
    expect(text()).toContain(en.recovering);
    const before = renders;
    await advance(1_000);
    expect(renders).toBeGreaterThan(before);
    const after = renders;
    await advance(1_999);
    expect(renders).toBe(after);
    await click('Retry');
    expect(renders).toBeGreaterThan(after);
    cleanup();
    expect(runtime.clock.pendingTimers).toBe(0);
  });

  it('lets every other error through, untouched', () => {
    error = new TypeError('a mistake of the app’s');
    render(<Outer>{app({ children: <Child /> })}</Outer>);
    expect(outer).toBe(error);
  });

  const signInToContinue = 'Sign in to continue here';
  const noSuchRoom = Object.assign(new Error('[CONVEX Q(rooms:get)] Server Error'), {
    data: { code: 'NO_SUCH_ROOM' },
    [convexErrorMark]: true,
  });
  const serverError = new Error('[CONVEX Q(rooms:get)] [Request ID: 1] Server Error');

  it.each<readonly [string, Error, AuthHealth]>([
    ['an error of the app’s, for a visitor', noSuchRoom, { status: 'signed_out' }],
    [
      'an error of the app’s, while it recovers',
      noSuchRoom,
      { status: 'recovering', failure, since: 0, attempt: 1, nextAttemptAt: null, signedIn: true },
    ],
    ['any error of a Convex in production, for a visitor', serverError, { status: 'signed_out' }],
    ['any error of a Convex in production, while the page loads', serverError, { status: 'starting' }],
  ])('lets %s through', async (_what, thrown, health) => {
    runtime.set(health);
    error = thrown;
    render(<Outer>{app({ children: <Child /> })}</Outer>);
    expect(outer).toBe(error);
  });

  it.each([['banner'], ['toast'], ['dialog']] as const)(
    'asks a visitor to sign in where that is wanted, without a word of a session, in a %s that can be closed',
    async (variant) => {
      runtime.set({ status: 'signed_out' });
      render(app({ variant }));
      act(() => runtime.connectivity.reject(notAuthenticated));
      expect([text(), text('alert')]).toEqual([signInToContinue, '']);
      await click(en.close);
      expect(screen.queryByText(signInToContinue)).toBe(null);
    },
  );

  it('asks a visitor to sign in in place of what wants that', async () => {
    error = notAuthenticated;
    runtime.set({ status: 'signed_out' });
    render(app({ children: <Child /> }));
    expect(text()).toBe(signInToContinue);
    await click('Sign in');
    expect(runtime.calls).toEqual(['signIn']);
  });

  it('forgets a rejection in half a minute, where nothing else is wrong', async () => {
    render(app());
    act(() => runtime.connectivity.reject(new Error('No auth provider found matching the given token')));
    await advance(29_000);
    expect(text()).toContain(en.misconfigured);
    await advance(1_000);
    expect(text()).toBe('');
    expect(runtime.clock.pendingTimers).toBe(0);
  });

  it('takes any error of a Convex in production for one of auth while the identity is out', () => {
    error = serverError;
    runtime.set(recovering());
    render(<Outer>{app({ children: <Child /> })}</Outer>);
    expect(outer).toBe(null);
    expect(text()).toContain(en.clerk_unreachable);
  });

  it('says nothing to a visitor of a rejection that may mean anything', async () => {
    runtime.set({ status: 'signed_out' });
    render(app());
    act(() => runtime.connectivity.reject(serverError));
    act(() => runtime.connectivity.reject(noSuchRoom));
    await advance(5_000);
    expect([text(), text('alert')]).toEqual(['', '']);
  });

  it('shows a rejection that nobody handled at once, when it is one of auth', async () => {
    render(app());
    set(recovering());
    act(() => runtime.connectivity.reject(new TypeError('mine')));
    expect(text()).toBe('');
    act(() => runtime.connectivity.reject(notAuthenticated));
    expect(text()).toContain(en.clerk_unreachable);
    set(healthy);
    await advance(3_000);
    act(() => runtime.connectivity.reject(notAuthenticated));
    expect(text()).toBe('');
  });
});

describe('AuthErrorHandler and its look', () => {
  const shown = async (props: AuthErrorHandlerProps) => {
    const { container } = render(app(props));
    set(recovering());
    await advance(2_000);
    return container.querySelector('[data-variant]') as HTMLElement;
  };

  it('has the language and the direction on its root, and single texts of the app’s', async () => {
    const root = await shown({ locale: { ...en, lang: 'ar', dir: 'rtl' }, messages: { clerk_unreachable: 'Hmm' } });
    expect([root.lang, root.dir]).toEqual(['ar', 'rtl']);
    expect(text()).toContain('Hmm');
  });

  it('takes class names for its parts, and drops its own', async () => {
    const root = await shown({ unstyled: true, classNames: { root: 'mine', button: 'my-button' } });
    expect(root.outerHTML).not.toContain('ccr-');
    expect(root.className).toBe('mine');
    expect(screen.getByRole('button', { name: 'Retry' }).className).toBe('my-button');
  });

  it('takes components for its buttons and for the reference', async () => {
    await shown({
      components: { Retry: MyRetry, Support: Help },
    });
    await click('Retry after clerk_unreachable');
    expect(runtime.calls).toEqual(['retry']);
    expect(screen.queryByText('Help')).toBe(null);
    set({ status: 'blocked', failure: misconfigured, since: 0 });
    expect(screen.getByText('Help').getAttribute('href')).toContain('RESOURCE_NOT_FOUND');
  });

  it('hands everything to a function, which renders it', async () => {
    await shown({
      children: (state) => (state ? <button type="button" onClick={state.retry}>{`${state.title}!`}</button> : 'well'),
    }).catch(() => {});
    await click(`${en.clerk_unreachable}!`);
    expect(runtime.calls).toEqual(['retry']);
    expect(screen.queryByRole('status')).toBe(null);
  });

  it('is a dialog with a name, which Escape closes until there is something else to say', async () => {
    const root = await shown({ variant: 'dialog' });
    const dialog = screen.getByRole('dialog', { name: en.clerk_unreachable });
    expect(dialog).toBe(root);
    fireEvent.keyDown(dialog, { key: 'Escape' });
    expect(screen.queryByRole('dialog')).toBe(null);
    await advance(5_000);
    expect(screen.queryByRole('dialog')).toBe(null);
    runtime.connectivity.online = false;
    await advance(1_000);
    expect(screen.getByRole('dialog', { name: en.offline })).toBeTruthy();
  });

  it('is a dialog no longer when all is well again: it says so and stops nobody', async () => {
    const modal = vi.spyOn(HTMLDialogElement.prototype, 'showModal');
    const dialog = (await shown({ variant: 'dialog' })) as HTMLDialogElement;
    // What says so is there before it has anything to say.
    const [, toast] = document.querySelectorAll<HTMLElement>('[data-variant]');
    const region = toast?.querySelector('[role=status]');
    expect(region?.textContent).toBe('');
    expect([dialog.open, modal.mock.calls.length]).toEqual([true, 1]);
    set(healthy);
    expect(screen.getByRole('status').textContent).toBe(en.back_online);
    expect(screen.getByRole('status')).toBe(region);
    expect([dialog.open, toast?.tagName, toast?.dataset.variant]).toEqual([false, 'DIV', 'toast']);
    await advance(3_000);
    expect(toast?.textContent).toBe('');
    set(recovering());
    await advance(2_000);
    expect(modal).toHaveBeenCalledTimes(2);
  });

  it('is a dialog that is described by what it says and by when it is tried again', async () => {
    await shown({ variant: 'dialog' });
    const ids = screen.getByRole('dialog').getAttribute('aria-describedby')?.split(' ') ?? [];
    const described = ids.map((id) => document.getElementById(id)?.textContent);
    expect(described).toEqual([en.still_signed_in, en.trying]);
  });

  it('is a dialog that stays where the user has to sign in', () => {
    render(app({ variant: 'dialog' }));
    set(ended);
    const dialog = screen.getByRole('alertdialog', { name: en.session_ended });
    fireEvent.keyDown(dialog, { key: 'Escape' });
    expect(screen.getByRole('alertdialog')).toBe(dialog);
    expect(buttons()).toEqual(['Sign in']);
  });

  it('is a toast that can be closed', async () => {
    await shown({ variant: 'toast', placement: 'bottom-end' });
    await click(en.close);
    expect(text()).toBe('');
    set(healthy);
    expect(text()).toBe('');
  });
});
