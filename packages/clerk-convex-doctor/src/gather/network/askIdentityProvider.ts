import type { HostAnswer } from 'clerk-convex-resilience/diagnosis';
import { ask, isFault } from './ask.ts';
import { hostAnswer } from './hostAnswer.ts';
import { isObject, jsonOf } from './json.ts';
import { below } from './readUrl.ts';

/**
 * Asks an issuer what Convex's server asks it before it takes a token: OpenID Connect Discovery 1.0, which wants the document
 * to name the same issuer (section 4.3).
 */
export async function askIdentityProvider(issuer: URL, timeoutMs: number): Promise<HostAnswer & { issuer: string }> {
  const name = issuer.href.replace(/\/+$/, '');
  const answer = await ask(below(issuer, '/.well-known/openid-configuration'), { timeoutMs });
  if (isFault(answer)) return { ...hostAnswer(issuer, answer), issuer: name };
  const json = answer.isWhole ? jsonOf(answer) : undefined;
  const isDiscovery =
    isObject(json) &&
    typeof json.jwks_uri === 'string' &&
    typeof json.issuer === 'string' &&
    json.issuer.replace(/\/+$/, '') === name;
  // What fails tells nothing of what it is: it may be an outage.
  const isGenuine = answer.status === 429 || answer.status >= 500 ? undefined : answer.status === 200 && isDiscovery;
  return { ...hostAnswer(issuer, answer, isGenuine), issuer: name };
}
