// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/react';
import type { ConvexReactClient } from 'convex/react';
import { StrictMode } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AuthEvent, AuthLogger } from '../index.ts';
import { ConvexClerkProvider, type ConvexClerkProviderProps } from './ConvexClerkProvider.tsx';
import type { ClerkAuth } from './clerkTypes.ts';

const signedOut: ClerkAuth = {
  isLoaded: true,
  isSignedIn: false,
  sessionId: null,
  orgId: null,
  orgRole: null,
  sessionClaims: null,
  getToken: () => Promise.resolve(null),
};
const client = {
  url: 'https://happy-animal-123.convex.cloud',
  setAuth: () => {},
  clearAuth: () => {},
} as unknown as ConvexReactClient;
const publishableKey = `pk_test_${btoa('clerk.example.com$')}`;
const useAuth = (): ClerkAuth => signedOut;

const show = (props: Partial<ConvexClerkProviderProps>) =>
  render(
    <StrictMode>
      <ConvexClerkProvider
        client={client}
        useAuth={useAuth}
        clerk={{ publishableKey }}
        guardRequests={false}
        {...props}
      />
    </StrictMode>,
  );

const configured = [
  '[clerk-convex-resilience] Convex URL configured: happy-animal-123.convex.cloud',
  '[clerk-convex-resilience] publishable key configured: test instance clerk.example.com',
];

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

describe('ConvexClerkProvider', () => {
  it('gives the milestones to the logger, each once, and the events to onEvent', () => {
    const lines: string[] = [];
    const events: AuthEvent[] = [];
    const write = (message: string): void => {
      lines.push(message);
    };
    const logger: AuthLogger = { debug: write, info: write, warn: write, error: write };
    show({ logger, onEvent: (event) => events.push(event) });
    expect(lines).toEqual(configured);
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['convex_url_configured', 'publishable_key_configured']),
    );
    expect(JSON.stringify(events)).not.toContain(publishableKey);
  });

  it('writes them to the console with debug, and nothing without', () => {
    const info = vi.spyOn(console, 'info').mockImplementation(() => {});
    const debug = vi.spyOn(console, 'debug').mockImplementation(() => {});
    show({});
    expect(info).not.toHaveBeenCalled();
    expect(debug).not.toHaveBeenCalled();
    cleanup();
    show({ debug: true });
    expect(info.mock.calls.map(([message]) => message)).toEqual(configured);
    expect(debug).toHaveBeenCalled();
  });

  it('goes on when the logger throws', () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const boom = (): never => {
      throw new Error('mine');
    };
    expect(() => show({ logger: { debug: boom, info: boom, warn: boom, error: boom } })).not.toThrow();
  });
});
