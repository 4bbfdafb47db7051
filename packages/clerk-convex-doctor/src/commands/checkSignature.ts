import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { ask, isFault } from '../gather/network/ask.ts';
import { isLoopback } from '../gather/network/isLoopback.ts';
import { isObject, jsonOf, objectsIn } from '../gather/network/json.ts';

/** What came of checking a token's signature against the keys that its issuer publishes. */
export type SignatureVerdict =
  | { readonly status: 'good' | 'bad'; readonly publishedKids: readonly string[] }
  | { readonly status: 'unchecked'; readonly reason: string };

/**
 * Fetches the keys of `issuer` the way Convex does (discovery document, then `jwks_uri`) and verifies. Whether the token has
 * expired makes no difference here. Never throws.
 */
export async function checkSignature(token: string, issuer: unknown, timeoutMs: number): Promise<SignatureVerdict> {
  if (typeof issuer !== 'string') return unchecked('the token names no issuer');
  const keys = await keysOf(issuer, timeoutMs);
  if (typeof keys === 'string') return unchecked(keys);
  const publishedKids = keys.keys.flatMap(({ kid }) => (typeof kid === 'string' ? [kid] : []));
  try {
    await compactVerify(token, createLocalJWKSet(keys));
    return { status: 'good', publishedKids };
  } catch {
    // jose tells apart that no key fits and that one fits and has not signed it: neither is a token that Convex takes.
    return { status: 'bad', publishedKids };
  }
}

const unchecked = (reason: string): SignatureVerdict => ({ status: 'unchecked', reason });

async function keysOf(issuer: string, timeoutMs: number): Promise<JSONWebKeySet | string> {
  const at = addressIn(`${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`, true);
  if (!at) return 'its issuer is no https URL';
  const discovery = await document(at, timeoutMs);
  if (typeof discovery === 'string') return discovery;
  if (typeof discovery.jwks_uri !== 'string') return 'its issuer does not say where its keys are';
  const keysAt = addressIn(discovery.jwks_uri, isLoopback(at));
  if (!keysAt) return 'its issuer says that its keys are at what is no https URL';
  const set = await document(keysAt, timeoutMs);
  if (typeof set === 'string') return set;
  const keys = objectsIn({ data: set.keys })?.filter(
    (key): key is typeof key & { kty: string } => typeof key.kty === 'string',
  );
  return keys ? { keys } : 'its issuer publishes no list of keys';
}

/** The address stands in a token that anybody may have written, or comes from where that leads: of this machine, only its own. */
function addressIn(text: string, mayBeHere: boolean): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (isLoopback(url) && !mayBeHere)) return undefined;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)) ? url : undefined;
}

/** A JSON object, or why there is none. */
async function document(url: URL, timeoutMs: number): Promise<Readonly<Record<string, unknown>> | string> {
  const answer = await ask(url, { timeoutMs });
  if (isFault(answer)) return `its issuer cannot be reached (${answer.fault}, ${answer.reason})`;
  const json = answer.status === 200 ? jsonOf(answer) : undefined;
  return isObject(json) ? json : `its issuer answered ${answer.status}, and no JSON`;
}
