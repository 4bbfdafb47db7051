import '../provider/dom.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { act, render } from '@testing-library/react';
import { ConvexProviderWithAuth } from 'convex/react';
import { type ReactNode, useSyncExternalStore } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { BoundProvider } from '../../../packages/clerk-convex-resilience/src/react/BoundProvider.tsx';
import { createScriptedClerk } from '../provider/scriptedClerk.ts';
import { armBare } from './seats.tsx';
import { newest, seatsForTests, until } from './seatsForTests.ts';

// What the library relies on, or has to work around, in Convex's client beside the table of `fetcher.test.tsx`.

const { suite, bare, ours, settled, told } = seatsForTests();
/** Convex's own. */
const leewaySeconds = newest ? 10 : 2;

type Auth = ReturnType<Parameters<typeof ConvexProviderWithAuth>[0]['useAuth']>;

const Clerk = ({ children }: { children?: ReactNode }): ReactNode => children;

/** What `ConvexProviderWithAuth` is told, by script. */
function createScriptedAuth(auth: Auth): { readonly useAuth: () => Auth; set(next: Partial<Auth>): void } {
  let current = auth;
  let changed = (): void => {};
  const subscribe = (listener: () => void) => {
    changed = listener;
    return () => {};
  };
  return {
    useAuth: () => useSyncExternalStore(subscribe, () => current),
    set(next) {
      current = { ...current, ...next };
      changed();
    },
  };
}

describe('Convex’s client', () => {
  it('is saved from a re-authentication that hangs by a refresh that was due already', async () => {
    const seat = bare({ lifeSeconds: 12 });
    await settled(seat);
    seat.script.push('hangs');
    suite.emulator.faults.add({ action: 'auth_error' });
    expect(await seat.mutate()).toBe('done');
    expect(seat.calls).toHaveLength(4);
  });

  it('says that the user is in at every confirmation, not only at the first', async () => {
    const seat = bare();
    await until(() => seat.words.length === 2);
    suite.emulator.faults.add({ action: 'auth_error' });
    await until(() => seat.words.length === 3);
    expect(seat.words).toEqual(['in', 'in', 'in']);
  });

  it(`asks for the next token ${leewaySeconds} s before the last one’s end, counted from when it came`, async () => {
    const seat = bare({ lifeSeconds: leewaySeconds + 1, client: {} });
    await until(() => seat.calls.length === 4);
    const [, second, third, fourth] = seat.calls.map(({ at }) => at) as [number, number, number, number];
    for (const gap of [third - second, fourth - third]) {
      expect(gap).toBeGreaterThanOrEqual(990);
      expect(gap).toBeLessThan(5000);
    }
  });

  it('after a refresh that hangs, re-authenticates when the token has expired and something is run', async () => {
    const seat = bare({
      lifeSeconds: 3,
      client: { authRefreshTokenLeewaySeconds: 2 },
      script: ['token', 'token', 'hangs'],
    });
    await until(() => seat.calls.length === 3);
    await sleep(2500);
    expect(seat.calls).toHaveLength(3);
    expect(await seat.mutate()).toBe('done');
    expect(told('auth_error')).toBe(1);
  });

  it('gives up after four refusals: of the cached token and of three fresh ones', async () => {
    const fault = suite.emulator.faults.add({ action: 'reject_authenticate' });
    const seat = bare();
    await until(() => seat.word() === 'out');
    await sleep(500);
    expect(told('refused')).toBe(4);
    expect(seat.calls.map(({ forced }) => forced)).toEqual([false, true, true, true]);
    fault.remove();
  });

  it('authenticates twice at load, or once with initialAuthTokenReuse where it knows that', async () => {
    const first = bare({ name: 'twice' });
    const second = bare({ name: 'once', client: { initialAuthTokenReuse: true } });
    await settled(first);
    await until(() => second.word() === 'in');
    await sleep(300);
    const accepted = (name: string) =>
      suite.emulator.authentications.filter(({ kind, identity }) => kind === 'accepted' && identity === name).length;
    expect([first.calls.length, accepted('twice')]).toEqual([2, 2]);
    expect([second.calls.length, accepted('once')]).toEqual(newest ? [1, 1] : [2, 2]);
  });

  it('is signed in again by a token that comes after the sign-out', async () => {
    const seat = bare();
    await settled(seat);
    seat.script.push('is late');
    suite.emulator.faults.add({ action: 'auth_error' });
    await until(() => seat.calls.length === 3);
    seat.client.clearAuth();
    await seat.answerLate();
    expect(await seat.mutate()).toBe('done');
  });

  it('runs everything as nobody in between when its provider gets another fetcher', async () => {
    const seat = bare();
    await settled(seat);
    const auth = createScriptedAuth({ isLoading: false, isAuthenticated: true, fetchAccessToken: seat.fetch });
    const view = render(<ConvexProviderWithAuth client={seat.client} useAuth={auth.useAuth} />);
    await until(() => told('accepted') >= 4); // not exactly: a busy machine looks too late
    await sleep(200);
    expect(seat.identities).not.toContain(null);
    seat.script.push('is late');
    await act(async () => auth.set({ fetchAccessToken: (args) => seat.fetch(args) }));
    await until(() => seat.identities.includes(null));
    await seat.answerLate();
    view.unmount();
  });

  it('forgets the user when its provider loads again', async () => {
    const seat = bare();
    await settled(seat);
    const auth = createScriptedAuth({ isLoading: false, isAuthenticated: true, fetchAccessToken: seat.fetch });
    const view = render(<ConvexProviderWithAuth client={seat.client} useAuth={auth.useAuth} />);
    await until(() => told('accepted') >= 4); // not exactly: a busy machine looks too late
    await sleep(200);
    await act(async () => auth.set({ isLoading: true, isAuthenticated: false }));
    await until(() => seat.identities.includes(null));
    view.unmount();
  });
});

describe('a setAuth while Convex’s client re-authenticates', () => {
  it('leaves its socket stopped', async () => {
    const seat = bare();
    await settled(seat);
    seat.script.push('hangs');
    suite.emulator.faults.add({ action: 'auth_error' });
    await until(() => seat.calls.length === 3);
    armBare(seat);
    await until(() => seat.calls.length === 4);
    expect(await seat.mutate(1500)).toBe('hangs');
  });

  it('restarts it when its first answer is null', async () => {
    const seat = bare();
    await settled(seat);
    seat.script.push('hangs', 'null');
    suite.emulator.faults.add({ action: 'auth_error' });
    await until(() => seat.calls.length === 3);
    armBare(seat);
    expect(await seat.mutate()).toBe('done');
    expect(seat.identities).not.toContain(null);
  });
});

describe('a token that lives shorter than Convex’s leeway', () => {
  it('makes its client ask without a pause', async () => {
    const seat = bare({ lifeSeconds: 10 });
    await settled(seat);
    await until(() => seat.calls.length > 20);
    const [first, last] = [seat.calls.at(2), seat.calls.at(20)];
    // Eighteen refreshes: with a pause of a second between them they would take eighteen.
    expect((last?.at ?? Infinity) - (first?.at ?? 0)).toBeLessThan(9_000);
  });

  it('under the provider: costs Clerk ten requests, and the user is in', async () => {
    const seat = ours({ lifeSeconds: 10 });
    await until(() => seat.word() === 'in');
    await sleep(1500);
    expect(seat.calls.length).toBeLessThanOrEqual(12);
    expect(await seat.mutate()).toBe('done');
  });
});

it('under the provider: a deployment that refuses every token is not asked without a pause, and gets its user back', async () => {
  const faults = [
    suite.emulator.faults.add({ action: 'reject_authenticate' }),
    // A page whose security policy allows the socket only: no token can be tried first.
    suite.emulator.faults.add({ match: '/api/query', action: 'reset' }),
  ];
  const seat = ours();
  await sleep(3000);
  expect(told('refused')).toBeLessThanOrEqual(18);
  for (const fault of faults) fault.remove();
  expect(await seat.mutate(15_000)).toBe('done');
  expect(seat.identities).not.toContain(null);
});

it('under the provider: one token and one Authenticate at load with initialAuthTokenReuse', async () => {
  const seat = ours({ client: { initialAuthTokenReuse: true } });
  await until(() => seat.word() === 'in');
  await sleep(500);
  expect([seat.calls.length, told('accepted')]).toEqual(newest ? [1, 1] : [2, 2]);
});

it('under the all-in-one provider: one token and one Authenticate at load, with the client that it makes', async () => {
  vi.stubGlobal('WebSocket', WebSocket);
  vi.spyOn(console, 'log').mockImplementation(() => {}); // Convex's client says why a socket closes
  const clerk = createScriptedClerk(() => suite.issuer.mint({ sub: 'ada' }));
  clerk.set({ isLoaded: true, isSignedIn: true, sessionId: 'sess_1' });
  const view = render(
    <BoundProvider
      binding={{
        ClerkProvider: Clerk,
        useAuth: clerk.useAuth,
        useClerk: () => ({ loaded: true }),
      }}
      props={{ publishableKey: `pk_test_${btoa('clerk.example.com$')}`, convexUrl: suite.emulator.url, children: null }}
    />,
  );
  await until(() => told('accepted') > 0);
  await sleep(500);
  expect([clerk.calls.length, told('accepted')]).toEqual(newest ? [1, 1] : [2, 2]);
  view.unmount();
  await until(() => suite.emulator.openSockets === 0);
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('under the provider: a client that was made to expect a user gets one, and runs nothing before', async () => {
  const seat = ours({ client: { expectAuth: true }, script: ['is late'] });
  await until(() => seat.calls.length === 1);
  await sleep(200);
  expect(seat.identities).toEqual([]);
  await seat.answerLate();
  expect(await seat.mutate()).toBe('done');
  expect(seat.identities).toEqual(['ours']);
});

describe('a socket that comes back after an outage of which the browser said nothing', () => {
  // The first refresh meets the outage: two seconds after the token, which lives for twelve.
  const refreshFails = { script: ['token', 'token', 'rejects'] as const, lifeSeconds: 12 };

  it('makes nobody ask for a token: the refresh that failed was the last one', async () => {
    const seat = bare(refreshFails);
    await until(() => seat.calls.length === 3);
    suite.emulator.faults.add({ action: 'drop_sockets' });
    await until(() => seat.client.connectionState().isWebSocketConnected === false);
    await until(() => seat.client.connectionState().isWebSocketConnected);
    await sleep(3000);
    expect(seat.calls).toHaveLength(3);
  });

  it('under the provider: ends a wait of a minute', async () => {
    const seat = ours({ ...refreshFails, policy: { firstDelayMs: 60_000, quickDelayMs: 60_000 } });
    await until(() => seat.calls.length === 3);
    await sleep(1500);
    expect(seat.calls).toHaveLength(3);
    suite.emulator.faults.add({ action: 'drop_sockets' });
    await until(() => seat.calls.length > 3);
    expect(await seat.mutate(20_000)).toBe('done');
    expect(seat.words).toEqual(['loading', 'in']);
  });
});
