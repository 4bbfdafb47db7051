import type { ErrorRow } from './failure.ts';

const codes = (seen: string, kind: ErrorRow['kind'], ...names: readonly string[]): readonly ErrorRow[] =>
  names.map((match) => ({ match, kind, seen }));

/** `code` of an error or of its `cause`. */
export const nodeCodes: readonly ErrorRow[] = [
  ...codes('Node 20 libuv', 'network', 'ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN'),
  ...codes('Node 20 libuv', 'network', 'EAI_NODATA', 'EAI_NONAME', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH'),
  ...codes('Node 20 libuv', 'network', 'ENETDOWN', 'ENETRESET', 'EADDRNOTAVAIL', 'EPROTO', 'ENOTCONN'),
  ...codes('Node 20 libuv', 'timeout', 'ETIMEDOUT', 'ESOCKETTIMEDOUT', 'ETIME'),
  ...codes('undici 7.30', 'timeout', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'),
  ...codes('undici 7.30', 'network', 'UND_ERR_SOCKET', 'UND_ERR_CLOSED', 'UND_ERR_DESTROYED'),
  ...codes('undici 7.30', 'network', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'UND_ERR_ABORTED'),
  ...codes('axios 1', 'network', 'ERR_NETWORK'),
  ...codes('Bun 1', 'network', 'ConnectionRefused', 'ConnectionClosed', 'FailedToOpenSocket'),
];

/** Messages of servers, edge runtimes and React Native, where there is no code. */
export const nodeMessages: readonly ErrorRow[] = [
  { match: 'fetch failed', kind: 'network', seen: 'undici 7.30 fetch' },
  { match: 'terminated', kind: 'network', seen: 'undici 7.30, connection lost in the body' },
  { match: 'other side closed', kind: 'network', seen: 'undici 7.30' },
  { match: 'socket hang up', kind: 'network', seen: 'Node 20 http' },
  { match: 'Network Error', kind: 'network', seen: 'axios 1' },
  { match: /^timeout of \d+ms exceeded$/, kind: 'timeout', seen: 'axios 1' },
  { match: 'Network request failed', kind: 'network', seen: 'React Native 0.7x, cross-fetch, whatwg-fetch' },
  { match: 'Network request timed out', kind: 'timeout', seen: 'React Native 0.7x' },
  { match: 'Network connection lost', kind: 'network', seen: 'Cloudflare Workers, is-network-error 1.3.2' },
  { match: 'Network connection lost.', kind: 'network', seen: 'Cloudflare Workers' },
  { match: ' A network error occurred.', kind: 'network', seen: 'Bun (WebKit), is-network-error 1.3.2' },
  { match: /^error sending request for url/, kind: 'network', seen: 'Deno, is-network-error 1.3.2' },
  { match: /^Unable to connect\. Is the computer able to access the url\?/, kind: 'network', seen: 'Bun 1' },
];
