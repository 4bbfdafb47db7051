import { asIssuer } from '../../../config/clerkIssuer.ts';
import type { ProjectEvidence } from '../../evidence.ts';
import { isLoopback } from '../isLocalOrigin.ts';
import { hostOf } from '../issuers.ts';
import { proxiesOf } from '../proxiesOf.ts';
import { clerkProviderOf, instanceHostOf } from './clerkProviderOf.ts';
import { isSameInstance } from './isSameInstance.ts';
import { onProject } from './onProject.ts';
import { showAddress, tell } from './tell.ts';
import { blankVariable, isMissingInConvex } from './variables.ts';

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
  const isAnother = !issuer.isWrittenOut && expected !== undefined && !isSameInstance(project, host);
  const path = pathBehind(project, value);
  const seen = showAddress(value);
  // With the right issuer all else that is wrong with this one goes too: one command, and none that another takes back.
  if (isAnother) return [tell('ISSUER_OF_ANOTHER_INSTANCE', { name, seen, expected }, at)];
  const bare = asIssuer(value).slice(0, path === '' ? undefined : -path.length);
  const isHttp = /^http:/i.test(bare) && !(host !== undefined && isLoopback(host));
  const args = {
    name,
    seen,
    expected: showAddress(isHttp ? bare.replace(/^http:/i, 'https:') : bare),
    ...(issuer.isWrittenOut && { isWrittenOut: true as const }),
  };
  return [
    ...(path === '' && value.trim().endsWith('/') ? [tell('ISSUER_TRAILING_SLASH', args, at)] : []),
    ...(isHttp ? [tell('ISSUER_NOT_HTTPS', args, at)] : []),
    ...(path === '' ? [] : [tell('ISSUER_WITH_PATH', args, at)]),
  ];
});

/**
 * What stands behind an issuer and is none of it: the place of the keys or of the discovery; any path behind the host that the
 * publishable key names, unless the app has a proxy of Clerk's, which may have one.
 */
function pathBehind(project: ProjectEvidence, value: string): string {
  const [, path = ''] = /^https?:\/\/[^/?#]*(.*)$/is.exec(asIssuer(value)) ?? [];
  const known = path.indexOf('/.well-known');
  if (known >= 0) return path.slice(known);
  const isOfKey = hostOf(value) !== undefined && hostOf(value) === instanceHostOf(project);
  return isOfKey && proxiesOf(project).length === 0 ? path : '';
}
