import type { ProjectEvidence } from '../../evidence.ts';
import { isLoopback } from '../isLocalOrigin.ts';
import { proxiesOf } from '../proxiesOf.ts';
import { instanceHostOf } from './clerkProviderOf.ts';

/** The host of a development instance: no app is there. */
const isOfClerk = (host: string): boolean => host.endsWith('.clerk.accounts.dev');

/**
 * Is this issuer's host of the Clerk instance that the publishable key names? Yes also where the key does not tell, where both
 * are emulators on this machine, and where Clerk is behind a proxy of the app's, which then is the issuer: of a proxy that is
 * only a path, any host that is not Clerk's own.
 */
export function isSameInstance(project: ProjectEvidence, host: string | undefined): boolean {
  const instance = instanceHostOf(project);
  if (instance === undefined || host === instance) return true;
  if (host === undefined) return false;
  const isProxy = proxiesOf(project).some((proxy) => (proxy.host ?? (isOfClerk(host) ? undefined : host)) === host);
  return isProxy || (isLoopback(host) && isLoopback(instance));
}
