import type { NextRequest } from 'next/server';
import { holdsClerkCookie, isClerkParam, writtenCookies } from './clerkNames.ts';
import { requestLike } from './requestLike.ts';

/**
 * The same request as it comes from somebody without a session: without Clerk's cookies, parameters and headers, and without
 * a body. Clerk asks nobody about such a one, so its middleware runs in an outage too, and the app's handler in it. `instance`:
 * a development instance's visitor gets the name of a browser where they have none.
 */
export function asNobody(request: NextRequest, instance: 'live' | 'test' = 'live'): NextRequest {
  const headers = new Headers();
  for (const [name, value] of request.headers) if (!ofSession.test(name)) headers.set(name, value);
  const kept = writtenCookies(request).filter((pair) => isDevBrowser(pair) || !holdsClerkCookie(pair));
  if (instance === 'test' && !kept.some(isDevBrowser)) kept.push(`${devBrowser}=none`);
  if (kept.length > 0) headers.set('cookie', kept.join('; '));
  const nextUrl = request.nextUrl.clone();
  for (const name of [...nextUrl.searchParams.keys()]) if (isClerkParam(name)) nextUrl.searchParams.delete(name);
  return requestLike(request, nextUrl, headers);
}

const ofSession = /^(?:authorization|cookie|x-clerk-.*)$/;

/** Says which browser it is, and nothing of who. Without it Clerk sends a development instance's visitor to a handshake, whatever it says. */
const devBrowser = '__clerk_db_jwt';
const isDevBrowser = (pair: string): boolean => /^__clerk_db_jwt\s*=[^%]*$/.test(pair);
