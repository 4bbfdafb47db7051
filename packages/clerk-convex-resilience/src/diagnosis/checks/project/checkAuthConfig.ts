import { hostOf } from '../issuers.ts';
import { clerkProviderOf, instanceHostOf, issuersOf } from './clerkProviderOf.ts';
import { isSameInstance } from './isSameInstance.ts';
import { onProject } from './onProject.ts';
import { showAddress, tell } from './tell.ts';

/** `convex/auth.config.ts`: is it there, can it be read, and does it name Clerk? What the issuer's variable holds is `checkIssuer`'s. */
export const checkAuthConfig = onProject((project) => {
  const { authConfig } = project;
  if (!authConfig) return [];
  const instance = instanceHostOf(project);
  if (authConfig.status === 'missing') {
    const issuer = instance !== undefined && { issuer: `https://${instance}` };
    return [tell('AUTH_CONFIG_MISSING', { expected: authConfig.expected, ...issuer })];
  }
  if (authConfig.status === 'unreadable') {
    const { reason, file } = authConfig;
    return authConfig.isBroken
      ? [tell('AUTH_CONFIG_UNREADABLE', { reason, isBroken: true }, file, 'error')]
      : [tell('AUTH_CONFIG_UNREADABLE', { reason }, file)];
  }

  const issuers = issuersOf(project);
  const expected = instance === undefined ? 'process.env.CLERK_JWT_ISSUER_DOMAIN' : `https://${instance}`;
  if (issuers.length === 0) return [tell('AUTH_CONFIG_WITHOUT_ISSUER', { seen: '[]', expected }, authConfig.file)];

  const clerk = clerkProviderOf(project);
  const { applicationID, kind, at } = clerk?.provider ?? {};
  // Only a customJwt provider may do without (convex 1.48, server/authentication.ts).
  const isOptional = kind !== 'oidc' && applicationID === undefined;
  const known = issuers.every(({ value }) => value !== undefined);
  const isAnother = clerk
    ? clerk.isWrittenOut && clerk.value !== undefined && !isSameInstance(project, hostOf(clerk.value))
    : known && instance !== undefined;
  const seen = issuers.flatMap(({ value }) => (value === undefined ? [] : [showAddress(value)])).join(', ');
  return [
    ...(isAnother ? [tell('AUTH_CONFIG_WITHOUT_ISSUER', { seen, expected }, (clerk ?? issuers[0])?.provider.at)] : []),
    ...(clerk && !isOptional && applicationID !== 'convex'
      ? [tell('APPLICATION_ID_WRONG', { seen: applicationID ?? 'undefined', expected: 'convex' }, at)]
      : []),
  ];
});
