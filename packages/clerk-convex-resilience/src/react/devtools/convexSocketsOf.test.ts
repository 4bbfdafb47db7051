// @vitest-environment jsdom
import { ConvexReactClient } from 'convex/react';
import { ConvexReactClient as OldestClient } from 'convex-oldest/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ConvexClientLike } from '../convexTypes.ts';
import { convexSocketsOf } from './convexSocketsOf.ts';
import { browserDevtoolsPage } from './devtoolsPage.ts';

/** As a browser's: its handlers are accessors of the prototype. */
class FakeSocket {
  static made: FakeSocket[] = [];
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  closed = 0;
  private handler: (() => void) | null = null;
  constructor(readonly url: string) {
    FakeSocket.made.push(this);
  }
  get onopen() {
    return this.handler;
  }
  set onopen(handler) {
    this.handler = handler;
  }
  send() {}
  close() {
    this.closed++;
    setTimeout(() => this.onclose?.({ code: 1006, reason: '' }), 0);
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  FakeSocket.made = [];
});

/** What Convex keeps to itself, and what the panel goes by all the same: a version that has moved it is noticed here. */
describe.each([
  ['of today', ConvexReactClient],
  ['1.25', OldestClient as unknown as typeof ConvexReactClient],
])('the socket of a real Convex client, %s', (_, Client) => {
  const url = 'https://happy-animal-123.convex.cloud';

  it('is found when it is there, and looking opens none', async () => {
    vi.stubGlobal('WebSocket', FakeSocket);
    const client = new Client(url);
    expect(convexSocketsOf(client as unknown as ConvexClientLike)).toEqual([]);
    expect(FakeSocket.made).toEqual([]);
    client.connectionState();
    expect(convexSocketsOf(client as unknown as ConvexClientLike)).toEqual(FakeSocket.made);
    expect(FakeSocket.made).toHaveLength(1);
    void client.close();
  });

  it('is closed and each of its successors at birth, and lives when the block is gone', async () => {
    vi.useFakeTimers();
    vi.stubGlobal('WebSocket', FakeSocket);
    const client = new Client(url, { logger: false });
    client.connectionState();
    FakeSocket.made[0]?.onopen?.();
    expect(client.connectionState().isWebSocketConnected).toBe(true);
    const page = browserDevtoolsPage();
    const undo = page.blockSockets(new URL(url).host, convexSocketsOf(client as unknown as ConvexClientLike));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.connectionState().isWebSocketConnected).toBe(false);
    expect(FakeSocket.made.length).toBeGreaterThan(3);
    expect(FakeSocket.made.map(({ closed }) => closed)).toEqual(FakeSocket.made.map(() => 1));
    undo();
    const refused = FakeSocket.made.length;
    while (FakeSocket.made.length === refused) await vi.advanceTimersByTimeAsync(1_000);
    FakeSocket.made.at(-1)?.onopen?.();
    expect([FakeSocket.made.at(-1)?.closed, client.connectionState().isWebSocketConnected]).toEqual([0, true]);
    void client.close();
  });
});

it('is none where there is no client', () => {
  expect(convexSocketsOf(undefined)).toEqual([]);
});
