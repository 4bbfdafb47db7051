import type { NextRequest } from 'next/server';
import { clerkCookie } from './mayAskClerk.ts';

/**
 * The same request as it comes from somebody without a session: without Clerk's cookies, parameters and headers, and without
 * a body. Clerk asks nobody about such a one, so its middleware runs in an outage too, and the app's handler in it.
 */
export function asNobody(request: NextRequest): NextRequest {
  const headers = new Headers();
  for (const [name, value] of request.headers) if (!ofSession.test(name)) headers.set(name, value);
  const kept = request.cookies.getAll().filter(({ name }) => !clerkCookie.test(name) || name === devBrowser);
  if (kept.length > 0) headers.set('cookie', kept.map(({ name, value }) => `${name}=${value}`).join('; '));
  const nextUrl = request.nextUrl.clone();
  for (const name of [...nextUrl.searchParams.keys()])
    if (name.startsWith('__clerk')) nextUrl.searchParams.delete(name);
  // Its methods too, and what is made of it: `clone()` and `new Request(request)` of the one that came would have the session.
  const bare = new Request(nextUrl.href, { method: request.method, headers, signal: request.signal });
  const Cookies = request.cookies.constructor as new (headers: Headers) => NextRequest['cookies'];
  const mine: Readonly<Record<string | symbol, unknown>> = { nextUrl, cookies: new Cookies(bare.headers) };
  return new Proxy(request, {
    get(target, name) {
      if (Object.hasOwn(mine, name)) return mine[name];
      const from = name in bare ? bare : target;
      // Getters of Request look at private fields, which a proxy does not have.
      const value: unknown = Reflect.get(from, name, from);
      return typeof value === 'function' ? value.bind(from) : value;
    },
  });
}

const ofSession = /^(?:authorization|cookie|x-clerk-.*)$/;

/** Says which browser it is, and nothing of who. Without it Clerk sends a development instance's visitor to a handshake. */
const devBrowser = '__clerk_db_jwt';
