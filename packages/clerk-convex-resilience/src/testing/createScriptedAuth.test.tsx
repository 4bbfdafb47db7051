// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { ConvexProvider, type ConvexReactClient, useConvex } from 'convex/react';
import { useEffect } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AuthErrorHandler, type Finding, PublicReads, useAuthHealth } from '../index.ts';
import { type AuthHealth, createScriptedAuth, createTestClock, ScriptedAuthProvider } from '../testing.ts';

afterEach(cleanup);

const recovering = (since: number): AuthHealth => ({
  status: 'recovering',
  failure: { kind: 'network', retryable: true, source: 'browser' },
  since,
  attempt: 1,
  nextAttemptAt: null,
  signedIn: true,
});

function Status() {
  const status = useAuthHealth((health) => health.status);
  return <output>{status}</output>;
}

function Reads() {
  const client = useConvex();
  useEffect(() => client.watchQuery('notes:list' as never).onUpdate(() => {}), [client]);
  return null;
}

describe('createScriptedAuth', () => {
  it('is healthy until it is told otherwise, and tells the components below it', async () => {
    const clock = createTestClock();
    const auth = createScriptedAuth({ clock });
    render(
      <ScriptedAuthProvider auth={auth}>
        <AuthErrorHandler variant="inline" />
        <Status />
      </ScriptedAuthProvider>,
    );
    expect([screen.getAllByRole('status').map(({ textContent }) => textContent), clock.pendingTimers]).toEqual([
      ['', 'healthy'],
      0,
    ]);
    act(() => auth.set({ health: recovering(clock.now()) }));
    expect(screen.queryByText('The sign-in service isn’t answering')).toBe(null);
    await act(() => clock.advance(2_000));
    expect(screen.getByText('The sign-in service isn’t answering').closest('[role]')?.getAttribute('role')).toBe(
      'status',
    );
    act(() => auth.set({ isOnline: false }));
    expect(screen.getByText('You’re offline')).toBeTruthy();
    expect(auth.state()).toMatchObject({ isOnline: false, clerkStatus: 'ready', health: { status: 'recovering' } });
  });

  it('shows a developer what was found, by script', async () => {
    const failure = { kind: 'misconfigured', retryable: false, source: 'convex' } as const;
    const findings: Finding[] = [
      {
        code: 'TOKEN_AUDIENCE_WRONG',
        severity: 'error',
        args: { seen: 'my-app', expected: 'convex' },
        docsUrl: 'https://docs.test/TOKEN_AUDIENCE_WRONG.md',
      },
    ];
    const auth = createScriptedAuth({ health: { status: 'blocked', failure, since: 0, findings } });
    render(
      <ScriptedAuthProvider auth={auth}>
        <AuthErrorHandler development />
      </ScriptedAuthProvider>,
    );
    const link = await screen.findByRole('link', { name: 'TOKEN_AUDIENCE_WRONG' }, { timeout: 10_000 });
    expect(link.getAttribute('href')).toBe('https://docs.test/TOKEN_AUDIENCE_WRONG.md');
    expect(document.body.textContent).toContain('Seen: my-app');
    act(() => auth.set({ health: { status: 'healthy', since: 0 } }));
    expect(screen.queryByRole('link')).toBe(null);
  });

  it('notes what was asked for, and waits for what the script makes of it', async () => {
    const clock = createTestClock();
    const auth = createScriptedAuth({
      clock,
      health: recovering(clock.now()),
      onCall: (call) => {
        if (call === 'retry') auth.set({ health: { status: 'healthy', since: clock.now() } });
      },
    });
    render(
      <ScriptedAuthProvider auth={auth}>
        <AuthErrorHandler />
      </ScriptedAuthProvider>,
    );
    await act(() => clock.advance(2_000));
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Sign out' })));
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Retry' })));
    expect(auth.calls).toEqual(['signOut', 'retry']);
    expect(screen.getByText('You’re back online')).toBeTruthy();
  });

  it('lets PublicReads ask the client that the test has made, and opens no other', () => {
    const update = vi.fn(() => () => {});
    const watchQuery = vi.fn(() => ({ onUpdate: update, localQueryResult: () => undefined }));
    const client = { url: 'no address at all', watchQuery } as unknown as ConvexReactClient;
    render(
      <ScriptedAuthProvider auth={createScriptedAuth({ health: { status: 'starting' } })}>
        <ConvexProvider client={client}>
          <PublicReads>
            <Reads />
          </PublicReads>
        </ConvexProvider>
      </ScriptedAuthProvider>,
    );
    expect([watchQuery.mock.calls.length, update.mock.calls.length]).toEqual([1, 1]);
  });

  it('goes by the real clock where no other is given', () => {
    const { health } = createScriptedAuth().state();
    expect(health).toEqual({ status: 'healthy', since: expect.closeTo(Date.now(), -4) });
  });

  it('shows a Clerk that has not loaded, and asks for a reload instead of doing one', async () => {
    const clock = createTestClock();
    const auth = createScriptedAuth({ clock, health: { status: 'starting' }, clerkStatus: 'error' });
    render(
      <ScriptedAuthProvider auth={auth}>
        <AuthErrorHandler />
      </ScriptedAuthProvider>,
    );
    await act(() => clock.advance(2_000));
    expect(screen.getByText('Sign-in couldn’t be loaded')).toBeTruthy();
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Retry' })));
    expect(auth.calls).toEqual(['reload']);
  });
});
