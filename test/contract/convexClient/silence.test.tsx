import '../provider/dom.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { flushSync } from 'react-dom';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { armBare } from './seats.tsx';
import { newest, seatsForTests, until } from './seatsForTests.ts';

// States in which Convex's client neither asks for a token nor confirms one, for ever; under the provider it is armed anew.

const { suite, rejections, bare, ours, settled, told } = seatsForTests();

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
