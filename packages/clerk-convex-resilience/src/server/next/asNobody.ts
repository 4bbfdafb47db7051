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
  const Cookies = request.cookies.constructor as new (headers: Headers) => NextRequest['cookies'];
  const mine: Readonly<Record<string | symbol, unknown>> = {
    headers,
    nextUrl,
    cookies: new Cookies(headers),
    url: nextUrl.href,
    // The first run may have read it, and a stream is read once.
    body: null,
  };
  return new Proxy(request, {
    get(target, name) {
      if (Object.hasOwn(mine, name)) return mine[name];
      // Getters of Request look at private fields, which a proxy does not have.
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const ofSession = /^(?:authorization|cookie|x-clerk-.*)$/;

/** Says which browser it is, and nothing of who. Without it Clerk sends a development instance's visitor to a handshake. */
const devBrowser = '__clerk_db_jwt';
