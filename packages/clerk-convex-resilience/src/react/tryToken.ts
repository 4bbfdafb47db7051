import { classifyTokenError } from '../core/classifyTokenError.ts';
import type { Clock } from '../core/clock.ts';
import type { AuthFailure } from '../core/failure.ts';
import { askWithin } from './askWithin.ts';

export interface TryTokenOptions {
  readonly url: string | undefined;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
}

const answerWithinMs = 8000;

/**
 * Asks a Convex deployment whether it takes a token, before the token is handed to the client: a client that is refused
 * four times in a row signs its user out. Answers null (it takes it, or that cannot be told this way), or why not.
 *
 * The HTTP API checks the identity before it looks for the function (open backend, `crates/local_backend`), so a function
 * that does not exist will do: nothing runs.
 */
export async function tryToken(
  { url, fetch, clock }: TryTokenOptions,
  token: string,
  signal: AbortSignal,
): Promise<AuthFailure | null> {
  if (!url) return null;
  try {
    return await askWithin(clock, answerWithinMs, signal, async (asking) => {
      const response = await askConvex({ url, fetch }, token, asking);
      // 200 and 560: a function's own answer, so the identity passed. 404: no such API here. 5xx and 429 speak of the server.
      if (response.ok) return null;
      const text = await response.text();
      // An identity provider that cannot be asked is no 401: 400, or what the provider has answered (open backend, crates/errors).
      const isRefusal =
        response.status === 401 || response.status === 403 || text.includes('AuthProviderDiscoveryFailed');
      return isRefusal ? classifyTokenError(new Error(messageOf(text))) : null;
    });
  } catch {
    // Not reachable over HTTP (an outage, or a page whose CSP allows the socket only): the socket itself will tell.
    return null;
  }
}

/**
 * Calls a function that does not exist, as the user of a token; of nobody it asks for none, so that nothing is called, and is
 * told so. Rejects where the deployment cannot be reached.
 */
export const askConvex = (
  { url = '', fetch }: Pick<TryTokenOptions, 'url' | 'fetch'>,
  token: string | undefined,
  signal: AbortSignal,
): Promise<Response> =>
  fetch(`${url.replace(/\/$/, '')}/api/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: token ? '{"path":"_clerk_convex_resilience:whoami","args":{},"format":"json"}' : '{}',
    signal,
  });

function messageOf(body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    return typeof message === 'string' ? message : body;
  } catch {
    return body;
  }
}
