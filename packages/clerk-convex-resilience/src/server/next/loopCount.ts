import type { NextRequest } from 'next/server';
import { withoutClerkParams } from './clerkNames.ts';
import { isNavigation } from './isNavigation.ts';
import type { Verdict } from './readVerdict.ts';

/**
 * Counts the redirects of one address that lead nowhere. Clerk counts too, in a cookie that lives 2 s (`__clerk_redirect_count`, @clerk/backend
 * 3.25): a loop that goes through a sign-in page, or over a slow network, outlives it and never ends.
 */
const plainName = '__clerk_guard_loop';

const isSecure = ({ nextUrl }: NextRequest): boolean => nextUrl.protocol === 'https:';

/**
 * Where a browser keeps it: one of that prefix comes from this host alone. Another, which a sibling domain has written for all of
 * them, no answer of this one could end. On http, as on localhost, no browser takes it.
 */
const nameOf = (request: NextRequest): string => `${isSecure(request) ? '__Host-' : ''}${plainName}`;

/** So many are sent, in a row and each within `maxAgeSeconds` of the last; the next is stopped. As many as Clerk lets go. */
const mostRedirects = 3;
const maxAgeSeconds = 30;

/** So many addresses are counted at once: tabs that are restored, or a loop that leads over several. */
const mostAddresses = 8;

/**
 * Is the answer a step of what may be a loop: a handshake, or a redirect (to sign in) of somebody who does have a token, and it is
 * not accepted? A visitor without a session has none, and a fetch or a prefetch leads a browser nowhere.
 */
function isLoopStep({ status, reason, redirectsTo }: Verdict, request: NextRequest): boolean {
  if (redirectsTo === null || !isNavigation(request)) return false;
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

/**
 * What is counted as one: an address, but for what a handshake and the router add to it. Handshakes by themselves: only a document
 * can be sent to one, so links that the router has fetched meanwhile, and that were sent to sign in, say nothing of it.
 */
function stepOf({ status }: Verdict, { nextUrl }: NextRequest): string {
  const search = withoutClerkParams(nextUrl);
  search.delete('_rsc');
  return hashOf(`${status === 'handshake' ? status : ''} ${nextUrl.pathname}?${search}`);
}

type Count = readonly [times: number, step: string];

/** How often each was redirected already, the last one first. */
function countsIn(request: NextRequest): readonly Count[] {
  const written = request.cookies.get(nameOf(request))?.value ?? '';
  return written.split('~', mostAddresses).flatMap((each) => {
    const [, times, step] = /^(\d)\.(\w+)$/.exec(each) ?? [];
    return step === undefined ? [] : [[Number(times), step] as const];
  });
}

const timesOf = (counts: readonly Count[], step: string): number => counts.find(([, each]) => each === step)?.[0] ?? 0;

/** Is this one redirect more of an address that was redirected as often as it may be? */
export const isLoop = (request: NextRequest, verdict: Verdict): boolean =>
  isLoopStep(verdict, request) && timesOf(countsIn(request), stepOf(verdict, request)) >= mostRedirects;

/** The cookie of one redirect more, or, where a count is there and is over, of none; null when there is nothing to write. */
export function countCookie(request: NextRequest, verdict: Verdict): string | null {
  if (isLoopStep(verdict, request)) {
    const counts = countsIn(request);
    const step = stepOf(verdict, request);
    const mine: Count = [timesOf(counts, step) + 1, step];
    return cookieOf(request, [mine, ...without(step, counts)].slice(0, mostAddresses));
  }
  return isSettled(verdict) && request.cookies.has(nameOf(request)) ? cookieOf(request, []) : null;
}

/** Ends the count of what was stopped: "Retry" begins anew. Another address of the same loop is not forgotten for it. */
export const stopCookie = (request: NextRequest, verdict: Verdict): string =>
  cookieOf(request, without(stepOf(verdict, request), countsIn(request)));

const without = (step: string, counts: readonly Count[]): readonly Count[] =>
  counts.filter(([, each]) => each !== step);

function cookieOf(request: NextRequest, counts: readonly Count[]): string {
  const value = counts.map((each) => each.join('.')).join('~');
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure(request) ? '; Secure' : ''}`;
  return `${nameOf(request)}=${value}; ${attributes}; Max-Age=${value === '' ? 0 : maxAgeSeconds}`;
}

/** FNV-1a, 32 bits: the address itself is nobody's business in a cookie. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash.toString(36);
}
