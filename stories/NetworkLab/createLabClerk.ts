import type { ConvexClerkProviderProps } from 'clerk-convex-resilience';

export type LabAuth = ReturnType<ConvexClerkProviderProps['useAuth']>;

/** Stands for Clerk: what the provider asks of `useAuth()` and of the Clerk object, over the page's own `fetch`. */
export interface LabClerk {
  auth(): LabAuth;
  /** Given to the provider as `clerk`. */
  readonly clerk: NonNullable<ConvexClerkProviderProps['clerk']>;
  subscribe(listener: () => void): () => void;
  /** Ends the session in Clerk's dashboard. */
  signIn(): void;
}

/** As clerk-js writes it: by this the guard knows its requests. */
const query = '__clerk_api_version=2025-11-10&_clerk_js_version=6.40.0';

export function createLabClerk(origin: string): LabClerk {
  const listeners = new Set<() => void>();
  let sessions = 0;
  let cached: string | null = null;
  let auth: LabAuth;
  let isSignedIn = false;
  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const post = (path: string): Promise<Response> => fetch(`${origin}/v1/client/${path}${query}`, { method: 'POST' });

  /** A cached token until a fresh one is asked for; throws what clerk-js throws. */
  async function getToken(sessionId: string, skipCache = false): Promise<string | null> {
    if (cached && !skipCache) return cached;
    const response = await post(`sessions/${sessionId}/tokens/convex?`);
    if (!response.ok) throw Object.assign(new Error('Clerk refused.'), { status: response.status, errors: [] });
    const { jwt } = (await response.json()) as { jwt: string };
    cached = jwt;
    return jwt;
  }
  function become(signedIn: boolean): void {
    isSignedIn = signedIn;
    cached = null;
    const sessionId = `sess_lab${Date.now()}${++sessions}`;
    auth = {
      isLoaded: true,
      isSignedIn,
      sessionId: isSignedIn ? sessionId : null,
      userId: isSignedIn ? 'user_lab' : null,
      orgId: null,
      orgRole: null,
      sessionClaims: null,
      getToken: ({ skipCache }) => getToken(sessionId, skipCache),
    };
    tell();
  }
  become(true);

  return {
    auth: () => auth,
    signIn: () => become(true),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clerk: {
      loaded: true,
      version: '6.40.0',
      status: 'ready',
      get session() {
        return isSignedIn && auth.sessionId ? { id: auth.sessionId, status: 'active' } : null;
      },
      addListener(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      async signOut() {
        await post(`sessions?_method=DELETE&`);
        become(false);
      },
      async redirectToSignIn() {
        become(true);
      },
    },
  };
}
