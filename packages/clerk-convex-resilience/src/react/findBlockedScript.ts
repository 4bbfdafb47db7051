import type { Clock } from '../core/clock.ts';
import type { Connectivity } from '../core/connectivity.ts';
import type { Finding } from '../diagnosis/findings.ts';
import { diagnoseRuntime } from '../diagnosis/runtimeEngine.ts';
import { type Teller, tellOf } from './tellOf.ts';

export interface BlockedScriptScene extends Teller {
  /** Of the script that does not come. */
  readonly src: string;
  readonly connectivity: Pick<Connectivity, 'readGlobal' | 'isOnline' | 'baseUrl'>;
  readonly clock: Clock;
  /** Has it not come meanwhile? */
  readonly isStillMissing: () => boolean;
}

/** In which it is tried again at least once, and the browser says whether the page's own policy forbids it, in milliseconds. */
const watchMs = 2_000;

/** Why one of Clerk's scripts does not come, as far as a page can tell. What a whole outage stops has no cause to be named. */
export async function findBlockedScript(scene: BlockedScriptScene): Promise<readonly Finding[]> {
  const { src, connectivity } = scene;
  const { host, origin } = new URL(src, connectivity.baseUrl);
  const csp = await isForbidden(scene, origin);
  if (!scene.isStillMissing() || !connectivity.isOnline() || (!csp && !(await answers(scene, origin)))) return [];
  const found = diagnoseRuntime({ runtime: { scriptBlocked: { host, csp } } });
  if (!scene.isStillMissing()) return [];
  tellOf(scene, found, []);
  return found;
}

/** Does the browser report that the page's Content-Security-Policy keeps the script away? */
function isForbidden({ connectivity, clock }: BlockedScriptScene, origin: string): Promise<boolean> {
  const page = connectivity.readGlobal('document') as Document | undefined;
  return new Promise((resolve) => {
    const settle = (isSo: boolean): void => {
      cancel();
      page?.removeEventListener('securitypolicyviolation', heard);
      resolve(isSo);
    };
    const heard = ({ effectiveDirective, blockedURI, disposition }: SecurityPolicyViolationEvent): void => {
      // A policy that only reports keeps nothing away.
      if (disposition !== 'report' && effectiveDirective.startsWith('script-src') && blockedURI.startsWith(origin))
        settle(true);
    };
    const cancel = clock.setTimer(() => settle(false), watchMs);
    page?.addEventListener('securitypolicyviolation', heard);
  });
}

/** Is the script's own server there, whatever it says? */
async function answers({ clock }: BlockedScriptScene, origin: string): Promise<boolean> {
  const abort = new AbortController();
  const cancel = clock.setTimer(() => abort.abort(), watchMs);
  try {
    await globalThis.fetch(origin, { mode: 'no-cors', cache: 'no-store', signal: abort.signal });
    return true;
  } catch {
    return false;
  } finally {
    cancel();
  }
}
