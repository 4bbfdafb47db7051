import type { IncomingMessage } from 'node:http';

/** What faults and logs say of a request: no query string, and Clerk's `_method` override counts as the method. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
}

/** Reads it off a request. */
export function readRequestLine(request: IncomingMessage): RequestLine {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  // clerk-js sends every mutation as POST `?_method=DELETE`, so that it needs no preflight (core/fapiClient.ts, 5.128).
  return { method: searchParams.get('_method') ?? request.method ?? 'GET', path: pathname };
}
