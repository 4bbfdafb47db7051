import { checkConvexUrl } from '../../../config/convexUrl.ts';
import { parsePublishableKey } from '../../../config/publishableKey.ts';
import type { Check } from '../../check.ts';
import { type Finding, finding } from '../../findings.ts';
import { redactSecret } from '../../redact.ts';
import { isLocalOrigin } from '../isLocalOrigin.ts';
import { show } from '../show.ts';

/** What the provider was given: the key and the deployment's URL. */
export const checkSettings: Check = ({ runtime }) => {
  const { publishableKey, convexUrl, origin, isProduction } = runtime ?? {};
  return [
    ...(publishableKey === undefined ? [] : checkKey(publishableKey, isProduction ? origin : undefined)),
    ...(convexUrl === undefined ? [] : checkUrl(convexUrl)),
  ];
};

/** `origin`: of a production build. */
function checkKey(key: string, origin: string | undefined): readonly Finding[] {
  const name = 'publishableKey';
  if (key === '') return [finding('PUBLISHABLE_KEY_MISSING', { name })];
  if (key.startsWith('sk_')) return [finding('SECRET_KEY_IN_PUBLIC_VARIABLE', { name, seen: redactSecret(key) })];
  const parsed = parsePublishableKey(key);
  if (!parsed) return [finding('PUBLISHABLE_KEY_MALFORMED', { name, seen: redactSecret(key) })];
  // A production build is also looked at on one's own machine, and there the test key is right.
  return parsed.instance === 'test' && origin?.startsWith('https://') && !isLocalOrigin(origin)
    ? [finding('TEST_KEY_IN_PRODUCTION', { name, where: show(origin) })]
    : [];
}

function checkUrl(url: string): readonly Finding[] {
  const name = 'convexUrl';
  if (url === '') return [finding('CONVEX_URL_MISSING', { name })];
  return checkConvexUrl(url) ? [finding('CONVEX_URL_MALFORMED', { name, seen: show(url) })] : [];
}
