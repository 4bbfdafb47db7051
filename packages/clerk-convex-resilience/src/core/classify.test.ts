import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import isNetworkError from 'is-network-error';
import { describe, expect, it } from 'vitest';
import { browserMessages } from './browserErrors.ts';
import { classifyAuthError } from './classify.ts';
import type { AuthFailure } from './failure.ts';
import { readRetryAfter } from './httpFailure.ts';
import { nodeMessages } from './nodeErrors.ts';

type Expected = [kind: AuthFailure['kind'], source: AuthFailure['source'], code?: string];
type Row = [title: string, error: unknown, ...Expected];

const error = (message: string, extra: object = {}): Error => Object.assign(new Error(message), extra);
const typeError = (message: string, extra: object = {}): Error => Object.assign(new TypeError(message), extra);

/** Stand-ins with the shape of Clerk's minified classes: only `kind`, `code`, `status` and `errors` can be relied on. */
class e10 extends Error {
  static kind = 'ClerkAPIResponseError';
  clerkError = true;
  code = 'api_response_error';
  errors: { code: string }[];
  constructor(
    public status: number,
    codes: string[],
    public retryAfter?: number,
  ) {
    super(codes[0] ?? 'error');
    this.errors = codes.map((code) => ({ code }));
  }
}
class e7 extends Error {
  static kind = 'ClerkRuntimeError';
  constructor(public code: string) {
    super(`Clerk: something\n\n(code="${code}")`);
  }
}
const wrapped = (cause: string): Error =>
  new Error(
    `ClerkJS: Network error at "https://clerk.app.test/v1/client?_clerk_js_version=5.128.0" - ${cause}. Please try again.`,
  );

const browsers: Row[] = [
  ['Chromium', typeError('Failed to fetch'), 'network', 'browser'],
  ['Chromium with its host', typeError('Failed to fetch (clerk.app.test)'), 'network', 'browser'],
  ['Chromium in the body', typeError('network error'), 'network', 'browser'],
  [
    'Chromium import()',
    typeError('Failed to fetch dynamically imported module: https://a.test/x.js'),
    'network',
    'browser',
  ],
  ['Firefox', typeError('NetworkError when attempting to fetch resource.'), 'network', 'browser'],
  [
    'Firefox, end in body',
    typeError('Content-Length header of network response exceeds response Body.'),
    'network',
    'browser',
  ],
  [
    'Firefox import()',
    typeError('error loading dynamically imported module: https://a.test/x.js'),
    'network',
    'browser',
  ],
  ['WebKit', typeError('Load failed'), 'network', 'browser'],
  ['WebKit import()', typeError('Importing a module script failed.'), 'network', 'browser'],
  ['Safari 16', typeError('The Internet connection appears to be offline.'), 'offline', 'browser'],
  ['a deadline', new DOMException('signal timed out', 'TimeoutError'), 'timeout', 'browser'],
  ['WebKit at a deadline', new DOMException('Fetch is aborted', 'AbortError'), 'timeout', 'browser'],
  ['Firefox, reset in body', new DOMException('The operation was aborted. ', 'AbortError'), 'network', 'browser'],
  ['an abort of nobody’s', new DOMException('The user aborted a request.', 'AbortError'), 'network', 'browser'],
  ['HTML where JSON was due', new SyntaxError('Unexpected token < in JSON at position 0'), 'server', 'browser'],
  ['Electron', error('net::ERR_NETWORK_CHANGED'), 'network', 'browser', 'ERR_NETWORK_CHANGED'],
  [
    'Electron with a code',
    error('failed', { code: 'ERR_CONNECTION_CLOSED' }),
    'network',
    'browser',
    'ERR_CONNECTION_CLOSED',
  ],
  [
    'DNS in Electron',
    error('x', { code: 'net::ERR_NAME_NOT_RESOLVED' }),
    'network',
    'browser',
    'ERR_NAME_NOT_RESOLVED',
  ],
  ['a dead line in Electron', error('net::ERR_TIMED_OUT'), 'timeout', 'browser', 'ERR_TIMED_OUT'],
  ['offline in Electron', error('net::ERR_INTERNET_DISCONNECTED'), 'offline', 'browser', 'ERR_INTERNET_DISCONNECTED'],
  [
    'a captive portal',
    error('net::ERR_CERT_COMMON_NAME_INVALID'),
    'network',
    'browser',
    'ERR_CERT_COMMON_NAME_INVALID',
  ],
];

const servers: Row[] = [
  ['Node', error('read ECONNRESET', { code: 'ECONNRESET' }), 'network', 'node', 'ECONNRESET'],
  ['Node, code in the text only', error('connect ECONNREFUSED 127.0.0.1:1'), 'network', 'node', 'ECONNREFUSED'],
  ['DNS', error('getaddrinfo EAI_AGAIN clerk.app.test', { code: 'EAI_AGAIN' }), 'network', 'node', 'EAI_AGAIN'],
  ['a dead line', error('connect ETIMEDOUT', { code: 'ETIMEDOUT' }), 'timeout', 'node', 'ETIMEDOUT'],
  [
    'undici',
    typeError('fetch failed', { cause: error('x', { code: 'UND_ERR_CONNECT_TIMEOUT' }) }),
    'timeout',
    'node',
    'UND_ERR_CONNECT_TIMEOUT',
  ],
  [
    'undici, deeper',
    typeError('fetch failed', { cause: error('x', { cause: error('y', { code: 'ENOTFOUND' }) }) }),
    'network',
    'node',
    'ENOTFOUND',
  ],
  ['undici without a cause', typeError('fetch failed'), 'network', 'node'],
  [
    'undici in the body',
    typeError('terminated', { cause: error('other side closed', { code: 'UND_ERR_SOCKET' }) }),
    'network',
    'node',
    'UND_ERR_SOCKET',
  ],
  [
    'Node, several addresses',
    Object.assign(new AggregateError([error('x', { code: 'ECONNREFUSED' })]), {}),
    'network',
    'node',
    'ECONNREFUSED',
  ],
  ['axios', error('Network Error', { code: 'ERR_NETWORK', isAxiosError: true }), 'network', 'node', 'ERR_NETWORK'],
  [
    'axios at its deadline',
    error('timeout of 5000ms exceeded', { code: 'ECONNABORTED' }),
    'timeout',
    'node',
    'ECONNABORTED',
  ],
  [
    'axios 503',
    error('Request failed with status code 503', { code: 'ERR_BAD_RESPONSE', response: { status: 503 } }),
    'server',
    'unknown',
    'ERR_BAD_RESPONSE',
  ],
  ['React Native', typeError('Network request failed'), 'network', 'node'],
  ['React Native at its deadline', typeError('Network request timed out'), 'timeout', 'node'],
];

const clerk: Row[] = [
  ['revoked', new e10(401, ['authentication_invalid']), 'session_ended', 'clerk', 'authentication_invalid'],
  ['banned', new e10(403, ['user_banned']), 'account_blocked', 'clerk', 'user_banned'],
  ['deactivated', new e10(403, ['user_deactivated']), 'account_blocked', 'clerk', 'user_deactivated'],
  ['no template', new e10(404, ['resource_not_found']), 'misconfigured', 'clerk', 'resource_not_found'],
  ['wrong origin', new e10(400, ['origin_invalid']), 'misconfigured', 'clerk', 'origin_invalid'],
  ['too many', new e10(429, ['too_many_requests'], 7), 'rate_limited', 'clerk', 'too_many_requests'],
  ['HTML 502 in clerk-js 6', new e10(502, []), 'server', 'clerk', 'api_response_error'],
  ['503', new e10(503, ['whatever']), 'server', 'clerk', 'whatever'],
  ['401 of a code nobody knows', new e10(401, ['new_code']), 'session_ended', 'clerk', 'new_code'],
  ['403 of a code nobody knows', new e10(403, ['new_code']), 'unknown', 'clerk', 'new_code'],
  ['captcha', new e10(401, ['requires_captcha']), 'unknown', 'clerk', 'requires_captcha'],
  ['network in clerk-js 6', new e7('network_error'), 'network', 'clerk', 'network_error'],
  ['offline in clerk-js 6', new e7('clerk_offline'), 'offline', 'clerk', 'clerk_offline'],
  ['not loaded', new e7('failed_to_load_clerk_js'), 'not_loaded', 'clerk', 'failed_to_load_clerk_js'],
  ['not loaded in time', new e7('clerk_runtime_load_timeout'), 'not_loaded', 'clerk', 'clerk_runtime_load_timeout'],
  ['a runtime code nobody knows', new e7('new_code'), 'unknown', 'clerk', 'new_code'],
  ['the wrapper', wrapped('TypeError: Failed to fetch'), 'network', 'clerk'],
  ['the wrapper in Firefox', wrapped('TypeError: NetworkError when attempting to fetch resource.'), 'network', 'clerk'],
  ['the wrapper at a deadline', wrapped('TimeoutError: No answer within 6000 ms.'), 'timeout', 'clerk'],
];

const convex: Row[] = [
  [
    'no provider',
    error('No auth provider found matching the given token (no providers configured). Check convex/auth.config.ts.'),
    'misconfigured',
    'convex',
  ],
  [
    'inside the client’s words',
    error('Failed to authenticate: "No auth provider found matching the given token", check your server auth config'),
    'misconfigured',
    'convex',
  ],
  ['as a text', 'Invalid audience: expected convex', 'misconfigured', 'convex'],
  ['skew', error("Could not verify OIDC token claim: token hasn't expired"), 'clock_skew', 'convex'],
  ['identity provider down', error('Auth provider discovery of https://clerk.app.test failed'), 'server', 'convex'],
  ['JWKS down', error('Could not fetch JWKS from https://x'), 'server', 'convex'],
  ['expired', error('Convex token identity expired'), 'unknown', 'convex'],
  [
    'an app’s own word',
    error('[CONVEX M(messages:send)] [Request ID: x] Server Error\nUncaught Error: Not authenticated'),
    'unknown',
    'convex',
  ],
];

const nobodys: Row[] = [
  ['a mistake in the app', typeError("Cannot read properties of undefined (reading 'x')"), 'unknown', 'unknown'],
  ['a TypeError that only sounds like it', typeError('Failed to fetchX'), 'unknown', 'unknown'],
  ['Node’s own ERR_ code', error('bad', { code: 'ERR_INVALID_ARG_TYPE' }), 'unknown', 'unknown'],
  ['nothing', undefined, 'unknown', 'unknown'],
  ['null', null, 'unknown', 'unknown'],
  ['a number', 42, 'unknown', 'unknown'],
  [
    'an object that throws',
    Object.defineProperty({}, 'message', {
      get: () => {
        throw new Error('no');
      },
    }),
    'unknown',
    'unknown',
  ],
  [
    'a proxy that throws',
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
      },
    ),
    'unknown',
    'unknown',
  ],
  ['status 500', { status: 500 }, 'server', 'unknown'],
  ['status 429', { status: 429 }, 'rate_limited', 'unknown'],
];

describe.each([
  ['browsers', browsers],
  ['servers', servers],
  ['Clerk', clerk],
  ['Convex', convex],
  ['anybody', nobodys],
])('errors of %s', (_, rows) => {
  it.each(rows)('%s', (_title, given, kind, source, code) => {
    const failure = classifyAuthError(given);
    expect({ kind: failure.kind, source: failure.source, code: failure.code }).toEqual({ kind, source, code });
    expect(failure.cause).toBe(given);
  });
});

describe('classifyAuthError', () => {
  it('takes what it does not know for retryable, never for the end of a session', () => {
    expect(classifyAuthError(new Error('odd'))).toMatchObject({ kind: 'unknown', retryable: true });
    expect(classifyAuthError(new e10(401, ['authentication_invalid'])).retryable).toBe(false);
    expect(classifyAuthError(new e7('clerk_runtime_not_browser'))).toMatchObject({
      kind: 'not_loaded',
      retryable: false,
    });
  });

  it('believes an AbortError only of the caller’s own signal', () => {
    const abort = new DOMException('The user aborted a request.', 'AbortError');
    const mine = AbortSignal.abort();
    expect(classifyAuthError(abort, { signal: mine })).toMatchObject({ kind: 'aborted', retryable: false });
    expect(classifyAuthError(abort, { signal: new AbortController().signal }).kind).toBe('network');
    expect(classifyAuthError(abort).kind).toBe('network');
    const late = AbortSignal.abort(new DOMException('late', 'TimeoutError'));
    expect(classifyAuthError(abort, { signal: late }).kind).toBe('timeout');
  });

  it('calls a network error offline when the browser says so', () => {
    expect(classifyAuthError(typeError('Failed to fetch'), { online: false })).toMatchObject({
      kind: 'offline',
      retryable: true,
    });
    expect(classifyAuthError(new e10(500, []), { online: false }).kind).toBe('server');
  });

  it('keeps Clerk’s Retry-After in milliseconds', () => {
    expect(classifyAuthError(new e10(429, ['too_many_requests'], 7)).retryAfterMs).toBe(7_000);
  });

  it('ends on causes that go round in a circle', () => {
    const circle: Error & { cause?: unknown } = new Error('x');
    circle.cause = circle;
    expect(classifyAuthError(circle).kind).toBe('unknown');
  });

  it('knows every spelling that is-network-error knows', () => {
    const names = [...browserMessages, ...nodeMessages].map(([match]) => match);
    const spellings = [
      'network error',
      'NetworkError when attempting to fetch resource.',
      'The Internet connection appears to be offline.',
      'Network request failed',
      'fetch failed',
      'terminated',
      ' A network error occurred.',
      'Network connection lost',
      'Load failed',
      'Load failed (clerk.app.test)',
      'Failed to fetch',
      'Failed to fetch (clerk.app.test)',
      'error sending request for url (https://clerk.app.test)',
      // and none of theirs that is spelled out here is missing above
      ...names.filter((name): name is string => typeof name === 'string'),
    ];
    for (const spelling of spellings) {
      const made = new TypeError(spelling);
      if (spelling.startsWith('Load failed')) delete made.stack;
      if (!isNetworkError(made)) continue;
      expect(classifyAuthError(made).kind, spelling).toMatch(/^(network|offline)$/);
    }
    expect(isNetworkError(new TypeError('fetch failed'))).toBe(true);
  });

  it('knows what the fetch of this Node rejects with', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.destroy());
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const attempt = (init?: RequestInit): Promise<unknown> =>
      fetch(`http://127.0.0.1:${port}/`, init).catch((caught: unknown) => caught);
    expect(classifyAuthError(await attempt())).toMatchObject({ kind: 'network', source: 'node', retryable: true });
    expect(classifyAuthError(await attempt({ signal: AbortSignal.timeout(0) })).kind).toMatch(/^(timeout|network)$/);
    await new Promise((resolve) => server.close(resolve));
    expect(classifyAuthError(await attempt())).toMatchObject({ kind: 'network', code: 'ECONNREFUSED' });
  });

  it('knows the error classes that clerk-js throws today', () => {
    const require = createRequire(import.meta.url);
    const from = (
      entry: string,
    ): {
      ClerkAPIResponseError: new (...args: unknown[]) => Error;
      ClerkRuntimeError: new (...args: unknown[]) => Error;
    } => require(require.resolve('@clerk/shared/error', { paths: [require.resolve(entry)] }));
    for (const entry of ['@clerk/clerk-react', '@clerk/react']) {
      const { ClerkAPIResponseError, ClerkRuntimeError } = from(entry);
      const gone = new ClerkAPIResponseError('x', {
        data: [{ code: 'authentication_invalid', message: 'x' }],
        status: 401,
      });
      expect(classifyAuthError(gone), entry).toMatchObject({ kind: 'session_ended', status: 401, source: 'clerk' });
      const busy = new ClerkAPIResponseError('x', {
        data: [{ code: 'too_many_requests', message: 'x' }],
        status: 429,
        retryAfter: 3,
      });
      expect(classifyAuthError(busy), entry).toMatchObject({ kind: 'rate_limited', retryAfterMs: 3_000 });
      expect(classifyAuthError(new ClerkRuntimeError('x', { code: 'network_error' })).kind, entry).toBe('network');
    }
  });
});

describe('readRetryAfter', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each<[value: string | null | undefined, expected: number | undefined]>([
    ['7', 7_000],
    ['0', 0],
    [' 2 ', 2_000],
    ['1.5', 1_500],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
    ['86400', 3_600_000],
    ['soon', undefined],
    ['-3', 0],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('%o is %s', (value, expected) => {
    expect(readRetryAfter(value, now)).toBe(expected);
  });
});
