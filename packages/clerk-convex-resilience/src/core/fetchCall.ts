/** The arguments of one `fetch`, read once and ready to be sent again. */
export interface FetchCall {
  readonly url: string;
  readonly method: string;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
  /** The body as text where it can be compared; undefined where it cannot. */
  readonly bodyText: string | undefined;
  /** False for a body that can be read only once. */
  readonly replayable: boolean;
  /** Arguments for an attempt, under another signal. `beside`: another one may still be open. */
  replay(signal: AbortSignal, beside?: boolean): [input: RequestInfo | URL, init: RequestInit];
}

/** What of a call every sender needs. */
export type PlainCall = Pick<FetchCall, 'url' | 'method' | 'signal' | 'replayable'> & {
  readonly request: Request | undefined;
};

export type FetchInput = RequestInfo | URL;

/** The URL of `fetch`'s first argument; empty for anything else. */
export const urlOf = (input: unknown): string => {
  if (typeof input === 'string') return input;
  if (typeof input !== 'object' || input === null) return '';
  const { href, url } = input as { href?: unknown; url?: unknown };
  return typeof href === 'string' ? href : typeof url === 'string' ? url : '';
};

export function readPlainCall(input: FetchInput, init: RequestInit = {}): PlainCall {
  const request = isRequest(input) ? input : undefined;
  const { body } = init;
  return {
    // Copied now: clerk-js changes the URL object when it tries again (fapiClient, onBeforeRetry, 5.128.0 and 6.40.0).
    url: urlOf(input),
    method: (init.method ?? request?.method ?? 'GET').toUpperCase(),
    signal: (init.signal === undefined ? request?.signal : init.signal) ?? undefined,
    // A stream, or what Node takes for one.
    replayable: !(typeof body === 'object' && body && ('getReader' in body || Symbol.asyncIterator in body)),
    request,
  };
}

export function readFetchCall(input: FetchInput, init: RequestInit = {}): FetchCall {
  const { request, ...call } = readPlainCall(input, init);
  const { url, method } = call;
  const body = init.body ?? undefined;
  return {
    ...call,
    bodyText: body === undefined && request?.body ? undefined : textOf(body),
    // A Request's body can be read once: each attempt gets its own copy.
    // Chromium's cache lets one GET of a URL out at a time: past the cache, or it would wait behind one that hangs (measured
    // in Chromium 156: 20 s).
    replay: (signal, beside) => [
      request ? request.clone() : url,
      { ...init, signal, ...(beside && method === 'GET' && { cache: 'no-store' as const }) },
    ],
  };
}

const isRequest = (input: FetchInput): input is Request =>
  typeof input === 'object' && 'url' in input && typeof (input as Request).clone === 'function';

function textOf(body: BodyInit | undefined): string | undefined {
  if (body === undefined) return '';
  if (typeof body === 'string') return body;
  return body instanceof URLSearchParams ? body.toString() : undefined;
}
