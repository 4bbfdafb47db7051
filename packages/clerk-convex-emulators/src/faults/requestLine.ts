import type { IncomingMessage } from 'node:http';

/** What faults and logs say of a request: the path has no query string, and Clerk's `_method` override counts as the method. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Reads it off a request; never throws, whatever the client wrote there. */
export function readRequestLine(request: Pick<IncomingMessage, 'method' | 'url'>): RequestLine {
  // Not `new URL`: it throws on `//`, and takes the first part of `//api/query` for a host.
  const [target = '', search] = (request.url ?? '/').split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  const path = target.replace(/^https?:\/\/[^/]*/i, '') || '/';
  // clerk-js sends every mutation as POST `?_method=DELETE`, so that it needs no preflight (core/fapiClient.ts, 5.128).
  return { method: query.get('_method') ?? request.method ?? 'GET', path, query };
}
