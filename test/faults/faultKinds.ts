import type { Fault, FaultAction } from 'clerk-convex-emulators';
import type { NetError } from './BrowserSeat.ts';

/** What a fault is to hit at Clerk: requests whose `METHOD /path` matches, so many of them. */
export interface Aim {
  readonly match: RegExp;
  /** @defaultValue all, until the fault is mended */
  readonly times?: number;
  /** A socket to Convex stands that can be dropped. */
  readonly socketStands: boolean;
}

/** A way of breaking things, ready to be done. */
export interface Breakage {
  readonly clerk?: readonly Fault[];
  readonly convex?: readonly Fault[];
  /** Fails requests to Clerk inside the browser. */
  readonly browser?: { readonly error: NetError; readonly delayMs?: number } & Aim;
}

export interface FaultKind {
  /** What happens, as the end of "Clerk ..." or "Convex ...". */
  readonly says: string;
  /**
   * What it needs in order to happen: a request to Clerk, a request for a token, a socket to Convex, a token on that socket.
   */
  readonly needs: 'request' | 'token' | 'socket' | 'authenticate';
  /** Where it is made. `browser`: emulated in the browser, before the network; the page cannot tell it from the real one. */
  readonly madeBy: 'clerk' | 'convex' | 'browser';
  readonly breakage: (aim: Aim) => Breakage;
}

const tokens = /^POST \S*\/sessions\/[^/ ]+\/tokens/;
const getClient = /^GET (\/__clerk)?\/v1\/client$/;

const at = ({ match, times }: Aim, action: Fault['action']): Fault => ({
  match,
  action,
  ...(times !== undefined && { times }),
});
const dropSockets: Fault = { action: 'drop_sockets' };

const atClerk = (says: string, action: Fault['action'] | (() => FaultAction)): FaultKind => ({
  says: `Clerk ${says}`,
  needs: 'request',
  madeBy: 'clerk',
  breakage: (aim) => ({ clerk: [at(aim, typeof action === 'function' ? action() : action)] }),
});
const status = (status: number, rest: object = {}): FaultAction => ({ type: 'status', status, ...rest });
const inBrowser = (says: string, error: NetError, delayMs = 0): FaultKind => ({
  says: `requests to Clerk fail: ${says}`,
  needs: 'request',
  madeBy: 'browser',
  breakage: (aim) => ({ browser: { ...aim, error, delayMs } }),
});
const ofTokens = (says: string, action: Fault['action']): FaultKind => ({
  says: `Clerk ${says}`,
  needs: 'token',
  madeBy: 'clerk',
  breakage: (aim) => ({ clerk: [at({ ...aim, match: tokens }, action)] }),
});

/** 401 to a token request, after which clerk-js looks at the client: it signs the user out when that look is answered 403 or 500. */
const unauthorized = (says: string, look: Fault['action']): FaultKind => ({
  says: `Clerk answers 401 to a token request, and the look at the client that follows ${says}`,
  needs: 'token',
  madeBy: 'clerk',
  breakage: (aim) => ({
    clerk: [
      at(
        { ...aim, match: tokens },
        status(401, {
          json: {
            errors: [{ code: 'authentication_invalid', message: 'Unable to authenticate the request', meta: {} }],
          },
        }),
      ),
      at({ ...aim, match: getClient }, look),
    ],
  }),
});

/** Every kind of fault, by its id. */
export const faultKinds = {
  closed: atClerk('closes connections without an answer', 'close'),
  reset: atClerk('resets connections', 'reset'),
  refused: inBrowser('the connection is refused', 'connectionrefused'),
  timed_out: inBrowser('no connection within 2 s', 'timedout', 2_000),
  name_not_resolved: inBrowser("Clerk's name is not resolved", 'namenotresolved'),
  disconnected: inBrowser('the machine is not connected', 'internetdisconnected'),
  network_changed: {
    says: 'the network changes: requests to Clerk that are under way fail, and the socket to Convex drops',
    needs: 'request',
    madeBy: 'browser',
    // CDP cannot say ERR_NETWORK_CHANGED; to a page all of these are the same TypeError.
    breakage: (aim) => ({
      browser: { ...aim, error: 'connectionaborted', delayMs: 100 },
      convex: aim.socketStands ? [dropSockets] : [],
    }),
  },
  truncated: atClerk('breaks off in the middle of its answers', 'truncate'),
  garbage: atClerk('answers 200 with what is not JSON', 'garbage'),
  html_502: atClerk('answers 502 with the HTML of its edge', status(502, { html: '<h1>502 Bad Gateway</h1>' })),
  http_500: atClerk('answers 500', status(500)),
  http_503: atClerk('answers 503', status(503)),
  http_429: atClerk('answers 429', status(429)),
  http_429_retry_after_seconds: atClerk(
    'answers 429 with Retry-After: 3',
    status(429, { headers: { 'retry-after': '3' } }),
  ),
  http_429_retry_after_date: atClerk('answers 429 with a Retry-After that is a date, 4 s ahead', () =>
    status(429, { headers: { 'retry-after': new Date(Date.now() + 4_000).toUTCString() } }),
  ),
  unauthorized_client_500: unauthorized('answers 500', status(500)),
  unauthorized_client_429: unauthorized('answers 429', status(429)),
  unauthorized_client_network_error: unauthorized('fails', 'close'),
  empty_token: ofTokens('answers 200 with an empty token', 'empty_token'),
  identical_token: ofTokens('gives the previous token once more', 'identical_token'),
  hang: atClerk('takes requests and does not answer', 'hang'),
  late_20s: atClerk('answers after 20 s', { type: 'delay', delayMs: 20_000 }),
  socket_dropped: {
    says: 'the socket to Convex drops',
    needs: 'socket',
    madeBy: 'convex',
    breakage: () => ({ convex: [dropSockets] }),
  },
  upgrade_refused: {
    says: 'the socket to Convex drops, and no new one opens',
    needs: 'socket',
    madeBy: 'convex',
    breakage: (aim) => ({
      convex: [at({ ...aim, match: /^CONNECT / }, 'refuse_upgrade'), ...(aim.socketStands ? [dropSockets] : [])],
    }),
  },
  authenticate_rejected: {
    says: 'Convex refuses the token that it is given',
    needs: 'authenticate',
    madeBy: 'convex',
    breakage: (aim) => ({ convex: [at({ ...aim, match: /^MESSAGE / }, 'reject_authenticate')] }),
  },
  auth_error: {
    says: 'Convex takes the identity back',
    needs: 'authenticate',
    madeBy: 'convex',
    breakage: () => ({ convex: [{ action: 'auth_error' }] }),
  },
} as const satisfies Readonly<Record<string, FaultKind>>;

export type FaultId = keyof typeof faultKinds;
export const faultIds = Object.keys(faultKinds) as readonly FaultId[];

/** Faults that happen at one moment and last for none: lasting, they come again and again. */
export const isMomentary = (fault: FaultId): boolean => fault === 'socket_dropped' || fault === 'auth_error';
