import type { NextRequest } from 'next/server';

/**
 * A request of its own, for another address and with other headers, and without a body: that is there once, for who the first one
 * is of. A real one: `new Request(request)`, `fetch(request)` and `clone()` look at private fields (Node 24), which a Proxy or an object
 * that only inherits does not have.
 */
export function requestLike(request: NextRequest, nextUrl: NextRequest['nextUrl'], headers: Headers): NextRequest {
  const { method, signal } = request;
  const made = new (classOf(request))(nextUrl.href, { method, headers, signal });
  // Knows the base path and the locales, which the address does not say.
  Object.defineProperty(made, 'nextUrl', { value: nextUrl });
  // Where a platform puts them: a handler may refuse a country.
  for (const name of ['geo', 'ip']) {
    if (name in request && !(name in made)) Object.defineProperty(made, name, { value: Reflect.get(request, name) });
  }
  return made;
}

/** Next.js's own class: a middleware gets a request of one below it, which is made of something else (NextRequestHint, next 16.4). */
function classOf(request: NextRequest): typeof NextRequest {
  let prototype = Object.getPrototypeOf(request) as object;
  for (;;) {
    const above = Object.getPrototypeOf(prototype) as object;
    if (!('nextUrl' in above)) return prototype.constructor as typeof NextRequest;
    prototype = above;
  }
}
