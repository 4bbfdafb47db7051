/** What Clerk's middleware has made of a request, as its answer shows it. */
export interface Verdict {
  /**
   * Clerk's word. Of somebody who is signed in only the page is told, so an answer without a word may be one in place of a page, or
   * may not be of Clerk's middleware at all: what goes through it to the Frontend API has none.
   */
  readonly status: 'signed-in' | 'signed-out' | 'handshake' | 'untold';
  /** Why it is no sign-in: `session-token-expired`, `jwk-kid-mismatch`. Empty where nothing is said. */
  readonly reason: string;
  /** Where the answer leads to; null where it leads nowhere. */
  readonly redirectsTo: string | null;
  /** Clerk could not be asked whose session it is: its keys did not come. */
  readonly isUnverified: boolean;
  /** Clerk does not accept the secret key, so no session can be verified. */
  readonly isKeyRefused: boolean;
  /** The answer turns somebody away: to sign in, or with 401 or 404. */
  readonly isRefused: boolean;
  /** Taken for nobody with a session that a handshake would have renewed, or ended: only a document can be sent to one. */
  readonly isOver: boolean;
  /** Taken for nobody with a session that is signed with none of the keys that Clerk has. */
  readonly isOfUnknownKey: boolean;
  /** What stands behind a handshake's nonce did not come: Clerk could not be asked, or there is no such nonce. */
  readonly isEmptyHandshake: boolean;
}

/** Clerk's keys did not come. A fetch that fails is `unexpected-error`, an answer that is none the other (@clerk/backend 3.25). */
const withoutKeys = /^(?:jwk-remote-failed-to-load|jwk-failed-to-resolve|unexpected-error)$/;

/** What Clerk sends a document to a handshake for (@clerk/backend 3.25); anything else is signed out for it. */
const dueForHandshake =
  /^(?:session-token-(?:expired|nbf|iat-|but-no-client-uat)|client-uat-but-no-session-token|active-organization-mismatch)/;

/** Of a development instance, whose cookie that names the browser has gone, or comes in the address: whoever has a session gets it back there. */
const dueForBrowser = /^dev-browser-/;
const sessionCookie = /(?:^|;\s*)__session(?:_[\w-]+)?=[^;]/;

/** Reads Clerk's debug headers (`withDebugHeaders`, @clerk/backend 3.25), which are on every answer but for a sign-in. */
export function readVerdict(response: Response, request: Pick<Request, 'headers' | 'url'>): Verdict {
  const status = statusOf(response.headers);
  // `auth.protect()` answers a program with a 404 and a reason of its own, to which Clerk's is appended (@clerk/nextjs 7.9).
  const words = response.headers.get('x-clerk-auth-reason') ?? '';
  const reason = words.replace(/^protect-rewrite(?:,\s*)?/, '');
  const isRedirect = response.status >= 300 && response.status < 400;
  const isRefused = isRedirect || words !== reason || response.status === 401;
  return {
    status,
    reason,
    redirectsTo: isRedirect ? response.headers.get('location') : null,
    isRefused,
    isOver:
      status === 'signed-out' &&
      (dueForHandshake.test(reason) ||
        (dueForBrowser.test(reason) && sessionCookie.test(request.headers.get('cookie') ?? ''))),
    isOfUnknownKey: status === 'signed-out' && reason.startsWith('jwk-kid-mismatch'),
    isEmptyHandshake: status === 'signed-out' && isEmptyHandshake(response, request),
    isKeyRefused: status === 'signed-out' && reason === 'secret-key-invalid',
    isUnverified: status === 'signed-out' && withoutKeys.test(reason),
  };
}

/** What the page is told is a request's header, as Next.js writes it onto an answer (@clerk/nextjs 7.9, decorateRequest). */
function statusOf(headers: Headers): Verdict['status'] {
  const said = headers.get('x-clerk-auth-status');
  if (said === 'handshake' || said === 'signed-out') return said;
  return headers.get('x-middleware-request-x-clerk-auth-status') === 'signed-in' ? 'signed-in' : 'untold';
}

/**
 * The browser came back from a handshake with a nonce, and what stands behind it could not be fetched: @clerk/backend 3.25 prints
 * the error and takes the visitor for signed out. What it can fetch sets cookies, for a visitor too.
 */
function isEmptyHandshake(response: Response, { headers, url }: Pick<Request, 'headers' | 'url'>): boolean {
  const hasNonce =
    new URL(url).searchParams.has('__clerk_handshake_nonce') ||
    /(?:^|;\s*)__clerk_handshake_nonce=/.test(headers.get('cookie') ?? '');
  return hasNonce && !response.headers.has('set-cookie');
}

/** Where Clerk's handshake is: `…/v1/client/handshake`, behind a proxy's path too. */
const handshakePath = /\/v1\/client\/handshake$/;

/**
 * The Frontend API that a handshake sends the browser to; null when the answer is none, or leads to a host that is not among
 * `hosts`: with a relative proxy URL Clerk takes it from `X-Forwarded-Host`, which anybody can write.
 */
export function frontendApiOf({ status, redirectsTo }: Verdict, hosts: readonly (string | undefined)[]): URL | null {
  if (status !== 'handshake' || redirectsTo === null) return null;
  try {
    const url = new URL(redirectsTo);
    if (!handshakePath.test(url.pathname) || !hosts.includes(url.host)) return null;
    return new URL(url.origin + url.pathname.replace(handshakePath, '/v1/environment'));
  } catch {
    return null;
  }
}
