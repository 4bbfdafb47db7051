import { expect, it } from 'vitest';
import { retryPolicies } from '../core/policy.ts';
import { createTestClock } from '../core/testClock.ts';
import { createTestConnectivity } from '../core/testConnectivity.ts';
import { createTokenSource } from '../core/tokenSource.ts';
import type { ConvexClientLike } from './convexTypes.ts';
import { wakeWithSocket } from './wakeWithSocket.ts';

/** A client of Convex whose socket a test opens and closes. `tells`: as convex does since 1.26. */
function createClient({ tells = true } = {}) {
  const listeners = new Set<() => void>();
  const socket = { isOpen: true, isClosed: false, opened: 1 };
  const state = () => {
    if (socket.isClosed) throw new Error('ConvexReactClient has already been closed.');
    return { isWebSocketConnected: socket.isOpen, connectionRetries: 0, connectionCount: socket.opened };
  };
  const client: ConvexClientLike = {
    setAuth() {},
    clearAuth() {},
    connectionState: state,
    ...(tells && {
      subscribeToConnectionState(listener) {
        const heard = (): void => listener(state());
        listeners.add(heard);
        return () => listeners.delete(heard);
      },
    }),
  };
  const set = (isOpen: boolean): void => {
    if (isOpen && !socket.isOpen) socket.opened++;
    socket.isOpen = isOpen;
    for (const listener of listeners) listener();
  };
  return { client, listeners, socket, set };
}

function setUp(how: { tells?: boolean } = {}) {
  const clock = createTestClock();
  const page = createTestConnectivity();
  const convex = createClient(how);
  const connectivity = wakeWithSocket(page, convex.client, clock);
  const expectIdle = (): void => {
    expect([convex.listeners.size, clock.pendingTimers, page.open.wake]).toEqual([0, 0, 0]);
  };
  return { clock, page, connectivity, expectIdle, ...convex };
}

it.each([true, false])('is woken by a socket that opens, and by nothing else of it (told: %s)', async (tells) => {
  const { clock, page, connectivity, set, expectIdle } = setUp({ tells });
  const woken: string[] = [];
  expectIdle();
  const undo = connectivity.onWake((reason) => woken.push(reason));
  set(true);
  await clock.advance(1_000);
  set(false);
  await clock.advance(1_000);
  expect(woken).toEqual([]);
  set(true);
  await clock.advance(1_000);
  page.wake('online');
  set(true);
  await clock.advance(10_000);
  expect(woken).toEqual(['socket', 'online']);
  undo();
  expectIdle();
});

it('is woken by a socket that closed and opened between two looks at a client that does not tell', async () => {
  const { clock, connectivity, set, expectIdle } = setUp({ tells: false });
  const woken: string[] = [];
  const undo = connectivity.onWake((reason) => woken.push(reason));
  await clock.advance(1_300);
  set(false);
  await clock.advance(500);
  set(true);
  await clock.advance(5_000);
  expect(woken).toEqual(['socket']);
  undo();
  expectIdle();
});

it('leaves a client alone that the app has closed', async () => {
  const { clock, connectivity, socket, expectIdle } = setUp();
  socket.isClosed = true;
  const undo = connectivity.onWake(() => {});
  await clock.advance(10_000);
  undo();
  expectIdle();
});

it.each([true, false])(
  'ends the wait for a token within half a second of the socket, after five minutes without a word of the browser (told: %s)',
  async (tells) => {
    const { clock, connectivity, set, expectIdle } = setUp({ tells });
    let isDown = true;
    const asked: number[] = [];
    const source = createTokenSource({
      clock,
      connectivity,
      policy: retryPolicies.session,
      report: () => {},
      tryToken: async () => null,
      async getToken() {
        asked.push(clock.now());
        if (isDown) throw new TypeError('Failed to fetch');
        return 'token';
      },
    });
    source.startSession();
    const token = source.request({ fresh: true });
    set(false);
    await clock.advance(300_000);
    // Just after an attempt, the next is up to a minute away.
    const count = asked.length;
    while (asked.length === count) await clock.advance(1_000);
    isDown = false;
    set(true);
    await clock.advance(tells ? 500 : 1_500);
    await expect(token).resolves.toBe('token');
    expectIdle();
  },
);
