import type { ErrorTable } from './failure.ts';

/** `code` of an error or of its `cause`. */
export const nodeCodes: ErrorTable = [
  // Node 20, libuv
  [/^E(CONN(RESET|REFUSED|ABORTED)|PIPE|NOTFOUND|AI_(AGAIN|NODATA|NONAME|FAIL)|HOST(UNREACH|DOWN))$/, 'network'],
  [/^E(NET(UNREACH|DOWN|RESET)|PROTO|ADDRNOTAVAIL|NOTCONN)$/, 'network'],
  [/^E(SOCKET)?TIMEDOUT$/, 'timeout'],
  // Node 20, OpenSSL: a captive portal, or a proxy in between: no certificate of ours
  [/^(CERT_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)|ERR_TLS_CERT_)/, 'network'],
  [/^HPE_/, 'network'], // Node 20, llhttp: no HTTP
  ['ERR_STREAM_PREMATURE_CLOSE', 'network'], // node-fetch 3
  // undici 6.24 and 7.30: CONNECT, HEADERS, BODY
  [/^UND_ERR_\w+_TIMEOUT$/, 'timeout'],
  [/^UND_ERR_(SOCKET|CLOSED|DESTROYED|ABORTED|PRX_TLS|RES_CONTENT_LENGTH_MISMATCH)$/, 'network'],
  ['ERR_NETWORK', 'network'], // axios 1
  [/^(ConnectionRefused|ConnectionClosed|FailedToOpenSocket)$/, 'network'], // Bun 1
];

/** Messages of servers, edge runtimes and React Native, where there is no code. */
export const nodeMessages: ErrorTable = [
  // undici 7.30: fetch (Expo 56 puts the reason behind it), connection lost in the body
  [/^fetch failed(: |$)|^(terminated|other side closed)$/, 'network'],
  ['socket hang up', 'network'], // Node 20, http
  ['Network Error', 'network'], // axios 1
  [/^timeout of \d+ms exceeded$/, 'timeout'], // axios 1
  ['Network request failed', 'network'], // React Native 0.81, cross-fetch, whatwg-fetch
  ['Network request timed out', 'timeout'], // React Native 0.81, whatwg-fetch
  [/^Network connection lost\.?$/, 'network'], // Cloudflare Workers, is-network-error 1.3.2
  [' A network error occurred.', 'network'], // Bun (WebKit), is-network-error 1.3.2
  [/^error sending request for url/, 'network'], // Deno, is-network-error 1.3.2
  [/^Unable to connect\. Is the computer able to access the url\?/, 'network'], // Bun 1
];

/** What OkHttp 4 and Android's sockets say through Expo 56, whose fetch is its own; React Native's own fetch hides it. */
export const androidMessages: ErrorTable = [
  [/^(timeout|(connect|Read) timed out)$/i, 'timeout'],
  [/^(Unable to resolve host |failed to connect to |Software caused connection abort|Socket closed)/i, 'network'],
  [/^(Connection (reset|closed by peer)|unexpected end of stream|stream was reset|SSL handshake aborted)/, 'network'],
];
