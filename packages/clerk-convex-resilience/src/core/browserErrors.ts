import { type ErrorTable, rows } from './failure.ts';

/** Messages of what a page's `fetch` and `import()` reject with. A page never sees a `net::ERR_` code. */
export const browserMessages: ErrorTable = [
  [/^Failed to fetch( \(.*\))?$/, 'network'], // Chromium 156
  ['network error', 'network'], // Chromium 156, connection lost in the body
  [/^Failed to fetch dynamically imported module/, 'network'], // Chromium 156, import()
  ['NetworkError when attempting to fetch resource.', 'network'], // Firefox 153
  ['Content-Length header of network response exceeds response Body.', 'network'], // Firefox 153, end in the body
  ['Error in input stream', 'network'], // Firefox, connection lost in the body
  [/^error loading dynamically imported module/, 'network'], // Firefox 153, import()
  [/^Load failed( \(.*\))?$/, 'network'], // WebKitGTK 2.50, Safari 17
  ['Importing a module script failed.', 'network'], // WebKitGTK 2.50, import()
  ['The network connection was lost.', 'network'], // Safari 16, NSURLErrorNetworkConnectionLost
  ['Could not connect to the server.', 'network'], // Safari 16, NSURLErrorCannotConnectToHost
  ['A server with the specified hostname could not be found.', 'network'], // Safari 16, NSURLErrorCannotFindHost
  ['The Internet connection appears to be offline.', 'offline'], // Safari 16, is-network-error 1.3.2
  ['The request timed out.', 'timeout'], // Safari 16, NSURLErrorTimedOut
];

/** Messages of an AbortError that the caller did not ask for. Any other such AbortError counts as a network error. */
export const abortMessages: ErrorTable = [
  [/^Fetch is aborted/, 'timeout'], // WebKitGTK 2.50 says it of AbortSignal.timeout
  ['The operation was aborted. ', 'network'], // Firefox 153 says it, with the space, of a reset in the body
];

/** `net::` codes as DevTools, Electron and React Native on Android (Cronet) show them: net_error_list.h, Chromium 156. */
export const chromiumCodes: ErrorTable = [
  ['ERR_INTERNET_DISCONNECTED', 'offline'],
  ...rows('timeout', 'ERR_TIMED_OUT', 'ERR_CONNECTION_TIMED_OUT', 'ERR_DNS_TIMED_OUT'),
  ...rows('network', 'ERR_NETWORK_CHANGED', 'ERR_NETWORK_IO_SUSPENDED', 'ERR_NETWORK_ACCESS_DENIED'),
  ...rows('network', 'ERR_NAME_NOT_RESOLVED', 'ERR_NAME_RESOLUTION_FAILED', 'ERR_ADDRESS_UNREACHABLE'),
  // CLOSED, RESET, REFUSED, ABORTED, FAILED
  [/^ERR_CONNECTION_/, 'network'],
  ...rows('network', 'ERR_SOCKET_NOT_CONNECTED', 'ERR_EMPTY_RESPONSE', 'ERR_INVALID_HTTP_RESPONSE'),
  ...rows('network', 'ERR_CONTENT_LENGTH_MISMATCH', 'ERR_INCOMPLETE_CHUNKED_ENCODING'),
  ...rows('network', 'ERR_PROXY_CONNECTION_FAILED', 'ERR_TUNNEL_CONNECTION_FAILED', 'ERR_SSL_PROTOCOL_ERROR'),
  // PROTOCOL_ERROR, PING_FAILED and others
  [/^ERR_(HTTP2|QUIC)_/, 'network'],
  // A captive portal, or a clock that is years off: no certificate of ours.
  [/^ERR_CERT_/, 'network'],
];
