import { ConvexClerkProvider, useUserSync } from 'clerk-convex-resilience';
import { ConvexReactClient, useConvexAuth, useMutation } from 'convex/react';
import { ConvexProviderWithClerk } from 'convex/react-clerk';
import { makeFunctionReference } from 'convex/server';
import {
  type ComponentProps,
  type ComponentType,
  Fragment,
  type ReactNode,
  StrictMode,
  useEffect,
  useLayoutEffect,
  useState,
} from 'react';
import { createRoot } from 'react-dom/client';

/** The exports of a Clerk package that the page uses. */
export interface UsersKit {
  readonly ClerkProvider: ComponentType<Record<string, unknown> & { children: ReactNode }>;
  readonly useAuth: ComponentProps<typeof ConvexProviderWithClerk>['useAuth'];
  readonly useUser: () => { readonly user?: { readonly id: string } | null };
}

declare global {
  interface Window {
    /** `seen`: what the page showed, each time that it was another: `loading`, `signed_out` or `ready` with the id; the hook's status in ours. */
    usersPage: { readonly seen: string[] };
  }
}

const store = makeFunctionReference<'mutation', Record<string, never>, string>('users:store');

/** Renders an app that stores its user: the documented way in plain, `useUserSync` in ours; with `?strict` in StrictMode. */
export function mountUsers({ ClerkProvider, useAuth, useUser }: UsersKit): void {
  const { side, convex, clerk } = window.sessionsSettings;
  window.usersPage = { seen: [] };
  const client = new ConvexReactClient(convex, { unsavedChangesWarning: false });
  const Mode = location.search === '?strict' ? StrictMode : Fragment;
  createRoot(document.getElementById('root') as HTMLElement).render(
    <Mode>
      <ClerkProvider {...clerk} telemetry={false}>
        {side === 'plain' ? (
          <ConvexProviderWithClerk client={client} useAuth={useAuth}>
            <Documented useUser={useUser} />
          </ConvexProviderWithClerk>
        ) : (
          <ConvexClerkProvider client={client} useAuth={useAuth}>
            <Ours />
          </ConvexClerkProvider>
        )}
      </ClerkProvider>
    </Mode>,
  );
}

/** `useStoreUserEffect` as docs.convex.dev/auth/database-auth has it, line by line. */
function useStoreUserEffect(useUser: UsersKit['useUser']) {
  const { isLoading, isAuthenticated } = useConvexAuth();
  const { user } = useUser();
  const [userId, setUserId] = useState<string | null>(null);
  const storeUser = useMutation(store);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as it is documented: a user with another id is stored as well
  useEffect(() => {
    if (!isAuthenticated) return;
    async function createUser() {
      const id = await storeUser();
      setUserId(id);
    }
    void createUser();
    return () => setUserId(null);
  }, [isAuthenticated, storeUser, user?.id]);
  return {
    isLoading: isLoading || (isAuthenticated && userId === null),
    isAuthenticated: isAuthenticated && userId !== null,
    userId,
  };
}

function Documented({ useUser }: Pick<UsersKit, 'useUser'>) {
  const { isLoading, isAuthenticated, userId } = useStoreUserEffect(useUser);
  return <Shown text={isLoading ? 'loading' : isAuthenticated ? `ready ${userId}` : 'signed_out'} />;
}

function Ours() {
  const sync = useUserSync(store);
  const { isLoading, isAuthenticated } = useConvexAuth();
  const failure = 'failure' in sync ? ` ${sync.failure.kind}` : '';
  const auth = isLoading ? 'loading' : isAuthenticated ? 'authenticated' : 'signed_out';
  return <Shown text={sync.status === 'synced' ? `ready ${sync.userId}` : `${auth} ${sync.status}${failure}`} />;
}

function Shown({ text }: { text: string }) {
  useLayoutEffect(() => void window.usersPage.seen.push(text), [text]);
  return <p id="state">{text}</p>;
}
