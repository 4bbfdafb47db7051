import type { AuthEvent, AuthFailure, AuthHealth } from 'clerk-convex-resilience';
import { AuthDevtools, type AuthDevtoolsProps } from 'clerk-convex-resilience/devtools';
import { createScriptedAuth, createTestClock, ScriptedAuthProvider } from 'clerk-convex-resilience/testing';
import { type ReactNode, useEffect, useState } from 'react';
import { AppPage } from '../support/AppPage.tsx';
import { storyTime } from '../support/states.ts';

const serverFailure: AuthFailure = {
  kind: 'server',
  retryable: true,
  source: 'clerk',
  status: 500,
  code: 'internal_clerk_error',
};
export const healthy: AuthHealth = { status: 'healthy', since: storyTime - 42_000 };
export const recovering: AuthHealth = {
  status: 'recovering',
  failure: serverFailure,
  since: storyTime - 12_000,
  attempt: 4,
  nextAttemptAt: storyTime + 3_000,
  signedIn: true,
};

/** What Clerk's template for Convex puts into a token, and a few that an app adds. */
const claims = {
  iss: 'https://happy-hippo-1.clerk.accounts.dev',
  sub: 'user_2abCdEfGhIjKlMnOpQrStUvWxYz',
  aud: 'convex',
  azp: 'http://localhost:5173',
  iat: storyTime / 1000 - 20,
  nbf: storyTime / 1000 - 30,
  exp: storyTime / 1000 + 40,
  email: 'ada@example.com',
  name: 'Ada Lovelace',
};

const seconds = (after: number): { readonly at: number } => ({ at: storyTime + after * 1_000 });
const load: readonly AuthEvent[] = [
  { ...seconds(0), type: 'convex_url_configured', host: 'happy-animal-123.convex.cloud' },
  {
    ...seconds(0),
    type: 'publishable_key_configured',
    instance: 'test',
    host: 'happy-hippo-1.clerk.accounts.dev',
  },
  { ...seconds(0.2), type: 'token_requested', attempt: 1, forced: false },
  { ...seconds(0.4), type: 'token_received', attempt: 1, expiresInMs: 59_600 },
  { ...seconds(0.6), type: 'identity_confirmed' },
  { ...seconds(0.6), type: 'health_changed', from: 'starting', to: 'healthy' },
];
const outage: readonly AuthEvent[] = [
  ...load,
  { ...seconds(51), type: 'token_requested', attempt: 1, forced: true },
  ...[1, 2, 3, 4].map(
    (attempt): AuthEvent => ({
      ...seconds(51 + attempt * 2),
      type: 'request_failed',
      request: 'tokens',
      failure: serverFailure,
      attempt,
      retryInMs: attempt * 700,
    }),
  ),
  { ...seconds(53), type: 'health_changed', from: 'healthy', to: 'recovering' },
];
/** More than is kept. */
const longOutage: readonly AuthEvent[] = Array.from(
  { length: 260 },
  (_, i): AuthEvent =>
    i % 13 === 12
      ? { ...seconds(i * 9), type: 'identity_confirmed' }
      : {
          ...seconds(i * 9),
          type: 'request_failed',
          request: 'tokens',
          failure: serverFailure,
          attempt: i + 1,
          retryInMs: 9_000,
        },
);
const histories = { none: [], load, outage, longOutage };

interface SceneProps extends AuthDevtoolsProps {
  readonly health?: AuthHealth;
  readonly isHeld?: boolean;
  readonly history?: keyof typeof histories;
}

/** The panel over an app, on a clock that stands still. */
export function DevtoolsScene({ health = healthy, isHeld = true, history = 'load', ...props }: SceneProps): ReactNode {
  const [auth] = useState(() =>
    createScriptedAuth({ clock: createTestClock({ now: storyTime }), health, claims: isHeld ? claims : null }),
  );
  useEffect(() => {
    for (const event of histories[history]) auth.report(event);
  }, [auth, history]);
  return (
    <ScriptedAuthProvider auth={auth}>
      <AppPage />
      <AuthDevtools {...props} />
    </ScriptedAuthProvider>
  );
}
