import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { createTestClock } from '../../core/testClock.ts';
import { createClerkWebhookHandler } from './createClerkWebhookHandler.ts';
import { createMemoryWebhookStore } from './createMemoryWebhookStore.ts';
import type { ClerkWebhookOptions } from './createResponder.ts';
import type { ClerkWebhookHandlers } from './events.ts';
import type { WebhookStore } from './store.ts';
import {
  createTestLogger,
  deliveryRequest,
  eventBody,
  otherSecret,
  secret,
  signedHeaders,
  told,
  userCreated,
} from './testDelivery.ts';

function setUp(options: Partial<ClerkWebhookOptions> = {}) {
  const clock = createTestClock();
  const { logger, lines } = createTestLogger();
  const onEvent = vi.fn();
  const handle = createClerkWebhookHandler({ secrets: secret, on: { '*': onEvent }, logger, clock, ...options });
  const request: typeof deliveryRequest extends (delivery: infer D, changed: infer C) => infer R
    ? (delivery?: Partial<D>, changed?: C) => R
    : never = (delivery, changed) => deliveryRequest({ at: clock.now(), ...delivery }, changed);
  return { clock, lines, onEvent, handle, request };
}

/** A body that hands out `size` bytes in chunks of 64 KiB, and says how many were taken. */
function countedBody(size: number) {
  const seen = { taken: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (seen.taken >= size) return controller.close();
      controller.enqueue(new Uint8Array(65_536).fill(32));
      seen.taken += 65_536;
    },
    cancel() {
      seen.cancelled = true;
    },
  });
  return { stream, seen };
}

afterEach(() => vi.unstubAllEnvs());

describe('a delivery with a valid signature', () => {
  it('reaches the handler of its type, with the event as Clerk sent it', async () => {
    const onCreated = vi.fn();
    const onRest = vi.fn();
    const { handle, request, clock, lines } = setUp({ on: { 'user.created': onCreated, '*': onRest } });
    expect(await told(await handle(request()))).toEqual([200, 'handled']);
    expect(onCreated).toHaveBeenCalledExactlyOnceWith(JSON.parse(userCreated()), {
      deliveryId: 'msg_1',
      sentAt: clock.now(),
      version: { object: 'user:user_1', updatedAt: 1_700_000_000_000, eventAt: 1_700_000_000_000, deleted: false },
    });
    expect(onRest).not.toHaveBeenCalled();
    expect(lines).toEqual([
      {
        level: 'info',
        message: '[clerk-convex-resilience] webhook user.created handled',
        code: 'handled',
        status: 200,
        ms: 0,
        deliveryId: 'msg_1',
        type: 'user.created',
      },
    ]);
  });

  it('is answered in JSON that says the code and nothing else', async () => {
    const { handle, request } = setUp();
    const response = await handle(request());
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toBe('{"code":"handled"}');
  });

  it('of a type that nobody knows reaches the catch-all', async () => {
    const { handle, request, onEvent } = setUp();
    const body = eventBody('moon.landed', { id: 'moon_1' });
    expect(await told(await handle(request({ body })))).toEqual([200, 'handled']);
    expect(onEvent).toHaveBeenCalledOnce();
  });

  it.each(['user.updated', 'moon.landed', 'constructor', '__proto__', 'toString'])(
    'of the type %s, which has no handler, is accepted and ignored',
    async (type) => {
      const { handle, request } = setUp({ on: { 'user.created': () => {} } });
      expect(await told(await handle(request({ body: eventBody(type, { id: 'x' }) })))).toEqual([200, 'ignored']);
    },
  );

  it('is accepted in the spelling of Standard Webhooks', async () => {
    const { handle, clock } = setUp();
    const headers = Object.entries(signedHeaders({ at: clock.now() }));
    const renamed = headers.map(([name, value]): [string, string] => [name.replace('svix-', 'webhook-'), value]);
    const request = new Request('https://app.example.com', { method: 'POST', headers: renamed, body: userCreated() });
    expect(await told(await handle(request))).toEqual([200, 'handled']);
  });

  it('is accepted with any of several signatures, as Svix sends after a rotation', async () => {
    const { handle, request, clock } = setUp();
    const own = signedHeaders({ at: clock.now() })['svix-signature'];
    const other = signedHeaders({ at: clock.now(), secret: otherSecret })['svix-signature'];
    for (const signature of [`${other} ${own}`, `v1a,abc ${own}`]) {
      const response = await handle(request({}, { headers: { 'svix-signature': signature } }));
      expect(await told(response)).toEqual([200, 'handled']);
    }
  });

  it.each([
    ['application/json; charset=utf-8', 200],
    ['APPLICATION/JSON', 200],
    ['text/plain', 415],
    ['application/jsonx', 415],
    ['', 415],
    [undefined, 415],
  ])('with the Content-Type %s is answered %i', async (type, status) => {
    const { handle, request } = setUp();
    expect((await handle(request({}, { headers: { 'content-type': type } }))).status).toBe(status);
  });
});

describe('a delivery that is not genuine', () => {
  it.each(['svix-id', 'svix-timestamp', 'svix-signature'])('has no %s', async (name) => {
    const { handle, request, onEvent } = setUp();
    expect(await told(await handle(request({}, { headers: { [name]: undefined } })))).toEqual([400, 'bad_headers']);
    expect(onEvent).not.toHaveBeenCalled();
  });

  it.each([
    ['another secret', { secret: otherSecret }, {}],
    ['another body', {}, { body: userCreated().replace('user_1', 'user_2') }],
    ['the same JSON in other bytes', {}, { body: JSON.stringify(JSON.parse(userCreated())) }],
    ['no body', {}, { body: null }],
    ['a byte order mark before the body', {}, { body: `\uFEFF${userCreated()}` }],
    ['another id', {}, { headers: { 'svix-id': 'msg_2' } }],
    ['another time', {}, { headers: { 'svix-timestamp': '1700000001' } }],
    ['no version of the signature', {}, { headers: { 'svix-signature': 'v1' } }],
  ])('is signed for %s', async (_, delivery, changed) => {
    const { handle, request, onEvent, lines } = setUp();
    expect(await told(await handle(request(delivery, changed)))).toEqual([400, 'bad_signature']);
    expect(onEvent).not.toHaveBeenCalled();
    expect(lines).toMatchObject([{ level: 'warn', code: 'bad_signature', status: 400 }]);
  });

  it('is not UTF-8, though it decodes to what was signed', async () => {
    const { handle, request } = setUp();
    const body = userCreated().replace('Zoë', '\uFFFD');
    const bytes = new TextEncoder().encode(body);
    const at = bytes.findIndex((byte, i) => byte === 0xef && bytes[i + 1] === 0xbf);
    const broken = Uint8Array.from([...bytes.slice(0, at), 0xff, ...bytes.slice(at + 3)]);
    expect(new TextDecoder().decode(broken)).toBe(body);
    expect(await told(await handle(request({ body }, { body: broken })))).toEqual([400, 'bad_body']);
  });

  it.each([
    ['GET', 405],
    ['PUT', 405],
    ['OPTIONS', 405],
  ])('comes as %s', async (method, status) => {
    const { handle } = setUp();
    const response = await handle(new Request('https://app.example.com', { method }));
    expect(response.headers.get('allow')).toBe('POST');
    expect(await told(response)).toEqual([status, 'method_not_allowed']);
  });
});

describe('a signed body that is no event', () => {
  it.each(['', '{', userCreated().slice(0, -9), 'null', '[]', '7', '{"type":"user.created"}', '{"data":{}}'])(
    '%s',
    async (body) => {
      const { handle, request, onEvent } = setUp();
      expect(await told(await handle(request({ body }, { body })))).toEqual([400, 'bad_body']);
      expect(onEvent).not.toHaveBeenCalled();
    },
  );
});

describe('the time of a delivery', () => {
  it.each([
    [0, 'handled'],
    [-300, 'handled'],
    [300, 'handled'],
    [-301, 'bad_timestamp'],
    [301, 'bad_timestamp'],
  ])('%i s from this server’s: %s', async (seconds, code) => {
    const { handle, request, clock } = setUp();
    expect((await told(await handle(request({ at: clock.now() + seconds * 1000 }))))[1]).toBe(code);
  });

  it.each([
    [-360_000, 'Signed 360 s before'],
    [360_000, 'Signed 360 s after'],
  ])('%i ms away is told from a wrong signature, and the log says that the clock may be off', async (skewMs, hint) => {
    const { handle, request, clock, lines } = setUp();
    expect(await told(await handle(request({ at: clock.now() + skewMs })))).toEqual([400, 'bad_timestamp']);
    expect(lines).toMatchObject([
      { level: 'warn', code: 'bad_timestamp', skewMs, hint: expect.stringContaining(hint) },
    ]);
  });

  it('is not spoken of for a forged delivery', async () => {
    const { handle, request, clock } = setUp();
    const forged = request({ at: clock.now() - 360_000, secret: otherSecret });
    expect(await told(await handle(forged))).toEqual([400, 'bad_signature']);
  });

  it.each(['1700000000x', '+1700000000', '01700000000', '1700000000.0', '1.7e9', 'now'])(
    'is refused as %s, whatever is signed',
    async (timestamp) => {
      const { handle, request } = setUp();
      const response = await handle(request({}, { headers: { 'svix-timestamp': timestamp } }));
      expect(await told(response)).toEqual([400, 'bad_headers']);
    },
  );
});

describe('a replay', () => {
  it('within five minutes has no second effect, with a store', async () => {
    const { handle, request, onEvent, clock } = setUp({ store: createMemoryWebhookStore() });
    const at = clock.now();
    expect(await told(await handle(request({ at })))).toEqual([200, 'handled']);
    await clock.advance(299_000);
    expect(await told(await handle(request({ at })))).toEqual([200, 'duplicate']);
    expect(onEvent).toHaveBeenCalledOnce();
  });

  it('after five minutes is refused, with or without one', async () => {
    const { handle, request, onEvent, clock } = setUp();
    const at = clock.now();
    await handle(request({ at }));
    await clock.advance(301_000);
    expect(await told(await handle(request({ at })))).toEqual([400, 'bad_timestamp']);
    expect(onEvent).toHaveBeenCalledOnce();
  });

  it('without a store runs the handler again', async () => {
    const { handle, request, onEvent } = setUp();
    await handle(request());
    expect(await told(await handle(request()))).toEqual([200, 'handled']);
    expect(onEvent).toHaveBeenCalledTimes(2);
  });
});

describe('secrets', () => {
  it('may be several, during a rotation', async () => {
    const { handle, request } = setUp({ secrets: [otherSecret, undefined, secret] });
    expect(await told(await handle(request()))).toEqual([200, 'handled']);
    expect(await told(await handle(request({ secret: otherSecret })))).toEqual([200, 'handled']);
  });

  it.each(['CLERK_WEBHOOK_SIGNING_SECRET', 'CLERK_WEBHOOK_SECRET'])(
    'are read from %s at each request',
    async (name) => {
      vi.stubEnv('CLERK_WEBHOOK_SIGNING_SECRET', undefined);
      const { handle, request } = setUp({ secrets: undefined });
      expect(await told(await handle(request()))).toEqual([500, 'not_configured']);
      vi.stubEnv(name, `${otherSecret}, ${secret}`);
      expect(await told(await handle(request()))).toEqual([200, 'handled']);
      expect(await told(await handle(request({ secret: otherSecret })))).toEqual([200, 'handled']);
    },
  );

  it('are of CLERK_WEBHOOK_SIGNING_SECRET alone when both are set', async () => {
    vi.stubEnv('CLERK_WEBHOOK_SIGNING_SECRET', otherSecret);
    vi.stubEnv('CLERK_WEBHOOK_SECRET', secret);
    const { handle, request } = setUp({ secrets: undefined });
    expect(await told(await handle(request()))).toEqual([400, 'bad_signature']);
  });

  it('are not looked for in the environment when given ones are empty', async () => {
    vi.stubEnv('CLERK_WEBHOOK_SIGNING_SECRET', secret);
    const { handle, request, lines } = setUp({ secrets: [undefined, ''] });
    expect(await told(await handle(request()))).toEqual([500, 'not_configured']);
    expect(lines).toMatchObject([{ level: 'error', hint: expect.stringContaining('There is no signing secret') }]);
  });

  it.each([undefined, null, { 'user.created': 'save' }])('and `on` that is %o throw at once', (on) => {
    expect(() => setUp({ on: on as never })).toThrow('`on` must hold functions by type of event');
  });

  it('that are malformed throw when they are given, and never show', () => {
    expect(() => setUp({ secrets: 'whsec_not base64 at all' })).toThrow(/is malformed/);
    try {
      setUp({ secrets: [secret, 'sk_live_verysecret'] });
    } catch (error) {
      expect(String(error)).toMatch(/is malformed/);
      expect(String(error)).not.toContain('verysecret');
    }
    expect.assertions(3);
  });

  it('that are malformed in the environment are told at each request, and never show', async () => {
    vi.stubEnv('CLERK_WEBHOOK_SIGNING_SECRET', 'whsec_very-secret');
    const { handle, request, lines } = setUp({ secrets: undefined });
    expect(await told(await handle(request()))).toEqual([500, 'not_configured']);
    expect(lines).toMatchObject([{ level: 'error', hint: expect.stringContaining('is malformed') }]);
    expect(JSON.stringify(lines)).not.toContain('very-secret');
  });
});

describe('a body', () => {
  it('of 2 MiB is not read beyond the limit', async () => {
    const { handle, request } = setUp();
    const { stream, seen } = countedBody(2 * 1_048_576);
    expect(await told(await handle(request({}, { body: stream })))).toEqual([413, 'body_too_large']);
    // The chunk that went over, and one that the stream had prepared.
    expect(seen.taken).toBeLessThanOrEqual(1_048_576 + 2 * 65_536);
    expect(seen.cancelled).toBe(true);
  });

  it('whose Content-Length is over the limit is given up at its first chunk', async () => {
    const { handle, request } = setUp();
    const { stream, seen } = countedBody(2 * 1_048_576);
    const response = await handle(request({}, { body: stream, headers: { 'content-length': '1048577' } }));
    expect(await told(response)).toEqual([413, 'body_too_large']);
    expect(seen.taken).toBeLessThanOrEqual(2 * 65_536);
    expect(seen.cancelled).toBe(true);
  });

  it('of exactly 1 MiB is read', async () => {
    const { handle, request } = setUp();
    const { stream, seen } = countedBody(1_048_576);
    expect(await told(await handle(request({}, { body: stream })))).toEqual([400, 'bad_signature']);
    expect(seen.taken).toBe(1_048_576);
  });

  it('that comes in pieces, within a letter too, is one body', async () => {
    const { handle, request } = setUp();
    const bytes = new TextEncoder().encode(userCreated());
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect(await told(await handle(request({}, { body })))).toEqual([200, 'handled']);
  });

  it('that is not here after five seconds is given up', async () => {
    const { handle, request, clock } = setUp();
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Uint8Array.of(123)),
      cancel: () => {
        cancelled = true;
      },
    });
    const answer = handle(request({}, { body }));
    await clock.advance(4_999);
    expect(cancelled).toBe(false);
    await clock.advance(1);
    expect(await told(await answer)).toEqual([408, 'slow_body']);
    expect(cancelled).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  it('whose connection ends is no server error', async () => {
    const { handle, request } = setUp();
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('reset')) });
    expect(await told(await handle(request({}, { body })))).toEqual([400, 'incomplete_body']);
  });

  it.each<[string, (request: Request) => unknown]>([
    ['read', (request) => request.json()],
    ['being read', (request) => request.body?.getReader()],
  ])('that was %s before is a mistake of this server, and the log says which', async (_, consume) => {
    const { handle, request, lines } = setUp();
    const delivery = request();
    await consume(delivery);
    expect(await told(await handle(delivery))).toEqual([500, 'body_consumed']);
    expect(lines).toMatchObject([{ level: 'error', hint: expect.stringContaining('express.json()') }]);
  });
});

describe('a handler that throws', () => {
  const failing = (store?: WebhookStore) => {
    const onError = vi.fn();
    const onEvent = vi.fn().mockRejectedValueOnce(new TypeError('no such column: zoe@example.com'));
    return { ...setUp({ on: { '*': onEvent }, onError, store }), onError, onEvent };
  };

  it('is answered 500, and the error goes to onError alone', async () => {
    const { handle, request, onError, lines } = failing();
    const response = await handle(request());
    expect(await response.clone().text()).not.toContain('zoe');
    expect(await told(response)).toEqual([500, 'handler_failed']);
    expect(lines).toMatchObject([{ level: 'error', code: 'handler_failed', errorName: 'TypeError' }]);
    expect(JSON.stringify(lines)).not.toContain('zoe');
    const report = { reason: 'handler_failed', deliveryId: 'msg_1', type: 'user.created' };
    expect(onError).toHaveBeenCalledExactlyOnceWith({ ...report, error: expect.any(TypeError) });
  });

  it('is run again at the next delivery, and then never more', async () => {
    const { handle, request, onEvent } = failing(createMemoryWebhookStore());
    const codes = [];
    for (let i = 0; i < 3; i++) codes.push((await told(await handle(request())))[1]);
    expect(codes).toEqual(['handler_failed', 'handled', 'duplicate']);
    expect(onEvent).toHaveBeenCalledTimes(2);
  });
});

it('a logger or an onError that throws changes no answer', async () => {
  const broken = () => {
    throw new Error('broken');
  };
  const logger = { info: broken, warn: broken, error: broken };
  const { handle, request } = setUp({ on: { '*': broken }, logger, onError: broken });
  expect(await told(await handle(request()))).toEqual([500, 'handler_failed']);
});

it('nothing of a forged header reaches the log but what looks like an id', async () => {
  const { handle, request, lines } = setUp();
  await handle(request({}, { headers: { 'svix-id': 'msg_1 zoe@example.com' } }));
  expect(lines[0]).not.toHaveProperty('deliveryId');
  expect(lines[0]?.message).toBe('[clerk-convex-resilience] webhook bad_signature');
});

it('gives each handler Clerk’s own type of its event', () => {
  const on: ClerkWebhookHandlers = {
    'user.created': ({ type, data }) => {
      expectTypeOf(type).toEqualTypeOf<'user.created'>();
      expectTypeOf(data.first_name).toEqualTypeOf<string | null>();
    },
    'user.deleted': ({ data }) => expectTypeOf(data.deleted).toEqualTypeOf<boolean>(),
    'session.ended': ({ data }) => expectTypeOf(data.user_id).toEqualTypeOf<string>(),
    // @ts-expect-error: there is no such event
    'user.create': () => {},
  };
  expect(Object.keys(on)).toHaveLength(4);
});
