import { ConvexClerkProvider, useAuthHealth } from 'clerk-convex-resilience';
import { ConvexReactClient } from 'convex/react';
import { ConvexProviderWithClerk } from 'convex/react-clerk';
import { type ReactNode, useLayoutEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { api } from './api.ts';
import type { ClerkKit } from './ClerkKit.ts';
import { report } from './report.ts';
import { settleWithin } from './settleWithin.ts';

/** Renders the app under test, in plain `ConvexProviderWithClerk` or in ours, as the page's query says. */
export function mountBench(kit: ClerkKit): void {
  const query = new URLSearchParams(sessionStorage.getItem('bench') ?? '');
  const read = (name: string): string => {
    const value = query.get(name);
    if (value === null) throw new Error(`The page's query lacks "${name}".`);
    return value;
  };
  report({ kind: 'load' });
  window.addEventListener('unhandledrejection', ({ reason }) =>
    report({ kind: 'unhandled_rejection', message: String(reason).slice(0, 200) }),
  );

  const client = new ConvexReactClient(read('convex'), { unsavedChangesWarning: false });
  window.bench = {
    signOut: () => report({ kind: 'sign_out_settled', error: 'the app is not mounted yet' }),
    post: (timeoutMs) => settleWithin(client.mutation(api.post, { body: 'hello' }), timeoutMs),
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
  createRoot(document.getElementById('root') as HTMLElement).render(
    <kit.Provider publishableKey={read('publishableKey')} proxyUrl={read('clerk')} scriptLoaded={scriptLoaded}>
      <Side kit={kit} client={client} dropIn={scriptLoaded}>
        <App kit={kit} />
      </Side>
    </kit.Provider>,
  );
}

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
    <ConvexClerkProvider
      client={client}
      useAuth={useAuth}
      {...(!dropIn && { clerk })}
      onEvent={({ type, at: _, ...detail }) => report({ kind: 'event', type, detail: JSON.stringify(detail) })}
    >
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
