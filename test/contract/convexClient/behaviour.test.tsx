import '../provider/dom.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { act, render } from '@testing-library/react';
import { ConvexProviderWithAuth } from 'convex/react';
import { useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { emulatorForTests } from '../convexFixture/emulatorForTests.ts';
import { armBare, type Seat, type SeatOptions, takeBareSeat, takeOurSeat } from './seats.tsx';

// What the library relies on, or has to work around, in Convex's client beside the table of `fetcher.test.tsx`.

const suite = emulatorForTests();
const newest = process.env.CONVEX_CLIENT !== 'oldest';
/** Convex's own. */
const leewaySeconds = newest ? 10 : 2;
let seats: Seat[];
let rejections: unknown[];
const onRejection = (reason: unknown): void => void rejections.push(reason);

beforeEach(() => {
  seats = [];
  rejections = [];
  process.on('unhandledRejection', onRejection);
});
afterEach(async () => {
  for (const seat of seats) await seat.leave();
  process.off('unhandledRejection', onRejection);
});

const bare = (options: Partial<SeatOptions> = {}): Seat => sit(takeBareSeat, 'bare', options);
const ours = (options: Partial<SeatOptions> = {}): Seat => sit(takeOurSeat, 'ours', options);
function sit(take: typeof takeBareSeat, name: string, options: Partial<SeatOptions>): Seat {
  const seat = take({ name, convex: suite.emulator, issuer: suite.issuer, ...options });
  seats.push(seat);
  return seat;
}
async function until(condition: () => boolean, withinMs = 20_000): Promise<void> {
  for (const end = Date.now() + withinMs; !condition(); await sleep(10)) {
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${condition}`);
  }
}
/** Twice confirmed: while a confirmation is due, Convex's client ignores an AuthError. */
const settled = (seat: Seat): Promise<void> => until(() => seat.words.filter((word) => word === 'in').length >= 2);
const told = (kind: string): number => suite.emulator.authentications.filter((event) => event.kind === kind).length;

type Auth = ReturnType<Parameters<typeof ConvexProviderWithAuth>[0]['useAuth']>;

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
    const seat = sit(takeBareSeat, 'bare', {});
    await settled(seat);
    const auth = createScriptedAuth({ isLoading: false, isAuthenticated: true, fetchAccessToken: seat.fetch });
    const view = render(<ConvexProviderWithAuth client={seat.client} useAuth={auth.useAuth} />);
    await until(() => told('accepted') === 4);
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
    await until(() => told('accepted') === 4);
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

describe('a setAuth while the socket is being stopped, before a token is asked for', () => {
  it('leaves it stopped: convex 1.25 throws besides', async () => {
    const hook = { onAuthError: () => {} };
    const seat = bare({ client: { webSocketConstructor: hooked(hook) } });
    await settled(seat);
    hook.onAuthError = () => armBare(seat);
    seat.script.push('is late');
    suite.emulator.faults.add({ action: 'auth_error' });
    await until(() => seat.calls.length === 3);
    await sleep(300);
    await seat.answerLate();
    expect(await seat.mutate(1500)).toBe('hangs');
    expect(rejections.map(String)).toEqual(newest ? [] : [expect.stringContaining('fetchToken')]);
  });

  // convex 1.25 does not tell that it re-authenticates: there only the watch over its silence helps.
  it('under the provider: another organisation, and the user is in again', async () => {
    const hook = { onAuthError: () => {} };
    const seat = ours({ client: { webSocketConstructor: hooked(hook) } });
    await until(() => told('accepted') === 2);
    await sleep(200);
    let asked = 0;
    hook.onAuthError = () => {
      asked = seat.calls.length;
      flushSync(() => seat.clerk.set({ orgId: 'org_1', orgRole: 'org:member' }));
    };
    seat.script.push('is late');
    suite.emulator.faults.add({ action: 'auth_error' });
    await until(() => asked === 2 && seat.calls.length > 2);
    const since = Date.now();
    await sleep(300);
    await seat.answerLate();
    expect(await seat.mutate(15_000)).toBe('done');
    if (newest) expect(Date.now() - since).toBeLessThan(5000);
    expect(seat.identities).not.toContain(null);
    expect(seat.words).toEqual(['loading', 'in']);
  });
});

describe('a socket that never says that it has closed', () => {
  it('stops Convex’s client for ever after an AuthError', async () => {
    const seat = bare({ client: { webSocketConstructor: hooked({ isDeaf: true }) } });
    await settled(seat);
    suite.emulator.faults.add({ action: 'auth_error' });
    expect(await seat.mutate(1500)).toBe('hangs');
    expect(seat.calls).toHaveLength(2);
  });

  // convex before 1.40 does not tell that it re-authenticates.
  const onNewest = newest ? it : () => {};
  onNewest('under the provider: it is armed anew after ten seconds', async () => {
    const seat = ours({ client: { webSocketConstructor: hooked({ isDeaf: true }) } });
    await until(() => told('accepted') === 2);
    await sleep(200);
    suite.emulator.faults.add({ action: 'auth_error' });
    expect(await seat.mutate(15_000)).toBe('done');
    expect(seat.identities).not.toContain(null);
    expect(seat.words).toEqual(['loading', 'in']);
  });
});

describe('a token that lives shorter than Convex’s leeway', () => {
  it('makes its client ask without a pause', async () => {
    const seat = bare({ lifeSeconds: 10 });
    await settled(seat);
    await sleep(1000);
    expect(seat.calls.length).toBeGreaterThan(20);
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

it('under the provider: a client that was made to expect a user gets one, and runs nothing before', async () => {
  const seat = ours({ client: { expectAuth: true }, script: ['is late'] });
  await until(() => seat.calls.length === 1);
  await sleep(200);
  expect(seat.identities).toEqual([]);
  await seat.answerLate();
  expect(await seat.mutate()).toBe('done');
  expect(seat.identities).toEqual(['ours']);
});

/** A WebSocket that tells of an AuthError when Convex's client has taken it in, and that may never say that it has closed. */
function hooked(hook: { onAuthError?: () => void; isDeaf?: boolean }): typeof globalThis.WebSocket {
  class Hooked extends WebSocket {
    constructor(url: string) {
      super(url);
      let hadAuthError = false;
      this.addEventListener('message', ({ data }) => {
        if (!String(data).includes('"AuthError"')) return;
        hadAuthError = true;
        queueMicrotask(() => hook.onAuthError?.());
      });
      const onclose = Object.getOwnPropertyDescriptor(WebSocket.prototype, 'onclose');
      Object.defineProperty(this, 'onclose', {
        set: (listener) => onclose?.set?.call(this, hook.isDeaf && hadAuthError ? null : listener),
      });
    }
  }
  return Hooked as unknown as typeof globalThis.WebSocket;
}
