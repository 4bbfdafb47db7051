import type { Clock } from '../core/clock.ts';
import type { Connectivity } from '../core/connectivity.ts';
import { type ConvexClientLike, connectionOf } from './convexTypes.ts';

/** How often a client is looked at that does not tell (convex before 1.26), in milliseconds. */
const lookMs = 1_000;

/**
 * The page's signals and one more: the client's socket opens, so there is a network again. The browser itself hears of no
 * outage behind its own cable (VPN, DNS, router). Only who waits listens.
 */
export function wakeWithSocket(page: Connectivity, client: ConvexClientLike, clock: Clock): Connectivity {
  const onWake: Connectivity['onWake'] = (listener) => {
    const undo = page.onWake(listener);
    let last = connectionOf(client);
    let undoSocket = (): void => {};
    const look = (): void => {
      const before = last;
      last = connectionOf(client);
      if (!before || !last?.isWebSocketConnected) return;
      // Between two looks a socket may close and open: Convex waits half a second at first. One that tells counts a moment after it.
      const isAnother = !client.subscribeToConnectionState && before.connectionCount !== last.connectionCount;
      if (!before.isWebSocketConnected || isAnother) listener('socket');
    };
    const lookOn = (): void => {
      undoSocket = clock.setTimer(lookOn, lookMs);
      look();
    };
    if (last) {
      if (client.subscribeToConnectionState) undoSocket = client.subscribeToConnectionState(look);
      else lookOn();
    }
    return () => {
      undo();
      undoSocket();
    };
  };
  return Object.assign(Object.create(page) as Connectivity, { onWake });
}
