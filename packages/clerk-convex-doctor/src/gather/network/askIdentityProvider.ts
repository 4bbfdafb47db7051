import type { HostAnswer } from 'clerk-convex-resilience/diagnosis';
import { ask, isFault } from './ask.ts';
import { kidsIn } from './clerkShape.ts';
import { hostAnswer } from './hostAnswer.ts';
import { isObject, jsonOf } from './json.ts';
import { below } from './readUrl.ts';

/**
 * Asks an issuer what Convex's server asks it before it takes a token: OpenID Connect Discovery 1.0, which wants the document
 * to name the same issuer (section 4.3), and then the keys that it leads to (JSON Web Key Set, RFC 7517). The answer is the first of
 * the two that will not do. `frontendApi`: is asked for its keys anyway.
 */
export async function askIdentityProvider(
  issuer: URL,
  timeoutMs: number,
  frontendApi?: URL,
): Promise<HostAnswer & { issuer: string }> {
  const name = issuer.href.replace(/\/+$/, '');
  const answer = await ask(below(issuer, '/.well-known/openid-configuration'), { timeoutMs });
  if (isFault(answer)) return { ...hostAnswer(issuer, answer), issuer: name };
  const json = answer.isWhole ? jsonOf(answer) : undefined;
  const isDiscovery =
    isObject(json) &&
    typeof json.jwks_uri === 'string' &&
    typeof json.issuer === 'string' &&
    json.issuer.replace(/\/+$/, '') === name;
  const isGenuine = mayBeOutage(answer.status) ? undefined : answer.status === 200 && isDiscovery;
  if (!isGenuine || !isDiscovery) return { ...hostAnswer(issuer, answer, isGenuine), issuer: name };
  const keysUri = String(json.jwks_uri);
  const keysAt = URL.canParse(keysUri) ? new URL(keysUri) : undefined;
  if (!keysAt || !/^https?:$/.test(keysAt.protocol)) return { ...hostAnswer(issuer, answer, false), issuer: name };
  if (keysAt.host === frontendApi?.host) return { ...hostAnswer(issuer, answer, true), issuer: name };
  const keys = await ask(keysAt, { timeoutMs });
  if (isFault(keys)) return { ...hostAnswer(keysAt, keys), issuer: name };
  const isKeySet = keys.status === 200 && kidsIn(jsonOf(keys)) !== undefined;
  return { ...hostAnswer(keysAt, keys, mayBeOutage(keys.status) ? undefined : isKeySet), issuer: name };
}

/** What fails tells nothing of what it is. */
const mayBeOutage = (status: number): boolean => status === 429 || status >= 500;
