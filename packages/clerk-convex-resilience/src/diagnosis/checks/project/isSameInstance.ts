import type { ProjectEvidence } from '../../evidence.ts';
import { hostOf, instanceHostOf, isLoopback } from './clerkProviderOf.ts';

/**
 * Is this issuer's host of the Clerk instance that the publishable key names? Yes also where the key does not tell, where both
 * are emulators on this machine, and where Clerk is behind a proxy of the app's, which then is the issuer.
 */
export function isSameInstance(project: ProjectEvidence, host: string | null): boolean {
  const instance = instanceHostOf(project);
  if (instance === null || host === instance) return true;
  if (host === null) return false;
  const isProxy = project.env.some(({ name, value }) => name.endsWith('CLERK_PROXY_URL') && hostOf(value) === host);
  return isProxy || (isLoopback(host) && isLoopback(instance));
}
