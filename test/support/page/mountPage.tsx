import { AuthErrorHandler, ConvexClerkProvider, type NoticeKind, useAuthHealth } from 'clerk-convex-resilience';
import 'clerk-convex-resilience/styles.css';
import { ConvexReactClient } from 'convex/react';
import { ConvexProviderWithClerk } from 'convex/react-clerk';
import { makeFunctionReference } from 'convex/server';
import { type ComponentProps, type ComponentType, type ReactNode, useLayoutEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import type { CallResult } from './settings.ts';
import { tell } from './tell.ts';

/** The little of a Clerk package that the page uses: what both majors have in common. */
export interface ClerkKit {
  Provider: ComponentType<{ publishableKey: string; proxyUrl: string; children: ReactNode }>;
  useAuth: ComponentProps<typeof ConvexProviderWithClerk>['useAuth'];
}

declare global {
  interface Window {
    /** A mutation that needs an identity. */
    post(timeoutMs: number): Promise<CallResult>;
  }
}

const posting = makeFunctionReference<'mutation', { body: string }, null>('messages:post');

/** Renders the app under test in plain `ConvexProviderWithClerk` or in ours, as the page's query says. */
export function mountPage({ Provider, useAuth }: ClerkKit): void {
  const query = new URLSearchParams(location.search);
  const read = (name: string) => query.get(name) ?? '';
  tell({ kind: 'load' });
  window.addEventListener('unhandledrejection', ({ reason }) =>
    tell({ kind: 'unhandled_rejection', message: String(reason).slice(0, 200) }),
  );
  const client = new ConvexReactClient(read('convex'), { unsavedChangesWarning: false });
  window.post = (timeoutMs) =>
    Promise.race([
      client.mutation(posting, { body: 'hello' }).then(
        (): CallResult => 'ok',
        (error: unknown): CallResult => (String(error).includes('Not authenticated') ? 'not_authenticated' : 'failed'),
      ),
      new Promise<CallResult>((resolve) => setTimeout(resolve, timeoutMs, 'no_answer')),
    ]);

  const app = <App />;
  createRoot(document.getElementById('root') as HTMLElement).render(
    <Provider publishableKey={read('publishableKey')} proxyUrl={read('clerk')}>
      {read('side') === 'plain' ? (
        <ConvexProviderWithClerk client={client} useAuth={useAuth}>
          {app}
        </ConvexProviderWithClerk>
      ) : (
        <ConvexClerkProvider
          client={client}
          useAuth={useAuth}
          onEvent={({ type, at: _, ...detail }) => tell({ kind: 'event', type, detail: JSON.stringify(detail) })}
        >
          {read('handler') === 'banner' ? <Handled>{app}</Handled> : app}
        </ConvexClerkProvider>
      )}
    </Provider>,
  );
}

/** The app with the handler, and what it shows of its health. */
function Handled({ children }: { children: ReactNode }) {
  const status = useAuthHealth((health) => health.status);
  useLayoutEffect(() => tell({ kind: 'health', status }), [status]);
  useLayoutEffect(() => {
    const title = () => document.querySelector('h1')?.getBoundingClientRect().top ?? 0;
    const from = title();
    const observer = new MutationObserver(([change]) =>
      tell({
        kind: 'notice',
        notice: ((change?.target as HTMLElement | undefined)?.dataset.kind as NoticeKind | undefined) ?? null,
        movedBy: title() - from,
      }),
    );
    observer.observe(document.body, { attributeFilter: ['data-kind'], subtree: true });
    return () => observer.disconnect();
  }, []);
  return <AuthErrorHandler variant="banner">{children}</AuthErrorHandler>;
}
