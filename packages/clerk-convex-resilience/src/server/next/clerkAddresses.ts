import { parsePublishableKey } from '../../config/publishableKey.ts';
import { readOr } from './readKeys.ts';

declare const process: { readonly env: Readonly<Record<string, string | undefined>> };

/** What stands in front of the Frontend API, where that is said in the environment. Written out, as in `keysInEnv`. */
const proxyUrl = (): string | undefined => readOr(() => process.env.NEXT_PUBLIC_CLERK_PROXY_URL);

/** The proxy's address, where it is written out; undefined where it is only a path, or there is none. */
function proxyAddress(): URL | undefined {
  try {
    return new URL(proxyUrl() ?? '');
  } catch {
    return undefined;
  }
}

/** Host of the proxy in front of the Frontend API, where it is written out. */
export const proxyHost = (): string | undefined => proxyAddress()?.host;

/**
 * Host of the Frontend API: the publishable key's, or, on a satellite domain of a live instance, the domain's own (@clerk/shared
 * 4.41). Undefined where the key is none.
 */
export function frontendApiHost(publishableKey: string | undefined): string | undefined {
  const key = parsePublishableKey(publishableKey);
  const domain = readOr(() => process.env.NEXT_PUBLIC_CLERK_DOMAIN);
  const isSatellite = /^(?:true|[1-9]\d*)$/i.test(readOr(() => process.env.NEXT_PUBLIC_CLERK_IS_SATELLITE) ?? '');
  return key?.instance === 'live' && domain && isSatellite ? `clerk.${domain}` : key?.frontendApi;
}

/** Whom to ask whether the Frontend API is there; null where only a browser knows the address. `host`: the Frontend API's. */
export const frontendApiSettings = (host: string | undefined): URL | null => frontendApi(host, '/v1/environment');

/** Where the Frontend API says which keys it signs with; null as above. */
export const frontendApiKeys = (host: string | undefined): URL | null => frontendApi(host, '/.well-known/jwks.json');

function frontendApi(host: string | undefined, path: string): URL | null {
  const proxy = proxyAddress();
  if (proxy) return new URL(`${proxy.origin}${bare(proxy.pathname)}${path}`);
  if (proxyUrl() || host === undefined) return null;
  try {
    return new URL(`https://${host}${path}`);
  } catch {
    return null;
  }
}

/** Whom Clerk's middleware asks for its keys (@clerk/nextjs 7.9). Without a secret key it refuses, and that is an answer. */
export function backendApiKeys(): URL | null {
  const base = readOr(() => process.env.CLERK_API_URL) || 'https://api.clerk.com';
  try {
    return new URL(`${bare(base)}/v1/jwks`);
  } catch {
    return null;
  }
}

/** Where Clerk's middleware hands requests on to the Frontend API, if nothing else is said (@clerk/shared 4.41). */
const ownPath = '/__clerk';

/** Does the request go through to the Frontend API? Uploads do, and take as long as they take. */
export function isForFrontendApi(pathname: string): boolean {
  const path = proxyAddress()?.pathname ?? proxyUrl() ?? '';
  return [ownPath, bare(path)].some((each) => each !== '' && (pathname === each || pathname.startsWith(`${each}/`)));
}

/** Where a browser is sent to for cookies, whatever stands in front of the Frontend API. */
export const isHandshake = (pathname: string): boolean => pathname.endsWith('/v1/client/handshake');

const bare = (path: string): string => path.replace(/\/+$/, '');
