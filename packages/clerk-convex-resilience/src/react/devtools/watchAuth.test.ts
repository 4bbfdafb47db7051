import { describe, expect, it } from 'vitest';
import { createTestConnectivity } from '../../core/testConnectivity.ts';
import { createTestRuntime } from '../../testing/testRuntime.ts';
import { createTimeline } from './createTimeline.ts';
import { watchAuth } from './watchAuth.ts';

function setUp() {
  const view = createTestRuntime({ status: 'starting' });
  const connectivity = createTestConnectivity();
  const timeline = createTimeline(view.clock);
  const locks: Array<{ name: string; isMine: boolean }> = [];
  const offline = new Set<() => void>();
  const state = { isWebSocketConnected: false, connectionRetries: 0 };
  const socket = new Set<(now: typeof state) => void>();
  const asked: string[] = [];
  const client = {
    setAuth() {},
    clearAuth() {},
    connectionState() {
      asked.push('connectionState');
      return state;
    },
    subscribeToConnectionState(listener: (now: typeof state) => void) {
      socket.add(listener);
      return () => socket.delete(listener);
    },
  };
  const stop = watchAuth({
    view,
    client,
    connectivity,
    timeline,
    page: {
      onOffline: (listener) => {
        offline.add(listener);
        return () => offline.delete(listener);
      },
      heldLocks: async () => [...locks],
    },
  });
  const texts = () => timeline.entries().map(({ kinds, text }) => `${kinds.join()}: ${text}`);
  const turnSocket = (isWebSocketConnected: boolean): void => {
    for (const listener of socket) listener({ ...state, isWebSocketConnected });
  };
  return { view, connectivity, timeline, locks, offline, socket, asked, stop, texts, turnSocket };
}

describe('watchAuth', () => {
  it('writes down events with the time that they say', () => {
    const { view, timeline } = setUp();
    view.script.report({ at: 12, type: 'identity_confirmed' });
    expect(timeline.entries()).toMatchObject([{ at: 12, kinds: ['convex'], text: 'Convex confirmed the identity.' }]);
  });

  it('writes down what makes waiting pointless, and that the browser is offline', async () => {
    const { view, connectivity, offline, texts } = setUp();
    connectivity.wake('online');
    connectivity.wake('visible');
    for (const tell of offline) tell();
    expect(texts()).toEqual([
      'wakes: The browser is online: who waits tries again.',
      'wakes: The page came to the front: who waits tries again.',
      'wakes: The browser is offline.',
    ]);
    expect(view.clock.pendingTimers).toBe(1);
  });

  it('writes down what tabs tell each other, who has the turn, and a sign-out in another tab', async () => {
    const { view, connectivity, locks, texts } = setUp();
    const gate = 'https://clerk.test tokens';
    const now = view.clock.now();
    const tell = (word: object) => connectivity.message('clerk-convex-resilience', { version: 1, gate, ...word });
    locks.push({ name: `clerk-convex-resilience ${gate}`, isMine: false });
    tell({ type: 'down', since: now, startedAt: now, probeAt: now + 3_000, failures: 1 });
    await view.clock.advance(0);
    locks[0] = { name: `clerk-convex-resilience ${gate}`, isMine: true };
    tell({ type: 'down', since: now, startedAt: now, probeAt: now + 3_000, failures: 2 });
    await view.clock.advance(0);
    tell({ type: 'up' });
    await view.clock.advance(0);
    connectivity.message('clerk', { type: 'signout' });
    connectivity.message('clerk', null);
    expect(texts()).toEqual([
      `tabs: Told to all tabs: ${gate} failed 1 time, the next attempt is due in 3 s.`,
      `tabs: Another tab has its turn to try ${gate}, for all tabs.`,
      `tabs: Told to all tabs: ${gate} failed 2 times, the next attempt is due in 3 s.`,
      `tabs: This tab has its turn to try ${gate}, for all tabs.`,
      `tabs: Told to all tabs: ${gate} answers again.`,
      'tabs,session: Another tab signed out, says clerk-js.',
    ]);
  });

  it("asks for Convex's socket only when somebody is signed in, as to ask opens it", () => {
    const { view, asked, socket, texts, turnSocket } = setUp();
    view.set({ status: 'signed_out' });
    expect(asked).toEqual([]);
    view.set({ status: 'healthy', since: 0 });
    view.set({ status: 'healthy', since: 1 });
    expect([asked.length, socket.size]).toEqual([1, 1]);
    turnSocket(true);
    turnSocket(true);
    turnSocket(false);
    expect(texts()).toEqual([
      "wakes,convex: Convex's socket opened: who waits tries again.",
      "convex: Convex's socket was lost.",
    ]);
  });

  it('leaves nothing behind, and writes nothing of a question that was open', async () => {
    const { view, connectivity, locks, offline, socket, stop, texts } = setUp();
    view.set({ status: 'healthy', since: 0 });
    locks.push({ name: 'clerk-convex-resilience x', isMine: true });
    view.script.report({ at: 0, type: 'guard_installed' });
    stop();
    await view.clock.advance(0);
    view.script.report({ at: 0, type: 'guard_installed' });
    expect(texts()).toHaveLength(1);
    expect([offline.size, socket.size, view.clock.pendingTimers, view.subscribers]).toEqual([0, 0, 0, 0]);
    expect(connectivity.open).toEqual({ wake: 0, stored: 0, channels: [] });
  });
});
