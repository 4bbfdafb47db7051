import type { NextFetchEvent, NextMiddleware, NextRequest } from 'next/server';
import { parsePublishableKey } from '../../config/publishableKey.ts';
import { type Clock, systemClock } from '../../core/clock.ts';
import { AuthResilienceError, invalidOption } from '../../core/errors.ts';
import { httpFailure } from '../../core/httpFailure.ts';
import { redactSecret } from '../../diagnosis/redact.ts';
import type { AuthMessages } from '../../locales/messages.ts';
import { within } from '../webhooks/within.ts';
import { answerUnavailable } from './answerUnavailable.ts';
import { asNobody } from './asNobody.ts';
import { hasBrokenToken } from './brokenToken.ts';
import {
  backendApiKeys,
  frontendApiHost,
  frontendApiKeys,
  frontendApiSettings,
  isForFrontendApi,
  isHandshake,
  proxyHost,
} from './clerkAddresses.ts';
import { isControlFlow } from './controlFlow.ts';
import { createClerkCheck } from './createClerkCheck.ts';
import { createGuardReport, type GuardErrorReport } from './createGuardReport.ts';
import { createIssuerCheck } from './createIssuerCheck.ts';
import { createRoutes, type GuardRoutes } from './createRoutes.ts';
import { createRunner, type MaybeMiddleware } from './createRunner.ts';
import { faultOfError, type GuardFault, timedOut, unconfigured, unreachable } from './faults.ts';
import type { GuardLogger } from './guardLog.ts';
import { isRead } from './isRead.ts';
import { isServerAction } from './isServerAction.ts';
import { countCookie, isLoop, stopCookie } from './loopCount.ts';
import { loopFault } from './loopFault.ts';
import { mayAskClerk } from './mayAskClerk.ts';
import { passThrough } from './passThrough.ts';
import { checkKeys, keysInEnv } from './readKeys.ts';
import { frontendApiOf, readVerdict, type Verdict } from './readVerdict.ts';

/** Options of `withClerkGuard`. Each is checked when it is given. */
export interface ClerkGuardOptions {
  /**
   * Which routes are served while Clerk's middleware cannot run. What is not declared here is protected: it is answered 503
   * then. Not consulted while all is well: Clerk's middleware decides alone.
   * @defaultValue none
   */
  readonly publicRoutes?: GuardRoutes | undefined;
  /**
   * What is protected although `publicRoutes` says otherwise: `/blog/*` is public, and `/blog/drafts/*` is not.
   * @defaultValue none
   */
  readonly protectedRoutes?: GuardRoutes | undefined;
  /** @defaultValue `NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY`, read at each request */
  readonly publishableKey?: string | undefined;
  /** @defaultValue `CLERK_SECRET_KEY`, read at each request */
  readonly secretKey?: string | undefined;
  /**
   * How long Clerk may take to say who is there, and how long the Frontend API before a browser is sent there; in milliseconds.
   * Clerk needs less than one second when it is well, and about three to give up a Backend API that refuses connections (five
   * attempts, 2.7 s, @clerk/backend 3.25). One that hangs it waits for without end, and platforms cut a middleware off after 25
   * to 30 s with an error of their own. The app's handler may take longer: while Clerk answers it is waited for.
   * @defaultValue 5_000
   */
  readonly handshakeTimeoutMs?: number | undefined;
  /**
   * Whether Clerk is asked if it is there: the Frontend API before a browser is sent there, and before somebody whose token is
   * over is refused; the Backend API when the middleware is slow. Turn it off where this server may not open connections to
   * Clerk: a middleware that is late is then answered 503 on every route, since nothing tells whether it is Clerk or the handler.
   * @defaultValue true
   */
  readonly checkFrontendApi?: boolean | undefined;
  /**
   * The language of the page that a visitor gets, always: `ru` of `./locales/ru`.
   * @defaultValue the one that `Accept-Language` asks for, of the eleven that there are
   */
  readonly locale?: AuthMessages | undefined;
  /** Single texts in place of the locale's. */
  readonly messages?: Partial<AuthMessages> | undefined;
  /** Gets what was thrown, which the log does not hold. What it throws itself, or rejects with, is dropped. */
  readonly onError?: ((report: GuardErrorReport) => unknown) | undefined;
  /**
   * One line for each request that is refused, and one in 10 s for those that are served in spite of a fault. `null` for none.
   * @defaultValue console
   */
  readonly logger?: GuardLogger | null | undefined;
  /** The time, for tests. @defaultValue the system's */
  readonly clock?: Clock | undefined;
  /** What asks the Frontend API, for tests. @defaultValue the global `fetch` */
  readonly fetch?: typeof fetch | undefined;
}

type Answer = Awaited<ReturnType<NextMiddleware>>;
type Late = 'late' | 'late, and nobody knows why';

/** What `proxy.ts` and `middleware.ts` export. */
export type ClerkGuard = (request: NextRequest, event: NextFetchEvent) => Promise<Awaited<ReturnType<NextMiddleware>>>;

/**
 * Keeps an app's public pages up, and its others shut, while Clerk's middleware cannot run: no keys, keys of another
 * instance, Clerk unreachable, redirects in a circle, a handler that throws. While all is well every answer is
 * Clerk's own, untouched.
 *
 * `middleware`: `clerkMiddleware(...)`, or a function that makes it, which is called at the first request with good keys, and
 * again after it has failed. One that answers a promise is also called by the requests that come before that is kept.
 * Redirects, `notFound()` and the like of Next.js pass. @throws AuthResilienceError `invalid_option`, when it is created
 */
export function withClerkGuard(middleware: MaybeMiddleware, options: ClerkGuardOptions = {}): ClerkGuard {
  const { clock = systemClock, handshakeTimeoutMs: timeoutMs = 5_000, checkFrontendApi = true } = options;
  checkOptions(middleware, options);
  const isPublic = createRoutes(options);
  const report = createGuardReport(clock, options.logger === undefined ? console : options.logger, options.onError);
  const send: typeof fetch = (...args) => (options.fetch ?? globalThis.fetch)(...args);
  const checkFrontend = createClerkCheck(clock, send, timeoutMs);
  const checkBackend = createClerkCheck(clock, send, timeoutMs / 2);
  const isSignedByFrontend = createIssuerCheck(clock, send, timeoutMs);
  const run = createRunner(middleware);
  /** Hosts of the app whose handshakes lead to an address that nothing here knows: a proxy that is set in Clerk's own options. */
  const elsewhere = new Set<string>();

  return async (request, event) => {
    const startedAt = clock.now();
    const { keys, names } = keysOf(options);
    const problems = checkKeys(keys, names);
    if (problems.length > 0 || !run) {
      const fault = unconfigured(problems.length > 0 ? problems : [noMiddleware]);
      // With keys of two instances Clerk can tell nobody who is there, and a visitor's answer all the same.
      const canRun = problems.every(({ code }) => code === 'SECRET_KEY_OF_ANOTHER_INSTANCE');
      if (run && canRun) return toNobody(run, fault, request, event);
      return isOpen(request) ? tell(fault, passThrough(request)) : refuse(fault, request);
    }
    const host = frontendApiHost(keys.publishableKey);
    // The handler has begun, or has thrown, where this is called: what may have had an effect is not done twice.
    const inPlace = (fault: GuardFault): Promise<Response> =>
      isRead(request) ? toNobody(run, fault, request, event) : refuse(fault, request);

    let response: Answer | Late;
    try {
      response = await inTime(run(request, event), request);
    } catch (error) {
      if (isControlFlow(error)) throw error;
      const fault = faultOfError(error, host);
      // The browser would have that error on every page, until the cookie is over.
      if (fault.reason === 'handler_failed' && isRead(request) && hasBrokenToken(request)) {
        return withoutToken(run, fault, request, event);
      }
      return inPlace(fault);
    }
    if (response === 'late') return inPlace(timedOut(host, timeoutMs));
    if (response === 'late, and nobody knows why') return refuse(timedOut(host, timeoutMs), request);
    // Nothing is what a middleware answers that has nothing to say: Next.js goes on.
    if (!response) return response;

    if (response.status >= 500 && isForFrontendApi(request.nextUrl.pathname) && isHandshake(request.nextUrl.pathname)) {
      const failure = httpFailure('server', response, clock.now(), { source: 'clerk' });
      return refuse(unreachable(failure, host, `${response.status}`), request);
    }

    const verdict = readVerdict(response, request);
    const secretKey = { name: names.secretKey, seen: redactSecret(`${keys.secretKey}`) };
    const leftMs = Math.max(500, timeoutMs - (clock.now() - startedAt));
    if (verdict.isUnverified || verdict.isKeyRefused || (verdict.isEmptyHandshake && !(await isBackendThere(leftMs)))) {
      const { reason: code } = verdict;
      const fault = verdict.isKeyRefused
        ? unconfigured([{ code: 'SECRET_KEY_REFUSED', args: secretKey }])
        : unreachable({ kind: 'server', retryable: true, source: 'clerk', code }, host, code);
      // Clerk takes the visitor for nobody, and its answer is the right one where nobody may be.
      return isOpen(request) ? tell(fault, response) : refuse(fault, request);
    }
    const handshake = frontendApiOf(verdict, [host, proxyHost()]);
    // A primary domain leads back to whatever address the request names, which anybody can write.
    const isAnswer = verdict.reason === 'primary-responds-to-syncing';
    if (verdict.status === 'handshake' && !handshake && !isAnswer && elsewhere.size < 100)
      elsewhere.add(request.nextUrl.host);
    const settings = handshake ?? (verdict.isOver && isTurnedAway(verdict, request) ? frontendApiSettings(host) : null);
    // Who is not sent anywhere has only this word between them and being nobody: one from before is not enough.
    const since = handshake ? undefined : startedAt;
    const check = checkFrontendApi && settings ? await checkFrontend(settings, leftMs, since) : null;
    if (check?.failure) {
      const fault = unreachable(check.failure, settings?.host, check.failure.code ?? check.failure.kind);
      // Without a handshake the handler has run, and a redirect of a public page is its own.
      return !handshake && isOpen(request) ? tell(fault, response) : inPlace(fault);
    }
    const issuer = verdict.isOfUnknownKey && isTurnedAway(verdict, request) ? frontendApiKeys(host) : null;
    if (issuer && (await isSignedByFrontend(issuer, request, leftMs))) {
      const args = { ...secretKey, expected: host ?? issuer.host };
      const fault = unconfigured([{ code: 'SECRET_KEY_OF_ANOTHER_INSTANCE', args }]);
      return isOpen(request) ? tell(fault, response) : refuse(fault, request);
    }
    if (isLoop(request, verdict)) {
      const fault = loopFault(verdict, request, {
        now: clock.now(),
        clockAheadMs: check?.clockAheadMs,
        frontendApi: host,
        secretKey,
      });
      return withCookie(await inPlace(fault), stopCookie(request, verdict));
    }
    return withCookie(response, countCookie(request, verdict));
  };

  /**
   * What the middleware answers, if it is in time. Clerk's time is up after a while, and the app's handler may take what it needs;
   * but a middleware that was made cannot be looked into. So whoever has nothing to ask Clerk about is waited for, and for the
   * others Clerk is asked from here, so that the word is there when the time is up: while it answers, it is the handler that
   * is slow. Where nobody may be asked, to take a user for nobody would be a guess, and every route is refused.
   */
  async function inTime(answering: Promise<Answer>, request: NextRequest): Promise<Answer | Late> {
    const { pathname } = request.nextUrl;
    if (isForFrontendApi(pathname)) {
      // A browser waits at a handshake; what else goes through may be an upload.
      return isHandshake(pathname) ? within(clock, timeoutMs, answering) : answering;
    }
    if (!mayAskClerk(request)) return answering;
    const soon = await within(clock, timeoutMs / 2, answering);
    if (soon !== 'late') return soon;
    const address = checkFrontendApi ? backendApiKeys() : null;
    const asking = address && checkBackend(address, timeoutMs / 2);
    const answer = await within(clock, timeoutMs / 2, answering);
    if (answer !== 'late') return answer;
    if (!asking) return 'late, and nobody knows why';
    return (await asking).failure ? 'late' : answering;
  }

  /**
   * Does somebody get less for being taken for nobody, and may the Frontend API be asked about it? A page that looks by itself who
   * is there sends nobody to sign in, and an action runs as nobody: where no route is declared public, that is all of them.
   */
  function isTurnedAway({ isRefused }: Verdict, request: NextRequest): boolean {
    return checkFrontendApi && !elsewhere.has(request.nextUrl.host) && (isRefused || !isOpen(request));
  }

  /** May the route be answered as to nobody? An action is found by its id, whatever path it is posted to. */
  function isOpen(request: NextRequest): boolean {
    return !isServerAction(request) && isPublic(request);
  }

  function tell(fault: GuardFault, answer: Response): Response {
    report(fault);
    return answer;
  }

  /** Is it Clerk's Backend API that says so? Where nobody may be asked, it is taken not to have answered. */
  async function isBackendThere(withinMs: number): Promise<boolean> {
    const address = checkFrontendApi ? backendApiKeys() : null;
    return address !== null && (await checkBackend(address, withinMs)).failure === null;
  }

  /**
   * Answers a public route as it is answered to nobody, and shuts any other. The middleware runs once more, on the request
   * without its session: so the app's handler decides, and a visitor cannot get around it by being in a fault of their own making
   * (a cookie that is over, a count that is full). Where that gives no answer either it is shut, and where a handler has thrown.
   */
  async function toNobody(
    run: NonNullable<ReturnType<typeof createRunner>>,
    fault: GuardFault,
    request: NextRequest,
    event: NextFetchEvent,
  ): Promise<Response> {
    // What goes through to Clerk is about the session: without it a handshake would end it.
    const isAboutSession = isForFrontendApi(request.nextUrl.pathname);
    if (fault.reason === 'handler_failed' || isAboutSession || !isOpen(request)) return refuse(fault, request);
    try {
      const nobody = nobodyOf(request);
      const answer = await within(clock, timeoutMs, run(nobody, event));
      if (!answer) return tell(fault, passThrough(nobody));
      if (answer !== 'late' && readVerdict(answer, request).status !== 'handshake') return tell(fault, answer);
    } catch (error) {
      if (isControlFlow(error)) throw error;
    }
    return refuse(fault, request);
  }

  /** What Clerk and the handler say without a token that nobody can read: of any route, as to somebody who has none. */
  async function withoutToken(
    run: NonNullable<ReturnType<typeof createRunner>>,
    fault: GuardFault,
    request: NextRequest,
    event: NextFetchEvent,
  ): Promise<Response> {
    try {
      const nobody = nobodyOf(request);
      return (await run(nobody, event)) ?? passThrough(nobody);
    } catch (error) {
      if (isControlFlow(error)) throw error;
      return refuse(fault, request);
    }
  }

  function nobodyOf(request: NextRequest): NextRequest {
    return asNobody(request, parsePublishableKey(keysOf(options).keys.publishableKey)?.instance);
  }

  async function refuse(fault: GuardFault, request: NextRequest): Promise<Response> {
    const reference = createReference(clock);
    report(fault, reference);
    const { locale, messages } = options;
    return answerUnavailable(fault, request, {
      locale,
      messages,
      reference,
      retryAfterSeconds: retryAfterSeconds(fault, clock),
    });
  }
}

/** There is a proxy file, and nothing of Clerk in it. */
const noMiddleware = { code: 'MIDDLEWARE_WITHOUT_CLERK', args: { file: 'proxy.ts' } } as const;

function checkOptions(
  middleware: unknown,
  { handshakeTimeoutMs, logger, onError, checkFrontendApi }: ClerkGuardOptions,
): void {
  if (middleware !== undefined && middleware !== null && typeof middleware !== 'function') {
    throw new AuthResilienceError(
      'invalid_option',
      'The first argument of withClerkGuard must be clerkMiddleware(...), or a function that makes it.',
    );
  }
  const isMs = (value: unknown) => typeof value === 'number' && value >= 1 && value < 2 ** 31;
  if (handshakeTimeoutMs !== undefined && !isMs(handshakeTimeoutMs)) {
    throw invalidOption('handshakeTimeoutMs', handshakeTimeoutMs, 'a number from 1 to 2147483647');
  }
  if (onError !== undefined && typeof onError !== 'function') throw invalidOption('onError', onError, 'a function');
  if (checkFrontendApi !== undefined && typeof checkFrontendApi !== 'boolean') {
    throw invalidOption('checkFrontendApi', checkFrontendApi, 'true or false');
  }
  if (logger && (typeof logger.warn !== 'function' || typeof logger.error !== 'function')) {
    throw invalidOption('logger', 'an object', 'one with warn and error, or null');
  }
}

/** An option that is given counts, even where it is empty: whoever writes `secretKey: process.env.MINE` means that one. */
function keysOf(options: ClerkGuardOptions) {
  const env = keysInEnv();
  const has = (name: 'publishableKey' | 'secretKey') => Object.hasOwn(options, name);
  return {
    keys: {
      publishableKey: trimmed(has('publishableKey') ? options.publishableKey : env.publishableKey),
      secretKey: trimmed(has('secretKey') ? options.secretKey : env.secretKey),
    },
    names: {
      publishableKey: has('publishableKey') ? 'publishableKey' : 'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY',
      secretKey: has('secretKey') ? 'secretKey' : 'CLERK_SECRET_KEY',
    },
  };
}

/** A file with a secret in it ends in a newline, and Clerk does not mind (@clerk/nextjs 7.9). */
const trimmed = (key: string | undefined): string | undefined => (typeof key === 'string' ? key.trim() : key);

/** Redirects of the web standard cannot be written to: what is added to goes into a copy. */
function withCookie(response: Response, cookie: string | null): Response {
  if (cookie === null) return response;
  try {
    response.headers.append('set-cookie', cookie);
    return response;
  } catch {
    const { status, statusText } = response;
    const copy = new Response(response.body, { status, statusText, headers: new Headers(response.headers) });
    copy.headers.append('set-cookie', cookie);
    return copy;
  }
}

/** Without letters that are read as others: a person may have to say it. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const createReference = (clock: Clock): string =>
  Array.from({ length: 8 }, () => alphabet[Math.floor(clock.random() * alphabet.length)]).join('');

/** Spread, so that not everybody is back in the same moment. */
function retryAfterSeconds({ reason, failure }: GuardFault, clock: Clock): number {
  // Whoever is told to wait for an hour stays away for an hour; this server itself asks again after two seconds.
  const least = reason === 'unreachable' ? Math.min(60, Math.max(5, (failure.retryAfterMs ?? 0) / 1000)) : 60;
  return Math.ceil(least * (1 + clock.random()));
}
