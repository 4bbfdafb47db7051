import { describe, expect, it, vi } from 'vitest';
import { AuthResilienceError } from './errors.ts';
import type { AuthEvent } from './events.ts';
import { createTestClock } from './testClock.ts';
import { createTestConnectivity } from './testConnectivity.ts';
import { createScriptedFetch, type ScriptedAnswer, type ScriptedCall } from './testFetch.ts';
import { createTokenRetryFetch, type TokenRetryFetchOptions } from './tokenRetryFetch.ts';

const url = 'https://api.test/token?secret=1';
const json = (body: unknown, init: ResponseInit = {}): Response =>
  new Response(JSON.stringify(body), { ...init, headers: { 'content-type': 'application/json', ...init.headers } });
const ok = (): Response => json({ token: 'abc' });
const netError = (): Error => new TypeError('Failed to fetch');
const truncated = (): Response =>
  new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"token":'));
        controller.error(new TypeError('network error'));
      },
    }),
    { headers: { 'content-type': 'application/json' } },
  );

function setUp(answer: (call: ScriptedCall, index: number) => ScriptedAnswer, options: TokenRetryFetchOptions = {}) {
  const clock = createTestClock({ now: Date.parse('2026-01-01T00:00:00Z') });
  const startedAt = clock.now();
  const connectivity = createTestConnectivity();
  const events: AuthEvent[] = [];
  const scripted = createScriptedFetch(clock.now, answer);
  const send = createTokenRetryFetch({
    fetch: scripted.fetch,
    clock,
    connectivity,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const finish = async (
    answered: Promise<Response>,
    ms = 60_000,
  ): Promise<{ response?: Response; error?: unknown }> => {
    const settled = answered.then(
      (response) => ({ response }),
      (error: unknown) => ({ error }),
    );
    await clock.advance(ms);
    const result = await settled;
    expect(clock.pendingTimers).toBe(0);
    expect(connectivity.open.wake).toBe(0);
    return result;
  };
  return { clock, startedAt, connectivity, events, calls: scripted.calls, send, finish };
}

const first = (bad: () => ScriptedAnswer) => (_: ScriptedCall, index: number) => (index === 0 ? bad() : ok());

describe('createTokenRetryFetch', () => {
  it.each<[string, () => ScriptedAnswer]>([
    ['a network error', netError],
    ['a hang', () => 'hang'],
    ['500', () => json({}, { status: 500 })],
    ['502 with HTML', () => new Response('<html>', { status: 502 })],
    ['503', () => json({}, { status: 503 })],
    ['429', () => json({}, { status: 429 })],
    ['an answer that is cut short', truncated],
    ['JSON that is cut short', () => new Response('{"tok', { headers: { 'content-type': 'application/json' } })],
    ['HTML where JSON was asked for', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
  ])('retries %s', async (_, bad) => {
    const { send, finish, calls, events } = setUp(first(bad));
    const { response } = await finish(send(url, { headers: { accept: 'application/json' } }));
    expect(await response?.json()).toEqual({ token: 'abc' });
    expect(calls).toHaveLength(2);
    expect(events.map(({ type }) => type)).toEqual(['request_failed', 'request_recovered']);
    expect(JSON.stringify(events)).not.toMatch(/secret|abc/);
  });

  it.each([400, 401, 403, 404, 422])('hands over %d as it is', async (status) => {
    const { send, finish, calls } = setUp(() => json({ error: 1 }, { status }));
    const { response } = await finish(send(url));
    expect(response?.status).toBe(status);
    expect(await response?.json()).toEqual({ error: 1 });
    expect(calls).toHaveLength(1);
  });

  it('hands over HTML that nobody wanted to be JSON, and 204', async () => {
    for (const answer of [() => new Response('<html>'), () => new Response(null, { status: 204 })]) {
      const { send, finish, calls } = setUp(answer);
      expect((await finish(send(url))).response?.ok).toBe(true);
      expect(calls).toHaveLength(1);
    }
  });

  it('throws at once for a Request that was used already, as fetch does', async () => {
    const used = new Request(url, { method: 'PUT', body: '{}' });
    await used.text();
    const { send, clock } = setUp(() => new TypeError('Body is unusable'));
    let error: unknown;
    send(used).catch((reason: unknown) => {
      error = reason;
    });
    await clock.advance(0);
    expect(error).toBeInstanceOf(TypeError);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each(['application/json-seq', 'application/x-ndjson', 'text/event-stream'])(
    'hands over a stream of %s unread',
    async (type) => {
      const { send, finish, calls } = setUp(
        () => new Response('\u001E{"a":1}\n\u001E{"a":2}\n', { headers: { 'content-type': type } }),
      );
      const { response } = await finish(send(url));
      expect(await response?.text()).toContain('"a":2');
      expect(calls).toHaveLength(1);
    },
  );

  it('gives back the last response after the last retry, or throws the last error, untouched', async () => {
    const answers = [netError(), json({ n: 2 }, { status: 500 }), json({ n: 3 }, { status: 503 })];
    const withResponse = setUp((_, index) => answers[index] as ScriptedAnswer, { policy: { retries: 2 } });
    const { response } = await withResponse.finish(withResponse.send(url));
    expect(response).toBe(answers[2]);
    expect(await response?.json()).toEqual({ n: 3 });

    const lastError = netError();
    const withError = setUp((_, index) => (index < 2 ? json({}, { status: 500 }) : lastError), {
      policy: { retries: 2 },
    });
    expect((await withError.finish(withError.send(url))).error).toBe(lastError);
    expect(withError.calls).toHaveLength(3);
  });

  it.each([
    ['seconds', '7', 7_000, 14_000],
    ['an HTTP date', 'Thu, 01 Jan 2026 00:00:20 GMT', 20_000, 40_000],
  ])('waits for Retry-After in %s, spread', async (_, value, least, most) => {
    const { send, finish, calls, startedAt } = setUp(
      first(() => json({}, { status: 429, headers: { 'retry-after': value } })),
    );
    await finish(send(url));
    const waited = (calls[1]?.at ?? 0) - startedAt;
    expect(waited).toBeGreaterThanOrEqual(least);
    expect(waited).toBeLessThanOrEqual(most);
  });

  it.each<[string, TokenRetryFetchOptions['retryNonIdempotent'], number]>([
    ['GET', undefined, 2],
    ['HEAD', undefined, 2],
    ['OPTIONS', undefined, 2],
    ['PUT', undefined, 2],
    ['DELETE', undefined, 2],
    ['POST', undefined, 1],
    ['PATCH', undefined, 1],
    ['POST', true, 2],
    ['POST', ({ url: asked }) => asked.startsWith('https://api.test/token'), 2],
    ['POST', ({ method }) => method !== 'POST', 1],
  ])('calls %s with retryNonIdempotent %s %d times', async (method, retryNonIdempotent, expected) => {
    const options = retryNonIdempotent === undefined ? {} : { retryNonIdempotent };
    const { send, finish, calls } = setUp(first(netError), options);
    await finish(send(url, { method }));
    expect(calls).toHaveLength(expected);
  });

  it('lets go of the body of an answer that it does not give back, and of no other', async () => {
    const cancelled: number[] = [];
    const endless = (index: number): Response =>
      new Response(new ReadableStream({ cancel: () => void cancelled.push(index) }), { status: 503 });
    const answers = (_: ScriptedCall, index: number): ScriptedAnswer => (index === 1 ? netError() : endless(index));
    const { send, finish, calls } = setUp(answers, { policy: { retries: 3 } });
    const { response } = await finish(send(url));
    expect(calls).toHaveLength(4);
    expect(cancelled).toEqual([0, 2]);
    expect(response?.body?.locked).toBe(false);

    const same = new Response('busy', { status: 503 });
    const again = setUp(() => same, { policy: { retries: 2 } });
    expect(await (await again.finish(again.send(url))).response?.text()).toBe('busy');
  });

  it('sets no deadline for what it does not repeat', async () => {
    const { send, clock, calls } = setUp(() => 'hang');
    void send(url, { method: 'POST' });
    await clock.advance(120_000);
    expect(calls[0]?.signal).toBeUndefined();
    expect(clock.pendingTimers).toBe(0);
  });

  it('never sends a streaming body twice', async () => {
    const { send, finish, calls } = setUp(netError, { retryNonIdempotent: true });
    const body = new ReadableStream({ start: (controller) => controller.close() });
    const { error } = await finish(send(url, { method: 'PUT', body, duplex: 'half' } as RequestInit));
    expect(error).toBeInstanceOf(TypeError);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.body).toBe(body);
  });

  it('sends a Request with a body again, each time whole', async () => {
    const { send, finish, calls } = setUp(first(netError));
    const request = new Request(url, { method: 'PUT', body: 'a=1' });
    await finish(send(request));
    expect(calls.map(({ method, body }) => [method, body])).toEqual([
      ['PUT', 'a=1'],
      ['PUT', 'a=1'],
    ]);
  });

  it('ends with the caller’s signal: in a Request, during an attempt, during a wait', async () => {
    for (const [answer, ms] of [
      [(): ScriptedAnswer => 'hang', 1_000],
      [netError, 20],
    ] as const) {
      for (const asRequest of [true, false]) {
        const { send, finish, clock, calls } = setUp(answer);
        const mine = new AbortController();
        const answered = send(
          ...((asRequest ? [new Request(url, { signal: mine.signal })] : [url, { signal: mine.signal }]) as [
            string,
            RequestInit,
          ]),
        );
        answered.catch(() => {});
        await clock.advance(ms);
        mine.abort();
        expect((await finish(answered)).error).toMatchObject({ name: 'AbortError' });
        expect(calls).toHaveLength(1);
      }
    }
  });

  it('lets the caller’s signal reach a body that is still streaming when the attempt is over', async () => {
    const { send, finish, calls } = setUp(
      () => new Response(new ReadableStream({}), { headers: { 'content-type': 'text/event-stream' } }),
    );
    const mine = new AbortController();
    await finish(send(url, { signal: mine.signal }));
    expect(calls[0]?.signal?.aborted).toBe(false);
    mine.abort();
    expect(calls[0]?.signal?.aborted).toBe(true);
  });

  it('tries at once when the network comes back', async () => {
    const { send, clock, connectivity, calls } = setUp((_, index) => (index < 4 ? netError() : ok()));
    const answered = send(url);
    await clock.advance(2_200);
    const before = calls.length;
    connectivity.wake('online');
    await clock.advance(60);
    expect(calls.length).toBe(before + 1);
    await clock.advance(10_000);
    expect((await answered).ok).toBe(true);
  });

  it.each<[string, string, RequestInit]>([
    ['a URL that is none', 'http://', {}],
    ['a header name that is none', url, { headers: { 'x y': '1' } }],
    ['a header value that is none', url, { headers: { x: 'a\nb' } }],
    ['a GET with a body', url, { body: 'a=1' }],
  ])('does not wait for %s to become one', async (_, target, init) => {
    const said = new TypeError('as fetch says it');
    const { send, finish, calls } = setUp(() => said);
    expect((await finish(send(target, init))).error).toBe(said);
    expect(calls).toHaveLength(1);
  });

  it('takes relative URLs where there is a page, and URL objects', async () => {
    for (const target of ['/token', new URL(url)]) {
      const { send, finish, calls } = setUp(first(netError));
      await finish(send(target));
      expect(calls).toHaveLength(2);
    }
  });

  it('survives a listener that throws', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { send, finish } = setUp(first(netError), {
      onEvent: () => {
        throw new Error('mine');
      },
    });
    expect((await finish(send(url))).response?.ok).toBe(true);
    expect(printed).toHaveBeenCalledTimes(1);
    printed.mockRestore();
  });

  it('uses the global fetch of the moment of the call', async () => {
    const send = createTokenRetryFetch({ connectivity: createTestConnectivity() });
    const native = globalThis.fetch;
    globalThis.fetch = async () => ok();
    try {
      expect(await (await send(url)).json()).toEqual({ token: 'abc' });
    } finally {
      globalThis.fetch = native;
    }
  });

  it.each<[TokenRetryFetchOptions, string]>([
    [{ policy: { retries: -1 } }, 'policy.retries is -1'],
    [{ fetch: 'fetch' as unknown as typeof fetch }, 'fetch is "fetch"'],
  ])('refuses %o when it is created', (options, message) => {
    expect(() => createTokenRetryFetch(options)).toThrow(AuthResilienceError);
    expect(() => createTokenRetryFetch(options)).toThrow(message);
  });
});
