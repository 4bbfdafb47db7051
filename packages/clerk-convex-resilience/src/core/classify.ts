import { abortMessages, browserMessages, chromiumCodes } from './browserErrors.ts';
import { clerkApiCodes, clerkErrorKind, clerkMessages, clerkRuntimeCodes, neverLoads } from './clerkErrors.ts';
import { convexMessages } from './convexErrors.ts';
import { type AuthFailure, type AuthFailureKind, isRetryable, kindIn } from './failure.ts';
import { kindOfStatus } from './httpFailure.ts';
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
  return { retryable: isRetryable(kind), ...failure, kind, cause: error };
}

type Recognised = Omit<AuthFailure, 'retryable' | 'cause'> & { readonly retryable?: boolean };

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
    described(kindIn(convexMessages, seen.message), 'convex', seen) ??
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
  const source = 'browser';
  if (name === 'TimeoutError') return { kind: 'timeout', source };
  if (name !== 'AbortError' && code !== 'ABORT_ERR' && code !== 'ERR_CANCELED') return null;
  if (!signal?.aborted) return { kind: kindIn(abortMessages, message) ?? 'network', source };
  return { kind: look(signal.reason).name === 'TimeoutError' ? 'timeout' : 'aborted', source };
}

function byClerk(seen: Seen): Recognised | null {
  const { apiCodes, code, status } = seen;
  if (!seen.clerk) return described(kindIn(clerkMessages, seen.message), 'clerk', seen);
  if (code === neverLoads) return { kind: 'not_loaded', source: 'clerk', code, retryable: false };
  const known = apiCodes.find((each) => kindIn(clerkApiCodes, each)) ?? apiCodes[0] ?? '';
  const kind = kindIn(clerkApiCodes, known) ?? kindIn(clerkRuntimeCodes, code ?? '') ?? kindOfStatus(status ?? 0);
  return described(kind ?? 'unknown', 'clerk', { ...seen, code: known || code });
}

function byCode(seen: Seen): Recognised | null {
  const { message } = seen;
  // Electron writes `net::ERR_FAILED`, or names the code in the message only; axios' own codes have no prefix either.
  const net = /^(?:net::)?(ERR_\w+)$/.exec(seen.code ?? '')?.[1] ?? /net::(ERR_\w+)/.exec(message)?.[1] ?? '';
  const code = seen.code ?? /\b(E[A-Z]{4,}|EAI_[A-Z]+)\b/.exec(message)?.[1];
  const kind = kindIn(nodeCodes, code ?? '');
  // axios says ECONNABORTED of its own timeout.
  const late = kind && kindIn(nodeMessages, message) === 'timeout' ? 'timeout' : kind;
  return (
    described(kindIn(chromiumCodes, net), 'browser', { ...seen, code: net }) ??
    described(late, 'node', { ...seen, code })
  );
}

function byMessage(seen: Seen): Recognised | null {
  // Not JSON where JSON was due: an edge's HTML page, or half an answer.
  if (seen.name === 'SyntaxError') return described('server', 'browser', seen);
  const browser = described(kindIn(browserMessages, seen.message), 'browser', seen);
  if (browser) return browser;
  const kind = kindIn(nodeMessages, seen.message);
  // undici's "fetch failed" says more in its cause.
  return kind ? (recognise(seen.cause, {}, deepestCause - 1) ?? described(kind, 'node', seen)) : null;
}

const byStatus = (seen: Seen): Recognised | null =>
  described(kindOfStatus(seen.status ?? 0) ?? undefined, 'unknown', seen);

function described(
  kind: AuthFailureKind | undefined,
  source: AuthFailure['source'],
  { status, code, retryAfterMs }: Seen,
): Recognised | null {
  if (!kind) return null;
  return {
    kind,
    source,
    ...(status !== undefined && { status }),
    ...(code !== undefined && { code }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}
