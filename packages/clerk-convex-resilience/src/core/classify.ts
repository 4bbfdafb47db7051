import { abortMessages, browserMessages, chromiumCodes } from './browserErrors.ts';
import { clerkApiCodes, clerkErrorKind, clerkMessages, clerkRuntimeCodes } from './clerkErrors.ts';
import { convexMessages } from './convexErrors.ts';
import { type AuthFailure, type AuthFailureKind, type ErrorRow, findRow, retryableByKind } from './failure.ts';
import { nodeCodes, nodeMessages } from './nodeErrors.ts';

export interface ClassifyContext {
  /** The signal that the caller of the failed request holds. Without it an AbortError is never taken for the caller's own. */
  readonly signal?: AbortSignal | undefined;
  /** The browser's word. `false` makes a network error `offline`. */
  readonly online?: boolean;
}

/**
 * Says what an error means. Knows the spellings of browsers, Node, Clerk 5 and 6 and Convex; what it does not know is
 * `unknown` and retryable, never a sign-out. Never throws.
 */
export function classifyAuthError(error: unknown, context: ClassifyContext = {}): AuthFailure {
  const failure = recognise(error, context, 0) ?? { kind: 'unknown', source: 'unknown' };
  const kind = failure.kind === 'network' && context.online === false ? 'offline' : failure.kind;
  return { retryable: retryableByKind[kind], ...failure, kind, cause: error };
}

/** What an HTTP status means when nothing else is known of the answer; null for one that is no failure. */
export function kindOfStatus(status: number): AuthFailureKind | null {
  if (status < 400) return null;
  if (status === 401) return 'session_ended';
  if (status === 408 || status === 425) return 'timeout';
  if (status === 429) return 'rate_limited';
  return status >= 500 ? 'server' : 'unknown';
}

/** A longer Retry-After is a mistake of somebody's configuration. */
const longestRetryAfterMs = 3_600_000;

/** `Retry-After` in milliseconds, from seconds or an HTTP date, an hour at most; undefined when there is none that can be read. */
export function readRetryAfter(value: string | null | undefined, now: number): number | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  // Date.parse takes "-3" for a year.
  const ms = /[a-z]/i.test(text)
    ? Date.parse(text) - now
    : /^\d+(\.\d+)?$/.test(text)
      ? Number(text) * 1000
      : Number.NaN;
  return Number.isFinite(ms) ? Math.min(longestRetryAfterMs, Math.max(0, ms)) : undefined;
}

type Recognised = Omit<AuthFailure, 'retryable' | 'cause'> & { readonly retryable?: boolean };
type Source = AuthFailure['source'];

const deepestCause = 5;

/** Everything that is read from a foreign error, read once. A getter may throw, and an error may be a string. */
interface Seen {
  readonly message: string;
  readonly name: string | undefined;
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly apiCodes: readonly string[];
  readonly retryAfterMs: number | undefined;
  readonly clerk: boolean;
  readonly cause: unknown;
}

function recognise(error: unknown, context: ClassifyContext, depth: number): Recognised | null {
  if (error === null || error === undefined || depth > deepestCause) return null;
  const seen = look(error);
  return (
    byAbort(seen, context) ??
    byClerk(seen) ??
    byRow(convexMessages, seen.message, 'convex', seen) ??
    byCode(seen) ??
    byMessage(seen) ??
    byStatus(seen) ??
    recognise(seen.cause, context, depth + 1)
  );
}

function look(error: unknown): Seen {
  const read = (from: unknown, key: string): unknown => {
    try {
      return (from as Record<string, unknown> | null | undefined)?.[key];
    } catch {
      return undefined;
    }
  };
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const kind = text(read(read(error, 'constructor'), 'kind'));
  const code = text(read(error, 'code'));
  const status = read(error, 'status') ?? read(error, 'statusCode') ?? read(read(error, 'response'), 'status'); // axios
  const errors = read(error, 'errors'); // Clerk, AggregateError
  const retryAfter = read(error, 'retryAfter'); // Clerk, in seconds
  return {
    message: (typeof error === 'string' ? error : text(read(error, 'message'))) ?? '',
    name: text(read(error, 'name')),
    code,
    status: typeof status === 'number' && status >= 400 && status < 600 ? status : undefined,
    apiCodes: Array.isArray(errors) ? errors.map((each) => text(read(each, 'code')) ?? '') : [],
    retryAfterMs: typeof retryAfter === 'number' && retryAfter >= 0 ? retryAfter * 1000 : undefined,
    clerk: read(error, 'clerkError') === true || code === 'api_response_error' || clerkErrorKind.test(kind ?? ''),
    cause: read(error, 'cause') ?? (Array.isArray(errors) ? errors[0] : undefined),
  };
}

/** TimeoutError and AbortError are names of the web standard; an AbortError is the caller's only if the caller's signal says so. */
function byAbort({ name, message, code }: Seen, { signal }: ClassifyContext): Recognised | null {
  if (name === 'TimeoutError') return { kind: 'timeout', source: 'browser' };
  if (name !== 'AbortError' && code !== 'ABORT_ERR' && code !== 'ERR_CANCELED') return null;
  if (signal?.aborted) {
    const reason: unknown = signal.reason;
    const timedOut =
      typeof reason === 'object' && reason !== null && (reason as { name?: unknown }).name === 'TimeoutError';
    return { kind: timedOut ? 'timeout' : 'aborted', source: 'browser' };
  }
  return { kind: findRow(abortMessages, message)?.kind ?? 'network', source: 'browser' };
}

function byClerk(seen: Seen): Recognised | null {
  if (!seen.clerk) return byRow(clerkMessages, seen.message, 'clerk', seen);
  for (const code of seen.apiCodes) {
    const row = findRow(clerkApiCodes, code);
    if (row) return fromRow(row, 'clerk', { ...seen, code });
  }
  const row = findRow(clerkRuntimeCodes, seen.code ?? '');
  if (row) return fromRow(row, 'clerk', seen);
  const kind = seen.status === undefined ? 'unknown' : (kindOfStatus(seen.status) ?? 'unknown');
  return described(kind, 'clerk', { ...seen, code: seen.apiCodes[0] || seen.code });
}

function byCode(seen: Seen): Recognised | null {
  // Electron writes `net::ERR_FAILED`, or names the code in the message only.
  const net =
    /\b(?:net::)?(ERR_[A-Z0-9_]+)\b/.exec(seen.code ?? '')?.[1] ?? /net::(ERR_[A-Z0-9_]+)/.exec(seen.message)?.[1];
  const chromium = net && findRow(chromiumCodes, net);
  if (chromium) return fromRow(chromium, 'browser', { ...seen, code: net });
  const code = seen.code ?? /\b(E[A-Z]{4,}|EAI_[A-Z]+)\b/.exec(seen.message)?.[1];
  const row = code && findRow(nodeCodes, code);
  if (!row) return null;
  // axios says ECONNABORTED of its own timeout.
  const kind = findRow(nodeMessages, seen.message)?.kind === 'timeout' ? 'timeout' : row.kind;
  return { ...fromRow(row, 'node', { ...seen, code }), kind };
}

function byMessage(seen: Seen): Recognised | null {
  // Not JSON where JSON was due: an edge's HTML page, or half an answer.
  if (seen.name === 'SyntaxError') return described('server', 'browser', seen);
  return byRow(browserMessages, seen.message, 'browser', seen) ?? byNodeMessage(seen);
}

/** undici's "fetch failed" says more in its cause. */
function byNodeMessage(seen: Seen): Recognised | null {
  const row = findRow(nodeMessages, seen.message);
  if (!row) return null;
  return recognise(seen.cause, {}, deepestCause - 1) ?? fromRow(row, 'node', seen);
}

function byStatus(seen: Seen): Recognised | null {
  if (seen.status === undefined) return null;
  const kind = kindOfStatus(seen.status);
  return kind && described(kind, 'unknown', seen);
}

const byRow = (rows: readonly ErrorRow[], message: string, source: Source, seen: Seen): Recognised | null => {
  const row = findRow(rows, message);
  return row ? fromRow(row, source, seen) : null;
};

const fromRow = (row: ErrorRow, source: Source, seen: Seen): Recognised => ({
  ...described(row.kind, source, seen),
  ...(row.retryable !== undefined && { retryable: row.retryable }),
});

const described = (kind: AuthFailureKind, source: Source, { status, code, retryAfterMs }: Seen): Recognised => ({
  kind,
  source,
  ...(status !== undefined && { status }),
  ...(code !== undefined && { code }),
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
