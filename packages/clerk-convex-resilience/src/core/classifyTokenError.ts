import { abortMessages, browserMessages } from './browserErrors.ts';
import {
  clerkApiCodes,
  clerkErrorKind,
  clerkMessages,
  clerkRuntimeCodes,
  neverAnswered,
  neverLoads,
} from './clerkErrors.ts';
import { convexErrorMark, convexMessages } from './convexErrors.ts';
import { type AuthFailure, type AuthFailureKind, isRetryable, kindIn } from './failure.ts';
import { kindOfStatus, longestRetryAfterMs } from './httpFailure.ts';

export interface ClassifyContext {
  /** The signal that the caller of the failed request holds. Without it an AbortError is never taken for the caller's own. */
  readonly signal?: AbortSignal | undefined;
  /** The browser's word. `false` makes a network error `offline`. */
  readonly online?: boolean;
}

/**
 * What an error of Clerk's `getToken` means in a page: Clerk's, Convex's and the browsers' tables, which is all that a
 * provider needs. Any other word is `unknown` and retryable, never a sign-out. Never throws.
 */
export const classifyTokenError = (error: unknown): AuthFailure => classifyWith([], error, {});

/** A table that knows more: asked after Clerk's and Convex's, before a bare status. */
export type Recogniser = (seen: Seen, depth: number) => Recognised | null;

/** Classifies with what every caller needs, and more tables. */
export function classifyWith(more: readonly Recogniser[], error: unknown, context: ClassifyContext): AuthFailure {
  let failure: Recognised | null = null;
  try {
    failure = recognise(more, error, context, 0);
  } catch {
    // An error that cannot even be looked at, a revoked proxy say.
  }
  failure ??= { kind: 'unknown', source: 'unknown' };
  const kind = failure.kind === 'network' && context.online === false ? 'offline' : failure.kind;
  return { retryable: isRetryable(kind), ...failure, kind, cause: error };
}

type Recognised = Omit<AuthFailure, 'retryable' | 'cause'> & { readonly retryable?: boolean };

const deepestCause = 5;
/** No table needs more of a message, and nobody should wait for a longer one. */
const longestMessage = 4_000;

/** Everything that is read from a foreign error, read once. A getter may throw, and an error may be a string. */
interface Seen {
  readonly message: string;
  readonly name: string | undefined;
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly apiCodes: readonly string[];
  readonly retryAfterMs: number | undefined;
  readonly clerk: boolean;
  readonly convex: boolean;
  readonly cause: unknown;
}

export function recognise(
  more: readonly Recogniser[],
  error: unknown,
  context: ClassifyContext,
  depth: number,
): Recognised | null {
  if (error === null || error === undefined || depth > deepestCause) return null;
  const seen = look(error);
  const first =
    byAbort(seen, context) ??
    byClerk(seen) ??
    described(kindIn(convexMessages, seen.message) ?? (seen.convex ? 'unknown' : undefined), 'convex', seen);
  if (first) return first;
  for (const each of more) {
    const found = each(seen, depth);
    if (found) return found;
  }
  return byBrowser(seen) ?? byStatus(seen) ?? recognise(more, seen.cause, context, depth + 1);
}

function look(error: unknown): Seen {
  const read = (from: unknown, key: string | symbol): unknown => {
    try {
      return (from as Record<string | symbol, unknown> | null | undefined)?.[key];
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
    message: ((typeof error === 'string' ? error : text(read(error, 'message'))) ?? '').slice(0, longestMessage),
    name: text(read(error, 'name')),
    code,
    status: typeof status === 'number' && status >= 400 && status < 600 ? status : undefined,
    apiCodes: Array.isArray(errors) ? errors.slice(0, 9).map((each) => text(read(each, 'code')) ?? '') : [],
    retryAfterMs:
      typeof retryAfter === 'number' && retryAfter >= 0 ? Math.min(longestRetryAfterMs, retryAfter * 1000) : undefined,
    clerk: read(error, 'clerkError') === true || code === 'api_response_error' || clerkErrorKind.test(kind ?? ''),
    convex: read(error, convexErrorMark) === true,
    cause: read(error, 'cause') ?? (Array.isArray(errors) ? errors[0] : undefined),
  };
}

/** TimeoutError and AbortError are names of the web standard; an AbortError is the caller's only if the caller's signal says so. */
function byAbort({ name, message, code }: Seen, { signal }: ClassifyContext): Recognised | null {
  const source = 'browser';
  if (name === 'TimeoutError') return { kind: 'timeout', source };
  // axios 1 says it of the app's own signal or token, and of nothing else.
  const own = code === 'ERR_CANCELED';
  if (!own && name !== 'AbortError' && code !== 'ABORT_ERR' && !expoAbort.test(`${code} ${message}`)) return null;
  if (!signal?.aborted) return { kind: own ? 'aborted' : (kindIn(abortMessages, message) ?? 'network'), source };
  return { kind: look(signal.reason).name === 'TimeoutError' ? 'timeout' : 'aborted', source };
}

/** expo/fetch 56 names neither the reason nor an AbortError. */
const expoAbort =
  /^ERR_FETCH_REQUEST_CANCELED |fetch failed: .*(Fetch request has been canceled|The operation was aborted)/;

function byClerk(seen: Seen): Recognised | null {
  const { apiCodes, code, status } = seen;
  if (!seen.clerk) return described(kindIn(clerkMessages, seen.message), 'clerk', seen);
  if (code === neverLoads) return { kind: 'not_loaded', source: 'clerk', code, retryable: false };
  if (apiCodes[0] === neverAnswered && !status) return described('network', 'clerk', seen);
  const known = apiCodes.find((each) => kindIn(clerkApiCodes, each)) ?? apiCodes[0] ?? '';
  const kind = kindIn(clerkApiCodes, known) ?? kindIn(clerkRuntimeCodes, code ?? '') ?? kindOfStatus(status ?? 0);
  return described(kind ?? 'unknown', 'clerk', { ...seen, code: known || code });
}

function byBrowser(seen: Seen): Recognised | null {
  // Not JSON where JSON was due: an edge's HTML page, or half an answer.
  const kind = seen.name === 'SyntaxError' ? 'server' : kindIn(browserMessages, seen.message);
  return described(kind, 'browser', seen);
}

const byStatus = (seen: Seen): Recognised | null =>
  described(kindOfStatus(seen.status ?? 0) ?? undefined, 'unknown', seen);

export function described(
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
