import { ConvexServerError } from './convexError.ts';

/** An answer of an identity provider. */
interface ProviderAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly contentType: string | null;
  readonly body: string;
}

/** Asks an identity provider; rejects when it cannot be reached. */
export type AskProvider = (url: string) => Promise<ProviderAnswer>;

const timeoutMs = 10_000;

/** Asks over HTTP. An answer is kept as long as its `Cache-Control: max-age` says, as crates/http_client does; a failure never. */
export function createAskProvider(fetchUrl: typeof fetch = fetch, now: () => number = () => Date.now()): AskProvider {
  const kept = new Map<string, { readonly until: number; readonly answer: ProviderAnswer }>();
  return async (url) => {
    const hit = kept.get(url);
    if (hit && hit.until > now()) return hit.answer;
    kept.delete(url);
    const response = await fetchUrl(url, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer = {
      status: response.status,
      statusText: response.statusText,
      contentType: response.headers.get('content-type'),
      body: await response.text(),
    };
    const maxAgeSeconds = readMaxAge(response.headers.get('cache-control'));
    if (response.ok && maxAgeSeconds > 0) kept.set(url, { until: now() + maxAgeSeconds * 1000, answer });
    return answer;
  };
}

function readMaxAge(cacheControl: string | null): number {
  if (!cacheControl || /no-store|no-cache/i.test(cacheControl)) return 0;
  return Number(/max-age=(\d+)/i.exec(cacheControl)?.[1] ?? 0);
}

/** OpenID Connect Discovery, then the keys; the texts of crates/authentication/src/lib.rs. */
export async function discoverKeys(issuer: string, ask: AskProvider): Promise<unknown> {
  const text = `Auth provider discovery of ${issuer} failed`;
  const failed = () => new ConvexServerError('bad_request', 'AuthProviderDiscoveryFailed', text);
  const get = async (url: string): Promise<Record<string, unknown>> => {
    let answer: ProviderAnswer;
    try {
      answer = await ask(url);
    } catch {
      throw failed();
    }
    if (answer.status !== 200) throw refusal(answer, text);
    try {
      return JSON.parse(answer.body) as Record<string, unknown>;
    } catch {
      throw failed();
    }
  };
  const metadata = await get(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (metadata.issuer !== issuer || typeof metadata.jwks_uri !== 'string') throw failed();
  return get(metadata.jwks_uri);
}

/** A 4xx of the provider refuses the token; a 5xx is an overload, after which a client comes back (crates/errors, `from_http_status_code`). */
function refusal({ status, body }: ProviderAnswer, text: string): ConvexServerError {
  const error = (kind: ConvexServerError['kind']) =>
    new ConvexServerError(kind, 'AuthProviderDiscoveryFailed', `${text}: ${status} ${body}`);
  if (status >= 500) return error('overloaded');
  switch (status) {
    case 401:
      return error('unauthenticated');
    case 403:
      return error('forbidden');
    case 404:
      return error('not_found');
    case 429:
      return error('rate_limited');
    default:
      return error('bad_request');
  }
}

/** The keys of a customJwt provider, from its URL or its `data:` URL. */
export async function fetchKeys(url: string, ask: AskProvider): Promise<unknown> {
  const refuse = (message: string) => new ConvexServerError('unauthenticated', 'InvalidAuthHeader', message);
  const parse = (body: string): unknown => {
    try {
      return JSON.parse(body);
    } catch {
      throw refuse(
        `Invalid JWKS response body from '${url}'. The response is not valid JSON or doesn't match the expected JWKS format.`,
      );
    }
  };
  if (url.startsWith('data:')) return parse(await (await fetch(url)).text());
  let answer: ProviderAnswer;
  try {
    answer = await ask(url);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw refuse(`Could not fetch JWKS from URL '${url}': ${reason}. Check that the URL is correct and accessible.`);
  }
  if (answer.status !== 200) {
    throw refuse(
      `Could not fetch JWKS from URL '${url}': HTTP ${answer.status} ${answer.statusText}. Check that the URL is correct and accessible.`,
    );
  }
  const mediaType = (answer.contentType ?? 'unknown').split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json' && mediaType !== 'application/jwk-set+json') {
    throw refuse(
      `Invalid Content-Type '${answer.contentType ?? 'unknown'}' when fetching JWKS from '${url}'. Expected 'application/json' or 'application/jwk-set+json'.`,
    );
  }
  return parse(answer.body);
}
