import type { Check } from '../../check.ts';
import { type Finding, finding } from '../../findings.ts';
import { show } from '../show.ts';
import { checkFrontendApi } from './checkFrontendApi.ts';
import { isElsewhere, seenOf } from './isElsewhere.ts';

/** Whether the issuer answers Convex's server, which asks it for its keys. */
export const checkIdentityProvider: Check = (evidence) => {
  const { frontendApi, identityProvider: answer } = evidence.network ?? {};
  if (!answer) return [];
  // Clerk's Frontend API is the identity provider: what is wrong with the one has been said of the other.
  if (answer.host === frontendApi?.host && checkFrontendApi(evidence).length > 0) return [];
  const { fault, status, isGenuine } = answer;
  const domain = { domain: show(answer.issuer ?? answer.host) };
  if (fault !== undefined) return [finding('IDENTITY_PROVIDER_UNREACHABLE', domain)];
  if (status === undefined || status === 429) return [];
  if (status === 511) return [finding('CAPTIVE_PORTAL', { host: show(answer.host), seen: show(seenOf(answer)) })];
  if (status >= 500 || answer.isFirewall) return [finding('IDENTITY_PROVIDER_UNREACHABLE', domain)];
  const isWrong: boolean = isGenuine === false || (isGenuine === undefined && (status >= 400 || isElsewhere(answer)));
  return isWrong ? ([finding('IDENTITY_PROVIDER_WRONG', domain)] satisfies readonly Finding[]) : [];
};
