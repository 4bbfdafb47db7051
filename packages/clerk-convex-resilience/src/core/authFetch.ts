import { browserStored, type Connectivity, type PageSignals } from './connectivity.ts';
import { AuthResilienceError, invalidOption } from './errors.ts';
import { type FetchInput, readPlainCall } from './fetchCall.ts';
import { readClaims } from './jwt.ts';
import { everyone, idOf, instanceOf, markKey, readMark } from './signOutMark.ts';
import { createSender, sendRetrying, type TokenRetryFetchOptions } from './tokenRetryFetch.ts';

export interface AuthFetchOptions extends TokenRetryFetchOptions {
  /**
   * Where the token comes from: Clerk's `getToken`, of `useAuth()` or of a session, as it is; for a JWT template
   * `({ skipCache }) => getToken({ template: 'api', skipCache })`. Null sends without a token, see `isSignedIn`. What it throws is thrown to
   * whoever fetches, and nothing is sent. It may take its time: only the caller's signal ends the wait.
   */
  readonly getToken: (options: { readonly skipCache: boolean }) => Promise<string | null>;
  /**
   * Is somebody signed in? While it says so, a `getToken` that answers null (clerk-js 5 does when it is offline, both majors
   * while they load in an outage) is an error `no_token`, instead of a request as nobody.
   * @defaultValue `() => false`: null sends without a token
   */
  readonly isSignedIn?: () => boolean;
  /**
   * Origins that may see the token, such as `https://api.example.com`, besides that of the page and of `baseUrl`. To any
   * other a request goes without it.
   * @defaultValue none
   */
  readonly origins?: readonly string[];
  /**
   * What relative URLs are relative to. Needed where there is no page (a server, a worker, React Native), unless `origins`
   * are given and every URL is absolute.
   * @defaultValue the page
   */
  readonly baseUrl?: string;
  /** What it asks of the page; `stored`: of which sessions this browser is signed out. */
  readonly connectivity?: PageSignals & Partial<Pick<Connectivity, 'stored'>>;
}

/**
 * A `fetch` for an API of the app's own: `createTokenRetryFetch` with Clerk's token as bearer. A 401 forces one new token,
 * shared by all requests that were refused with the same one, and sends once more; a second 401 is the answer. An
 * `Authorization` header of the caller's stays as it is. Of a session that this browser has signed out of no token is sent, though in an outage Clerk's `getToken`
 * may have one for a while: it counts as null. (A JWT template's own token does not say of which session it is, unless its claims have `sid`.) A body in `init` that is a stream is sent once, and its 401 given back.
 * @throws AuthResilienceError `invalid_option`, when it is created; without a page, a `baseUrl` or `origins`, when it is called
 */
export function createAuthFetch(options: AuthFetchOptions): typeof fetch {
  const { baseUrl, origins = [] } = options;
  if (typeof options.getToken !== 'function') {
    throw invalidOption('getToken', options.getToken, 'a function, as Clerk’s getToken');
  }
  const stored = options.connectivity?.stored ?? browserStored;
  const getToken: AuthFetchOptions['getToken'] = async (how) => {
    const token = await options.getToken(how);
    return token && isSignedOutOf(token, readMark(stored(markKey))) ? null : token;
  };
  const listed = new Set(origins.map((each) => originOption('origins', each, true)));
  if (baseUrl !== undefined) listed.add(originOption('baseUrl', baseUrl, false));
  const sender = createSender(options);
  const withheldFrom = new Set<string>();

  /** The forced refresh that answered the refusal of a token: late 401s of the same one find it here. */
  let renewal: { readonly refused: string | null; readonly token: Promise<string | null>; isOver: boolean } | null =
    null;
  /** A token that was new and was refused: another new one would be too. */
  let hopeless: string | null = null;

  async function renew(refused: string | null): Promise<string | null> {
    if (renewal?.refused === refused) {
      const { token, isOver } = renewal;
      // The user may have signed out since, and that token with them.
      const now = isOver ? await getToken({ skipCache: false }) : refused;
      return now === refused ? token : now;
    }
    const mine = { refused, token: getToken({ skipCache: true }), isOver: false };
    renewal = mine;
    const forget = (token?: string | null): void => {
      mine.isOver = true;
      // What nobody sent was refused to nobody: it says nothing of the next such request.
      if ((!token || !refused || token === refused) && renewal === mine) renewal = null;
    };
    mine.token.then(forget, () => forget());
    return mine.token;
  }

  function mayHaveToken(url: URL): boolean {
    const page = sender.connectivity.baseUrl;
    // Not when it is created: an app that renders on a server creates it there too, and never calls it.
    if (!page && listed.size === 0) throw invalidOption('baseUrl', baseUrl, 'given where there is no page');
    const { origin } = url;
    if (listed.has(origin) || (page && origin !== 'null' && origin === new URL(page).origin)) return true;
    if (!withheldFrom.has(origin)) {
      withheldFrom.add(origin);
      sender.report({ type: 'token_withheld', origin });
      if (!options.onEvent) {
        console.warn(
          `[clerk-convex-resilience] No token was sent to ${origin}: if it may have it, add it to origins of createAuthFetch.`,
        );
      }
    }
    return false;
  }

  return async (input, init) => {
    const { signal, request, replayable, url } = readPlainCall(input, init);
    const own = new Headers(init?.headers ?? request?.headers);
    const target = resolveUrl(url, baseUrl, sender.connectivity.baseUrl);
    // What was looked at is what is sent: never again resolved against something else.
    const sent: FetchInput = request ?? target?.href ?? input;
    if (!target || own.has('authorization') || !mayHaveToken(target)) return sendRetrying(sender, sent, init);

    let used: string | null | undefined;
    let next: string | null = null;
    const headersFor = async (): Promise<Headers> => {
      const token = next ?? (await settled(getToken({ skipCache: false }), signal));
      next = null;
      if (!token && options.isSignedIn?.()) {
        throw new AuthResilienceError('no_token', 'Somebody is signed in and no token could be had: nothing was sent.');
      }
      if (used && !isSameUser(used, token)) {
        throw new AuthResilienceError(
          'session_changed',
          'The session in which this request was begun is over: it is not sent again.',
        );
      }
      used = token;
      const headers = new Headers(own);
      if (token) headers.set('authorization', `Bearer ${token}`);
      return headers;
    };
    const response = await sendRetrying(sender, sent, init, headersFor);
    const refused = used ?? null;
    if (response.status !== 401 || !replayable || (refused && refused === hopeless)) return response;
    sender.report({ type: 'token_refused', failure: { kind: 'session_ended', status: 401, source: 'unknown' } });
    const token = await settled(renew(refused), signal);
    // Nobody else's request: whoever has signed in since did not ask for this one.
    if (!token || token === refused || (refused && !isSameUser(refused, token))) return response;
    response.body?.cancel().catch(() => {});
    next = token;
    const second = await sendRetrying(sender, sent, init, headersFor);
    if (second.status === 401) hopeless = token;
    return second;
  };
}

/** The promise's word, or the caller's abort, whichever comes first. */
function settled<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    promise.catch(() => {}); // of a caller who had left already nobody else hears it
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** As `fetch` will resolve it: in a page that is the document's base, which a `<base>` element can set. */
function resolveUrl(url: string, baseUrl: string | undefined, page: string | undefined): URL | null {
  try {
    return new URL(baseUrl === undefined ? new Request(url).url : url, baseUrl);
  } catch {
    // Node's Request takes no relative URL.
  }
  try {
    return new URL(url, page);
  } catch {
    return null; // `fetch` says it best
  }
}

function originOption(name: string, value: unknown, bare: boolean): string {
  const expected = bare ? 'an origin, such as https://api.example.com' : 'an absolute URL';
  try {
    const { origin, href } = new URL(value as string);
    if (origin !== 'null' && (!bare || href === `${origin}/`)) return origin;
  } catch {
    // told below
  }
  throw invalidOption(name, value, expected);
}

/**
 * Is the token of a session that the mark of the sign-outs names? "Everyone" may be meant of another instance, whose app has been on this
 * origin: then the issuer is another one too, unless it is a proxy's (`https://app.example.com/__clerk`).
 */
function isSignedOutOf(token: string, mark: readonly string[]): boolean {
  if (mark.length === 0) return false;
  const { sid, iss } = readClaims(token) ?? {};
  return mark.some((entry) => {
    if (idOf(entry) !== everyone) return idOf(entry) === sid;
    const instance = instanceOf(entry);
    return !instance || iss === `https://${instance}` || /^https?:\/\/[^/]+\/./.test(`${iss}`);
  });
}

/** The same user in the same organisation, as far as the tokens can be read. */
function isSameUser(before: string, now: string | null): boolean {
  if (now === null) return false;
  const [was, is] = [before, now].map((token) => {
    const claims = readClaims(token);
    // `o` in version 2 of Clerk's session tokens
    return claims && `${claims.sub} ${claims.org_id ?? (claims.o as { readonly id?: string } | undefined)?.id}`;
  });
  return !was || !is || was === is;
}
