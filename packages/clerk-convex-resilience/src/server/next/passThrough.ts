import type { NextRequest } from 'next/server';

/**
 * Lets a request go on to its page as one of nobody: `NextResponse.next({ request: { headers } })` of next 16.4, written
 * out, since outside a bundler `next/server` cannot be imported.
 *
 * What Clerk's middleware hands to `auth()` are request headers (`x-clerk-auth-*`, @clerk/nextjs 7.9), signed with the secret
 * key. Where that key is missing the signature is one that anybody can make, so headers of that name are taken out,
 * and `auth()` is told that nobody is signed in.
 */
export function passThrough(request: NextRequest): Response {
  const forwarded = new Map<string, string>();
  for (const [name, value] of request.headers) if (!name.startsWith('x-clerk-')) forwarded.set(name, value);
  forwarded.set('x-clerk-auth-status', 'signed-out');
  const headers = new Headers({
    'x-middleware-next': '1',
    'x-middleware-override-headers': [...forwarded.keys()].join(','),
  });
  for (const [name, value] of forwarded) headers.set(`x-middleware-request-${name}`, value);
  return new Response(null, { headers });
}
