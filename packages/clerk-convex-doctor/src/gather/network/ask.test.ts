import dns from 'node:dns/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ask, isFault } from './ask.ts';

const servers: Server[] = [];
// A proxy of the machine that runs this is none of its concern.
beforeEach(() => void vi.stubEnv('no_proxy', '*'));
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<{ url: URL; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`), requests };
}

it('reads the answer, and follows no redirect', async () => {
  const elsewhere = await serve((_, response) => response.end());
  const { url } = await serve((_, response) =>
    response.writeHead(302, { location: elsewhere.url.href }).end('over there'),
  );
  expect(await ask(url, { timeoutMs: 5000 })).toMatchObject({ status: 302, body: 'over there', isWhole: true });
  expect(elsewhere.requests).toHaveLength(0);
});

it('reads 64 kB of a body that has no end, and lets go of it', async () => {
  const { url, requests } = await serve((_, response) => {
    const write = () => {
      while (!response.destroyed && response.write('x'.repeat(10_000)));
      response.once('drain', write);
    };
    write();
  });
  const answer = await ask(url, { timeoutMs: 5000 });
  expect(isFault(answer) ? answer : [answer.body.length, answer.isWhole]).toEqual([65_536, false]);
  await expect.poll(() => requests[0]?.destroyed).toBe(true);
});

it.each([
  ['never answers', () => {}],
  ['never ends its body', (_, response) => void response.writeHead(200).write('{')],
] as ReadonlyArray<readonly [string, RequestListener]>)('gives a server up that %s', async (_, listener) => {
  const { url, requests } = await serve(listener);
  const startedAt = Date.now();
  expect(await ask(url, { timeoutMs: 200 })).toEqual({ fault: 'timeout', reason: 'ETIMEDOUT' });
  expect(Date.now() - startedAt).toBeLessThan(2000);
  expect(requests).toHaveLength(1);
});

it('asks once more when the connection was reset, and not a third time', async () => {
  const once = await serve((_, response) =>
    once.requests.length === 1 ? response.socket?.resetAndDestroy() : response.end('well'),
  );
  expect(await ask(once.url, { timeoutMs: 5000 })).toMatchObject({ status: 200, body: 'well' });
  const always = await serve((_, response) => response.socket?.resetAndDestroy());
  expect(await ask(always.url, { timeoutMs: 5000 })).toMatchObject({ fault: 'reset' });
  expect([once.requests.length, always.requests.length]).toEqual([2, 2]);
});

it.each([[500], [503], [429]])('does not ask again after a %i', async (status) => {
  const { url, requests } = await serve((_, response) => response.writeHead(status).end());
  expect(await ask(url, { timeoutMs: 5000 })).toMatchObject({ status });
  expect(requests).toHaveLength(1);
});

it('tells a name that is not there from a server that refuses', async () => {
  expect(await ask(new URL('http://clerk.invalid/'), { timeoutMs: 5000 })).toMatchObject({ fault: 'dns' });
  const { url } = await serve((_, response) => response.end());
  servers.splice(0)[0]?.close();
  expect(await ask(url, { timeoutMs: 5000 })).toEqual({ fault: 'refused', reason: 'ECONNREFUSED' });
});

it('names a proxy that was passed by in place of a fault of the host', async () => {
  vi.stubEnv('no_proxy', '');
  vi.stubEnv('NO_PROXY', '');
  vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1');
  expect(await ask(new URL('http://clerk.invalid/'), { timeoutMs: 5000 })).toEqual({
    fault: 'other',
    reason: expect.stringMatching(/^E\w+, and HTTP_PROXY was not used$/),
  });
  const { url } = await serve((_, response) => response.end('well'));
  expect(await ask(url, { timeoutMs: 5000 })).toMatchObject({ status: 200, body: 'well' });
});

it.each([
  ['a header that is none', { headers: { authorization: 'Bearer a\nb' } }],
  ['a GET with a body', { body: '{}' }],
])('answers %s with a fault, and throws nothing', async (_, request) => {
  const { url } = await serve((_request, response) => response.end());
  expect(await ask(url, { timeoutMs: 1000, ...request })).toEqual({ fault: 'other', reason: 'UNKNOWN' });
});

it('tells a name server that does not answer from a server that does not', async () => {
  const lookup = vi.spyOn(dns, 'lookup').mockReturnValue(new Promise(() => {}) as never);
  syncBuiltinESMExports();
  try {
    expect(await ask(new URL('http://clerk.invalid/'), { timeoutMs: 100 })).toEqual({
      fault: 'dns',
      reason: 'ETIMEDOUT',
    });
  } finally {
    lookup.mockRestore();
    syncBuiltinESMExports();
  }
});
