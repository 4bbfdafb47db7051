import { createServer as createHttpServer, get } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { dirname } from 'node:path';
import { ConvexHttpClient } from 'convex/browser';
import { makeFunctionReference } from 'convex/server';
import { ConvexError } from 'convex/values';
import { build } from 'esbuild';
import fc from 'fast-check';
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
  [
    'a page that Electron cannot load',
    error("ERR_NAME_NOT_RESOLVED (-105) loading 'https://app.test/'", { code: 'ERR_NAME_NOT_RESOLVED', errno: -105 }),
    'network',
    'browser',
    'ERR_NAME_NOT_RESOLVED',
  ],
  ['Electron, whatever the reason', error('net::ERR_FAILED'), 'network', 'browser', 'ERR_FAILED'],
  [
    'Electron, cut short',
    error('net::ERR_CONTENT_LENGTH_MISMATCH'),
    'network',
    'browser',
    'ERR_CONTENT_LENGTH_MISMATCH',
  ],
  ['Electron over HTTP/2', error('net::ERR_HTTP2_PING_FAILED'), 'network', 'browser', 'ERR_HTTP2_PING_FAILED'],
  ['a page of an edge, thrown as text', error('<!DOCTYPE html><html><body>502</body></html>'), 'server', 'browser'],
  ['what String makes of an error', 'TypeError: Failed to fetch', 'network', 'browser'],
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

/** The shape of AxiosError, axios 1: lib/core/AxiosError.js. */
const axios = (message: string, code: string, status?: number): Error =>
  Object.assign(error(message), {
    name: 'AxiosError',
    isAxiosError: true,
    code,
    ...(status !== undefined && { status, response: { status, data: '' } }),
  });

/** What the network layers of iOS and Android say through Expo's own fetch. */
const mobile: [message: string, kind: AuthFailure['kind'], source: AuthFailure['source']][] = [
  [
    'UnexpectedException: The Internet connection appears to be offline. (at ExpoModulesCore/Promise.swift:56)',
    'offline',
    'browser',
  ],
  ['UnexpectedException: The request timed out. (at ExpoModulesCore/Promise.swift:56)', 'timeout', 'browser'],
  ['UnexpectedException: The network connection was lost. (at ExpoModulesCore/Promise.swift:56)', 'network', 'browser'],
  ['UnexpectedException: Could not connect to the server. (at ExpoModulesCore/Promise.swift:56)', 'network', 'browser'],
  ['UnexpectedException: A server with the specified hostname could not be found.', 'network', 'browser'],
  ['UnexpectedException: A TLS error caused the secure connection to fail.', 'network', 'browser'],
  ['Der Vorgang konnte nicht abgeschlossen werden. (NSURLErrorDomain-Fehler -1009.)', 'offline', 'browser'],
  ['The operation couldn’t be completed. (NSURLErrorDomain error -1001.)', 'timeout', 'browser'],
  ['The operation couldn’t be completed. (NSURLErrorDomain error -1200.)', 'network', 'browser'],
  ['Unable to resolve host "clerk.app.test": No address associated with hostname', 'network', 'node'],
  ['java.net.UnknownHostException: Unable to resolve host "clerk.app.test"', 'network', 'node'],
  ['java.net.ConnectException: Failed to connect to /192.0.2.1:443', 'network', 'node'],
  [
    'failed to connect to clerk.app.test/192.0.2.1 (port 443) from /10.0.2.16 (port 1) after 10000ms',
    'network',
    'node',
  ],
  ['Software caused connection abort', 'network', 'node'],
  ['unexpected end of stream on https://clerk.app.test/...', 'network', 'node'],
  ['java.net.SocketTimeoutException: timeout', 'timeout', 'node'],
  ['Read timed out', 'timeout', 'node'],
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
  [
    'a captive portal',
    error('x', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
    'network',
    'node',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
  ],
  [
    'node-fetch',
    error('Premature close', { code: 'ERR_STREAM_PREMATURE_CLOSE' }),
    'network',
    'node',
    'ERR_STREAM_PREMATURE_CLOSE',
  ],
  ...['HEADERS_TIMEOUT', 'BODY_TIMEOUT'].map<Row>((name) => [
    `undici ${name}`,
    typeError('fetch failed', { cause: error('x', { code: `UND_ERR_${name}` }) }),
    'timeout',
    'node',
    `UND_ERR_${name}`,
  ]),
  ['undici, an app’s own mistake', error('x', { code: 'UND_ERR_INVALID_ARG' }), 'unknown', 'unknown'],
  ['axios', axios('Network Error', 'ERR_NETWORK'), 'network', 'node', 'ERR_NETWORK'],
  ['axios at its deadline', axios('timeout of 5000ms exceeded', 'ECONNABORTED'), 'timeout', 'node', 'ECONNABORTED'],
  [
    'axios at its deadline, clarified',
    axios('timeout of 5000ms exceeded', 'ETIMEDOUT'),
    'timeout',
    'node',
    'ETIMEDOUT',
  ],
  ['axios, cut off by a navigation', axios('Request aborted', 'ECONNABORTED'), 'network', 'node', 'ECONNABORTED'],
  ['axios, cancelled by the app', axios('canceled', 'ERR_CANCELED'), 'aborted', 'browser'],
  [
    'axios 503',
    axios('Request failed with status code 503', 'ERR_BAD_RESPONSE', 503),
    'server',
    'unknown',
    'ERR_BAD_RESPONSE',
  ],
  [
    'axios 429',
    axios('Request failed with status code 429', 'ERR_BAD_REQUEST', 429),
    'rate_limited',
    'unknown',
    'ERR_BAD_REQUEST',
  ],
  [
    'axios 403',
    axios('Request failed with status code 403', 'ERR_BAD_REQUEST', 403),
    'unknown',
    'unknown',
    'ERR_BAD_REQUEST',
  ],
  [
    'axios, HTML where JSON was due',
    Object.assign(axios('Unexpected token < in JSON', 'ERR_BAD_RESPONSE', 200), { name: 'SyntaxError' }),
    'server',
    'browser',
    'ERR_BAD_RESPONSE',
  ],
  ['React Native', typeError('Network request failed'), 'network', 'node'],
  ['React Native at its deadline', typeError('Network request timed out'), 'timeout', 'node'],
  ['Expo', error('fetch failed: something that nobody has seen'), 'network', 'node'],
  ...mobile.map<Row>(([message, kind, source]) => [
    `Expo: ${message}`,
    error(`fetch failed: ${message}`),
    kind,
    source,
  ]),
  ...mobile.map<Row>(([message, kind, source]) => [`Expo 54: ${message}`, error(message), kind, source]),
  [
    'an abort in Expo that nobody asked for',
    error('fetch failed: Fetch request has been canceled'),
    'network',
    'browser',
  ],
  ['an abort in Expo on Android', error('x', { code: 'ERR_FETCH_REQUEST_CANCELED' }), 'network', 'browser'],
];

const clerk: Row[] = [
  ['revoked', new e10(401, ['authentication_invalid']), 'session_ended', 'clerk', 'authentication_invalid'],
  ['banned', new e10(403, ['user_banned']), 'account_blocked', 'clerk', 'user_banned'],
  ['deactivated', new e10(403, ['user_deactivated']), 'account_blocked', 'clerk', 'user_deactivated'],
  ['no template', new e10(404, ['resource_not_found']), 'misconfigured', 'clerk', 'resource_not_found'],
  ['wrong origin', new e10(400, ['origin_invalid']), 'misconfigured', 'clerk', 'origin_invalid'],
  [
    'a secret key that Clerk does not know',
    new e10(401, ['clerk_key_invalid']),
    'misconfigured',
    'clerk',
    'clerk_key_invalid',
  ],
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
  ['not loaded, with no code', error('ClerkJS: Something went wrong initializing Clerk.'), 'not_loaded', 'clerk'],
  ['locked', new e10(403, ['user_locked']), 'account_blocked', 'clerk', 'user_locked'],
  ['no dev browser', new e10(401, ['dev_browser_unauthenticated']), 'unknown', 'clerk', 'dev_browser_unauthenticated'],
  ['an expired token is missing', new e10(422, ['missing_expired_token']), 'unknown', 'clerk', 'missing_expired_token'],
  ['the UI did not load', new e7('failed_to_load_clerk_ui'), 'not_loaded', 'clerk', 'failed_to_load_clerk_ui'],
  [
    'not in time in clerk-js 5',
    new e7('failed_to_load_clerk_js_timeout'),
    'not_loaded',
    'clerk',
    'failed_to_load_clerk_js_timeout',
  ],
  ['it could not start', new e7('clerk_init_failed'), 'not_loaded', 'clerk', 'clerk_init_failed'],
  ['on a server', new e7('clerk_runtime_not_browser'), 'not_loaded', 'clerk', 'clerk_runtime_not_browser'],
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
  ...[
    'Invalid audience: convex not in ["other"]',
    'Invalid issuer: https://a.test != https://b.test',
    "Missing audience claim ('aud') in JWT payload. The JWT must include an 'aud' claim that matches your configured application ID.",
    "Could not decode token. JWT may be missing a 'kid' (key ID) header.",
    'Could not parse JWT payload. Check that the token is a valid JWT format with three base64-encoded parts separated by dots.',
    'Could not verify token claim. Check that the JWT contains valid claims and matches your auth provider configuration.',
    'Invalid JWKS data URL. Check that the data URL is properly formatted and contains valid base64-encoded JSON.',
  ].map<Row>((text) => [`customJwt: ${text}`, error(text), 'misconfigured', 'convex']),
  ['customJwt: expired', error('Could not validate token: Token expired'), 'clock_skew', 'convex'],
  ...[
    "Could not fetch JWKS from URL 'https://a.test/jwks.json': HTTP 502 Bad Gateway. Check that the URL is correct and accessible.",
    "Invalid Content-Type 'text/html' when fetching JWKS from 'https://a.test/jwks.json'. Expected 'application/json' or 'application/jwk-set+json'.",
    "Invalid JWKS response body from 'https://a.test/jwks.json'. The response is not valid JSON or doesn't match the expected JWKS format.",
  ].map<Row>((text) => [`customJwt: ${text}`, error(text), 'server', 'convex']),
  [
    'an action that was cut off',
    error('[CONVEX A(jobs:run)] Connection lost while action was in flight\n  Called by client'),
    'network',
    'convex',
  ],
  ['overload', error('{"code":"TooManyConcurrentRequests","message":"Too many"}'), 'server', 'convex'],
  [
    'a function that met a dead network of its own',
    error(
      '[CONVEX A(jobs:run)] [Request ID: x] Server Error\nUncaught TypeError: fetch failed ECONNRESET\n  Called by client',
    ),
    'unknown',
    'convex',
  ],
  ['a redacted error', error('[CONVEX Q(a:b)] [Request ID: x] Server Error\n  Called by client'), 'unknown', 'convex'],
  ['an app’s own error', new ConvexError({ code: 'ECONNRESET' }), 'unknown', 'convex'],
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

  it.each<[number, number | undefined]>([
    [7, 7_000],
    [0, 0],
    [-5, undefined],
    [Number.NaN, undefined],
    // A header may say anything, and clerk-js takes it as a number (BaseResource._fetch, 5.128.0 and 6.40.0).
    [1e9, 3_600_000],
    [Infinity, 3_600_000],
  ])('keeps Clerk’s Retry-After of %s s in milliseconds, an hour at most', (seconds, expected) => {
    expect(classifyAuthError(new e10(429, ['too_many_requests'], seconds)).retryAfterMs).toBe(expected);
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

  it('takes a cancellation of axios for the app’s own even without its signal, and a deadline for a deadline', () => {
    const late = AbortSignal.abort(new DOMException('late', 'TimeoutError'));
    expect(classifyAuthError(axios('canceled', 'ERR_CANCELED'))).toMatchObject({ kind: 'aborted', retryable: false });
    expect(classifyAuthError(axios('canceled', 'ERR_CANCELED'), { signal: late }).kind).toBe('timeout');
  });

  describe('errors made by the real thing', () => {
    /** A server that does one thing to every connection. */
    async function withServer<T>(
      answer: (socket: import('node:net').Socket) => void,
      run: (host: string) => Promise<T>,
    ): Promise<T> {
      const server = createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => answer(socket));
      }).listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      try {
        return await run(`127.0.0.1:${(server.address() as AddressInfo).port}`);
      } finally {
        await new Promise((resolve) => server.close(resolve));
      }
    }
    const caught = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

    it.each<[string, (socket: import('node:net').Socket) => void, kind: string, code: RegExp]>([
      ['is closed', (socket) => socket.end(), 'network', /^UND_ERR_SOCKET$/],
      ['is reset', (socket) => socket.resetAndDestroy(), 'network', /^(ECONNRESET|UND_ERR_SOCKET)$/],
      ['speaks no HTTP', (socket) => socket.end('garbage\r\n\r\n'), 'network', /^HPE_/],
      [
        'stops in the body',
        (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"tok'),
        'network',
        /^UND_ERR_(SOCKET|RES_CONTENT)/,
      ],
    ])('Node’s fetch of a server that %s', async (_, answer, kind, code) => {
      const error = await withServer(answer, (host) => caught(fetch(`http://${host}/`).then((said) => said.text())));
      expect(classifyAuthError(error)).toMatchObject({ kind, source: 'node', retryable: true });
      // Node 24 gives no code where no HTTP is spoken.
      expect(classifyAuthError(error).code ?? 'HPE_').toMatch(code);
    });

    it('Node’s fetch of a port where nobody listens, at a deadline, and of HTTPS where there is none', async () => {
      const gone = await withServer(
        () => {},
        async (host) => host,
      );
      const refused = classifyAuthError(await caught(fetch(`http://${gone}/`)));
      expect(refused).toMatchObject({ kind: 'network', code: 'ECONNREFUSED' });
      await withServer(
        (socket) => void setTimeout(() => socket.destroy(), 200),
        async (host) => {
          const late = await caught(fetch(`http://${host}/`, { signal: AbortSignal.timeout(20) }));
          expect(classifyAuthError(late)).toMatchObject({ kind: 'timeout', retryable: true });
          const own = new AbortController();
          const answer = caught(fetch(`http://${host}/`, { signal: own.signal }));
          own.abort();
          expect(classifyAuthError(await answer, { signal: own.signal }).kind).toBe('aborted');
        },
      );
      const plain = await withServer(
        (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
        (host) => caught(fetch(`https://${host}/`)),
      );
      expect(classifyAuthError(plain)).toMatchObject({
        kind: 'network',
        source: expect.stringMatching(/node|browser/),
      });
    });

    it('Node’s fetch of HTML where JSON was due', async () => {
      const html = await withServer(
        (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>'),
        (host) => caught(fetch(`http://${host}/`).then((said) => said.json())),
      );
      expect(classifyAuthError(html)).toMatchObject({ kind: 'server', retryable: true });
    });

    it('Node’s http, that is what axios and node-fetch stand on', async () => {
      const hungUp = await withServer(
        (socket) => socket.destroy(),
        (host) => new Promise((resolve) => get(`http://${host}/`).on('error', resolve)),
      );
      expect(classifyAuthError(hungUp)).toMatchObject({ kind: 'network', source: 'node', code: 'ECONNRESET' });
    });

    it.each(['@clerk/clerk-react', '@clerk/react'])(
      'Clerk’s error classes of %s, minified as clerk-js has them',
      async (name) => {
        const { outputFiles } = await build({
          stdin: {
            contents: `export { ClerkAPIResponseError as api, ClerkRuntimeError as runtime } from '@clerk/shared/error';
            import * as all from '@clerk/shared/error'; export const offline = all.ClerkOfflineError;`,
            resolveDir: dirname(createRequire(import.meta.url).resolve(name)),
          },
          bundle: true,
          minify: true,
          format: 'esm',
          write: false,
          logLevel: 'silent',
        });
        const { api, runtime, offline } = (await import(
          `data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')}`
        )) as Record<'api' | 'runtime' | 'offline', new (...args: unknown[]) => Error>;
        const answered = (code: string, status: number, retryAfter?: number): Error =>
          new api('x', { data: [{ code, message: 'x' }], status, retryAfter });
        expect(answered('x', 401).name).not.toContain('Clerk');
        const kinds: [Error, object][] = [
          [answered('authentication_invalid', 401), { kind: 'session_ended', status: 401, retryable: false }],
          [answered('resource_not_found', 404), { kind: 'misconfigured', code: 'resource_not_found' }],
          [answered('user_banned', 403), { kind: 'account_blocked' }],
          [answered('too_many_requests', 429, 3), { kind: 'rate_limited', retryAfterMs: 3_000 }],
          [new api('x', { data: [], status: 502 }), { kind: 'server', status: 502 }],
          [new runtime('x', { code: 'network_error', cause: new TypeError('Failed to fetch') }), { kind: 'network' }],
          [new runtime('x', { code: 'failed_to_load_clerk_js' }), { kind: 'not_loaded', retryable: true }],
        ];
        // Of clerk-js 6 alone.
        if (offline) kinds.push([new offline('x'), { kind: 'offline', code: 'clerk_offline' }]);
        expect(Boolean(offline)).toBe(name === '@clerk/react');
        for (const [error, expected] of kinds) {
          expect(classifyAuthError(error)).toMatchObject({ source: 'clerk', ...expected });
        }
      },
    );

    it.each<[string, status: number, body: string, kind: string]>([
      [
        'refused',
        401,
        '{"code":"NoAuthProvider","message":"No auth provider found matching the given token"}',
        'misconfigured',
      ],
      ['overloaded', 503, '{"code":"ExpiredInQueue","message":"x"}', 'server'],
      ['hidden by an edge', 502, '<html><body>Bad Gateway</body></html>', 'server'],
      [
        'of a function',
        200,
        '{"status":"error","errorMessage":"[CONVEX Q(a:b)] [Request ID: 1] Server Error"}',
        'unknown',
      ],
      [
        'of a ConvexError',
        200,
        '{"status":"error","errorMessage":"Uncaught ConvexError: Unauthorized","errorData":"Unauthorized"}',
        'unknown',
      ],
    ])('Convex’s HTTP client, %s', async (_, status, body, kind) => {
      const server = createHttpServer((__, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const client = new ConvexHttpClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
        logger: false,
      });
      const error = await caught(client.query(makeFunctionReference<'query'>('a:b')));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      expect(error).toBeInstanceOf(Error);
      expect(classifyAuthError(error).kind).toBe(kind);
      if (kind !== 'server' || status === 503) expect(classifyAuthError(error).source).toBe('convex');
    });
  });

  describe('whatever it is given', () => {
    const vocabulary = [
      ...[
        'authentication_invalid',
        'client_mismatch',
        'user_banned',
        'api_response_error',
        'ECONNRESET',
        'ERR_CANCELED',
      ],
      ...[
        'Failed to fetch',
        'fetch failed: x',
        'ClerkJS: Network error at "x" - TypeError: x',
        'AbortError',
        'TypeError',
      ],
      ...['[CONVEX Q(a:b)] x', 'Could not validate token: x', 'timeout', 'clerk_offline', '', '\u0000'],
    ];
    const word = fc.oneof(fc.constantFrom(...vocabulary), fc.string());
    const { error: anyError } = fc.letrec((tie) => ({
      error: fc.oneof(
        { maxDepth: 4 },
        fc.anything({ maxDepth: 2, withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        fc.record(
          {
            name: word,
            message: fc.oneof(word, fc.anything()),
            code: fc.oneof(word, fc.integer()),
            status: fc.oneof(fc.constantFrom(0, 200, 400, 401, 403, 429, 500, 503), fc.anything()),
            response: fc.record({ status: fc.constantFrom(401, 500) }),
            clerkError: fc.boolean(),
            retryAfter: fc.oneof(fc.double(), fc.anything()),
            errors: fc.oneof(fc.array(fc.record({ code: word })), fc.anything()),
            cause: tie('error'),
          },
          { requiredKeys: [] },
        ),
      ),
    }));
    /** What may end a session, somewhere in the value. */
    const mayEnd = (value: unknown, depth = 0): boolean =>
      value === 401 ||
      value === 'authentication_invalid' ||
      value === 'client_mismatch' ||
      (depth < 20 &&
        typeof value === 'object' &&
        value !== null &&
        Object.values(value).some((each) => mayEnd(each, depth + 1)));

    it('does not throw, and never takes it for the end of a session unless a 401 or Clerk’s own code says so', () => {
      fc.assert(
        fc.property(anyError, fc.constantFrom(undefined, true, false), (given, online) => {
          const failure = classifyAuthError(given, online === undefined ? {} : { online });
          expect(failure.cause).toBe(given);
          expect(typeof failure.retryable).toBe('boolean');
          if (failure.kind === 'session_ended') expect(mayEnd(given)).toBe(true);
          if (failure.kind === 'unknown' || failure.kind === 'network') expect(failure.retryable).toBe(true);
        }),
        { numRuns: 1_000 },
      );
    });

    it('does not throw at what cannot be looked at, and does not take for ever', () => {
      const { proxy, revoke } = Proxy.revocable([], {});
      revoke();
      const trap = Object.defineProperty([], 0, {
        enumerable: true,
        get: () => {
          throw new Error('no');
        },
      });
      for (const hostile of [proxy, { errors: proxy }, { errors: trap }, { cause: proxy }, Object.create(null)]) {
        expect(classifyAuthError(hostile)).toMatchObject({ kind: 'unknown', retryable: true });
      }
      const long = `${'Network error at "'.repeat(100_000)}fetch failed: `;
      expect(classifyAuthError({ message: long, errors: new Array(2 ** 32 - 1) }).retryable).toBe(true);
    });
  });
});

describe('readRetryAfter', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const read = (values: Record<string, string>): number | undefined => readRetryAfter(new Headers(values), now);
  it.each<[value: string, expected: number | undefined]>([
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
  ])('%o is %s', (value, expected) => {
    expect(read({ 'retry-after': value })).toBe(expected);
  });

  it('is undefined where there is none', () => {
    expect(read({})).toBeUndefined();
  });

  it.each<[date: string, expected: number]>([
    ['Thu, 01 Jan 2026 00:29:56 GMT', 4_000],
    ['Wed, 31 Dec 2025 23:30:00 GMT', 3_600_000],
    ['no date', 60_000],
  ])('reads a date against the server’s own time: sent at %o it is %s', (date, expected) => {
    expect(read({ 'retry-after': 'Thu, 01 Jan 2026 00:30:00 GMT', date })).toBe(expected);
  });

  it('waits a minute at most for a date where the server’s time cannot be read', () => {
    expect(read({ 'retry-after': 'Thu, 01 Jan 2026 00:30:00 GMT' })).toBe(60_000);
  });
});
