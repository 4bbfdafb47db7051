import { Agent, createServer, request as httpRequest, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import express from 'express';
import { Hono } from 'hono';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '../../../../../test/support/eventually.ts';
import { createClerkWebhookHandler } from './createClerkWebhookHandler.ts';
import { createNodeWebhookHandler } from './createNodeWebhookHandler.ts';
import { createTestLogger, otherSecret, secret, signedHeaders, userCreated } from './testDelivery.ts';

// Real servers on the loopback: what the frameworks do with a body is theirs, and only they can show it.

const servers: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Pick<Server, 'address' | 'close' | 'once' | 'listening'>): Promise<string> {
  servers.push(server);
  if (!server.listening) await new Promise<void>((resolve) => server.once('listening', () => resolve()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/clerk`;
}
const listen = (listener: (...args: Parameters<RequestListener>) => unknown) =>
  listening(createServer((request, response) => void listener(request, response)).listen(0, '127.0.0.1'));

const deliver = async (url: string, by = secret): Promise<[number, unknown]> => {
  const headers = signedHeaders({ at: Date.now(), secret: by });
  const response = await fetch(url, { method: 'POST', headers, body: userCreated() });
  return [response.status, await response.json()];
};

/**
 * Sends a head and pieces of a body, then ends it, leaves it open or cuts the connection. Answers with what the server said,
 * whether or not it wanted all of it.
 */
function sendPieces(
  url: string,
  headers: Record<string, string>,
  pieces: readonly Uint8Array[],
  then: 'end' | 'leave' | 'cut',
) {
  return new Promise<{ status?: number; body?: string }>((resolve) => {
    const request = httpRequest(url, { method: 'POST', headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body });
        request.destroy();
      });
    });
    request.on('error', () => resolve({}));
    for (const piece of pieces) request.write(piece);
    if (then === 'end') request.end();
    if (then === 'cut') request.write('{', () => request.destroy());
  });
}

const setUp = () => {
  const onEvent = vi.fn();
  const { logger, lines } = createTestLogger();
  return { onEvent, lines, options: { secrets: secret, on: { 'user.created': onEvent }, logger } };
};

describe.each<[string, (options: ReturnType<typeof setUp>['options']) => Promise<string>]>([
  [
    'Hono',
    (options) => {
      const app = new Hono();
      const handle = createClerkWebhookHandler(options);
      app.post('/webhooks/clerk', (context) => handle(context.req.raw));
      return listening(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server);
    },
  ],
  [
    'Express 5',
    (options) => {
      const app = express();
      app.post('/webhooks/clerk', createNodeWebhookHandler(options));
      app.use(express.json());
      return listening(app.listen(0, '127.0.0.1'));
    },
  ],
  [
    'Express 5 behind express.raw()',
    (options) => {
      const app = express();
      app.use(express.raw({ type: 'application/json' }));
      app.post('/webhooks/clerk', createNodeWebhookHandler(options));
      return listening(app.listen(0, '127.0.0.1'));
    },
  ],
  ['node:http', (options) => listen(createNodeWebhookHandler(options))],
])('%s', (_, start) => {
  it('takes a signed delivery and refuses a forged one', async () => {
    const { options, onEvent, lines } = setUp();
    const url = await start(options);
    expect(await deliver(url, otherSecret)).toEqual([400, { code: 'bad_signature' }]);
    expect(onEvent).not.toHaveBeenCalled();
    expect(await deliver(url)).toEqual([200, { code: 'handled' }]);
    expect(onEvent).toHaveBeenCalledOnce();
    expect(lines.map(({ code }) => code)).toEqual(['bad_signature', 'handled']);
  });
});

describe.each<[string, (options: ReturnType<typeof setUp>['options']) => Promise<string>]>([
  [
    'Express behind express.json()',
    (options) => {
      const app = express();
      app.use(express.json());
      app.post('/webhooks/clerk', createNodeWebhookHandler(options));
      return listening(app.listen(0, '127.0.0.1'));
    },
  ],
  [
    'Hono behind a middleware that has read the body',
    (options) => {
      const app = new Hono();
      const handle = createClerkWebhookHandler(options);
      app.use(async (context, next) => {
        await context.req.json();
        await next();
      });
      app.post('/webhooks/clerk', (context) => handle(context.req.raw));
      return listening(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server);
    },
  ],
])('%s', (_, start) => {
  it('says that the body is gone, and what to do', async () => {
    const { options, lines } = setUp();
    expect(await deliver(await start(options))).toEqual([500, { code: 'body_consumed' }]);
    expect(lines).toMatchObject([{ level: 'error', hint: expect.stringContaining('before express.json()') }]);
  });
});

describe('Node’s stream', () => {
  const pieces = Array.from({ length: 64 }, () => new Uint8Array(65_536).fill(32));

  it('of 4 MiB without a length is given up at the limit', async () => {
    const { options } = setUp();
    let read = 0;
    const handle = createNodeWebhookHandler(options);
    const url = await listen((request, response) => {
      const { resume } = request;
      request.on('data', (chunk: Buffer) => {
        read += chunk.length;
      });
      request.pause();
      request.resume = resume;
      void handle(request, response);
    });
    const headers = signedHeaders({ at: Date.now() });
    const answer = await sendPieces(url, headers, pieces, 'end');
    // A client that is still sending may see the connection end before it reads the answer.
    expect([413, undefined]).toContain(answer.status);
    expect(read).toBeGreaterThan(1_048_576);
    expect(read).toBeLessThan(1_048_576 + 4 * 65_536);
  });

  it('of 2 MiB that says so is refused at its first chunk', async () => {
    const { options } = setUp();
    const url = await listen(createNodeWebhookHandler(options));
    const headers = { ...signedHeaders({ at: Date.now() }), 'content-length': String(2 * 1_048_576) };
    const answer = await sendPieces(url, headers, [Uint8Array.of(123)], 'leave');
    expect(answer).toEqual({ status: 413, body: '{"code":"body_too_large"}' });
  });

  it('that ends too early is logged, and harms nothing', async () => {
    const { options, lines } = setUp();
    const url = await listen(createNodeWebhookHandler(options));
    await sendPieces(url, { ...signedHeaders({ at: Date.now() }), 'content-length': '9000' }, [], 'cut');
    await eventually(() => expect(lines).toMatchObject([{ code: 'incomplete_body' }]));
    expect(await deliver(url)).toEqual([200, { code: 'handled' }]);
  });

  it('that nobody reads leaves the connection to the next delivery', async () => {
    const { options } = setUp();
    const url = await listen(createNodeWebhookHandler(options));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = (headers: Record<string, string>, body: string) =>
      new Promise((resolve, reject) => {
        const request = httpRequest(url, { method: 'POST', headers, agent }, (response) => {
          response.resume().on('end', () => resolve([response.statusCode, request.reusedSocket]));
        });
        request.on('error', reject).end(body);
      });
    expect(await send({ 'content-type': 'text/plain' }, 'x'.repeat(500_000))).toEqual([415, false]);
    expect(await send(signedHeaders({ at: Date.now() }), userCreated())).toEqual([200, true]);
    agent.destroy();
  });

  it('of a GET is answered 405', async () => {
    const { options } = setUp();
    const response = await fetch(await listen(createNodeWebhookHandler(options)));
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});
