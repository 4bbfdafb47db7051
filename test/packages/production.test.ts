// @vitest-environment jsdom
import { join } from 'node:path';
import { createElement, type FunctionComponent, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, expect, test, vi } from 'vitest';

// The built package in production: whatever an app does with a finding, a visitor sees its code and no more.

const dist = join(import.meta.dirname, '../../packages/clerk-convex-resilience/dist/');
type Props = Readonly<Record<string, unknown>>;
interface Health {
  readonly status: string;
  readonly findings?: readonly { readonly code: string }[];
}
interface Library {
  readonly ConvexClerkProvider: FunctionComponent<Props>;
  readonly useAuthHealth: () => Health;
}
const load = async (entry: string): Promise<Library> => (await import(`${dist}${entry}.js`)) as Library;

/** What is in all of it, and in nothing that a visitor may see. */
const hosts = /happy-animal|happy-otter|wrong\.example/;
const publishableKey = `pk_test_${btoa('happy-otter-12.clerk.accounts.dev$')}`;

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  Reflect.deleteProperty(window, 'Clerk');
});

function Seen({ useAuthHealth, onHealth }: Pick<Library, 'useAuthHealth'> & { onHealth: (health: Health) => void }) {
  const health = useAuthHealth();
  useEffect(() => onHealth(health));
  return null;
}

/** Renders it until there is a finding. Answers all that was said. */
async function play({ ConvexClerkProvider, useAuthHealth }: Library, props: Props, code: string) {
  const said: unknown[] = [];
  for (const level of ['debug', 'info', 'warn', 'error', 'log'] as const) {
    vi.spyOn(console, level).mockImplementation((...args) => void said.push(args));
  }
  let health: Health | undefined;
  const root = createRoot(document.createElement('div'));
  const onHealth = (next: Health) => {
    health = next;
  };
  const seen = createElement(Seen, { useAuthHealth, onHealth });
  root.render(createElement(ConvexClerkProvider, { ...props, fallback: seen }, seen));
  await vi.waitFor(() => expect(health?.findings?.map((finding) => finding.code)).toContain(code), { timeout: 10_000 });
  await vi.waitFor(() => expect(JSON.stringify(said)).toContain(code), { timeout: 10_000 });
  root.unmount();
  const { findings = [], ...more } = health ?? { status: '' };
  return { findings, said: JSON.stringify([said, findings, 'problems' in more && more.problems]) };
}

const bare = (code: string) => ({
  code,
  severity: 'error',
  docsUrl: `https://unpkg.com/clerk-convex-resilience/dist/findings/${code}.md`,
});

test.each([
  ['a setting', 'CONVEX_URL_MALFORMED'],
  ['a refusal', 'JWT_TEMPLATE_MISSING'],
] as const)(
  '%s is a code in production, and all of it in development',
  async (what, code) => {
    const { ConvexClerkProvider, useAuthHealth } = await load(what === 'a setting' ? 'react' : 'index');
    Reflect.set(window, 'Clerk', { publishableKey, version: '6.40.0', loaded: true });
    const notFound = Object.assign(new Error('not found'), {
      clerkError: true,
      status: 404,
      errors: [{ code: 'resource_not_found' }],
    });
    const client = {
      url: 'https://happy-animal-123.convex.cloud',
      setAuth: (fetchToken: (args: object) => unknown) => void fetchToken({ forceRefreshToken: false }),
      clearAuth() {},
    };
    const auth = { isLoaded: true, isSignedIn: true, sessionId: 'sess_1', getToken: () => Promise.reject(notFound) };
    const props =
      what === 'a setting'
        ? { publishableKey, convexUrl: 'wrong.example' }
        : { client, useAuth: () => auth, guardRequests: false };
    const library = { ConvexClerkProvider, useAuthHealth };

    vi.stubEnv('NODE_ENV', 'production');
    const production = await play(library, props, code);
    expect(production.findings).toEqual([bare(code)]);
    expect(production.said).not.toMatch(hosts);

    expect((await play(library, { ...props, development: true }, code)).said).toMatch(hosts);
    vi.stubEnv('NODE_ENV', 'development');
    expect((await play(library, props, code)).said).toMatch(hosts);
  },
  30_000,
);
