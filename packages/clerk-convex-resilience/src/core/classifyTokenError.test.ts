import { describe, expect, it } from 'vitest';
import { classifyAuthError } from './classify.ts';
import { classifyTokenError } from './classifyTokenError.ts';

describe('classifyTokenError', () => {
  it.each<[string, unknown, string]>([
    ['a browser’s network error', new TypeError('Failed to fetch'), 'network'],
    ['Clerk’s wrapper', new Error('ClerkJS: Network error at "https://x" - TypeError: Load failed.'), 'network'],
    ['offline in clerk-js 6', Object.assign(new Error('x'), { clerkError: true, code: 'clerk_offline' }), 'offline'],
    [
      'a Backend API that was not reached (@clerk/backend 3.25)',
      { clerkError: true, code: 'api_response_error', errors: [{ code: 'unexpected_error', message: 'fetch failed' }] },
      'network',
    ],
    ['a 429', { code: 'api_response_error', status: 429, errors: [{ code: 'too_many_requests' }] }, 'rate_limited'],
    ['HTML where JSON was due', new SyntaxError('Unexpected token <'), 'server'],
    ['a refusal of Convex', new Error('No auth provider found matching the given token'), 'misconfigured'],
    ['a deadline', new DOMException('x', 'TimeoutError'), 'timeout'],
    ['what is wrapped', new Error('x', { cause: new TypeError('Failed to fetch') }), 'network'],
    ['nothing', undefined, 'unknown'],
  ])('says of %s what classifyAuthError says', (_, error, kind) => {
    expect(classifyTokenError(error)).toEqual(classifyAuthError(error));
    expect(classifyTokenError(error).kind).toBe(kind);
  });

  it('takes what only servers and phones say for unknown, and so for retryable', () => {
    const error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    expect(classifyTokenError(error)).toMatchObject({ kind: 'unknown', retryable: true });
    expect(classifyAuthError(error).kind).toBe('network');
  });
});
