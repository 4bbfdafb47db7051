import { request } from 'node:http';
import { expect, test } from 'vitest';
import { createClerkEmulator } from '../clerk/createClerkEmulator.ts';
import { createFaultProxy } from '../wire/createFaultProxy.ts';
import { readRequestLine } from './requestLine.ts';

test.each([
  ['/v1/client?_is_native=1', 'POST', '/v1/client'],
  ['/v1/client?_method=DELETE&a=?', 'DELETE', '/v1/client'],
  ['//', 'POST', '//'],
  ['//api/1.48.0/sync', 'POST', '//api/1.48.0/sync'],
  ['http://app.test/api/query?x=1', 'POST', '/api/query'],
  ['http://app.test', 'POST', '/'],
  ['*', 'POST', '*'],
  ['/%', 'POST', '/%'],
  ['', 'POST', '/'],
])('%j is read as %s %s', (url, method, path) => {
  expect(readRequestLine({ method: 'POST', url })).toMatchObject({ method, path });
});

test('the Clerk emulator, and the proxy before it, answer a path that is no URL', async () => {
  const clerk = await createClerkEmulator();
  const proxy = await createFaultProxy({ target: clerk.url });
  const statusOf = (url: string) =>
    new Promise((resolve, reject) => {
      request(url, { path: '//' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .once('error', reject)
        .end();
    });
  expect([await statusOf(clerk.url), await statusOf(proxy.url)]).toEqual([404, 404]);
  expect([clerk.log.map(({ path }) => path), proxy.log.map(({ path }) => path)]).toEqual([['//', '//'], ['//']]);
  await Promise.all([proxy.close(), clerk.close()]);
});
