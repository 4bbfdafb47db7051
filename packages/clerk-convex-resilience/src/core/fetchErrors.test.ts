import { describe, expect, it } from 'vitest';
import { classifyFetchError } from './fetchErrors.ts';

describe('classifyFetchError', () => {
  it.each<[string, unknown, string, string]>([
    ['Chromium', new TypeError('Failed to fetch'), 'network', 'browser'],
    ['a spelling of tomorrow', new TypeError('The wire is wet'), 'network', 'browser'],
    ['a deadline', new DOMException('x', 'TimeoutError'), 'timeout', 'browser'],
    ['a deadline in WebKit', new DOMException('Fetch is aborted', 'AbortError'), 'timeout', 'browser'],
    [
      'a reset in the body in Firefox',
      new DOMException('The operation was aborted. ', 'AbortError'),
      'network',
      'browser',
    ],
    ['undici', new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } }), 'network', 'node'],
    [
      'undici at its deadline',
      new TypeError('fetch failed', { cause: { code: 'UND_ERR_CONNECT_TIMEOUT' } }),
      'timeout',
      'node',
    ],
    ['libuv at its deadline', Object.assign(new Error('x'), { code: 'ETIMEDOUT' }), 'timeout', 'browser'],
    ['nothing', undefined, 'network', 'browser'],
    ['null as cause', new Error('x', { cause: null }), 'network', 'browser'],
  ])('%s', (_, error, kind, source) => {
    expect(classifyFetchError(error, true)).toEqual({ kind, source, retryable: true, cause: error });
  });

  it('is offline when the browser says so', () => {
    expect(classifyFetchError(new TypeError('Failed to fetch'), false).kind).toBe('offline');
  });
});
