import { describe, expect, it, vi } from 'vitest';
import { type ClerkFetchGuardOptions, installClerkFetchGuard, retainClerkFetchGuard } from './clerkFetchGuard.ts';
import { AuthResilienceError } from './errors.ts';
import type { AuthEvent } from './events.ts';
import { createTestClock } from './testClock.ts';
import { createTestConnectivity } from './testConnectivity.ts';
import { createScriptedFetch, type ScriptedAnswer, type ScriptedCall } from './testFetch.ts';

const api = 'https://clerk.app.test/v1';
const v5 = '__clerk_api_version=2025-11-10&_clerk_js_version=5.128.0';
const v6 = '__clerk_api_version=2026-08-20&_clerk_js_version=6.40.0';
const json = (body: unknown, status = 200, headers: HeadersInit = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
const html = (status: number): Response => new Response('<!doctype html>', { status });
const token = (jwt = 'a.b.c'): Response => json({ object: 'token', jwt });
const clerkError = (status: number, code: string, headers: HeadersInit = {}): Response =>
  json({ errors: [{ code, message: code, long_message: code }] }, status, headers);
const client = (...sessionIds: string[]): Response =>
  json({
    response: {
      object: 'client',
      sessions: sessionIds.map((id) => ({ id, status: 'active' })),
      last_active_session_id: sessionIds.at(-1) ?? null,
    },
    client: null,
  });
function deferred() {
  let resolve: (answer: ScriptedAnswer) => void = () => {};
  const promise = new Promise<ScriptedAnswer>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
const netError = (): Error => new TypeError('Failed to fetch');
const isTokens = ({ url }: ScriptedCall): boolean => url.includes('/tokens');
const isClient = ({ url }: ScriptedCall): boolean => /\/client\?/.test(url);

/** A signal that counts the listeners that nobody has taken off. */
function createCountedSignal(): { signal: AbortSignal; count(): number } {
  const { signal } = new AbortController();
  const listeners: unknown[] = [];
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners.push(args[1]);
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    const at = listeners.indexOf(args[1]);
    if (at >= 0) listeners.splice(at, 1);
    remove(...args);
  };
  return { signal, count: () => listeners.length };
}

type Script = (call: ScriptedCall, index: number) => ScriptedAnswer | Promise<ScriptedAnswer>;

function setUp(script: Script, options: ClerkFetchGuardOptions = {}) {
  const clock = createTestClock();
  const t0 = clock.now();
  const connectivity = createTestConnectivity();
  const events: AuthEvent[] = [];
  const scripted = createScriptedFetch(clock.now, script);
  const target = { fetch: scripted.fetch };
  const guard = installClerkFetchGuard({
    clock,
    connectivity,
    target,
    onEvent: (event) => events.push(event),
    ...options,
  });
  /** What came of a request, and when, in milliseconds after the start; null while it is held. */
  const watch = (answered: Promise<Response>) => {
    const seen: { status?: number; body?: unknown; error?: unknown; at?: number } = {};
    answered.then(
      async (response) => {
        seen.at = clock.now() - t0;
        seen.status = response.status;
        seen.body = await response.json().catch(() => undefined);
      },
      (error: unknown) => {
        seen.at = clock.now() - t0;
        seen.error = error;
      },
    );
    return seen;
  };
  const send = (path: string, init: RequestInit = {}, query = v5) =>
    watch(target.fetch(new URL(`${api}/${path}?${query}`), { credentials: 'include', ...init }));
  const getToken = (sessionId = 'sess_a', init: RequestInit = {}, query = v5) =>
    send(`client/sessions/${sessionId}/tokens`, { method: 'POST', ...init }, query);
  const getClient = (init: RequestInit = {}) => send('client', init);
  /** Nothing is left over: no timer, no listener, no channel, no request. */
  const expectIdle = (): void => {
    expect(clock.pendingTimers).toBe(0);
    expect(connectivity.open).toEqual({ wake: 0, stored: 0, channels: [] });
    expect(connectivity.locks.size).toBe(0);
    expect(scripted.open).toHaveLength(0);
  };
  const said = (type: AuthEvent['type']): AuthEvent[] => events.filter((event) => event.type === type);
  return { ...scripted, clock, t0, connectivity, events, said, guard, target, send, getToken, getClient, expectIdle };
}

/** Fails until `ms` have passed since the start. */
const until =
  (ms: number, bad: Script, good: Script): Script =>
  (call, index) =>
    (call.at - 1_700_000_000_000 < ms ? bad : good)(call, index);

describe('the wire beneath', () => {
  it('is what the guard sends with, so that a fault put there is met and got over', async () => {
    const { guard, target, fetch, calls, clock, getToken, send, said, expectIdle } = setUp(() => token());
    expect(guard.wire.fetch).toBe(fetch);
    guard.wire.fetch = async () => json({}, 500);
    const held = getToken();
    const passed = send('client/sign_ins', { method: 'POST' });
    await clock.advance(5_000);
    expect(held).toEqual({});
    expect(passed.status).toBe(500);
    expect(said('request_failed').length).toBeGreaterThan(1);
    expect(calls).toEqual([]);
    guard.wire.fetch = fetch;
    await clock.advance(5_000);
    expect(held.status).toBe(200);
    expectIdle();
    guard.wire.fetch = async () => json({}, 500);
    guard.uninstall();
    expect(target.fetch).toBe(fetch);
  });
});

describe('a healthy page', () => {
  it('has one request, one timer while it is under way, and nothing afterwards', async () => {
    const answer = deferred();
    const page = setUp(() => answer.promise);
    const result = page.getToken();
    await page.clock.advance(100);
    expect(page.clock.pendingTimers).toBe(1);
    expect(page.connectivity.open).toEqual({ wake: 0, stored: 0, channels: [] });
    answer.resolve(token());
    await page.clock.advance(0);
    expect(result).toMatchObject({ status: 200, body: { jwt: 'a.b.c' } });
    expect(page.calls).toHaveLength(1);
    page.expectIdle();
    expect(page.events.map(({ type }) => type)).toEqual(['guard_installed']);
  });

  it('gets the very answer, with its URL, and can read it', async () => {
    const answer = token();
    Object.defineProperty(answer, 'url', { value: 'https://clerk.app.test/v1/x' });
    const page = setUp(() => answer);
    expect(page.getToken()).toBeDefined();
    await page.clock.advance(0);
    expect(answer.bodyUsed).toBe(false);
  });

  it('passes requests that are none of Clerk’s with the same arguments, `this` and promise', () => {
    const seen: unknown[] = [];
    const promise = Promise.resolve(token());
    const target = {
      fetch(this: unknown, ...args: unknown[]) {
        seen.push([this, args]);
        return promise;
      },
    } as unknown as { fetch: typeof fetch };
    installClerkFetchGuard({ target, clock: createTestClock(), connectivity: createTestConnectivity() });
    const request = new Request('https://api.test/');
    const url = new URL('https://api.test/');
    const init = { method: 'POST' };
    expect(target.fetch('/api', init)).toBe(promise);
    expect(target.fetch(url)).toBe(promise);
    expect(target.fetch(request)).toBe(promise);
    const { fetch: bare } = target;
    expect(bare('/x')).toBe(promise);
    expect((target.fetch as (...args: unknown[]) => unknown)()).toBe(promise);
    expect(seen).toEqual([
      [target, ['/api', init]],
      [target, [url]],
      [target, [request]],
      [undefined, ['/x']],
      [target, []],
    ]);
  });

  it.each(['sign_ins', 'sign_ups', 'client/sign_ins', 'client/sessions/sess_a/verify', 'me'])(
    'never touches %s',
    async (path) => {
      const page = setUp(netError);
      const result = page.send(path, { method: 'POST', body: 'a=1' });
      await page.clock.advance(0);
      expect(result.error).toBeInstanceOf(TypeError);
      await page.clock.advance(60_000);
      expect(page.calls).toHaveLength(1);
      page.expectIdle();
    },
  );
});

describe('a token request', () => {
  it.each<[string, () => ScriptedAnswer]>([
    ['network error', netError],
    ['500', () => clerkError(500, 'internal_clerk_error')],
    ['502 with HTML', () => html(502)],
    ['503', () => clerkError(503, 'x')],
    ['429', () => clerkError(429, 'too_many_requests')],
    ['firewall’s 403', () => html(403)],
    ['proxy’s 404', () => html(404)],
    ['answer that is cut short', () => new Response('{"object":"token","jw')],
    ['captive portal', () => html(200)],
    ['empty token', () => token('')],
    ['hang', () => 'hang'],
  ])('hides one %s from clerk-js', async (_, bad) => {
    const page = setUp((_call, index) => (index === 0 ? bad() : token()));
    const result = page.getToken();
    await page.clock.advance(10_000);
    expect(result).toMatchObject({ status: 200, body: { jwt: 'a.b.c' } });
    expect(page.calls).toHaveLength(2);
    page.expectIdle();
  });

  it.each([
    ['401', () => clerkError(401, 'authentication_invalid')],
    ['404', () => clerkError(404, 'resource_not_found')],
    ['422', () => clerkError(422, 'missing_expired_token')],
  ])('hands Clerk’s own %s over at once', async (status, answer) => {
    const page = setUp(answer);
    const result = page.getToken();
    await page.clock.advance(0);
    expect(result).toMatchObject({ status: Number(status), at: 0 });
    expect(page.calls).toHaveLength(1);
  });

  it.each([
    ['network', netError],
    ['500', () => clerkError(500, 'x')],
  ])('is answered within 2.5 s of the end of a short outage (%s)', async (_, bad) => {
    for (const outageMs of [400, 3_000, 10_000, 29_000]) {
      const page = setUp(until(outageMs, bad, () => token()));
      const result = page.getToken();
      await page.clock.advance(outageMs + 3_000);
      expect(result.at).toBeLessThanOrEqual(outageMs + 2_500);
      page.expectIdle();
    }
  });

  it('is held through an hour without network, with fewer and fewer attempts', async () => {
    const hour = 3_600_000;
    const page = setUp(until(hour, netError, () => token()));
    const result = page.getToken();
    await page.clock.advance(30_000);
    const quick = page.calls.length;
    await page.clock.advance(hour - 30_000);
    expect(result.at).toBeUndefined();
    expect(quick).toBeLessThan(30);
    expect(page.calls.length - quick).toBeLessThan(150);
    await page.clock.advance(60_000);
    expect(result.status).toBe(200);
    expect(page.said('request_recovered')).toHaveLength(1);
    page.expectIdle();
  });

  it('is spared a server that sheds load: a growing window, and Retry-After as a floor', async () => {
    const page = setUp(() => clerkError(429, 'too_many_requests', { 'retry-after': '30' }));
    page.getToken();
    await page.clock.advance(29_999);
    expect(page.calls).toHaveLength(1);
    await page.clock.advance(30_001);
    expect(page.calls).toHaveLength(2);
  });

  it('tells what happens without a token or a URL', async () => {
    const page = setUp((_, index) => (index < 2 ? clerkError(500, 'x') : token('s.e.cret')));
    page.getToken('sess_a', { body: 'token=s.e.cret' });
    await page.clock.advance(5_000);
    expect(page.events.map(({ type }) => type)).toEqual([
      'guard_installed',
      'request_failed',
      'request_failed',
      'request_recovered',
    ]);
    expect(page.said('request_failed')[1]).toMatchObject({
      request: 'tokens',
      attempt: 2,
      failure: { kind: 'server', status: 500 },
    });
    expect(JSON.stringify(page.events)).not.toMatch(/cret|http|sess_/);
  });

  it('survives a listener that throws', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
    const page = setUp((_, index) => (index === 0 ? netError() : token()), {
      onEvent: () => {
        throw new Error('mine');
      },
    });
    const result = page.getToken();
    await page.clock.advance(1_000);
    expect(result.status).toBe(200);
    expect(printed).toHaveBeenCalledTimes(1);
    printed.mockRestore();
  });

  it('is sent again as it was, in each form that fetch takes', async () => {
    const url = `${api}/client/sessions/sess_a/tokens?${v5}`;
    const init = { method: 'POST', body: 'organizationId=org_a', credentials: 'include' } as const;
    for (const args of [[url, init], [new URL(url), init], [new Request(url, init)]] as [string, RequestInit?][]) {
      const page = setUp((_, index) => (index < 2 ? netError() : token()));
      await Promise.all([page.target.fetch(...args), page.clock.advance(5_000)]);
      expect(page.calls.map(({ method, body }) => `${method} ${body}`)).toEqual(
        Array(3).fill('POST organizationId=org_a'),
      );
      expect(new Set(page.calls.map((call) => call.url))).toEqual(new Set([url]));
    }
  });

  it('keeps the URL that it was asked for when clerk-js changes its URL object', async () => {
    const page = setUp((_, index) => (index < 1 ? netError() : token()));
    const url = new URL(`${api}/client/sessions/sess_a/tokens?${v5}`);
    const answered = page.target.fetch(url, { method: 'POST' });
    url.searchParams.set('_clerk_retry_attempt', '1');
    await Promise.all([answered, page.clock.advance(5_000)]);
    expect(page.calls[1]?.url).not.toContain('retry_attempt');
  });

  it('never sends a streaming body twice', async () => {
    const page = setUp(netError);
    const result = page.getToken('sess_a', { body: new ReadableStream({}), duplex: 'half' } as RequestInit);
    await page.clock.advance(10_000);
    expect(result.error).toBeInstanceOf(TypeError);
    expect(page.calls).toHaveLength(1);
  });
});

describe('a slow answer', () => {
  it('gets a second attempt beside it, and whichever answers first is used', async () => {
    const page = setUp((call, index) =>
      index === 0 ? page.clock.sleep(19_500, call.signal).then(() => token('first')) : 'hang',
    );
    const result = page.getToken();
    await page.clock.advance(2_999);
    expect(page.calls).toHaveLength(1);
    await page.clock.advance(1);
    expect(page.calls).toHaveLength(2);
    expect(page.calls[0]?.signal?.aborted).toBe(false);
    await page.clock.advance(17_000);
    expect(result).toMatchObject({ at: 19_500, body: { jwt: 'first' } });
    page.expectIdle();
    expect(page.said('request_hedged')[0]).toMatchObject({ request: 'tokens', open: 2 });
  });

  it('has two attempts open, the older left alone until it is 20 s old, the newer making room for the next', async () => {
    const page = setUp(() => 'hang');
    page.getToken();
    const aborted = (): (boolean | undefined)[] => page.calls.map(({ signal }) => signal?.aborted);
    await page.clock.advance(19_999);
    expect(page.calls.map(({ at }) => at - page.t0)).toEqual([0, 3_000, 6_000, 9_000, 12_000, 15_000, 18_000]);
    expect(aborted()).toEqual([false, true, true, true, true, true, false]);
    await page.clock.advance(2_000);
    expect(aborted()).toEqual([true, true, true, true, true, true, false, false]);
    await page.clock.advance(600_000);
    expect(page.open).toHaveLength(2);
    expect(page.calls.length).toBeLessThan(30);
  });

  it('does not wedge on dead sockets', async () => {
    for (const [hangMs, most] of [
      [1_000, 4_000],
      [9_000, 12_000],
      [20_000, 22_000],
      [30_000, 40_000],
      [300_000, 360_000],
    ] as const) {
      const page = setUp(
        until(
          hangMs,
          () => 'hang',
          () => token(),
        ),
      );
      const result = page.getToken();
      await page.clock.advance(400_000);
      expect(result.at).toBeLessThanOrEqual(most);
      page.expectIdle();
    }
  });

  it('tries again at once when the network comes back, without waiting for the dead', async () => {
    const page = setUp(
      until(
        10_000,
        () => 'hang',
        () => token(),
      ),
    );
    const result = page.getToken();
    await page.clock.advance(10_000);
    page.connectivity.wake('online');
    await page.clock.advance(0);
    expect(result.at).toBe(10_000);
    page.expectIdle();
  });

  it('gets another one beside it when a socket of the page opens, and may still answer itself', async () => {
    const slow = deferred();
    const page = setUp((_call, index) => (index === 0 ? slow.promise : 'hang'));
    const result = page.getToken();
    await page.clock.advance(6_500);
    expect(page.calls).toHaveLength(3);
    await page.clock.advance(1_500);
    page.connectivity.wake('socket');
    await page.clock.advance(0);
    expect(page.calls).toHaveLength(4);
    slow.resolve(token());
    await page.clock.advance(0);
    expect(result).toMatchObject({ status: 200 });
    page.expectIdle();
  });

  it('gets its second attempt past the cache of Chromium, which lets one GET of a URL out at a time', async () => {
    const page = setUp(() => 'hang');
    page.getClient();
    page.getToken();
    await page.clock.advance(5_000);
    const caches = (which: (call: ScriptedCall) => boolean): unknown[] =>
      page.calls.filter(which).map(({ cache }) => cache);
    expect(caches(isClient)).toEqual([undefined, 'no-store']);
    expect(caches(isTokens)).toEqual([undefined, undefined]);
  });

  it('tries again as soon as another request that hung is answered', async () => {
    const page = setUp(
      until(
        14_900,
        () => 'hang',
        () => token(),
      ),
    );
    const first = page.getToken();
    await page.clock.advance(1_500);
    const second = page.send('client/sessions/sess_a/tokens/convex', { method: 'POST' });
    await page.clock.advance(20_000);
    expect(first.at).toBe(15_000);
    expect(second.at).toBe(15_000);
    page.expectIdle();
  });

  it('has at most three hedges an origin, six connections in all', async () => {
    const page = setUp(() => 'hang');
    for (const name of ['a', 'b', 'c', 'd', 'e']) page.getToken(`sess_${name}`);
    await page.clock.advance(19_000);
    expect(page.open).toHaveLength(5 + 3);
  });

  it('is still of use when its hedge failed', async () => {
    const page = setUp((call, index) =>
      index === 0 ? page.clock.sleep(9_000, call.signal).then(() => token('slow')) : netError(),
    );
    const result = page.getToken();
    await page.clock.advance(12_000);
    expect(result).toMatchObject({ at: 9_000, body: { jwt: 'slow' } });
    expect(page.said('request_failed')).toHaveLength(0);
    page.expectIdle();
  });
});

describe('identical requests in flight', () => {
  it('share one answer, each with a body of its own', async () => {
    const answer = deferred();
    const page = setUp(() => answer.promise);
    const results = [
      page.getToken('sess_a', { body: 'organizationId=org_a&tabState=hidden' }, v6),
      page.getToken('sess_a', { body: 'organizationId=org_a&tabState=focused' }, v6),
      page.getToken('sess_a', { body: 'organizationId=org_a&tabState=focused' }, `${v6}&debug=skip_cache`),
    ];
    await page.clock.advance(0);
    answer.resolve(token());
    await page.clock.advance(0);
    expect(page.calls).toHaveLength(1);
    for (const result of results) expect(result.body).toMatchObject({ jwt: 'a.b.c' });
    page.getToken('sess_a', { body: 'organizationId=org_a' }, v6);
    await page.clock.advance(0);
    expect(page.calls).toHaveLength(2);
  });

  it('are not joined across organisations, sessions and templates', async () => {
    const page = setUp(() => 'hang');
    page.getToken('sess_a', { body: 'organizationId=org_a' });
    page.getToken('sess_a', { body: 'organizationId=org_b' });
    page.getToken('sess_b', { body: 'organizationId=org_a' });
    page.send('client/sessions/sess_a/tokens/convex', { method: 'POST' });
    await page.clock.advance(0);
    expect(page.calls).toHaveLength(4);
  });

  it('do not join an answer that is over: clerk-js tries again at once', async () => {
    const page = setUp(() => clerkError(401, 'authentication_invalid'));
    const url = `${api}/client/sessions/sess_a/tokens?${v5}`;
    const first = page.target.fetch(url, { method: 'POST' }).then(() => page.target.fetch(url, { method: 'POST' }));
    await Promise.all([first, page.clock.advance(0)]);
    expect(page.calls).toHaveLength(2);
  });

  it('end for the one that leaves, and for the request when the last one has left', async () => {
    const page = setUp(() => 'hang');
    const [one, two] = [new AbortController(), new AbortController()];
    const first = page.getToken('sess_a', { signal: one.signal });
    const second = page.getToken('sess_a', { signal: two.signal });
    await page.clock.advance(1_000);
    one.abort(new Error('left'));
    await page.clock.advance(0);
    expect(first.error).toMatchObject({ message: 'left' });
    expect(second.at).toBeUndefined();
    expect(page.open).toHaveLength(1);
    two.abort();
    await page.clock.advance(0);
    expect(second.error).toMatchObject({ name: 'AbortError' });
    page.expectIdle();
  });
});

describe('a request that everybody has left', () => {
  it.each<[string, Script, number]>([
    ['an attempt', () => 'hang', 1_000],
    ['a wait', netError, 2_000],
  ])('is not joined by the next one, which is sent in the same turn (%s)', async (_, bad, ms) => {
    let up = false;
    const page = setUp((call, index) => (up ? token() : bad(call, index)));
    const mine = new AbortController();
    const left = page.getToken('sess_a', { signal: mine.signal });
    await page.clock.advance(ms);
    up = true;
    mine.abort();
    const next = page.getToken('sess_a');
    await page.clock.advance(3_000);
    expect(left).toMatchObject({ error: { name: 'AbortError' } });
    expect(next.status).toBe(200);
    page.expectIdle();
  });

  it('leaves the one that came after it joinable', async () => {
    const page = setUp(() => 'hang');
    const mine = new AbortController();
    page.getToken('sess_a', { signal: mine.signal });
    await page.clock.advance(1_000);
    mine.abort();
    page.getToken('sess_a');
    await page.clock.advance(0);
    page.getToken('sess_a');
    await page.clock.advance(0);
    expect(page.calls).toHaveLength(2);
    expect(page.open).toHaveLength(1);
  });
});

describe('the caller’s signal', () => {
  it.each<[string, Script, number]>([
    ['an attempt', () => 'hang', 2_000],
    ['a wait', netError, 2_000],
  ])('ends %s', async (_, script, ms) => {
    const page = setUp(script);
    const mine = new AbortController();
    const result = page.getToken('sess_a', { signal: mine.signal });
    await page.clock.advance(ms);
    mine.abort();
    await page.clock.advance(0);
    expect(result).toMatchObject({ at: ms, error: { name: 'AbortError' } });
    page.expectIdle();
    const calls = page.calls.length;
    await page.clock.advance(60_000);
    expect(page.calls).toHaveLength(calls);
  });

  it('keeps no listener when the request is over', async () => {
    const listening = createCountedSignal();
    const page = setUp((_, index) => (index < 3 ? netError() : token()));
    page.getToken('sess_a', { signal: listening.signal });
    await page.clock.advance(500);
    expect(listening.count()).toBe(1);
    await page.clock.advance(10_000);
    expect(listening.count()).toBe(0);
  });

  it('that is aborted before the start sends nothing through the guard', async () => {
    const page = setUp(() => token());
    const result = page.getToken('sess_a', { signal: AbortSignal.abort() });
    await page.clock.advance(0);
    expect(result.error).toMatchObject({ name: 'AbortError' });
    page.expectIdle();
  });
});

describe('GET /client after a 401', () => {
  const script =
    (bad: () => ScriptedAnswer, mendsAfter = Infinity): Script =>
    (call) =>
      isTokens(call)
        ? clerkError(401, 'authentication_invalid')
        : call.at - 1_700_000_000_000 < mendsAfter
          ? bad()
          : client('sess_a');

  it.each<[string, () => ScriptedAnswer]>([
    ['500', () => clerkError(500, 'internal_clerk_error')],
    ['a firewall’s 403', () => html(403)],
    ['a 403 with a code that nobody knows', () => clerkError(403, 'blocked_by_policy')],
    ['a network error', netError],
    ['a hang', () => 'hang'],
  ])('is held as long as it meets %s', async (_, bad) => {
    const page = setUp(script(bad, 100_000));
    page.getToken();
    await page.clock.advance(0);
    const result = page.getClient();
    await page.clock.advance(99_000);
    expect(result.at).toBeUndefined();
    await page.clock.advance(140_000);
    expect(result.status).toBe(200);
    page.expectIdle();
  });

  it('is sent anew beside one that was sent before the 401, which says nothing of it', async () => {
    const early = deferred();
    const page = setUp((call, index) =>
      isTokens(call) ? clerkError(401, 'authentication_invalid') : index === 0 ? early.promise : client('sess_a'),
    );
    const before = page.getClient();
    page.getToken();
    await page.clock.advance(0);
    const result = page.getClient();
    await page.clock.advance(0);
    expect(result.status).toBe(200);
    early.resolve(client('sess_a'));
    await page.clock.advance(0);
    expect(before.status).toBe(200);
    page.expectIdle();
  });

  it.each(['requires_captcha', 'dev_browser_unauthenticated'])(
    'is not waited for after a 401 with %s: clerk-js does not ask it',
    async (code) => {
      const page = setUp(() => clerkError(401, code));
      const result = page.send('client/sign_ins', { method: 'POST' }, `${v5}&_clerk_session_id=sess_a`);
      await page.clock.advance(0);
      expect(result.body).toMatchObject({ errors: [{ code }] });
      page.expectIdle();
    },
  );

  it('hears Clerk’s own word', async () => {
    const page = setUp(script(() => clerkError(403, 'user_banned')));
    page.getToken();
    await page.clock.advance(0);
    const result = page.getClient();
    await page.clock.advance(0);
    expect(result.status).toBe(403);
  });

  it('is let go by a sign-out in another tab, and listens for one only then', async () => {
    const page = setUp(script(() => clerkError(500, 'x')));
    expect(page.connectivity.open.channels).toEqual([]);
    page.getToken();
    await page.clock.advance(0);
    const result = page.getClient();
    await page.clock.advance(5_000);
    expect(page.connectivity.open.channels).toEqual(['clerk', 'clerk-convex-resilience']);
    page.connectivity.message('clerk', { type: 'something' });
    page.connectivity.message('clerk', null);
    await page.clock.advance(0);
    expect(result.at).toBeUndefined();
    page.connectivity.message('clerk', { type: 'signout' });
    await page.clock.advance(0);
    expect(result).toMatchObject({ status: 500, at: 5_000 });
    expect(page.said('request_released')).toMatchObject([{ request: 'client', reason: 'sign_out' }]);
    page.expectIdle();
    // What clerk-js asks next is meant.
    const next = page.getClient();
    await page.clock.advance(0);
    expect(next).toMatchObject({ status: 500, at: 5_000 });
  });

  it('is let go by a sign-out here', async () => {
    const page = setUp(script(() => clerkError(500, 'x')));
    page.getToken('sess_a');
    await page.clock.advance(0);
    const result = page.getClient();
    await page.clock.advance(5_000);
    page.guard.endSession('sess_a');
    await page.clock.advance(0);
    expect(result.status).toBe(500);
    page.expectIdle();
  });

  it('goes on being held for the other session', async () => {
    const page = setUp(script(() => clerkError(500, 'x')));
    page.getToken('sess_a');
    page.getToken('sess_b');
    await page.clock.advance(0);
    page.guard.endSession('sess_a');
    const result = page.getClient();
    await page.clock.advance(60_000);
    expect(result.at).toBeUndefined();
    page.guard.endSession('sess_b');
    await page.clock.advance(0);
    expect(result.status).toBe(500);
    page.expectIdle();
  });

  it('is not let go by the end of another session', async () => {
    const page = setUp(script(() => clerkError(500, 'x')));
    page.getToken('sess_a');
    page.getToken('sess_b');
    await page.clock.advance(0);
    const result = page.getClient();
    await page.clock.advance(5_000);
    page.guard.endSession('sess_a');
    await page.clock.advance(60_000);
    expect(result.at).toBeUndefined();
    page.guard.endSession('sess_b');
    await page.clock.advance(0);
    expect(result.status).toBe(500);
    page.expectIdle();
  });

  it.each([
    ['a touch that was refused', 'client/sessions/sess_a/touch', 'POST', v5, 404],
    ['a 401 on any request of the session', 'me', 'GET', `${v5}&_clerk_session_id=sess_a`, 401],
  ])('counts %s', async (_, path, method, query, status) => {
    const page = setUp((call) => (isClient(call) ? clerkError(500, 'x') : clerkError(status, 'resource_not_found')));
    page.send(path, { method }, query);
    await page.clock.advance(0);
    const result = page.getClient();
    await page.clock.advance(60_000);
    expect(result.at).toBeUndefined();
  });

  it('counts a touch that clerk-js got back with 429, and not one that was answered in the end', async () => {
    let touches = 0;
    const page = setUp((call) =>
      isClient(call) ? clerkError(429, 'too_many_requests') : ++touches === 1 ? html(503) : json({ response: {} }),
    );
    page.send('client/sessions/sess_a/touch', { method: 'POST' });
    await page.clock.advance(3_000);
    page.expectIdle();
    const refused = setUp(() => clerkError(429, 'too_many_requests'));
    refused.send('client/sessions/sess_a/touch', { method: 'POST' });
    await refused.clock.advance(3_000);
    const result = refused.getClient();
    await refused.clock.advance(60_000);
    expect(result.at).toBeUndefined();
  });

  it('is not held after a template that does not exist: nothing ends a session there', async () => {
    const page = setUp((call) => (isClient(call) ? client('sess_a') : clerkError(404, 'resource_not_found')));
    page.getClient();
    page.send('client/sessions/sess_a/tokens/convex', { method: 'POST' });
    await page.clock.advance(0);
    page.expectIdle();
  });

  it('is not held, and nothing is left over, after a 422 that clerk-js got over with another body', async () => {
    const page = setUp((call) =>
      isClient(call)
        ? client('sess_a')
        : String(call.body).includes('expired_token')
          ? token()
          : clerkError(422, 'missing_expired_token'),
    );
    page.getClient();
    await page.clock.advance(10);
    const refused = page.getToken('sess_a', { body: 'organization_id=' });
    await page.clock.advance(10);
    const answered = page.getToken('sess_a', { body: 'organization_id=&expired_token=a.b.c' });
    await page.clock.advance(10);
    expect([refused.status, answered.status]).toEqual([422, 200]);
    page.expectIdle();
  });

  it('is held where the token that comes was asked for before the doubt', async () => {
    const slow = deferred();
    let isDown = false;
    const page = setUp((call) =>
      isClient(call)
        ? isDown
          ? netError()
          : client('sess_a')
        : String(call.body).includes('slow')
          ? slow.promise
          : clerkError(401, 'authentication_invalid'),
    );
    page.getClient();
    await page.clock.advance(10);
    page.getToken('sess_a', { body: 'slow=1' });
    await page.clock.advance(10);
    page.getToken('sess_a', { body: 'organization_id=' });
    await page.clock.advance(10);
    slow.resolve(token());
    await page.clock.advance(10);
    isDown = true;
    const asked = page.getClient();
    await page.clock.advance(120_000);
    expect(asked).toEqual({});
  });

  it('is held on when a token comes in the meantime: clerk-js still acts upon its failure', async () => {
    const page = setUp((call, index) =>
      isClient(call) && index > 0
        ? netError()
        : index === 1
          ? clerkError(401, 'x')
          : isClient(call)
            ? client('sess_a')
            : token(),
    );
    page.getClient();
    await page.clock.advance(10);
    page.getToken();
    await page.clock.advance(10);
    const asked = page.getClient();
    page.getToken('sess_a', { body: 'organization_id=' });
    await page.clock.advance(120_000);
    expect(asked).toEqual({});
  });

  it('is forgotten when a GET /client that was sent later is answered, not one sent before', async () => {
    const early = deferred();
    let clients = 0;
    const page = setUp((call) => {
      if (isTokens(call)) return clerkError(401, 'authentication_invalid');
      return ++clients === 1 ? early.promise : client('sess_a');
    });
    page.getClient();
    page.getToken();
    await page.clock.advance(0);
    early.resolve(client('sess_a'));
    await page.clock.advance(0);
    expect(page.connectivity.open.channels).toEqual(['clerk', 'clerk-convex-resilience']);
    page.getClient();
    await page.clock.advance(0);
    page.expectIdle();
  });
});

describe('GET /client where several accounts are signed in', () => {
  // clerk-js asks it in every tab when one of them signs out of its session, whatever session the tab is in.
  const setUpTwo = async () => {
    let bad: (() => ScriptedAnswer) | null = null;
    const page = setUp((call) => (isClient(call) ? (bad?.() ?? client('sess_a', 'sess_b')) : token()));
    page.getClient();
    await page.clock.advance(0);
    return {
      ...page,
      fail(answer: () => ScriptedAnswer): void {
        bad = answer;
      },
      mend(): void {
        bad = () => client('sess_b');
      },
    };
  };

  it.each<[string, () => ScriptedAnswer]>([
    ['500', () => clerkError(500, 'x')],
    ['firewall’s 403', () => html(403)],
  ])('hides a %s after another tab’s sign-out: it may have been the other account', async (_, answer) => {
    const page = await setUpTwo();
    page.fail(answer);
    const result = page.getClient();
    await page.clock.advance(30_000);
    page.connectivity.message('clerk', { type: 'signout' });
    await page.clock.advance(30_000);
    expect(result.at).toBeUndefined();
    page.mend();
    await page.clock.advance(30_000);
    expect(result).toMatchObject({ status: 200 });
    page.expectIdle();
    // Of the one that is left, an announcement is meant.
    page.fail(answer);
    const next = page.getClient();
    await page.clock.advance(0);
    expect(next.at).toBeDefined();
  });

  it('is not let go by a sign-out of one of them, and is by that of all', async () => {
    const page = await setUpTwo();
    page.fail(() => clerkError(500, 'x'));
    const result = page.getClient();
    await page.clock.advance(5_000);
    page.guard.endSession('sess_a');
    await page.clock.advance(5_000);
    expect(result.at).toBeUndefined();
    page.guard.endSession('sess_b');
    await page.clock.advance(0);
    expect(result).toMatchObject({ status: 500, at: 10_000 });
  });

  it('counts an account that was added after the load', async () => {
    const page = setUp((call, index) => {
      if (!isClient(call)) return token();
      return index === 0 ? client('sess_a') : clerkError(500, 'x');
    });
    page.getClient();
    await page.clock.advance(0);
    page.getToken('sess_b');
    await page.clock.advance(0);
    const result = page.getClient();
    await page.clock.advance(10_000);
    expect(result.at).toBeUndefined();
  });
});

describe('GET /client at page load', () => {
  const load = (script: Script, cookie?: string) => {
    const page = setUp(script);
    if (cookie) page.connectivity.cookies.set(cookie, 'x');
    return page;
  };
  it.each<[string, Script]>([
    ['network errors', netError],
    ['500', () => clerkError(500, 'x')],
    ['429', () => clerkError(429, 'too_many_requests')],
    ['a firewall’s 403', () => html(403)],
  ])('is let go in time when it meets %s, as a 503 that makes clerk-js boot degraded', async (_, script) => {
    for (const [cookie, ms] of [
      [undefined, 6_000],
      ['__session', 2_000],
      ['__session_1a2b3c4d', 2_000],
    ] as const) {
      const page = load(script, cookie);
      const result = page.getClient({ signal: new AbortController().signal });
      await page.clock.advance(10_000);
      expect(result).toMatchObject({ status: 503, at: ms, body: { errors: [{ code: 'service_unavailable' }] } });
      expect(page.said('request_released')).toMatchObject([{ request: 'client', reason: 'hold_spent' }]);
      page.expectIdle();
    }
  });

  it('is let go before clerk-js gives up when it hangs', async () => {
    const page = load(() => 'hang', '__session');
    const result = page.getClient({ signal: new AbortController().signal });
    await page.clock.advance(10_000);
    expect(result).toMatchObject({ status: 503, at: 6_000 });
    page.expectIdle();
  });

  it('is not cut short by a server that is only slow', async () => {
    const page = load((call) => page.clock.sleep(2_500, call.signal).then(() => client('sess_a')), '__session');
    const result = page.getClient({ signal: new AbortController().signal });
    await page.clock.advance(6_000);
    expect(result).toMatchObject({ status: 200, at: 2_500 });
    expect(page.calls).toHaveLength(1);
    page.expectIdle();
  });

  it('has one budget, however often clerk-js asks', async () => {
    const page = load(netError);
    const signal = new AbortController().signal;
    page.getClient({ signal });
    await page.clock.advance(6_000);
    const again = page.getClient({ signal });
    await page.clock.advance(2_500);
    expect(again.status).toBe(503);
    const repeated = page.send('client', {}, `${v5}&_clerk_retry_attempt=1`);
    await page.clock.advance(2_500);
    expect(repeated.status).toBe(503);
  });

  it('gives an attempt that comes too late three seconds, not for ever', async () => {
    const page = load((call, index) =>
      index === 3 ? page.clock.sleep(2_500, call.signal).then(() => client('sess_a')) : 'hang',
    );
    const signal = new AbortController().signal;
    page.getClient({ signal });
    await page.clock.advance(6_000);
    expect(page.calls).toHaveLength(2);
    const hanging = page.getClient({ signal });
    await page.clock.advance(3_000);
    expect(hanging).toMatchObject({ status: 503, at: 9_000 });
    page.expectIdle();
    const answered = page.getClient({ signal });
    await page.clock.advance(3_000);
    expect(answered).toMatchObject({ status: 200, at: 11_500 });
  });

  it('goes on in the background after a degraded load, until the client has arrived', async () => {
    const page = load(until(300_000, netError, () => client('sess_a')));
    page.getClient({ signal: new AbortController().signal });
    await page.clock.advance(6_500);
    const background = page.getClient();
    await page.clock.advance(293_000);
    expect(background.at).toBeUndefined();
    expect(page.guard.client).toBeNull();
    await page.clock.advance(30_000);
    expect(background.status).toBe(200);
    expect(page.guard.client).toMatchObject({ lastActiveSessionId: 'sess_a' });
    page.expectIdle();
  });

  it('answers as soon as the network does', async () => {
    const page = load(
      until(1_000, netError, () => client('sess_a')),
      '__session',
    );
    const result = page.getClient();
    await page.clock.advance(2_000);
    expect(result.status).toBe(200);
    expect(result.at).toBeLessThan(2_000);
  });

  it('is over with the first answer: later failures that end no session are clerk-js’s', async () => {
    const page = load((_, index) => (index === 0 ? client('sess_a') : clerkError(500, 'x')));
    page.getClient();
    await page.clock.advance(0);
    const result = page.getClient();
    await page.clock.advance(0);
    expect(result).toMatchObject({ status: 500, at: 0 });
    expect(page.calls).toHaveLength(2);
    page.expectIdle();
  });
});

describe('other requests of Clerk', () => {
  it.each([
    ['GET', v5],
    ['POST', `${v5}&_method=PATCH`],
  ])('environment (%s) is held for 5 s, then told as a 503', async (method, query) => {
    for (const script of [netError, () => 'hang' as const, () => html(502)]) {
      const page = setUp(script);
      keepSnapshot(page, 60_000);
      const result = page.send('environment', { method }, query);
      await page.clock.advance(10_000);
      expect(result).toMatchObject({ status: 503, at: 5_000 });
      page.expectIdle();
    }
  });

  // As clerk-js does it: JSON.stringify({ value, exp }).
  const keepSnapshot = ({ connectivity, t0 }: ReturnType<typeof setUp>, forMs: number): void =>
    connectivity.store('__clerk_environment', JSON.stringify({ value: { object: 'environment' }, exp: t0 + forMs }));

  it('environment is held for 35 s while the network is down, where clerk-js has no snapshot of it or an old one', async () => {
    for (const forMs of [undefined, -1, 20_000]) {
      const page = setUp(netError);
      if (forMs) keepSnapshot(page, forMs);
      const result = page.send('environment');
      await page.clock.advance(40_000);
      expect(result.status).toBe(503);
      expect(result.at).toBe(forMs === 20_000 ? 5_000 : 35_000);
      page.expectIdle();
    }
  });

  it('environment without a snapshot gets through an outage of ten seconds, and waits no longer for a server that is there', async () => {
    const page = setUp(until(10_000, netError, () => json({})));
    const result = page.send('environment');
    await page.clock.advance(15_000);
    expect(result.status).toBe(200);
    expect(result.at).toBeLessThan(11_000);
    for (const script of [() => 'hang' as const, () => html(502), until(4_000, netError, () => html(502))]) {
      const failing = setUp(script);
      const failed = failing.send('environment');
      await failing.clock.advance(15_000);
      expect(failed.status).toBe(503);
      expect(failed.at).toBeLessThan(8_500);
      failing.expectIdle();
    }
  });

  it('touch is held for 3 s, then fails as it failed', async () => {
    const lost = netError();
    const page = setUp(() => lost);
    const result = page.send('client/sessions/sess_a/touch', { method: 'POST' });
    await page.clock.advance(10_000);
    expect(result).toEqual({ error: lost, at: 3_000 });
    page.expectIdle();
  });

  it.each<[string, Script]>([
    ['fails', netError],
    ['hangs', () => 'hang'],
  ])('touch that %s is held no longer when the clock is set back by an hour', async (_, bad) => {
    const page = setUp(bad);
    const result = page.send('client/sessions/sess_a/touch', { method: 'POST' });
    await page.clock.advance(1_000);
    page.clock.setBack(3_600_000);
    await page.clock.advance(5_000);
    expect(result.error).toBeInstanceOf(TypeError);
    page.expectIdle();
  });

  it('touch that hangs fails as a network error after 3 s', async () => {
    const page = setUp(() => 'hang');
    const result = page.send('client/sessions/sess_a/touch', { method: 'POST' });
    await page.clock.advance(10_000);
    expect(result).toMatchObject({ at: 3_000, error: { message: 'Failed to fetch' } });
    page.expectIdle();
  });
});

describe('a gate', () => {
  it('lets one probe through when the network is down, and everybody when it answered', async () => {
    const page = setUp(until(20_000, netError, (call) => (isClient(call) ? client('sess_a') : token())));
    const results = ['a', 'b', 'c', 'd'].map((name) => page.getToken(`sess_${name}`));
    await page.clock.advance(0);
    expect(page.calls).toHaveLength(4);
    await page.clock.advance(20_000);
    const probes = page.calls.length - 4;
    // As many as one request alone would send.
    expect(probes).toBeLessThan(25);
    await page.clock.advance(2_500);
    for (const result of results) expect(result.status).toBe(200);
    expect(new Set(results.map(({ at }) => at)).size).toBe(1);
    page.expectIdle();
  });

  it('keeps a newcomer from a network that is down', async () => {
    const page = setUp(netError);
    page.getToken('sess_a');
    await page.clock.advance(10_000);
    const before = page.calls.length;
    page.getToken('sess_b');
    await page.clock.advance(0);
    expect(page.calls).toHaveLength(before);
  });

  it.each([
    ['touch', 'client/sessions/sess_a/touch', 'POST'],
    ['GET /client', 'client', 'GET'],
  ])(
    'lets a %s that may not wait be sent once, as nobody may have told that the network is back',
    async (_, path, method) => {
      let isDown = false;
      const page = setUp(({ url }) => (isDown ? netError() : url.includes('/tokens') ? token() : client('sess_a')));
      page.getClient();
      await page.clock.advance(100);
      isDown = true;
      page.getToken();
      await page.clock.advance(300_000);
      isDown = false;
      const before = page.calls.length;
      const asked = page.send(path, { method }, v6);
      await page.clock.advance(4_000);
      expect(page.calls.length).toBeGreaterThan(before);
      expect(asked).toMatchObject({ status: 200 });
    },
  );

  it('is opened by any answer of the origin, on whatever path', async () => {
    let up = false;
    const page = setUp((call) => (!up ? netError() : isTokens(call) ? token() : json({})));
    const result = page.getToken();
    await page.clock.advance(120_000);
    up = true;
    page.send('client/sign_ins', { method: 'POST' });
    await page.clock.advance(0);
    expect(result.at).toBe(120_000);
    page.expectIdle();
  });

  it('is opened by an answer that is itself a failure, though it is of another kind', async () => {
    let up = false;
    const page = setUp((call) => (!up ? netError() : isTokens(call) ? clerkError(500, 'x') : client('sess_a')));
    page.getToken('sess_a');
    await page.clock.advance(60_000);
    const result = page.getClient({ signal: new AbortController().signal });
    page.getToken('sess_b');
    await page.clock.advance(1_000);
    up = true;
    // The probe of tokens is answered 500: the other kind of request need not wait for its own.
    await page.clock.advance(5_000);
    const firstAnswer = page.calls.find(({ at }) => at - page.t0 >= 61_000);
    expect(result).toMatchObject({ status: 200, at: (firstAnswer?.at ?? 0) - page.t0 });
  });

  it('sends nothing more for a slow request at the moment that it is answered', async () => {
    const page = setUp((call, index) =>
      index === 12 ? page.clock.sleep(10_000, call.signal).then(() => token()) : 'hang',
    );
    const result = page.getToken();
    await page.clock.advance(64_000);
    expect(result.status).toBe(200);
    expect(page.calls).toHaveLength(13);
  });

  it('does not hear an attempt that was given up, should its answer come all the same', async () => {
    const late = deferred();
    let calls = 0;
    const clock = createTestClock();
    const connectivity = createTestConnectivity();
    // Unlike the real one, it goes on when it is aborted.
    const target = {
      fetch: (() => (++calls === 1 ? late.promise : Promise.resolve(token()))) as unknown as typeof fetch,
    };
    installClerkFetchGuard({ clock, connectivity, target });
    const answered = target.fetch(`${api}/client/sessions/sess_a/tokens?${v5}`, { method: 'POST' });
    await Promise.all([answered, clock.advance(4_000)]);
    late.resolve(clerkError(401, 'authentication_invalid'));
    await clock.advance(0);
    expect(connectivity.open.channels).toEqual([]);
  });

  it('is not opened by another origin', async () => {
    const page = setUp((call) => (call.url.startsWith(api) ? netError() : json({})));
    const result = page.getToken();
    await page.clock.advance(120_000);
    void page.target.fetch(`https://other.test/v1/me?${v5}`);
    await page.clock.advance(0);
    expect(result.at).toBeUndefined();
  });

  it('of one kind of request does not keep another: tokens at 500, /client healthy', async () => {
    const page = setUp((call) => (isTokens(call) ? clerkError(500, 'x') : client('sess_a')));
    page.getToken();
    await page.clock.advance(10_000);
    const result = page.getClient();
    await page.clock.advance(0);
    expect(result).toMatchObject({ status: 200, at: 10_000 });
  });

  it('wakes the others when its kind of request works again, and not while it works all along', async () => {
    let up = false;
    const page = setUp((call) => (up ? (isTokens(call) ? token() : client('sess_a')) : clerkError(503, 'x')));
    const result = page.getToken();
    await page.clock.advance(30_000);
    const background = page.getClient();
    await page.clock.advance(1_000);
    up = true;
    const before = page.clock.now() - page.t0;
    await page.clock.advance(60_000);
    expect(background.status).toBe(200);
    const [first, second] = [result.at ?? Infinity, background.at ?? Infinity].sort((a, b) => a - b) as [
      number,
      number,
    ];
    expect(first).toBeGreaterThan(before);
    expect(second - first).toBeLessThan(3_000);

    const healthy = setUp((call) => (isTokens(call) ? clerkError(503, 'x') : client('sess_a')));
    healthy.getToken();
    for (let i = 0; i < 60; i++) {
      healthy.getClient();
      await healthy.clock.advance(1_000);
    }
    expect(healthy.calls.filter(isTokens).length).toBeLessThan(18);
  });

  it('lets one request probe for the session token and the templates, when all of them fail', async () => {
    const countOf = async (...paths: readonly string[]): Promise<number> => {
      const page = setUp((call) => (isClient(call) ? client('sess_a') : clerkError(500, 'x')));
      page.getClient(); // the page load is over
      for (const path of paths) page.send(`client/sessions/sess_a/${path}`, { method: 'POST' });
      await page.clock.advance(300_000);
      return page.calls.filter(isTokens).length;
    };
    const alone = await countOf('tokens');
    expect(alone).toBeLessThan(29);
    expect(await countOf('tokens', 'tokens/convex', 'tokens/other')).toBeLessThan(alone + 5);
  });

  it('that several share is opened for each of them within a minute of the mend', async () => {
    let up = false;
    const page = setUp((call) => (isClient(call) ? client('sess_a') : up ? token() : clerkError(500, 'x')));
    page.getClient();
    const results = ['tokens', 'tokens/convex'].map((path) =>
      page.send(`client/sessions/sess_a/${path}`, { method: 'POST' }),
    );
    await page.clock.advance(300_000);
    up = true;
    await page.clock.advance(61_000);
    for (const result of results) expect(result.status).toBe(200);
    page.expectIdle();
  });

  it('is tried for the template as soon as a session token comes, though that was asked for before it failed', async () => {
    const early = deferred();
    let up = false;
    const page = setUp((call) => {
      if (isClient(call)) return client('sess_a', 'sess_b');
      if (call.url.includes('sess_b')) return early.promise;
      return up ? token() : clerkError(500, 'x');
    });
    page.getClient(); // the page load is over
    page.getToken('sess_b');
    await page.clock.advance(0);
    page.getToken('sess_a');
    const template = page.send('client/sessions/sess_a/tokens/convex', { method: 'POST' });
    await page.clock.advance(1_000);
    up = true;
    early.resolve(token());
    await page.clock.advance(200);
    expect(template.status).toBe(200);
  });

  it('of one template does not keep the session token', async () => {
    const page = setUp((call) =>
      isClient(call) ? client('sess_a') : call.url.includes('/tokens/convex') ? clerkError(500, 'x') : token(),
    );
    page.getClient(); // the page load is over
    page.send('client/sessions/sess_a/tokens/convex', { method: 'POST' });
    await page.clock.advance(10_000);
    const before = page.calls.length;
    const result = page.getToken();
    await page.clock.advance(0);
    expect(result.status).toBe(200);
    // Nor is it spurred by it.
    for (let i = 0; i < 20; i++) {
      page.getToken();
      await page.clock.advance(1_000);
    }
    expect(page.calls.length - before - 21).toBeLessThan(10);
  });

  it('has no two requests that hang spur each other on when what is asked beside them is refused', async () => {
    const page = setUp((call, index) =>
      isClient(call) ? client('sess_a', 'sess_b') : index < 3 ? 'hang' : clerkError(429, 'x'),
    );
    page.getClient(); // the page load is over
    page.getToken('sess_a');
    page.getToken('sess_b');
    // As long as it takes a server to answer: in no time it would be without an end.
    const { fetch } = page.guard.wire;
    page.guard.wire.fetch = async (...args) => {
      await page.clock.sleep(20);
      return fetch(...args);
    };
    await page.clock.advance(60_000);
    expect(page.calls.filter(isTokens).length).toBeLessThan(40);
  });

  it('promotes a waiter when the probe is aborted', async () => {
    const page = setUp(until(60_000, netError, () => token()));
    const mine = new AbortController();
    page.getToken('sess_a', { signal: mine.signal });
    await page.clock.advance(59_000);
    const other = page.getToken('sess_b');
    await page.clock.advance(0);
    mine.abort();
    await page.clock.advance(10_000);
    expect(other.status).toBe(200);
    page.expectIdle();
  });

  it('does not wait for ever for a probe that hangs', async () => {
    const page = setUp((call, index) => (index === 0 ? netError() : call.url.includes('sess_a') ? 'hang' : token()));
    page.getToken('sess_a');
    await page.clock.advance(100);
    const other = page.getToken('sess_b');
    await page.clock.advance(5_000);
    expect(other.status).toBe(200);
  });

  it('wakes with the network, and with what else proves it', async () => {
    for (const wake of ['online', 'visible', 'pageshow', 'guard'] as const) {
      let up = false;
      const page = setUp(() => (up ? token() : netError()));
      const result = page.getToken();
      await page.clock.advance(9_000);
      up = true;
      if (wake === 'guard') page.guard.wake();
      else page.connectivity.wake(wake);
      await page.clock.advance(60);
      expect(result.at, wake).toBeLessThanOrEqual(9_060);
      page.expectIdle();
    }
  });

  it('tries at once when a person asks, also after a long outage and in the background', async () => {
    let up = false;
    const page = setUp(() => (up ? token() : netError()));
    const result = page.getToken();
    await page.clock.advance(600_000);
    page.connectivity.hidden = true;
    up = true;
    page.guard.retryNow();
    await page.clock.advance(1);
    expect(result.at).toBe(600_000);
    page.expectIdle();
  });

  it('gives an attempt that hangs another one beside it when a person asks', async () => {
    const page = setUp((_, index) => (index === 0 ? 'hang' : token()));
    const result = page.getToken();
    await page.clock.advance(2_000);
    page.guard.retryNow();
    await page.clock.advance(1);
    expect(result.at).toBe(2_000);
  });

  it.each([
    ['120 s behind', -120_000],
    ['half an hour behind', -1_800_000],
    ['120 s ahead', 120_000],
  ])('reads a date in Retry-After by the clock of the server that sent it: this one’s is %s', async (_how, aheadMs) => {
    const page = setUp((call, index) => {
      const date = (ms: number): string => new Date(call.at - aheadMs + ms).toUTCString();
      return index === 0
        ? clerkError(429, 'too_many_requests', { date: date(0), 'retry-after': date(4_000) })
        : token();
    });
    const result = page.getToken();
    await page.clock.advance(8_500);
    expect(result.status).toBe(200);
    expect(result.at).toBeGreaterThanOrEqual(4_000);
  });

  it('keeps Retry-After, whoever asks', async () => {
    const page = setUp((_, index) =>
      index === 0 ? clerkError(429, 'too_many_requests', { 'retry-after': '30' }) : token(),
    );
    const result = page.getToken();
    await page.clock.advance(1_000);
    page.guard.retryNow();
    await page.clock.advance(28_999);
    expect(page.calls).toHaveLength(1);
    await page.clock.advance(1);
    expect(result.at).toBe(30_000);
  });

  it('spreads what wakes it after a long outage', async () => {
    const waits = new Set<number>();
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      let up = false;
      const clock = createTestClock({ seed });
      const page = setUp(() => (up ? token() : netError()), { clock });
      const answered = page.target.fetch(`${api}/client/sessions/sess_a/tokens?${v5}`, { method: 'POST' });
      await clock.advance(600_000);
      up = true;
      const at = clock.now();
      page.connectivity.wake('online');
      await Promise.all([answered.then(() => waits.add(clock.now() - at)), clock.advance(10_000)]);
    }
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(100);
    expect(Math.max(...waits)).toBeLessThanOrEqual(400);
  });
});

describe('a sign-out', () => {
  const remove = 'client/sessions/sess_a/remove';
  it.each<[string, string, string, Script, boolean]>([
    ['one session, 200', remove, v5, () => json({ response: {}, client: null }), true],
    ['one session, 401', remove, v5, () => clerkError(401, 'authentication_invalid'), true],
    ['one session, 404', remove, v5, () => clerkError(404, 'resource_not_found'), true],
    ['its end', 'client/sessions/sess_a/end', v5, () => json({ response: {} }), true],
    ['all sessions', 'client/sessions', `${v5}&_method=DELETE`, () => json({ response: {} }), true],
    ['the client', 'client', `${v5}&_method=DELETE`, () => json({ response: {} }), true],
    ['500', remove, v5, () => clerkError(500, 'x'), false],
    ['a proxy’s 404', remove, v5, () => html(404), false],
    ['a captive portal', remove, v5, () => html(200), false],
    ['a network error', remove, v5, netError, false],
    ['another session', 'client/sessions/sess_b/remove', v5, () => json({ response: {} }), false],
  ])('of %s', async (_, path, query, script, revoked) => {
    const page = setUp(script);
    let told = 0;
    page.guard.subscribe(() => told++);
    page.send(path, { method: 'POST' }, query);
    await page.clock.advance(0);
    expect(page.guard.isRevoked('sess_a')).toBe(revoked);
    if (revoked) expect(told).toBe(1);
    expect(page.calls).toHaveLength(1);
    page.expectIdle();
  });

  it('of all sessions says nothing of one that begins afterwards', async () => {
    const page = setUp((call) => (isTokens(call) ? token() : json({ response: {} })));
    page.getToken('sess_a');
    page.send('client/sessions', { method: 'POST' }, `${v5}&_method=DELETE`);
    await page.clock.advance(0);
    page.getToken('sess_new');
    await page.clock.advance(0);
    expect(page.guard.isRevoked('sess_a')).toBe(true);
    expect(page.guard.isRevoked('sess_new')).toBe(false);
  });

  it('ends all doubt about its session', async () => {
    const page = setUp((call) => (isTokens(call) ? clerkError(401, 'authentication_invalid') : json({ response: {} })));
    page.getToken();
    await page.clock.advance(0);
    expect(page.connectivity.open.channels).toEqual(['clerk', 'clerk-convex-resilience']);
    page.send(remove, { method: 'POST' });
    await page.clock.advance(0);
    page.expectIdle();
  });

  it('that hangs is ended after 6 s, and not repeated', async () => {
    const page = setUp(() => 'hang');
    const result = page.send(remove, { method: 'POST' });
    await page.clock.advance(60_000);
    expect(result).toMatchObject({ at: 6_000, error: { name: 'TimeoutError' } });
    expect(page.calls).toHaveLength(1);
    page.expectIdle();
  });

  it('still hears the caller’s signal', async () => {
    const listening = createCountedSignal();
    const answered = setUp(() => json({ response: {} }));
    answered.send(remove, { method: 'POST', signal: listening.signal });
    await answered.clock.advance(0);
    expect(listening.count()).toBe(0);

    const page = setUp(() => 'hang');
    const mine = new AbortController();
    const result = page.send(remove, { method: 'POST', signal: mine.signal });
    await page.clock.advance(100);
    mine.abort(new Error('mine'));
    await page.clock.advance(0);
    expect(result.error).toMatchObject({ message: 'mine' });
    page.expectIdle();
  });

  it('is confirmed by a GET /client that was sent after it and no longer has the session', async () => {
    const early = deferred();
    const answers: (() => ScriptedAnswer | Promise<ScriptedAnswer>)[] = [
      () => early.promise,
      () => client('sess_a'),
      () => client('sess_b'),
    ];
    const page = setUp((_, index) => answers[index]?.() ?? client());
    page.getClient({ headers: { a: '1' } });
    await page.clock.advance(0);
    page.guard.endSession('sess_a');
    early.resolve(client());
    await page.clock.advance(0);
    expect(page.guard.isRevoked('sess_a')).toBe(false);
    page.getClient();
    await page.clock.advance(0);
    expect(page.guard.isRevoked('sess_a')).toBe(false);
    page.getClient();
    await page.clock.advance(0);
    expect(page.guard.isRevoked('sess_a')).toBe(true);
    expect(page.guard.isRevoked('sess_b')).toBe(false);
  });

  it('lets go of the held requests of its session at once, and of no other', async () => {
    const lost = netError();
    const page = setUp(() => lost);
    const mine = page.getToken('sess_a');
    const other = page.getToken('sess_b');
    await page.clock.advance(60_000);
    page.guard.endSession('sess_a');
    await page.clock.advance(0);
    expect(mine).toEqual({ error: lost, at: 60_000 });
    expect(other.at).toBeUndefined();
    expect(page.said('request_released')).toMatchObject([{ request: 'tokens', reason: 'sign_out' }]);
    // What clerk-js asks for the old session afterwards is its own affair.
    const late = page.getToken('sess_a');
    await page.clock.advance(0);
    expect(late).toEqual({ error: lost, at: 60_000 });
  });

  it('lets go of one that waits behind a gate, and sends it no more', async () => {
    const lost = netError();
    const page = setUp(() => lost);
    page.getToken('sess_b');
    await page.clock.advance(300_000);
    const mine = page.getToken('sess_a');
    await page.clock.advance(0);
    const before = page.calls.length;
    page.guard.endSession('sess_a');
    await page.clock.advance(0);
    expect(mine.error).toBe(lost);
    expect(page.calls).toHaveLength(before);
  });

  it('lets go of one that failed before, though its next attempt is under way', async () => {
    const page = setUp((_, index) => (index === 0 ? clerkError(500, 'x') : 'hang'));
    const result = page.getToken();
    await page.clock.advance(2_000);
    expect(page.open).toHaveLength(1);
    page.guard.endSession('sess_a');
    await page.clock.advance(0);
    expect(result).toMatchObject({ status: 500, at: 2_000 });
    page.expectIdle();
  });

  it('leaves no doubt about its session: a 401 afterwards is expected', async () => {
    const page = setUp((call) => (isTokens(call) ? clerkError(401, 'authentication_invalid') : client()));
    page.guard.endSession('sess_a');
    page.getToken('sess_a');
    await page.clock.advance(0);
    page.expectIdle();
  });

  it('has nobody join a request that it has let go of, and that hangs', async () => {
    const page = setUp((_, index) => (index < 2 ? 'hang' : client()));
    const old = page.getClient();
    await page.clock.advance(5_000);
    expect(page.calls).toHaveLength(2);
    page.guard.endSession('sess_a');
    const next = page.getClient();
    await page.clock.advance(0);
    expect(next).toMatchObject({ status: 200, at: 5_000 });
    expect(page.guard.isRevoked('sess_a')).toBe(true);
    expect(old).toEqual({});
  });

  it('leaves a first attempt that is under way to clerk-js', async () => {
    const answer = deferred();
    const page = setUp(() => answer.promise);
    const result = page.getToken();
    await page.clock.advance(1_000);
    page.guard.endSession('sess_a');
    answer.resolve(clerkError(500, 'x'));
    await page.clock.advance(0);
    expect(result).toMatchObject({ status: 500, at: 1_000 });
    page.expectIdle();
  });
});

describe('what the guard knows', () => {
  it('is the newest answer of GET /client, by when it was asked', async () => {
    const slow = deferred();
    const page = setUp((_, index) => (index === 0 ? slow.promise : client('sess_b', 'sess_c')));
    expect(page.guard.client).toBeNull();
    let told = 0;
    const stop = page.guard.subscribe(() => told++);
    page.getClient();
    await page.clock.advance(10);
    page.send('client', {}, `${v5}&rotating_token_nonce=1`);
    await page.clock.advance(0);
    const seen = { at: page.t0 + 10, lastActiveSessionId: 'sess_c', sessionIds: ['sess_b', 'sess_c'] };
    expect(page.guard.client).toEqual(seen);
    slow.resolve(client('sess_a'));
    await page.clock.advance(0);
    expect(page.guard.client).toEqual(seen);
    expect(told).toBe(1);
    stop();
    page.getClient();
    await page.clock.advance(0);
    expect(told).toBe(1);
  });
});

describe('lacksClient', () => {
  it.each<[string, ClerkFetchGuardOptions]>([
    ['it is on', {}],
    ['it is off', { enabled: () => false }],
  ])(
    'is so from each GET /client on, until one is answered with this browser’s sessions, where %s',
    async (_, options) => {
      const answers = [client('sess_a'), clerkError(403, 'user_banned'), client(), clerkError(500, 'x')];
      const page = setUp((_call, index) => answers[index] ?? netError(), options);
      const seen = [page.guard.lacksClient];
      for (const { status } of answers) {
        const asked = page.getClient();
        seen.push(page.guard.lacksClient);
        await page.clock.advance(0);
        expect(asked.status).toBe(status);
        seen.push(page.guard.lacksClient);
      }
      expect(seen).toEqual([false, true, false, true, true, true, false, true, true]);
    },
  );
});

describe('the kill switch', () => {
  it('is asked at each request', async () => {
    let on = true;
    const page = setUp(netError, { enabled: () => on });
    const held = page.getToken('sess_a');
    await page.clock.advance(0);
    on = false;
    const passed = page.getToken('sess_b');
    page.getToken('sess_c');
    await page.clock.advance(0);
    expect(held.at).toBeUndefined();
    expect(passed.error).toBeInstanceOf(TypeError);
    expect(page.said('guard_stepped_aside')).toMatchObject([{ reason: 'turned_off' }]);
  });

  it('lets go of what is held once it is turned off, with the next failure', async () => {
    let on = true;
    const page = setUp(netError, { enabled: () => on });
    const held = page.getToken('sess_a');
    await page.clock.advance(20_000);
    expect(held.at).toBeUndefined();
    on = false;
    await page.clock.advance(3_100);
    expect(held.error).toBeInstanceOf(TypeError);
    const sent = page.calls.length;
    await page.clock.advance(300_000);
    expect(page.calls).toHaveLength(sent);
    page.expectIdle();
  });

  it.each<[string, ClerkFetchGuardOptions, string]>([
    ['it is off', { enabled: () => false }, v5],
    ['it does not know the major', {}, '_clerk_js_version=7.0.0'],
  ])('leaves it hearing of a sign-out when %s, and changes nothing', async (_, options, query) => {
    const answers = [json({ response: {} }), client('sess_b'), client()];
    const page = setUp((_call, index) => answers[index] ?? netError(), options);
    const remove = page.send('client/sessions/sess_a/remove', { method: 'POST' }, query);
    await page.clock.advance(0);
    expect(remove.status).toBe(200);
    expect(page.guard.isRevoked('sess_a')).toBe(true);
    page.guard.endSession('sess_b');
    page.send('client', {}, query);
    await page.clock.advance(0);
    expect(page.guard.isRevoked('sess_b')).toBe(false);
    const reload = page.send('client', {}, query);
    await page.clock.advance(0);
    expect(reload.body).toMatchObject({ response: { sessions: [] } });
    expect(page.guard.isRevoked('sess_b')).toBe(true);
    const failed = page.send('client', {}, query);
    await page.clock.advance(0);
    expect(failed).toMatchObject({ at: 0, error: { message: 'Failed to fetch' } });
    expect(page.calls).toHaveLength(4);
    page.expectIdle();
  });

  it('hands over the very promise that fetch gave, with its arguments, when it is off', () => {
    const promise = Promise.resolve(client());
    const seen: unknown[] = [];
    const target = {
      fetch(...args: unknown[]) {
        seen.push(args);
        return promise;
      },
    } as unknown as { fetch: typeof fetch };
    const environment = { clock: createTestClock(), connectivity: createTestConnectivity() };
    installClerkFetchGuard({ target, enabled: false, ...environment });
    const [url, init] = [`${api}/client?${v5}`, {}];
    expect(target.fetch(url, init)).toBe(promise);
    expect(seen).toEqual([[url, init]]);
  });

  it('turns nothing off when it cannot be read', async () => {
    const page = setUp(netError, {
      enabled: () => {
        throw new Error('flags are down');
      },
    });
    const held = page.getToken();
    await page.clock.advance(1_000);
    expect(held.at).toBeUndefined();
  });

  it('steps aside for a major that it does not know, and says so once', async () => {
    for (const version of ['4.73.0', '7.0.0', 'main']) {
      const page = setUp(netError);
      const query = `_clerk_js_version=${version}`;
      const results = [page.getToken('sess_a', {}, query), page.send('client', {}, query)];
      await page.clock.advance(0);
      for (const result of results) expect(result.error).toBeInstanceOf(TypeError);
      expect(page.said('guard_stepped_aside')).toMatchObject([{ reason: 'unknown_version' }]);
      page.expectIdle();
    }
  });

  it.each<[string, () => Response]>([
    ['a token of another shape', () => json({ object: 'token', value: 'x' })],
    ['a code of tomorrow', () => clerkError(403, 'session_frozen')],
  ])('steps aside for %s', async (_, answer) => {
    const page = setUp(answer);
    const result = page.getToken();
    await page.clock.advance(0);
    expect(result.at).toBe(0);
    expect(page.calls).toHaveLength(1);
    expect(page.said('guard_stepped_aside')).toMatchObject([{ reason: 'unknown_answer' }]);
  });

  it('does not take a client of another shape for an empty one', async () => {
    const page = setUp(() => json({ data: { sessions: [] } }));
    page.getClient();
    await page.clock.advance(0);
    expect(page.guard.client).toBeNull();
  });
});

describe('uninstalling', () => {
  it('gives fetch back, lets go of what is held and leaves nothing over', async () => {
    const page = setUp(netError);
    const wrapped = page.target.fetch;
    const held = page.getToken();
    await page.clock.advance(5_000);
    page.guard.uninstall();
    page.guard.uninstall();
    await page.clock.advance(0);
    expect(page.target.fetch).toBe(page.fetch);
    expect(held).toMatchObject({ at: 5_000, error: { message: 'Failed to fetch' } });
    page.expectIdle();
    await expect(wrapped(`${api}/client?${v5}`)).rejects.toThrow('Failed to fetch');
    page.expectIdle();
  });

  it('leaves a request that hangs to hang, and asks no more for it', async () => {
    const page = setUp(() => 'hang');
    page.getToken();
    await page.clock.advance(5_000);
    const asked = page.calls.length;
    page.guard.uninstall();
    expect(page.clock.pendingTimers).toBe(0);
    expect(page.connectivity.open).toEqual({ wake: 0, stored: 0, channels: [] });
    await page.clock.advance(120_000);
    expect(page.calls).toHaveLength(asked);
  });

  it('leaves nothing over either when what was under way is answered later, with a doubt', async () => {
    const answer = deferred();
    const page = setUp(() => answer.promise);
    const result = page.getToken();
    await page.clock.advance(100);
    page.guard.uninstall();
    answer.resolve(clerkError(401, 'authentication_invalid'));
    await page.clock.advance(0);
    expect(result.status).toBe(401);
    page.expectIdle();
  });

  it('leaves a fetch alone that somebody wrapped after it, and becomes a pass-through', async () => {
    const page = setUp(netError);
    const ours = page.target.fetch;
    const theirs: typeof fetch = (...args) => ours(...args);
    page.target.fetch = theirs;
    page.guard.uninstall();
    expect(page.target.fetch).toBe(theirs);
    const result = page.getToken();
    await page.clock.advance(0);
    expect(result.at).toBe(0);
    expect(page.calls).toHaveLength(1);
  });

  it('gives a fetch that was inherited back to its prototype', () => {
    const prototype = { fetch: createScriptedFetch(Date.now, () => token()).fetch };
    const target = Object.create(prototype) as typeof prototype;
    const guard = installClerkFetchGuard({ target, clock: createTestClock(), connectivity: createTestConnectivity() });
    expect(Object.hasOwn(target, 'fetch')).toBe(true);
    guard.uninstall();
    expect(Object.hasOwn(target, 'fetch')).toBe(false);
    expect(target.fetch).toBe(prototype.fetch);
  });
});

describe('bad options', () => {
  it.each<[ClerkFetchGuardOptions, string]>([
    [{ policy: { maxDelayMs: -1 } }, 'policy.maxDelayMs is -1'],
    [{ target: {} as { fetch: typeof fetch } }, 'target'],
  ])('are refused at once, and nothing is wrapped', (options, message) => {
    const before = globalThis.fetch;
    expect(() => installClerkFetchGuard(options)).toThrow(AuthResilienceError);
    expect(() => installClerkFetchGuard(options)).toThrow(message);
    expect(globalThis.fetch).toBe(before);
  });
});

describe('retainClerkFetchGuard', () => {
  const prepare = () => {
    const clock = createTestClock();
    const scripted = createScriptedFetch(clock.now, () => netError());
    const target = { fetch: scripted.fetch };
    const seen: string[] = [];
    const options = (name: string, more: ClerkFetchGuardOptions = {}): ClerkFetchGuardOptions => ({
      clock,
      connectivity: createTestConnectivity(),
      target,
      onEvent: ({ type }) => seen.push(`${name} ${type}`),
      ...more,
    });
    return { clock, scripted, target, seen, options };
  };

  it('wraps once for everybody, and unwraps with the last one', async () => {
    const { target, scripted, options } = prepare();
    const one = retainClerkFetchGuard(options('one'));
    const wrapped = target.fetch;
    const two = retainClerkFetchGuard(options('two'));
    expect(two.guard).toBe(one.guard);
    expect(target.fetch).toBe(wrapped);
    one.release();
    one.release();
    await Promise.resolve();
    expect(target.fetch).toBe(wrapped);
    // The same options given twice are two users.
    const again = options('again');
    const [three, four] = [retainClerkFetchGuard(again), retainClerkFetchGuard(again)];
    three.release();
    two.release();
    await Promise.resolve();
    expect(target.fetch).toBe(wrapped);
    four.release();
    await Promise.resolve();
    expect(target.fetch).toBe(scripted.fetch);
    expect(Reflect.ownKeys(target)).toEqual(['fetch']);
  });

  it('is told of to everybody who uses it, and not in the midst of their render', async () => {
    const { seen, options } = prepare();
    retainClerkFetchGuard(options('one'));
    retainClerkFetchGuard(options('gone')).release();
    expect(seen).toEqual([]);
    await Promise.resolve();
    expect(seen).toEqual(['one guard_installed']);
  });

  it('outlives a release that is followed by a retain in the same turn, as StrictMode does', async () => {
    const { target, options } = prepare();
    const one = retainClerkFetchGuard(options('one'));
    const wrapped = target.fetch;
    one.release();
    const two = retainClerkFetchGuard(options('one'));
    await Promise.resolve();
    expect(two.guard).toBe(one.guard);
    expect(target.fetch).toBe(wrapped);
  });

  it('does not forget the next one when two let go of the last in one turn', async () => {
    const { target, options } = prepare();
    const one = retainClerkFetchGuard(options('one'));
    const two = retainClerkFetchGuard(options('two'));
    one.release();
    // Between what follows from the one and what follows from the other.
    const next = Promise.resolve().then(() => retainClerkFetchGuard(options('three')));
    two.release();
    const three = await next;
    await Promise.resolve();
    const wrapped = target.fetch;
    expect(retainClerkFetchGuard(options('four')).guard).toBe(three.guard);
    expect(target.fetch).toBe(wrapped);
  });

  it('guards once, and holds nothing twice, where somebody wrapped it before it was taken off and put on again', async () => {
    const { target, scripted, clock, seen, options } = prepare();
    const ask = () => target.fetch(`${api}/client/sessions/sess_a/tokens?${v5}`, { method: 'POST' });
    const one = retainClerkFetchGuard(options('one'));
    const beneath = target.fetch;
    let passed = 0;
    const theirs: typeof fetch = (...args) => {
      passed++;
      return beneath(...args);
    };
    target.fetch = theirs;
    const held = ask().catch(({ message }) => message);
    await clock.advance(1_000);
    const before = scripted.calls.length;
    expect(before).toBeGreaterThan(1);
    expect(passed).toBe(1);
    one.release();
    await clock.advance(0);
    // What the first one held is let go of, and the other knows nothing of it.
    expect(await held).toBe('Failed to fetch');
    for (let times = 1; times <= 3; times++) {
      const two = retainClerkFetchGuard(options('two'));
      const asked = [scripted.calls.length, passed];
      seen.length = 0;
      const again = ask().catch(({ message }) => message);
      await clock.advance(1_000);
      const [calls, throughTheirs] = [scripted.calls.length - (asked[0] ?? 0), passed - (asked[1] ?? 0)];
      expect(calls).toBeGreaterThan(1);
      // Each attempt of the one that is on goes through theirs, and none is tried again beneath.
      expect(throughTheirs).toBe(calls);
      expect(seen.filter((said) => said === 'two request_failed')).toHaveLength(calls);
      two.release();
      await clock.advance(0);
      expect(await again).toBe('Failed to fetch');
      expect(target.fetch).toBe(theirs);
    }
    expect(clock.pendingTimers).toBe(0);
  });

  it('tells everybody who is there, and is off when one says so', async () => {
    const { target, clock, seen, options } = prepare();
    let on = true;
    const one = retainClerkFetchGuard(options('one'));
    retainClerkFetchGuard(options('two', { enabled: () => on }));
    const url = `${api}/client/sessions/sess_a/tokens?${v5}`;
    const held = target.fetch(url, { method: 'POST' });
    held.catch(() => {});
    await clock.advance(100);
    expect(seen).toEqual(['one guard_installed', 'two guard_installed', 'one request_failed', 'two request_failed']);
    on = false;
    const passed = target.fetch(url, { method: 'POST' });
    await expect(passed).rejects.toThrow('Failed to fetch');
    one.release();
    seen.length = 0;
    await clock.advance(1_000);
    expect(seen.every((line) => line.startsWith('two'))).toBe(true);
    expect(seen.length).toBeGreaterThan(0);
  });

  it('is off when one says so, though the flag of another cannot be read', async () => {
    const { target, scripted, options } = prepare();
    const unreadable = (): never => {
      throw new Error('mine');
    };
    retainClerkFetchGuard(options('one', { enabled: unreadable }));
    retainClerkFetchGuard(options('two', { enabled: () => false }));
    const passed = target.fetch(`${api}/client/sessions/sess_a/tokens?${v5}`, { method: 'POST' });
    await expect(passed).rejects.toThrow('Failed to fetch');
    expect(scripted.calls).toHaveLength(1);
  });

  it('tells the others when one listener throws', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { target, clock, seen, options } = prepare();
    const mistake = (): never => {
      throw new Error('mine');
    };
    retainClerkFetchGuard(options('one', { onEvent: mistake }));
    retainClerkFetchGuard(options('two'));
    target.fetch(`${api}/client/sessions/sess_a/tokens?${v5}`, { method: 'POST' }).catch(() => {});
    await clock.advance(100);
    expect(seen).toEqual(['two guard_installed', 'two request_failed']);
    expect(printed).toHaveBeenCalledTimes(1);
    printed.mockRestore();
  });

  it('is woken by what any of them is woken by, and listens to it only while in trouble', async () => {
    const { clock, target, scripted, options } = prepare();
    retainClerkFetchGuard(options('one'));
    const connectivity = createTestConnectivity();
    retainClerkFetchGuard(options('two', { connectivity }));
    expect(connectivity.open.wake).toBe(0);
    const leave = new AbortController();
    const url = `${api}/client/sessions/sess_a/tokens?${v5}`;
    target.fetch(url, { method: 'POST', signal: leave.signal }).catch(() => {});
    await clock.advance(300_000);
    const count = scripted.calls.length;
    while (scripted.calls.length === count) await clock.advance(1_000);
    connectivity.wake('socket');
    await clock.advance(500);
    expect(scripted.calls).toHaveLength(count + 2);
    leave.abort();
    await clock.advance(100);
    expect(connectivity.open.wake).toBe(0);
  });

  it('is woken, too, by who comes in the middle of the trouble, and no longer by who has left', async () => {
    const { clock, target, scripted, options } = prepare();
    retainClerkFetchGuard(options('one'));
    const url = `${api}/client/sessions/sess_a/tokens?${v5}`;
    target.fetch(url, { method: 'POST' }).catch(() => {});
    await clock.advance(300_000);
    const connectivity = createTestConnectivity();
    const late = retainClerkFetchGuard(options('two', { connectivity }));
    const count = scripted.calls.length;
    while (scripted.calls.length === count) await clock.advance(1_000);
    connectivity.wake('socket');
    await clock.advance(500);
    expect(scripted.calls).toHaveLength(count + 2);
    late.release();
    expect(connectivity.open.wake).toBe(0);
  });

  it('is shared with another copy of the library', async () => {
    const { target, options } = prepare();
    const { guard } = retainClerkFetchGuard(options('one'));
    const key = Symbol.for('clerk-convex-resilience/fetch-guard@1');
    expect(Reflect.get(target, key)).toMatchObject({ guard });
    expect(Object.keys(target)).toEqual(['fetch']);
  });
});
