import type { NextRequest } from 'next/server';
import type { Verdict } from './readVerdict.ts';

/**
 * Counts the redirects of one path that lead nowhere. Clerk counts too, in a cookie that lives 2 s (`__clerk_redirect_count`, @clerk/backend
 * 3.25): a loop that goes through a sign-in page, or over a slow network, outlives it and never ends.
 */
const cookieName = '__clerk_guard_loop';

/** So many are sent, in a row and each within `maxAgeSeconds` of the last; the next is stopped. As many as Clerk lets go. */
const mostRedirects = 3;
const maxAgeSeconds = 30;

/**
 * Is the answer a step of what may be a loop: a handshake, or a redirect (to sign in) of somebody who does have a token, and it is
 * not accepted? A visitor without a session has none.
 */
export function isLoopStep({ status, reason, redirectsTo }: Verdict): boolean {
  if (redirectsTo === null) return false;
  return status === 'handshake' || (status === 'signed-out' && reason !== '' && !hasNoSession(reason));
}

/**
 * Does the answer end a loop? Signed in, or known to have no session. What is not accepted and not redirected says nothing, and so
 * does what goes through to the Frontend API: a handshake on a path of the app's own is a part of the loop.
 */
const isSettled = ({ status, reason }: Verdict): boolean =>
  status === 'signed-in' || (status === 'signed-out' && hasNoSession(reason));

const hasNoSession = (reason: string): boolean =>
  /^(?:session-token-and-uat-missing|session-token-missing|token-type-mismatch)$/.test(reason);

/** How often this path was redirected already. Another path starts anew: several tabs that are restored are no loop. */
function redirectsSoFar(request: NextRequest): number {
  const [count, path] = (request.cookies.get(cookieName)?.value ?? '').split('.');
  return path === hashOf(request.nextUrl.pathname) ? Number(/^\d$/.exec(count ?? '')?.[0] ?? 0) : 0;
}

/** Has this path been redirected as often as it may be? */
export const isLoop = (request: NextRequest): boolean => redirectsSoFar(request) >= mostRedirects;

/** The cookie of one redirect more, or, where a count is there and is over, of none; null when there is nothing to write. */
export function countCookie(request: NextRequest, verdict: Verdict): string | null {
  const attributes = `Path=/; HttpOnly; SameSite=Lax${request.nextUrl.protocol === 'https:' ? '; Secure' : ''}`;
  if (isLoopStep(verdict)) {
    const value = `${redirectsSoFar(request) + 1}.${hashOf(request.nextUrl.pathname)}`;
    return `${cookieName}=${value}; ${attributes}; Max-Age=${maxAgeSeconds}`;
  }
  return isSettled(verdict) && request.cookies.has(cookieName) ? endCookie(request) : null;
}

/** Ends the count: after the page that stopped the loop, "Retry" begins anew. */
export const endCookie = (request: NextRequest): string =>
  `${cookieName}=; Path=/; HttpOnly; SameSite=Lax${request.nextUrl.protocol === 'https:' ? '; Secure' : ''}; Max-Age=0`;

/** FNV-1a, 32 bits: the path itself is nobody's business in a cookie. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash.toString(36);
}
