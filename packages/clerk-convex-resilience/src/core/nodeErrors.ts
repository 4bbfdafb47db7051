import { type ErrorTable, rows } from './failure.ts';

/** `code` of an error or of its `cause`. */
export const nodeCodes: ErrorTable = [
  // Node 20, libuv
  ...rows('network', 'ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA'),
  ...rows('network', 'EAI_NONAME', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'ENETRESET', 'EPROTO'),
  ...rows('network', 'EADDRNOTAVAIL', 'ENOTCONN'),
  ...rows('timeout', 'ETIMEDOUT', 'ESOCKETTIMEDOUT'),
  // undici 7.30: CONNECT, HEADERS, BODY
  [/^UND_ERR_\w+_TIMEOUT$/, 'timeout'],
  // undici 7.30: SOCKET, CLOSED, DESTROYED, ABORTED, RES_CONTENT_LENGTH_MISMATCH
  [/^UND_ERR_(SOCKET|CLOSED|DESTROYED|ABORTED|RES_)/, 'network'],
  ['ERR_NETWORK', 'network'], // axios 1
  ...rows('network', 'ConnectionRefused', 'ConnectionClosed', 'FailedToOpenSocket'), // Bun 1
];

/** Messages of servers, edge runtimes and React Native, where there is no code. */
export const nodeMessages: ErrorTable = [
  ['fetch failed', 'network'], // undici 7.30
  ['terminated', 'network'], // undici 7.30, connection lost in the body
  ['other side closed', 'network'], // undici 7.30
  ['socket hang up', 'network'], // Node 20, http
  ['Network Error', 'network'], // axios 1
  [/^timeout of \d+ms exceeded$/, 'timeout'], // axios 1
  ['Network request failed', 'network'], // React Native, cross-fetch, whatwg-fetch
  ['Network request timed out', 'timeout'], // React Native
  [/^Network connection lost\.?$/, 'network'], // Cloudflare Workers, is-network-error 1.3.2
  [' A network error occurred.', 'network'], // Bun (WebKit), is-network-error 1.3.2
  [/^error sending request for url/, 'network'], // Deno, is-network-error 1.3.2
  [/^Unable to connect\. Is the computer able to access the url\?/, 'network'], // Bun 1
];
