// @vitest-environment jsdom
import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import { type ComponentType, type ReactNode, StrictMode, Suspense, use, useState } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as clerkReact from '../clerk-react.ts';
import type { ConfigProblem } from '../core/health.ts';
import { docsUrlOf, type FindingCode } from '../diagnosis/findings.ts';
import { bn } from '../locales/bn.ts';
import { ru } from '../locales/ru.ts';
import * as clerkReact6 from '../react.ts';
import { AuthErrorHandler } from './AuthErrorHandler.tsx';
import { BoundProvider, type ClerkBinding } from './BoundProvider.tsx';
import type { UseClerkAuth } from './clerkTypes.ts';
import { useAuthHealth } from './useAuthHealth.ts';

const key = `pk_test_${btoa('clerk.example.com$')}`;
const url = 'https://happy-animal-123.convex.cloud';

/** Both bindings take these; their other props are Clerk's own. */
type Provider = ComponentType<{
  publishableKey: string | undefined;
  convexUrl?: string;
  fallback?: clerkReact.ConvexClerkProviderProps['fallback'];
  development?: boolean;
}>;
const bindings: Array<[string, Provider]> = [
  ['clerk-react', clerkReact.ConvexClerkProvider as Provider],
  ['react', clerkReact6.ConvexClerkProvider as Provider],
];

const Health = () => <output>{useAuthHealth().status}</output>;
const Findings = () => {
  const health = useAuthHealth();
  return <output>{JSON.stringify('findings' in health ? health.findings : null)}</output>;
};

describe.each(bindings)('ConvexClerkProvider of ./%s', (_name, ConvexClerkProvider) => {
  let printed: string[] = [];
  beforeEach(() => {
    printed = [];
    vi.spyOn(console, 'error').mockImplementation((...args) => printed.push(args.join(' ')));
  });
  afterEach(() => {
    cleanup();
    vi.restoreAllMocks();
  });

  it.each([
    ['no key', undefined, url, /publishableKey is missing/],
    ['a malformed key', 'pk_test_nonsense', url, /publishableKey does not hold the address/],
    ['no URL', key, undefined, /convexUrl is missing/],
    ['a malformed URL', key, 'happy-animal-123', /which is no URL/],
  ])(
    'renders the fallback for %s, says what is missing, and does not throw',
    (_what, publishableKey, convexUrl, message) => {
      render(
        <ConvexClerkProvider publishableKey={publishableKey} {...(convexUrl && { convexUrl })} fallback={<Health />} />,
      );
      expect(screen.getByRole('status').textContent).toBe('unconfigured');
      expect(printed).toHaveLength(1);
      expect(printed[0]).toMatch(message);
    },
  );

  it('tells the fallback what is wrong', () => {
    render(
      <ConvexClerkProvider
        publishableKey={undefined}
        fallback={(problems) => problems.map((problem) => problem.option).join()}
      />,
    );
    expect(document.body.textContent).toBe('publishableKey,convexUrl');
  });

  it.each<[string, string | undefined, string | undefined, object[]]>([
    ['no key, no URL', undefined, undefined, [{ code: 'PUBLISHABLE_KEY_MISSING' }, { code: 'CONVEX_URL_MISSING' }]],
    [
      'a malformed key',
      'pk_test_nonsense',
      url,
      [{ code: 'PUBLISHABLE_KEY_MALFORMED', args: { name: 'publishableKey', seen: 'pk_test_… (16 characters)' } }],
    ],
    [
      'a secret key',
      'sk_live_abcdefgh',
      url,
      [{ code: 'SECRET_KEY_IN_PUBLIC_VARIABLE', args: { name: 'publishableKey', seen: 'sk_live_… (16 characters)' } }],
    ],
    [
      'a malformed URL',
      key,
      'nowhere',
      [{ code: 'CONVEX_URL_MALFORMED', args: { name: 'convexUrl', seen: 'nowhere' } }],
    ],
  ])('has findings for %s', async (_what, publishableKey, convexUrl, findings) => {
    const given = { publishableKey, ...(convexUrl && { convexUrl }) };
    render(<ConvexClerkProvider {...given} fallback={<Findings />} />);
    await waitFor(() => expect(JSON.parse(screen.getByRole('status').textContent ?? 'null')).toMatchObject(findings));
    for (const { code } of findings as { code: string }[]) expect(printed.join()).toContain(`${code}: `);
    expect(printed.join()).not.toContain('abcdefgh');
  });

  it('prints and tells the codes alone in production', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    let told: readonly ConfigProblem[] = [];
    const fallback = (problems: readonly ConfigProblem[]) => {
      told = problems;
      return <Findings />;
    };
    render(
      <ConvexClerkProvider publishableKey={undefined} convexUrl="https://deployed.example/" fallback={fallback} />,
    );
    render(<ConvexClerkProvider publishableKey={key} convexUrl="nowhere.example" fallback={fallback} />);
    await waitFor(() => expect(screen.getAllByRole('status')[1]?.textContent).toContain('CONVEX_URL_MALFORMED'));
    vi.unstubAllEnvs();
    expect(printed).toEqual([
      '[clerk-convex-resilience] PUBLISHABLE_KEY_MISSING',
      '[clerk-convex-resilience] CONVEX_URL_MALFORMED',
    ]);
    expect(told).toEqual([{ option: 'convexUrl', code: 'CONVEX_URL_MALFORMED', message: 'CONVEX_URL_MALFORMED' }]);
    const bare = (code: FindingCode) => JSON.stringify([{ code, severity: 'error', docsUrl: docsUrlOf(code) }]);
    expect(screen.getAllByRole('status').map((output) => output.textContent)).toEqual([
      bare('PUBLISHABLE_KEY_MISSING'),
      bare('CONVEX_URL_MALFORMED'),
    ]);
  });

  it('tells everything where the app says that a developer looks at it', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    render(<ConvexClerkProvider publishableKey={key} convexUrl="nowhere" development fallback={<Findings />} />);
    await waitFor(() => expect(screen.getByRole('status').textContent).toContain('"seen":"nowhere"'));
    vi.unstubAllEnvs();
    expect(printed.join()).toContain('CONVEX_URL_MALFORMED: convexUrl is "nowhere"');
  });

  it('says a problem once, in StrictMode and when another one is mended, and again when it comes back', () => {
    vi.stubEnv('NODE_ENV', 'production');
    const app = (publishableKey: string | undefined, convexUrl: string): ReactNode => (
      <StrictMode>
        <BoundProvider binding={fakeClerk} props={{ publishableKey, convexUrl }} />
      </StrictMode>
    );
    const { rerender } = render(app(undefined, 'nowhere'));
    rerender(app(undefined, url));
    rerender(app(undefined, 'nowhere'));
    vi.unstubAllEnvs();
    expect(printed).toEqual([
      '[clerk-convex-resilience] PUBLISHABLE_KEY_MISSING\nCONVEX_URL_MALFORMED',
      '[clerk-convex-resilience] CONVEX_URL_MALFORMED',
    ]);
  });

  it('renders nothing without a fallback', () => {
    render(<ConvexClerkProvider publishableKey={undefined} />);
    expect(document.body.textContent).toBe('');
  });

  it('renders on a server', () => {
    const App = ConvexClerkProvider as ComponentType<{
      publishableKey: string;
      convexUrl: string;
      children: React.ReactNode;
    }>;
    const html = renderToString(
      <App publishableKey={key} convexUrl={url}>
        <Health />
      </App>,
    );
    expect(html).toContain('starting');
  });
});

const ownFetch = globalThis.fetch;
/** Was `fetch` guarded, each time that Clerk's provider was rendered? */
const guarded: boolean[] = [];
const fakeClerk: ClerkBinding<{ children?: ReactNode }> = {
  ClerkProvider({ children }) {
    guarded.push(globalThis.fetch !== ownFetch);
    return children;
  },
  useAuth: () => ({ isLoaded: false, isSignedIn: undefined }) as ReturnType<UseClerkAuth>,
  useClerk: () => ({}),
};
const forever = new Promise<never>(() => {});
const NotReady = () => use(forever);
const NotAuthenticated = (): ReactNode => {
  throw new Error('[CONVEX Q(users:me)] Uncaught Error: Not authenticated');
};

afterEach(cleanup);

describe('BoundProvider', () => {
  it('guards requests before Clerk is rendered, though a part of the tree is not ready', async () => {
    const props = { publishableKey: key, convexUrl: url, children: <NotReady /> };
    const app = <BoundProvider binding={fakeClerk} props={props} />;
    const { unmount } = await act(async () => render(<Suspense fallback="waiting">{app}</Suspense>));
    expect(document.body.textContent).toBe('waiting');
    expect(guarded.length).toBeGreaterThan(0);
    expect(guarded).not.toContain(false);
    unmount();
    await act(async () => {});
    expect(globalThis.fetch).toBe(ownFetch);
  });

  // A ClerkProvider that is mounted again finds clerk-js there: its status never changes (@clerk/clerk-react 5.61).
  it('watches the scripts of Clerk no longer once it is loaded, though `useClerk` says nothing of it', async () => {
    const listeners = new Set<unknown>();
    vi.spyOn(document, 'addEventListener').mockImplementation((type, listener) => {
      if (type === 'load') listeners.add(listener);
    });
    vi.spyOn(document, 'removeEventListener').mockImplementation((_, listener) => void listeners.delete(listener));
    const clerk = { loaded: false };
    const tell = new Set<(isLoaded: boolean) => void>();
    const binding: typeof fakeClerk = {
      ...fakeClerk,
      useAuth() {
        const [isLoaded, set] = useState(false);
        tell.add(set);
        return { isLoaded, isSignedIn: isLoaded ? false : undefined } as ReturnType<UseClerkAuth>;
      },
      useClerk: () => clerk,
    };
    await act(async () => render(<BoundProvider binding={binding} props={{ publishableKey: key, convexUrl: url }} />));
    expect(listeners.size).toBe(1);
    clerk.loaded = true;
    await act(async () => {
      for (const set of tell) set(true);
    });
    vi.restoreAllMocks();
    expect(listeners.size).toBe(0);
  });

  it.each([
    ['its handlers', key],
    ['the handlers in its fallback', undefined],
  ])('gives its language to %s, which may have another', async (_where, publishableKey) => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const handlers = (
      <>
        <AuthErrorHandler variant="inline">
          <NotAuthenticated />
        </AuthErrorHandler>
        <AuthErrorHandler variant="inline" locale={bn}>
          <NotAuthenticated />
        </AuthErrorHandler>
      </>
    );
    const props = { publishableKey, convexUrl: url, locale: ru, fallback: handlers, children: handlers };
    const { container } = await act(async () => render(<BoundProvider binding={fakeClerk} props={props} />));
    const shown = [...container.querySelectorAll<HTMLElement>('[data-kind]')].map(({ lang }) => lang);
    expect(shown).toEqual(['ru', 'bn']);
  });
});

describe('useAuthHealth', () => {
  it('says what to do when there is no provider', () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    expect(() => render(<Health />)).toThrow(/outside of ConvexClerkProvider\. Render that above/);
  });
});
