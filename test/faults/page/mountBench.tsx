import { type AuthEvent, ConvexClerkProvider, useAuthHealth } from 'clerk-convex-resilience';
import { ConvexReactClient } from 'convex/react';
import { ConvexProviderWithClerk } from 'convex/react-clerk';
import { type ReactNode, StrictMode, useLayoutEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { api } from './api.ts';
import type { BenchKit } from './BenchKit.ts';
import type { ClerkKit } from './ClerkKit.ts';
import { report } from './report.ts';
import { settleWithin } from './settleWithin.ts';
import { watchSockets } from './watchSockets.ts';

/** Renders the app under test, in plain `ConvexProviderWithClerk` or in ours, as the page's query says. */
export function mountBench(kit: BenchKit): void {
  const query = new URLSearchParams(sessionStorage.getItem('bench') ?? '');
  const read = (name: string): string => {
    const value = query.get(name);
    if (value === null) throw new Error(`The page's query lacks "${name}".`);
    return value;
  };
  report({ kind: 'load' });
  watchSockets();
  window.addEventListener('unhandledrejection', ({ reason }) =>
    report({ kind: 'unhandled_rejection', message: String(reason).slice(0, 200) }),
  );

  window.addEventListener('pageshow', ({ persisted }) => {
    // Chromium says what spoke against restoring a page (`notRestoredReasons`).
    const [entry] = performance.getEntriesByType('navigation') as Array<
      PerformanceEntry & { notRestoredReasons?: unknown }
    >;
    report({ kind: 'pageshow', persisted, why: JSON.stringify(entry?.notRestoredReasons ?? null) });
  });

  window.addEventListener('online', () => report({ kind: 'woke', by: 'online' }));
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) report({ kind: 'woke', by: 'visible' });
  });

  const client = new ConvexReactClient(read('convex'), {
    unsavedChangesWarning: false,
    authRefreshTokenLeewaySeconds: Number(read('leeway')),
  });
  window.bench = {
    signOut: () => report({ kind: 'sign_out_settled', error: 'the app is not mounted yet' }),
    switchOrganization: () => 'the app is not mounted yet',
    freeze: holdMainThread,
    post: (timeoutMs) => settleWithin(client.mutation(api.post, { body: 'hello' }), timeoutMs),
    isConnected: () => client.connectionState().isWebSocketConnected,
    ping: (timeoutMs) => settleWithin(client.mutation(api.ping, {}), timeoutMs),
    readMe: async (timeoutMs) => {
      let me: unknown;
      const result = await settleWithin(
        client.query(api.me, {}).then((subject) => {
          me = subject;
        }),
        timeoutMs,
      );
      return result === 'ok' && me === null ? 'not_authenticated' : result;
    },
  };

  const Side = read('side') === 'plain' ? Plain : Resilient;
  const scriptLoaded = read('clerkJs') === 'script';
  const app =
    read('entry') === 'bound' && read('side') === 'resilient' ? (
      <kit.Bound publishableKey={read('publishableKey')} proxyUrl={read('clerk')} client={client} onEvent={reportEvent}>
        <OrganizationSwitch kit={kit} />
        <SignOutOfHealth />
        <App kit={kit} />
      </kit.Bound>
    ) : (
      <kit.Provider publishableKey={read('publishableKey')} proxyUrl={read('clerk')} scriptLoaded={scriptLoaded}>
        <OrganizationSwitch kit={kit} />
        <Side kit={kit} client={client} dropIn={scriptLoaded}>
          <App kit={kit} />
        </Side>
      </kit.Provider>
    );
  createRoot(document.getElementById('root') as HTMLElement).render(
    read('strict') === 'true' ? <StrictMode>{app}</StrictMode> : app,
  );
}

/** A request that blocks: the thread sleeps, where a loop would take the processor from the other pages. */
function holdMainThread(ms: number): number {
  const from = performance.now();
  const left = () => ms - (performance.now() - from);
  while (left() > 0) {
    try {
      const request = new XMLHttpRequest();
      request.open('GET', `/sleep?ms=${Math.ceil(left())}`, false);
      request.send();
    } catch {
      // A browser that is taken offline may cut it short: the thread sleeps on as well as it can.
      const until = performance.now() + Math.min(50, left());
      while (performance.now() < until);
    }
  }
  report({ kind: 'woke', by: 'thaw' });
  return performance.now() - from;
}

const reportEvent = ({ type, at: _, ...detail }: AuthEvent) =>
  report({ kind: 'event', type, detail: JSON.stringify(detail) });

interface SideProps {
  kit: ClerkKit;
  client: ConvexReactClient;
  /** With `client` and `useAuth` alone, as the change of one import leaves an app. */
  dropIn: boolean;
  children: ReactNode;
}

function Plain({ kit, client, children }: SideProps) {
  const { useAuth, useClerk } = kit;
  const clerk = useClerk();
  useSignOutButton(() => clerk.signOut());
  return (
    <ConvexProviderWithClerk client={client} useAuth={useAuth}>
      {children}
    </ConvexProviderWithClerk>
  );
}

function Resilient({ kit, client, dropIn, children }: SideProps) {
  const { useAuth, useClerk } = kit;
  const clerk = useClerk();
  return (
    <ConvexClerkProvider client={client} useAuth={useAuth} {...(!dropIn && { clerk })} onEvent={reportEvent}>
      <SignOutOfHealth />
      {children}
    </ConvexClerkProvider>
  );
}

function SignOutOfHealth() {
  const health = useAuthHealth();
  useSignOutButton(() => health.signOut());
  return null;
}

/** The app's own organisation switcher. */
function OrganizationSwitch({ kit }: { kit: ClerkKit }) {
  const clerk = kit.useClerk();
  useLayoutEffect(() => {
    window.bench.switchOrganization = () => {
      const [membership] = clerk.user?.organizationMemberships ?? [];
      const organization = clerk.organization ? null : (membership?.organization.id ?? null);
      if (!clerk.organization && !organization) return 'the user is in none';
      clerk.setActive({ organization }).then(
        () => report({ kind: 'org_switch_settled', organization }),
        (error: unknown) => report({ kind: 'org_switch_settled', organization, error: String(error).slice(0, 120) }),
      );
      return 'asked';
    };
  });
  return null;
}

function useSignOutButton(signOut: () => unknown): void {
  useLayoutEffect(() => {
    window.bench.signOut = () => {
      report({ kind: 'sign_out_asked' });
      Promise.resolve(signOut()).then(
        () => report({ kind: 'sign_out_settled' }),
        (error: unknown) => report({ kind: 'sign_out_settled', error: String(error).slice(0, 120) }),
      );
    };
  });
}
