import { type AuthEvent, ConvexClerkProvider, useAuthHealth } from 'clerk-convex-resilience';
import { ConvexReactClient } from 'convex/react';
import { ConvexProviderWithClerk } from 'convex/react-clerk';
import { Profiler, type ReactNode, StrictMode, useLayoutEffect, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { api } from '../../../faults/page/api.ts';
import type { ClerkKit } from '../../../faults/page/ClerkKit.ts';
import { App } from './App.tsx';
import { count, readCounts } from './counters.ts';
import { describeAnything } from './describeAnything.ts';

/** Renders the app in plain `ConvexProviderWithClerk` or in ours, as the page's settings say. */
export function mountPage(kit: ClerkKit): void {
  const { side, publishableKey, clerk, convex, providers = 1, strict = false } = window.healthySettings;
  const clients = Array.from({ length: 2 }, () => new ConvexReactClient(convex, { unsavedChangesWarning: false }));
  const shown = createShown(providers);
  const events: string[] = [];
  const onEvent = (event: AuthEvent): void => void events.push(describeAnything(event));
  const Side = side === 'plain' ? Plain : Resilient;
  let signOut = (): Promise<unknown> => Promise.reject(new Error('The app is not mounted yet.'));
  const setSignOut = (next: () => Promise<unknown>): void => {
    signOut = next;
  };

  const app = (
    <kit.Provider publishableKey={publishableKey} proxyUrl={clerk} scriptLoaded={false}>
      <Providers shown={shown}>
        {clients.map((client, id) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the clients stay where they are
          <Side key={id} kit={kit} client={client} onEvent={onEvent} setSignOut={setSignOut}>
            <App kit={kit} id={id} />
          </Side>
        ))}
      </Providers>
    </kit.Provider>
  );
  const root = createRoot(document.getElementById('root') as HTMLElement);
  root.render(strict ? <StrictMode>{app}</StrictMode> : app);

  window.healthyPage = {
    counts: readCounts,
    show: shown.set,
    unmountAll: () => root.unmount(),
    signOut: () => signOut().then(() => null, describeAnything),
    post: () =>
      (clients[0] as ConvexReactClient).mutation(api.post, { body: 'hello' }).then(() => 'ok', describeAnything),
    events,
  };
}

function Providers({ shown, children }: { shown: Shown; children: readonly ReactNode[] }) {
  return children.slice(0, useSyncExternalStore(shown.subscribe, shown.get));
}

type Shown = ReturnType<typeof createShown>;

/** How many providers are rendered: a store, so that the test can change it from outside of React. */
function createShown(initial: number) {
  let number = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => number,
    set(next: number) {
      number = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

interface SideProps {
  kit: ClerkKit;
  client: ConvexReactClient;
  onEvent: (event: AuthEvent) => void;
  setSignOut: (signOut: () => Promise<unknown>) => void;
  children: ReactNode;
}

function Plain({ kit, client, setSignOut, children }: SideProps) {
  const clerk = kit.useClerk();
  useLayoutEffect(() => setSignOut(() => clerk.signOut()));
  return (
    <ConvexProviderWithClerk client={client} useAuth={kit.useAuth}>
      {children}
    </ConvexProviderWithClerk>
  );
}

function Resilient({ kit, client, onEvent, setSignOut, children }: SideProps) {
  return (
    <ConvexClerkProvider
      client={client}
      useAuth={kit.useAuth}
      clerk={kit.useClerk()}
      onEvent={onEvent}
      debug={window.healthySettings.debug}
    >
      <Profiler id="health" onRender={() => count('commits of useAuthHealth')}>
        <Health setSignOut={setSignOut} />
      </Profiler>
      {children}
    </ConvexClerkProvider>
  );
}

/** Shows all that `useAuthHealth` says but the error itself, which is another's and is for the app's own eyes. */
function Health({ setSignOut }: Pick<SideProps, 'setSignOut'>) {
  const health = useAuthHealth();
  useLayoutEffect(() => setSignOut(() => health.signOut()));
  return (
    <pre className="health">
      {describeAnything('failure' in health ? { ...health, failure: { ...health.failure, cause: null } } : health)}
    </pre>
  );
}
