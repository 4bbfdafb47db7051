import type { GuardedRequest } from './events.ts';

/** A request of clerk-js to Clerk's Frontend API. */
export interface ClerkRequest {
  readonly kind: GuardedRequest;
  readonly origin: string;
  /** Requests that fail together: the path without the session. */
  readonly family: string;
  /** The session it is about; undefined for one about all of them, or about none. */
  readonly sessionId: string | undefined;
  /** clerk-js's major; undefined when it does not say. */
  readonly major: number | undefined;
  /** Sent again by clerk-js's own fetch layer. */
  readonly repeated: boolean;
}

/** The majors of clerk-js whose requests and answers this file describes. */
export const knownMajors: readonly number[] = [5, 6];

/** The one test that every request of the page pays for. Both majors put the parameter on each (core/fapiClient, 5.128.0 and 6.40.0). */
export const looksLikeClerk = (url: string): boolean => url.includes('_clerk_js_version=');

/**
 * What a request of clerk-js is for; null when it is none. The Frontend API may stand on any host and below any path
 * (`proxyUrl`), so it is known by `/v1/...` together with the parameters.
 */
export function readClerkRequest(href: string, httpMethod: string, base: string | undefined): ClerkRequest | null {
  let url: URL;
  try {
    url = new URL(href, base);
  } catch {
    return null;
  }
  const version = url.searchParams.get('_clerk_js_version');
  // The last of them: a proxy may itself stand below /v1/. No path of Clerk's has another.
  const path = /.*\/v1\/(.+?)\/?$/.exec(url.pathname)?.[1];
  if (version === null || path === undefined) return null;
  // Both majors send everything but GET as POST, and say what it is in a parameter.
  const method = (url.searchParams.get('_method') ?? httpMethod).toUpperCase();
  const major = /^(\d+)\./.exec(version)?.[1];
  return {
    ...readPath(method, path, url.searchParams.get('_clerk_session_id') ?? undefined),
    origin: url.origin,
    major: major === undefined ? undefined : Number(major),
    repeated: url.searchParams.has('_clerk_retry_attempt'),
  };
}

function readPath(
  method: string,
  path: string,
  activeSession: string | undefined,
): Pick<ClerkRequest, 'kind' | 'family' | 'sessionId'> {
  const [, sessionId, rest] = /^client\/sessions\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
  const as = (kind: GuardedRequest, about = sessionId): Pick<ClerkRequest, 'kind' | 'family' | 'sessionId'> => ({
    kind,
    family: `${kind}/${rest ?? ''}`,
    sessionId: about,
  });
  if (path === 'environment' && (method === 'GET' || method === 'PATCH')) return as('environment');
  if (path === 'dev_browser' && method === 'POST') return as('dev_browser');
  if (path === 'client' && method === 'GET') return as('client');
  if ((path === 'client' || path === 'client/sessions') && method === 'DELETE') return as('sign_out');
  if (sessionId && method === 'DELETE' && !rest) return as('sign_out');
  if (sessionId && method === 'POST') {
    if (rest === 'remove' || rest === 'end') return as('sign_out');
    if (rest === 'touch') return as('touch');
    if (rest === 'tokens' || rest?.startsWith('tokens/')) return as('tokens');
  }
  return as('other', sessionId ?? activeSession);
}

/** Parameters that make no difference to the answer. */
const idle = ['tabState', 'debug', '_clerk_retry_attempt'];

/** Two requests in flight with the same key share one answer. `body` is form-urlencoded text, as clerk-js sends it. */
export function joinKey(method: string, href: string, body: string): string {
  const [path, query = ''] = href.split('?');
  return [method, path, withoutIdle(query), withoutIdle(body)].join(' ');
}

function withoutIdle(form: string): string {
  return form
    .split('&')
    .filter((pair) => !idle.includes(pair.split('=', 1)[0] ?? ''))
    .join('&');
}
