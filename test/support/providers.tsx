import { act } from '@testing-library/react';
import { type ConvexReactClient, useConvexAuth } from 'convex/react';
import { type ReactNode, useLayoutEffect } from 'react';
import { nextTurn } from '../../packages/clerk-convex-resilience/src/core/clock.ts';
import {
  ConvexClerkProvider,
  type ConvexClerkProviderOptions,
} from '../../packages/clerk-convex-resilience/src/react/ConvexClerkProvider.tsx';
import type { ClerkAuth, ClerkLike } from '../../packages/clerk-convex-resilience/src/react/clerkTypes.ts';
import type { ConvexClientLike } from '../../packages/clerk-convex-resilience/src/react/convexTypes.ts';
import {
  type AuthHealthWithActions,
  useAuthHealth,
} from '../../packages/clerk-convex-resilience/src/react/useAuthHealth.ts';
import { createScriptedClerk, type ScriptedClerk } from '../contract/provider/scriptedClerk.ts';

/** As Convex's client, as far as auth goes: asks as soon as it is told whom, twice if it gets nothing, and believes what it is given. */
export interface TestClient extends ConvexClientLike {
  /** What it was given, in turn; null: it goes on as nobody. */
  readonly tokens: Array<string | null>;
  /** Does it run as somebody now? */
  isSomebody: boolean;
}

export function createTestClient(): TestClient {
  let asked = 0;
  const fetchFirst: (...args: Parameters<ConvexClientLike['setAuth']>) => Promise<void> = async (
    fetchToken,
    onChange,
  ) => {
    const mine = ++asked;
    const first = await fetchToken({ forceRefreshToken: false });
    const token = first ?? (mine === asked ? await fetchToken({ forceRefreshToken: true }) : null) ?? null;
    if (mine !== asked) return;
    client.tokens.push(token);
    client.isSomebody = token !== null;
    onChange?.(client.isSomebody);
  };
  const client: TestClient = {
    url: 'https://happy-animal-123.convex.cloud',
    tokens: [],
    isSomebody: false,
    setAuth: (...args) => void fetchFirst(...args),
    clearAuth() {
      asked++;
      client.isSomebody = false;
    },
  };
  return client;
}

/** What Clerk's `useAuth` says of somebody who is signed in, with a token that is as good as any. */
export const signedInAuth: ClerkAuth = {
  isLoaded: true,
  isSignedIn: true,
  sessionId: 'sess_1',
  orgId: null,
  orgRole: null,
  sessionClaims: null,
  getToken: () => Promise.resolve(`x.${btoa(JSON.stringify({ sid: 'sess_1', iat: 1, exp: 61 }))}.x`),
};

/** What a component below a provider is told, as of its last render. */
export interface Seen {
  word: 'loading' | 'in' | 'out';
  health: AuthHealthWithActions;
}

/** For `provider`. There is nothing in it before the first render. */
export const createSeen = (): Seen => ({}) as Seen;

/** A page with clerk-js on it, which loads when it is told to, and has a network only then. */
export interface TestProviders {
  readonly clerk: ScriptedClerk;
  /** `window.Clerk`. */
  readonly clerkJs: { -readonly [Key in keyof ClerkLike]: ClerkLike[Key] };
  /** Clerk says that this session is there; null: nobody. */
  says(sessionId: string | null): Promise<void>;
  /** A provider. What is below it is told to `seen`. */
  provider(client: TestClient, seen?: Seen, children?: ReactNode, options?: ConvexClerkProviderOptions): ReactNode;
}

/** Lets what is under way go on: a turn of the event loop, and what React makes of it. */
export const turn = (): Promise<void> => act(nextTurn);

export function createTestProviders(): TestProviders {
  const now = Math.floor(Date.now() / 1000);
  let minted = 0;
  const clerk = createScriptedClerk(async ({ sessionId }) => {
    const claims = { sid: sessionId, iat: now, exp: now + 60, jti: `${minted++}` };
    return `x.${btoa(JSON.stringify(claims))}.x`;
  });
  const clerkJs: TestProviders['clerkJs'] = {
    loaded: false,
    client: { sessions: [{ id: 'sess_1' }], reload: () => new Promise<never>(() => {}) },
    signOut: () => Promise.reject(new TypeError('Failed to fetch')),
  };
  return {
    clerk,
    clerkJs,
    says: (sessionId) =>
      act(async () => {
        clerkJs.loaded = true;
        clerk.set({ isLoaded: true, isSignedIn: sessionId !== null, sessionId });
      }),
    provider: (client, seen = createSeen(), children = null, options = {}) => (
      // Of Convex's client only this is used.
      <ConvexClerkProvider
        client={client as ConvexClientLike as ConvexReactClient}
        useAuth={clerk.useAuth}
        guardRequests={false}
        {...options}
      >
        <Look seen={seen} />
        {children}
      </ConvexClerkProvider>
    ),
  };
}

function Look({ seen }: { seen: Seen }): ReactNode {
  const { isLoading, isAuthenticated } = useConvexAuth();
  const health = useAuthHealth();
  useLayoutEffect(() => {
    Object.assign(seen, { word: isLoading ? 'loading' : isAuthenticated ? 'in' : 'out', health } satisfies Seen);
  });
  return null;
}
