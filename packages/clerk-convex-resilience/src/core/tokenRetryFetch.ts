import { type Clock, systemClock } from './clock.ts';
import { browserSignals, type PageSignals } from './connectivity.ts';
import { invalidOption } from './errors.ts';
import { type AuthEvent, type AuthEventBody, eventFailure, safely } from './events.ts';
import type { AuthFailure, AuthFailureKind } from './failure.ts';
import { type FetchInput, type PlainCall, readPlainCall } from './fetchCall.ts';
import { classifyFetchError } from './fetchErrors.ts';
import { httpFailure, kindOfStatus } from './httpFailure.ts';
import { type RetryPolicy, type RetryPolicyOptions, resolvePolicy } from './policy.ts';
import { retry } from './retry.ts';

export interface TokenRetryFetchOptions {
  /**
   * What sends the requests.
   * @defaultValue the global `fetch`, looked up at each call
   */
  readonly fetch?: typeof fetch;
  /**
   * How often to try, and how to wait between attempts.
   * @defaultValue `retryPolicies.request`: 10 retries, 10 s an attempt
   */
  readonly policy?: RetryPolicyOptions;
  /**
   * Whether a request that is not idempotent (POST, PATCH, ...) is retried too. A function decides by request. A body that
   * is a stream is never sent twice, whatever this says; that of a `Request` is, since nobody can tell what it was made of.
   * @defaultValue false
   */
  readonly retryNonIdempotent?: boolean | ((request: { readonly url: string; readonly method: string }) => boolean);
  /** Hears of each failed attempt and of the recovery; never of a token or a URL. */
  readonly onEvent?: (event: AuthEvent) => void;
  readonly clock?: Clock;
  readonly connectivity?: PageSignals;
}

/** By RFC 9110, 9.2.2: sending it twice has the effect of sending it once. `fetch` refuses the sixth, TRACE. */
const idempotent = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'];

/**
 * A `fetch` that retries what may succeed later: network errors, timeouts, 5xx, 429, and answers that are cut short or are
 * not the JSON that was asked for. After the last retry it gives back the last response, or throws the last error, untouched.
 * @throws AuthResilienceError `invalid_option`, when it is created
 */
export function createTokenRetryFetch(options: TokenRetryFetchOptions = {}): typeof fetch {
  const sender = createSender(options);
  return (input, init) => sendRetrying(sender, input, init);
}

/** The options of a retrying fetch, checked and complete. */
interface Sender {
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly connectivity: PageSignals;
  readonly send: typeof fetch;
  readonly report: (event: AuthEventBody) => void;
  readonly mayRepeat: (call: PlainCall) => boolean;
}

export function createSender(options: TokenRetryFetchOptions): Sender {
  if (options.fetch !== undefined && typeof options.fetch !== 'function') {
    throw invalidOption('fetch', options.fetch, 'a function');
  }
  const { clock = systemClock, connectivity = browserSignals(), retryNonIdempotent: allowed = false } = options;
  const tell = safely(options.onEvent);
  return {
    policy: resolvePolicy(options.policy),
    clock,
    connectivity,
    send: (...args) => (options.fetch ?? globalThis.fetch)(...args),
    report: (body) => tell({ at: clock.now(), ...body } as AuthEvent),
    mayRepeat: ({ url, method, replayable }) =>
      replayable &&
      (idempotent.includes(method) || (typeof allowed === 'function' ? allowed({ url, method }) : allowed)),
  };
}

/** Sends one request. `headersFor`: asked before each attempt, outside its deadline; what it throws ends everything. */
export async function sendRetrying(
  { policy, clock, connectivity, send, report, mayRepeat }: Sender,
  input: FetchInput,
  init: RequestInit = {},
  headersFor?: (attempt: number) => Promise<Headers>,
): Promise<Response> {
  const call = readPlainCall(input, init);
  const { signal: own, request } = call;
  let args = init;
  // A Request's body can be read once: each attempt gets its own copy.
  const copy = (): FetchInput => (request ? request.clone() : call.url);
  const prepare =
    headersFor &&
    (async (attempt: number): Promise<void> => {
      args = { ...init, headers: await headersFor(attempt) };
    });
  // What may not be sent twice is sent as it is, without a deadline either: a slow upload is no failure.
  if (!mayRepeat(call) || !isSendable(call, init, connectivity.baseUrl)) {
    await prepare?.(1);
    return send(prepare ? copy() : input, args);
  }
  const startedAt = clock.now();
  const wantsJson = jsonType.test(new Headers(init.headers ?? request?.headers).get('accept') ?? '');
  let attempts = 0;
  let last: Response | undefined;
  const { response, failure } = await retry<Answer>({
    policy,
    clock,
    connectivity,
    signal: own,
    prepare,
    attempt: async ({ signal, attempt }) => {
      attempts = attempt;
      const before = last;
      last = await send(copy(), { ...args, signal: either(own, signal) });
      // Nobody reads it any more, and what is not read keeps its connection.
      if (before !== last) before?.body?.cancel().catch(() => {});
      return { response: last, failure: await judge(last, wantsJson, clock.now()) };
    },
    judge: (answer) => answer.failure,
    classify: (error) => classifyFetchError(error, connectivity.isOnline()),
    onFailure: ({ failure: seen, attempt, retryInMs }) => {
      if (retryInMs === undefined) return;
      report({ type: 'request_failed', request: 'other', failure: eventFailure(seen), attempt, retryInMs });
    },
  });
  if (attempts > 1 && !failure) {
    report({ type: 'request_recovered', request: 'other', attempts, afterMs: clock.now() - startedAt });
  }
  return response;
}

/** The caller's signal has to reach the body too, which is read when the attempt is over. */
const either = (own: AbortSignal | undefined, attempt: AbortSignal): AbortSignal =>
  own && typeof AbortSignal.any === 'function' ? AbortSignal.any([own, attempt]) : attempt;

interface Answer {
  readonly response: Response;
  readonly failure: AuthFailure | null;
}

/** Null when the answer is worth handing over. Reads JSON through a copy, so that one cut short fails here and is retried. */
async function judge(response: Response, wanted: boolean, now: number): Promise<AuthFailure | null> {
  const kind = kindOfStatus(response.status);
  if (kind && retriedKinds.includes(kind)) return httpFailure(kind, response, now, { source: 'unknown' });
  const isJson = jsonType.test(response.headers.get('content-type') ?? '');
  // Anything else may be a stream without an end: it is handed over unread.
  if (!response.ok || !response.body || !(wanted || isJson)) return null;
  try {
    await response.clone().json();
    return null;
  } catch (error) {
    if ((error as Error).name !== 'SyntaxError') throw error;
    return httpFailure('server', response, now, { source: 'unknown', code: 'not_json' });
  }
}

/** 401, 403, 404 and the like are the server's answer. */
const retriedKinds: readonly AuthFailureKind[] = ['server', 'rate_limited', 'timeout'];

/** A URL that is none, a header name with a space: `fetch` says a TypeError of them too, but they never become sendable by waiting. */
function isSendable({ url, method, request }: PlainCall, init: RequestInit, base: string | undefined): boolean {
  if (request?.bodyUsed) return false;
  try {
    return !!new Request(new URL(url, base), { method, ...init, signal: null });
  } catch {
    return false;
  }
}

const jsonType = /[/+]json(?![\w.+-])/i;
