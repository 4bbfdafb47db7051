import type { Connectivity, WakeReason } from '../../core/connectivity.ts';
import { safely } from '../../core/events.ts';
import { onWake } from '../../core/onWake.ts';
import { createTabs } from '../../core/tabs.ts';
import type { AuthView } from '../AuthRuntimeContext.ts';
import type { ClerkScripts } from '../ClerkScriptsContext.ts';
import type { ConvexClientLike } from '../convexTypes.ts';
import type { Timeline } from './createTimeline.ts';
import { describeEvent } from './describeEvent.ts';
import type { DevtoolsPage } from './devtoolsPage.ts';
import { fromNow } from './times.ts';

export interface WatchOptions {
  readonly view: Pick<AuthView, 'clock' | 'health' | 'onEvent' | 'subscribe'>;
  /** Clerk's scripts, below an all-in-one provider. */
  readonly scripts?: Pick<ClerkScripts, 'onEvent'> | null;
  readonly client: ConvexClientLike | undefined;
  /** The page's own signals: who listens to the runtime's would make Convex open its socket. */
  readonly connectivity: Connectivity;
  readonly page: Pick<DevtoolsPage, 'onOffline' | 'heldLocks'>;
  readonly timeline: Timeline;
}

const prefix = 'clerk-convex-resilience';
const wakes: Record<WakeReason, string> = {
  online: 'The browser is online: who waits tries again.',
  visible: 'The page came to the front: who waits tries again.',
  pageshow: 'The page is shown: who waits tries again.',
  sleep: 'The machine woke from sleep: who waits tries again.',
  socket: "Convex's socket opened: who waits tries again.",
};

/**
 * Writes down what happens: the events of the runtime, and what the panel sees for itself, so that the app's own code need
 * not tell it. Returns its own undo.
 */
export function watchAuth({ view, scripts, client, connectivity, page, timeline }: WatchOptions): () => void {
  const { clock } = view;
  const nonce = clock.random();
  let stopped = false;
  let turns: ReadonlyMap<string, boolean> = new Map();
  let stopSocket: (() => void) | undefined;

  /** Who is at it, among the tabs: a Web Lock tells. */
  async function lookForTurns(): Promise<void> {
    const held = await page.heldLocks(prefix, nonce);
    if (stopped) return;
    const before = turns;
    turns = new Map(held.map(({ name, isMine }) => [name.slice(prefix.length + 1), isMine]));
    for (const [gate, isMine] of turns) {
      if (before.get(gate) === isMine) continue;
      timeline.add(['tabs'], `${isMine ? 'This tab' : 'Another tab'} has its turn to try ${gate}, for all tabs.`);
    }
  }

  function watchSocket(): void {
    // To ask opens the socket, of which a visitor may have no need.
    if (stopSocket || !client?.subscribeToConnectionState || !client.connectionState) return;
    if (!['healthy', 'recovering', 'blocked'].includes(view.health().status)) return;
    let wasOpen = client.connectionState().isWebSocketConnected;
    stopSocket = client.subscribeToConnectionState(({ isWebSocketConnected: isOpen }) => {
      if (isOpen === wasOpen) return;
      wasOpen = isOpen;
      if (isOpen) timeline.add(['wakes', 'convex'], wakes.socket);
      else timeline.add(['convex'], "Convex's socket was lost.");
    });
  }

  const clerkTabs = connectivity.openChannel('clerk', (data) => {
    if ((data as { readonly type?: unknown } | null | undefined)?.type === 'signout') {
      timeline.add(['tabs', 'session'], 'Another tab signed out, says clerk-js.');
    }
  });
  const writeDown = safely((event) => {
    timeline.add(...describeEvent(event), event.at);
    void lookForTurns();
  });
  const undo = [
    view.onEvent(writeDown),
    scripts?.onEvent(writeDown),
    view.subscribe(watchSocket),
    onWake({ clock, connectivity }, (reason) => timeline.add(['wakes'], wakes[reason])),
    page.onOffline(() => timeline.add(['wakes'], 'The browser is offline.')),
    createTabs(connectivity).join((gate, word) => {
      // This tab's own words are heard, too: a channel does not tell who speaks.
      timeline.add(
        ['tabs'],
        word.type === 'up'
          ? `Told to all tabs: ${gate} answers again.`
          : `Told to all tabs: ${gate} failed ${word.failures} ${word.failures === 1 ? 'time' : 'times'}, the next attempt is due ${fromNow(word.probeAt, clock.now())}.`,
      );
      void lookForTurns();
    }),
    clerkTabs.close,
  ];
  watchSocket();
  return () => {
    stopped = true;
    stopSocket?.();
    for (const stop of undo) stop?.();
  };
}
