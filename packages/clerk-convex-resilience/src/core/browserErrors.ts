import type { ErrorRow } from './failure.ts';

/** Messages of what a page's `fetch` and `import()` reject with. A page never sees a `net::ERR_` code. */
export const browserMessages: readonly ErrorRow[] = [
  { match: /^Failed to fetch( \(.*\))?$/, kind: 'network', seen: 'Chromium 156 fetch' },
  { match: 'network error', kind: 'network', seen: 'Chromium, connection lost in the body' },
  { match: /^Failed to fetch dynamically imported module/, kind: 'network', seen: 'Chromium 156 import()' },
  { match: 'NetworkError when attempting to fetch resource.', kind: 'network', seen: 'Firefox 153 fetch' },
  {
    match: 'Content-Length header of network response exceeds response Body.',
    kind: 'network',
    seen: 'Firefox 153, end in the body',
  },
  { match: 'Error in input stream', kind: 'network', seen: 'Firefox, connection lost in the body' },
  { match: /^error loading dynamically imported module/, kind: 'network', seen: 'Firefox 153 import()' },
  { match: /^Load failed( \(.*\))?$/, kind: 'network', seen: 'WebKitGTK 2.50, Safari 17 fetch' },
  { match: 'Importing a module script failed.', kind: 'network', seen: 'WebKitGTK 2.50 import()' },
  { match: 'The network connection was lost.', kind: 'network', seen: 'Safari 16, NSURLErrorNetworkConnectionLost' },
  { match: 'Could not connect to the server.', kind: 'network', seen: 'Safari 16, NSURLErrorCannotConnectToHost' },
  {
    match: 'A server with the specified hostname could not be found.',
    kind: 'network',
    seen: 'Safari 16, NSURLErrorCannotFindHost',
  },
  {
    match: 'The Internet connection appears to be offline.',
    kind: 'offline',
    seen: 'Safari 16, is-network-error 1.3.2',
  },
  { match: 'The request timed out.', kind: 'timeout', seen: 'Safari 16, NSURLErrorTimedOut' },
];

/**
 * Messages of an AbortError that the caller did not ask for. Any other such AbortError counts as a network error.
 * The texts are WebKit's and Firefox's own.
 */
export const abortMessages: readonly ErrorRow[] = [
  { match: /^Fetch is aborted/, kind: 'timeout', seen: 'WebKitGTK 2.50, AbortSignal.timeout' },
  // Firefox says the same of a connection that was reset in the body, with a space at its end.
  { match: /^The operation was aborted\. ?$/, kind: 'network', seen: 'Firefox 153, reset in the body' },
];

/** `net::` codes as Chromium's DevTools, Electron and React Native on Android (Cronet) show them. */
export const chromiumCodes: readonly ErrorRow[] = [
  ...(
    [
      ['ERR_INTERNET_DISCONNECTED', 'offline'],
      ['ERR_TIMED_OUT', 'timeout'],
      ['ERR_CONNECTION_TIMED_OUT', 'timeout'],
      ['ERR_DNS_TIMED_OUT', 'timeout'],
      ['ERR_NETWORK_CHANGED', 'network'],
      ['ERR_NETWORK_IO_SUSPENDED', 'network'],
      ['ERR_NETWORK_ACCESS_DENIED', 'network'],
      ['ERR_NAME_NOT_RESOLVED', 'network'],
      ['ERR_NAME_RESOLUTION_FAILED', 'network'],
      ['ERR_ADDRESS_UNREACHABLE', 'network'],
      ['ERR_CONNECTION_CLOSED', 'network'],
      ['ERR_CONNECTION_RESET', 'network'],
      ['ERR_CONNECTION_REFUSED', 'network'],
      ['ERR_CONNECTION_ABORTED', 'network'],
      ['ERR_CONNECTION_FAILED', 'network'],
      ['ERR_SOCKET_NOT_CONNECTED', 'network'],
      ['ERR_EMPTY_RESPONSE', 'network'],
      ['ERR_INVALID_HTTP_RESPONSE', 'network'],
      ['ERR_CONTENT_LENGTH_MISMATCH', 'network'],
      ['ERR_INCOMPLETE_CHUNKED_ENCODING', 'network'],
      ['ERR_HTTP2_PROTOCOL_ERROR', 'network'],
      ['ERR_HTTP2_PING_FAILED', 'network'],
      ['ERR_QUIC_PROTOCOL_ERROR', 'network'],
      ['ERR_SSL_PROTOCOL_ERROR', 'network'],
      ['ERR_PROXY_CONNECTION_FAILED', 'network'],
      ['ERR_TUNNEL_CONNECTION_FAILED', 'network'],
    ] as const
  ).map(([match, kind]) => ({ match, kind, seen: 'Chromium 156 net_error_list.h' })),
  // A captive portal, or a clock that is years off: no certificate of ours.
  { match: /^ERR_CERT_/, kind: 'network', seen: 'Chromium 156 net_error_list.h' },
];
