import { clerkApiCodes } from './clerkErrors.ts';
import type { GuardedRequest } from './events.ts';
import { type AuthFailure, type AuthFailureKind, kindIn } from './failure.ts';
import { httpFailure, kindOfStatus } from './httpFailure.ts';

/** What GET /client said about this browser. */
export interface ClerkClientSnapshot {
  /** When it was asked, in milliseconds since the epoch. */
  readonly at: number;
  readonly lastActiveSessionId: string | null;
  /** Sessions that are signed in. */
  readonly sessionIds: readonly string[];
}

export type Judgement =
  /** clerk-js can use it, or has to know it. */
  | {
      readonly verdict: 'pass';
      readonly client?: Omit<ClerkClientSnapshot, 'at'>;
      /** Clerk refuses whatever comes from this page: the code of why. */
      readonly refusal?: string;
    }
  /** Not of a shape that is known here: clerk-js has to decide. */
  | { readonly verdict: 'unknown' }
  /** Nothing that Clerk meant to say. */
  | { readonly verdict: 'failed'; readonly failure: AuthFailure };

/** Statuses whose answer has no body to look at. */
const bodyless = [204, 205, 304];

/**
 * Judges an answer of the Frontend API by its status and its shape, as clerk-js 5.128.0 and 6.40.0 read it. `couldEnd`: a
 * failed GET /client would end a live session.
 */
export function judgeAnswer(
  kind: GuardedRequest,
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  text: string,
  now: number,
  couldEnd = false,
): Judgement {
  const failed = (as: AuthFailureKind, code?: string): Judgement => {
    const about = { source: 'clerk', ...(code !== undefined && { code }) } as const;
    return { verdict: 'failed', failure: httpFailure(as, { status, headers }, now, about) };
  };
  if (status >= 500) return failed('server');
  const meaning = kindOfStatus(status);
  if (meaning === 'rate_limited' || meaning === 'timeout') return failed(meaning);
  if (bodyless.includes(status)) return { verdict: 'pass' };
  const body = parse(text);
  if (status >= 400) {
    const code = clerkErrorCode(body);
    // A firewall's or a captive portal's word: clerk-js would sign out on a 403 of it.
    if (code === undefined) return failed('server', 'not_clerk');
    if (code === 'origin_invalid') return { verdict: 'pass', refusal: code };
    if (kindIn(clerkApiCodes, code)) return { verdict: 'pass' };
    // A firewall may borrow Clerk's shape, not its codes: clerk-js looks at the status alone.
    if (couldEnd && kind === 'client' && status === 403) return failed('server', code);
    return { verdict: 'unknown' };
  }
  if (body === undefined) return failed('server', 'not_json');
  if (!isObject(body)) return { verdict: 'unknown' };
  if (kind === 'tokens') {
    if (!('jwt' in body)) return { verdict: 'unknown' };
    return body.jwt ? { verdict: 'pass' } : failed('server', 'empty_token');
  }
  if (kind === 'client') {
    const client = readClient(body);
    return client ? { verdict: 'pass', client } : { verdict: 'unknown' };
  }
  return { verdict: 'pass' };
}

/** What clerk-js is told when the Frontend API cannot be reached: in Clerk's own shape. */
export function unavailableAnswer(): Response {
  const message = 'The Frontend API cannot be reached.';
  const body = { errors: [{ code: 'service_unavailable', message, long_message: message }] };
  return new Response(JSON.stringify(body), { status: 503, headers: { 'content-type': 'application/json' } });
}

/** After such a 401 clerk-js does something else than ask whether the session is over: BaseResource._fetch, 5.128.0 and 6.40.0. */
const unrelatedCodes = ['requires_captcha', 'dev_browser_unauthenticated'];

/** Does clerk-js doubt the session after this answer? */
export const doubtsSession = (status: number, text: string): boolean =>
  status === 401 && !unrelatedCodes.includes(clerkErrorCode(parse(text)) ?? '');

/** Does this answer to a sign-out say that the session is over? A 401 or 404 does, if it is Clerk's and about the session. */
export function confirmsSignOut(status: number, text: string): boolean {
  const body = parse(text);
  if (status >= 200 && status < 300) return bodyless.includes(status) || isObject(body);
  const code = clerkErrorCode(body);
  return (status === 401 || status === 404) && code !== undefined && !unrelatedCodes.includes(code);
}

/** Of a session that lasts: what clerk-js calls `signedInSessions` (resources/Client). A client may list ended ones besides. */
export const isSignedInStatus = (status: unknown): boolean =>
  status === undefined || status === 'active' || status === 'pending';

function readClient(body: Record<string, unknown>): Omit<ClerkClientSnapshot, 'at'> | null {
  const client = body.response;
  if (client === null) return { lastActiveSessionId: null, sessionIds: [] };
  if (!isObject(client) || !Array.isArray(client.sessions)) return null;
  const signedIn = client.sessions.filter(
    (session): session is { id: string } =>
      isObject(session) && typeof session.id === 'string' && isSignedInStatus(session.status),
  );
  const last = client.last_active_session_id;
  return { lastActiveSessionId: typeof last === 'string' ? last : null, sessionIds: signedIn.map(({ id }) => id) };
}

function clerkErrorCode(body: unknown): string | undefined {
  const first: unknown = isObject(body) && Array.isArray(body.errors) ? body.errors[0] : undefined;
  const code = isObject(first) ? first.code : undefined;
  return typeof code === 'string' && /^[a-z][a-z0-9_]*$/.test(code) ? code : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
