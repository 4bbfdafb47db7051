import type { Check } from '../../check.ts';
import { textOf } from '../claims.ts';
import { hostOf, issuerOfKey } from '../issuers.ts';
import { judgeIdentityProvider, judgeRefusal } from '../refusal/judgeRefusal.ts';

/** Why the deployment refused the token, or says nothing of it. */
export const checkRefusal: Check = ({ runtime, now }) => {
  if (runtime?.isUnanswered) return [judgeIdentityProvider(textOf(runtime.claims?.iss), false, runtime.refusedForMs)];
  if (runtime?.refusal === undefined) return [];
  const { convexUrl, publishableKey, refusal, ...known } = runtime;
  // happy-animal-123.convex.cloud, or wherever it is hosted
  const deployment = hostOf(convexUrl)?.replace(/\.convex\.cloud$/, '');
  return judgeRefusal(refusal, { ...known, now, deployment, issuer: issuerOfKey(publishableKey) });
};
