import { describe, expect, it, vi } from 'vitest';
import { installClerkFetchGuard } from '../../core/clerkFetchGuard.ts';
import type { AuthEvent } from '../../core/events.ts';
import { createTestClock } from '../../core/testClock.ts';
import { createTestConnectivity } from '../../core/testConnectivity.ts';
import { createScriptedFetch } from '../../core/testFetch.ts';
import { createFaults } from './createFaults.ts';

const clerk = (path: string): string => `https://clerk.app.test/v1/${path}?_clerk_js_version=6.40.0`;
const tokens = clerk('client/sessions/sess_1/tokens');
const convex = 'https://happy-animal-123.convex.cloud';
const json = (body: unknown): Response =>
  new Response(JSON.stringify(body), { status: 200, headers: { 'content-type': 'application/json' } });

/** The real guard on a network that answers everything, and the faults beneath it. */
function setUp({ isGuarded = true } = {}) {
  const clock = createTestClock();
  const connectivity = createTestConnectivity();
  const events: AuthEvent[] = [];
  const scripted = createScriptedFetch(clock.now, () => json({ object: 'token', jwt: 'a.b.c' }));
  const target = { fetch: scripted.fetch };
  const guard = isGuarded
    ? installClerkFetchGuard({ clock, connectivity, target, onEvent: (event) => events.push(event) })
    : null;
  const said: string[] = [];
  const close = vi.fn();
  const client = {
    url: convex,
    cachedSync: { webSocketManager: { socket: { ws: { close } } } },
    setAuth() {},
    clearAuth() {},
  };
  const faults = createFaults({
    wire: () => guard?.wire ?? target,
    client,
    baseUrl: 'https://app.test/',
    page: {
      pretendOffline() {
        connectivity.online = false;
        said.push('offline');
        return () => {
          connectivity.online = true;
          said.push('online');
          connectivity.wake('online');
        };
      },
      blockSockets(host, open) {
        said.push(`blocked ${host}`);
        for (const socket of open) socket.close();
        return () => said.push('unblocked');
      },
    },
  });
  const ask = (url = tokens, init: RequestInit = { method: 'POST' }) => {
    const seen: { status?: number; body?: unknown; error?: unknown } = {};
    target.fetch(url, init).then(
      async (response) => {
        seen.status = response.status;
        seen.body = await response.json();
      },
      (error: unknown) => {
        seen.error = error;
      },
    );
    return seen;
  };
  const failures = () => events.flatMap((event) => (event.type === 'request_failed' ? [event.failure] : []));
  return { ...scripted, clock, faults, ask, failures, said, close, target, guard, events };
}

describe('a simulated fault', () => {
  it('of 500 is met by the guard, which keeps it from Clerk and is over it when it ends', async () => {
    const { faults, ask, clock, failures, calls } = setUp();
    faults.set('http_500');
    const held = ask();
    const app = ask('https://api.app.test/orders');
    await clock.advance(4_000);
    expect(held).toEqual({});
    expect(app.status).toBe(200);
    expect(failures().length).toBeGreaterThan(1);
    expect(failures()[0]).toMatchObject({ kind: 'server', status: 500, source: 'clerk' });
    expect(calls.map(({ url }) => url)).toEqual(['https://api.app.test/orders']);
    faults.set(null);
    await clock.advance(5_000);
    expect(held.status).toBe(200);
  });

  it("of 500 has Clerk's shape, so that clerk-js reads it as it reads Clerk's own", async () => {
    const { faults, ask, clock } = setUp({ isGuarded: false });
    faults.set('http_500');
    const answer = ask();
    await clock.advance(0);
    expect(answer).toMatchObject({
      status: 500,
      body: {
        errors: [{ code: 'internal_clerk_error', message: expect.any(String), long_message: expect.any(String) }],
      },
    });
  });

  it('of a hang answers nothing, so that the guard sends another beside it, and goes on when it ends', async () => {
    const { faults, ask, clock, events, calls } = setUp();
    faults.set('hang');
    const held = ask();
    await clock.advance(3_500);
    expect(held).toEqual({});
    expect(events.map(({ type }) => type)).toContain('request_hedged');
    expect(calls).toEqual([]);
    faults.set(null);
    await clock.advance(0);
    expect(held.status).toBe(200);
  });

  it('of a hang lets go of a request that is aborted, before or meanwhile', async () => {
    const { faults, ask, clock } = setUp({ isGuarded: false });
    faults.set('hang');
    const abort = new AbortController();
    const plain = ask(tokens, { method: 'POST', signal: abort.signal });
    await clock.advance(100);
    expect(plain).toEqual({});
    abort.abort(new Error('enough'));
    const late = ask(tokens, { method: 'POST', signal: abort.signal });
    await clock.advance(0);
    expect(plain.error).toEqual(new Error('enough'));
    expect(late.error).toEqual(new Error('enough'));
    faults.set(null);
    await clock.advance(0);
    expect(plain.status).toBeUndefined();
  });

  it('of being offline fails Clerk and Convex, closes the socket of Convex, and passes the rest', async () => {
    const { faults, ask, clock, failures, said, close } = setUp();
    faults.set('offline');
    expect(said).toEqual([`blocked ${new URL(convex).host}`, 'offline']);
    expect(close).toHaveBeenCalledTimes(1);
    const held = ask();
    const query = ask(`${convex}/api/query`);
    const app = ask('/orders');
    await clock.advance(2_000);
    expect(held).toEqual({});
    expect(query.error).toBeInstanceOf(TypeError);
    expect(app.status).toBe(200);
    expect(failures()[0]).toMatchObject({ kind: 'offline', source: 'browser' });
    faults.set(null);
    // Who hears `online` is to find a network.
    expect(said.slice(2)).toEqual(['unblocked', 'online']);
    await clock.advance(1_000);
    expect(held.status).toBe(200);
  });

  it('gives way to another, and leaves what it broke as it was', async () => {
    const { faults, guard, fetch, said } = setUp();
    let told = 0;
    const undo = faults.subscribe(() => told++);
    faults.set('offline');
    faults.set('hang');
    expect([faults.current(), said.at(-1)]).toEqual(['hang', 'online']);
    faults.set('hang');
    faults.set(null);
    expect([faults.current(), told]).toEqual([null, 3]);
    expect(guard?.wire.fetch).toBe(fetch);
    undo();
    faults.set('http_500');
    expect(told).toBe(3);
  });

  it('leaves a fetch alone that somebody wrapped after it, and passes everything from then on', async () => {
    const { faults, target, ask, clock } = setUp({ isGuarded: false });
    faults.set('http_500');
    const broken = target.fetch;
    const wrapped: typeof fetch = (...args) => broken(...args);
    target.fetch = wrapped;
    faults.set(null);
    expect(target.fetch).toBe(wrapped);
    const answer = ask();
    await clock.advance(0);
    expect(answer.status).toBe(200);
  });

  it('of being offline does without a client of Convex, and without one that has begun', () => {
    for (const client of [undefined, { url: 'no address', setAuth() {}, clearAuth() {} }]) {
      const target = { fetch: globalThis.fetch };
      const blockSockets = vi.fn(() => () => {});
      const page = { pretendOffline: () => () => {}, blockSockets };
      const faults = createFaults({ wire: () => target, client, page, baseUrl: undefined });
      faults.set('offline');
      faults.set(null);
      expect(blockSockets).not.toHaveBeenCalled();
      expect(target.fetch).toBe(globalThis.fetch);
    }
  });
});
