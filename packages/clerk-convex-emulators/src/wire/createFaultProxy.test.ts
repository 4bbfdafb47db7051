import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createFaultProxy, type FaultProxy, type FaultProxyOptions } from './createFaultProxy.ts';

let behind: http.Server;
let sockets: WebSocketServer;
let proxy: FaultProxy;

beforeEach(async () => {
  behind = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      response.writeHead(201, { 'content-type': 'application/json', 'x-behind': 'yes' });
      response.end(JSON.stringify({ method: request.method, url: request.url, body }));
    });
  });
  sockets = new WebSocketServer({ server: behind });
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`echo ${String(data)}`)));
  await new Promise<void>((resolve) => behind.listen(0, '127.0.0.1', resolve));
  proxy = await createFaultProxy({ target: `http://127.0.0.1:${(behind.address() as AddressInfo).port}` });
});

afterEach(async () => {
  await proxy.close();
  for (const socket of sockets.clients) socket.terminate();
  behind.closeAllConnections();
  await new Promise((resolve) => behind.close(resolve));
});

const ask = (path = '/a?b=1', init?: RequestInit) => fetch(proxy.url + path, init);
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: { cause?: { code?: string } }) => error.cause?.code ?? String(error),
  );
const open = (to = proxy) => {
  const socket = new WebSocket(to.url.replace('http', 'ws'));
  const opened = new Promise<WebSocket>((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
  return opened;
};

describe('createFaultProxy', () => {
  it('passes requests and answers through untouched', async () => {
    const answer = await ask('/a?b=1', { method: 'POST', body: 'hello' });
    expect([answer.status, answer.headers.get('x-behind')]).toEqual([201, 'yes']);
    expect(await answer.json()).toEqual({ method: 'POST', url: '/a?b=1', body: 'hello' });
    expect(proxy.log).toMatchObject([{ method: 'POST', path: '/a', status: 201 }]);
  });

  it('answers a status with CORS headers, or without them as an edge does', async () => {
    proxy.faults.add({ times: 1, action: { type: 'status', status: 503, headers: { 'retry-after': '7' } } });
    proxy.faults.add({ times: 1, action: { type: 'status', status: 403, html: '<h1>no</h1>', cors: false } });
    const headers = { origin: 'http://app.test' };
    const first = await ask('/', { headers });
    expect(first.status).toBe(503);
    expect(first.headers.get('retry-after')).toBe('7');
    expect(first.headers.get('access-control-allow-origin')).toBe('http://app.test');
    const second = await ask('/', { headers });
    expect([second.status, await second.text()]).toEqual([403, '<h1>no</h1>']);
    expect(second.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('lets preflights through, so that the page sees the status and not a broken connection', async () => {
    proxy.faults.add({ times: 1, action: { type: 'status', status: 503 } });
    const headers = { origin: 'http://app.test', 'access-control-request-method': 'PUT' };
    expect((await ask('/', { method: 'OPTIONS', headers })).status).toBe(201);
    expect((await ask()).status).toBe(503);
  });

  it.each([
    ['reset', 'ECONNRESET'],
    ['close', 'UND_ERR_SOCKET'],
  ] as const)('%s breaks the connection', async (action, code) => {
    proxy.faults.add({ action });
    expect(await failure(ask('/', { method: 'POST', body: 'x' }))).toBe(code);
    expect(proxy.log.at(-1)).toMatchObject({ fault: action });
  });

  it('truncates the real answer after its head', async () => {
    proxy.faults.add({ action: 'truncate' });
    const answer = await ask();
    expect(answer.status).toBe(201);
    expect(await failure(answer.text())).not.toBe('answered');
  });

  it('answers garbage where JSON was due', async () => {
    proxy.faults.add({ action: 'garbage' });
    const answer = await ask();
    await expect(answer.json()).rejects.toThrow(SyntaxError);
  });

  it('answers late, and spreads a body', async () => {
    proxy.faults.add({ times: 1, action: { type: 'delay', delayMs: 80 } });
    proxy.faults.add({ times: 1, action: { type: 'slow_body', durationMs: 120 } });
    const start = performance.now();
    await (await ask()).json();
    expect(performance.now() - start).toBeGreaterThan(75);
    const answer = await ask('/a');
    const head = performance.now();
    expect(await answer.json()).toMatchObject({ url: '/a' });
    // The head did not wait for the body.
    expect(performance.now() - head).toBeGreaterThan(80);
  });

  it('hangs until reset lets go', async () => {
    proxy.faults.add({ action: 'hang' });
    const pending = failure(ask());
    await expect.poll(() => proxy.faults.fired, { timeout: 10_000 }).toBe(1);
    proxy.reset();
    expect(await pending).not.toBe('answered');
    expect((await ask()).status).toBe(201);
  });

  it('acts `afterMs` later', async () => {
    proxy.faults.add({ afterMs: 60, action: { type: 'status', status: 500 } });
    const start = performance.now();
    expect((await ask()).status).toBe(500);
    expect(performance.now() - start).toBeGreaterThan(55);
  });

  it('passes sockets through, drops them, and refuses new ones', async () => {
    const socket = await open();
    const echoed = new Promise((resolve) => socket.once('message', (data) => resolve(String(data))));
    socket.send('hi');
    expect(await echoed).toBe('echo hi');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    proxy.faults.add({ action: 'drop_sockets' });
    await closed;
    proxy.faults.add({ match: 'CONNECT', times: 1, action: 'refuse_upgrade' });
    await expect(open()).rejects.toThrow('503');
    (await open()).terminate();
  });

  it('counts the sockets that it drops, none when none is open', async () => {
    expect(proxy.faults.add({ action: 'drop_sockets' }).fired).toBe(0);
    await Promise.all([open(), open()]);
    expect(proxy.faults.add({ action: 'drop_sockets' }).fired).toBe(2);
    expect(proxy.faults.fired).toBe(2);
  });

  it('keeps connections longer than clerk-js pauses', async () => {
    expect((await ask()).headers.get('keep-alive')).toBe('timeout=65');
  });

  it('is a broken wire when nothing listens behind it', async () => {
    const nowhere = await createFaultProxy({ target: 'http://127.0.0.1:1' });
    try {
      expect(await failure(fetch(nowhere.url))).toBe('UND_ERR_SOCKET');
      await expect(open(nowhere)).rejects.toThrow('hang up');
      expect(nowhere.log.map(({ status }) => status)).toEqual([undefined, undefined]);
    } finally {
      await nowhere.close();
    }
  });

  it('names a port that is none, and a misspelt option', async () => {
    const target = 'http://127.0.0.1:1';
    await expect(createFaultProxy({ target, port: -5 })).rejects.toMatchObject({
      code: 'invalid_option',
      message: '`port` is -5; use a port from 1 to 65535, or leave it out for a free one.',
    });
    await expect(createFaultProxy({ target, prot: 1 } as FaultProxyOptions)).rejects.toThrow(
      'has no `prot`. Known: target, host, port.',
    );
  });

  it('names a target that is no URL', async () => {
    await expect(createFaultProxy({ target: 'convex' })).rejects.toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining('"convex"'),
    });
  });

  it('names a taken port and the mend', async () => {
    const port = Number(new URL(proxy.url).port);
    await expect(createFaultProxy({ target: 'http://127.0.0.1:1', port })).rejects.toMatchObject({
      code: 'port_taken',
      message: expect.stringMatching(new RegExp(`${port}.*free one`)),
    });
  });
});
