import type { ErrorTable } from './failure.ts';

/** Messages of what a page's `fetch` and `import()` reject with. A page never sees a `net::ERR_` code. */
export const browserMessages: ErrorTable = [
  // Chromium 156: fetch, connection lost in the body, import()
  [/^Failed to fetch( \(.*\))?$|^network error$|^Failed to fetch dynamically imported module/, 'network'],
  // Firefox 153: fetch, end in the body, import(); is-network-error 1.3.2: connection lost in the body
  [/^NetworkError when attempting to fetch resource\.$|^error loading dynamically imported module/, 'network'],
  [/^Content-Length header of network response exceeds response Body\.$|^Error in input stream$/, 'network'],
  // WebKitGTK 2.50, Safari 17: fetch, import()
  [/^Load failed( \(.*\))?$|^Importing a module script failed\.$/, 'network'],
];

/**
 * What Apple's network layer says, in English or by number: Safari 16 as it is, React Native and Expo 56 (whose fetch is
 * its own) with a place in Swift behind it. NSURLError.h, iOS 18.
 */
export const appleMessages: ErrorTable = [
  // -1009 NotConnectedToInternet, -1020 DataNotAllowed, -1018 InternationalRoamingOff
  [/^The Internet connection appears to be offline\.|^A data connection is not currently allowed\./, 'offline'],
  [/NSURLErrorDomain.{0,20}-10(09|18|20)\b/, 'offline'],
  // -1001 TimedOut
  [/^The request timed out\.|NSURLErrorDomain.{0,20}-1001\b/, 'timeout'],
  // -1005 NetworkConnectionLost, -1004 CannotConnectToHost, -1003 CannotFindHost, -1200 SecureConnectionFailed
  [/^The network connection was lost\.|^Could not connect to the server\./, 'network'],
  [/^A server with the specified hostname could not be found\.|^A TLS error caused the secure connection/, 'network'],
  [/^An SSL error has occurred|NSURLErrorDomain.{0,20}-1(00[3-6]|011|017|20\d)\b/, 'network'],
];

/** Messages of an AbortError that the caller did not ask for. Any other such AbortError counts as a network error. */
export const abortMessages: ErrorTable = [
  [/^Fetch is aborted/, 'timeout'], // WebKitGTK 2.50 says it of AbortSignal.timeout
  ['The operation was aborted. ', 'network'], // Firefox 153 says it, with the space, of a reset in the body
];

/** `net::` codes as DevTools, Electron and React Native on Android (Cronet) show them: net_error_list.h, Chromium 156. */
export const chromiumCodes: ErrorTable = [
  ['ERR_INTERNET_DISCONNECTED', 'offline'],
  [/^ERR_(CONNECTION_|DNS_)?TIMED_OUT$/, 'timeout'],
  // CHANGED, IO_SUSPENDED, ACCESS_DENIED; CLOSED, RESET, REFUSED, ABORTED, FAILED; NOT_RESOLVED, RESOLUTION_FAILED; UNREACHABLE, INVALID
  [/^ERR_(NETWORK|CONNECTION|NAME|ADDRESS|DNS|SOCKET|SOCKS|PROXY|TUNNEL)_/, 'network'],
  // PROTOCOL_ERROR, PING_FAILED and others
  [/^ERR_(SSL|HTTP2|QUIC)_/, 'network'],
  // No answer, no HTTP, or an answer that is cut short
  [/^ERR_(EMPTY_RESPONSE|INVALID_HTTP_RESPONSE|RESPONSE_HEADERS_TRUNCATED|CONTENT_LENGTH_MISMATCH)$/, 'network'],
  [/^ERR_(CONTENT_DECODING_FAILED|(INCOMPLETE|INVALID)_CHUNKED_ENCODING)$/, 'network'],
  // A captive portal, or a clock that is years off: no certificate of ours.
  [/^ERR_CERT_/, 'network'],
  // What Electron's net says of a fetch that it could not make, whatever the reason: 41
  [/^ERR_(FAILED|ABORTED)$/, 'network'],
];
