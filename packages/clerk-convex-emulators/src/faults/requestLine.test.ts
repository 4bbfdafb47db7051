import { expect, test } from 'vitest';
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
