import { asIssuer } from '../../../config/clerkIssuer.ts';
import { isLoopback } from '../isLocalOrigin.ts';
import { hostOf } from '../issuers.ts';
import { clerkProviderOf, instanceHostOf } from './clerkProviderOf.ts';
import { isSameInstance } from './isSameInstance.ts';
import { onProject } from './onProject.ts';
import { showAddress, tell } from './tell.ts';
import { blankVariable, isMissingInConvex } from './variables.ts';

/** Of Clerk's own host: a proxy of the app's, which may be a path, is on another. */
const hasPath = (issuer: string): boolean => /^https?:\/\/[^/?#]+[/?#]./i.test(issuer);

/**
 * The issuer's variable: the deployment's, where that could be asked, else the env files'. Since the dashboard is where it is
 * usually kept, it is missing from env files only where one names it and leaves it blank. Without a scheme it is right:
 * Convex puts `https://` before it (get-convex/convex-backend, crates/common/src/auth.rs).
 */
export const checkIssuer = onProject((project) => {
  const issuer = clerkProviderOf(project);
  if (!issuer) return [];
  const { provider, name, value, at } = issuer;
  const instance = instanceHostOf(project);
  const expected = instance === undefined ? undefined : `https://${instance}`;
  if (value === undefined) {
    const names = provider.domainEnv;
    if (names.length === 0 || !isMissingInConvex(project, names)) return [];
    const place = project.deploymentEnv ? undefined : blankVariable(project, names)?.at;
    return [tell('ISSUER_ENV_MISSING', { name, ...(expected !== undefined && { expected }) }, place ?? at)];
  }
  const host = hostOf(value);
  const bare = asIssuer(value);
  const seen = showAddress(value);
  const setting = { name, seen, ...(issuer.isWrittenOut && { isWrittenOut: true as const }) };
  return [
    ...(value.trim().endsWith('/')
      ? [tell('ISSUER_TRAILING_SLASH', { ...setting, expected: showAddress(bare) }, at)]
      : []),
    ...(/^http:/i.test(bare) && !(host !== undefined && isLoopback(host))
      ? [tell('ISSUER_NOT_HTTPS', { ...setting, expected: showAddress(bare.replace(/^http:/i, 'https:')) }, at)]
      : []),
    ...(expected !== undefined && host === instance && hasPath(bare)
      ? [tell('ISSUER_WITH_PATH', { ...setting, expected }, at)]
      : []),
    ...(!issuer.isWrittenOut && expected !== undefined && !isSameInstance(project, host)
      ? [tell('ISSUER_OF_ANOTHER_INSTANCE', { name, seen, expected }, at)]
      : []),
  ];
});
