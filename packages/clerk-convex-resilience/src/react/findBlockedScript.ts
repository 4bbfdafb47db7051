import type { Clock } from '../core/clock.ts';
import type { Connectivity } from '../core/connectivity.ts';
import type { ReportedFinding } from '../diagnosis/findings.ts';
import { diagnoseRuntime } from '../diagnosis/runtimeEngine.ts';
import { askWithin } from './askWithin.ts';
import { reported } from './reported.ts';
import { type Teller, tellOf } from './tellOf.ts';

export interface BlockedScriptScene extends Teller {
  /** Of the script that does not come, and is tried again. */
  readonly src: string;
  readonly connectivity: Pick<Connectivity, 'readGlobal' | 'isOnline' | 'baseUrl'>;
  readonly clock: Clock;
  /** Has it not come meanwhile? */
  readonly isStillMissing: () => boolean;
  /** Nobody wants to know any more. */
  readonly signal: AbortSignal;
}

const answerWithinMs = 2_000;
/** What the browser says of a page's own policy is no part of the failure that it causes: a task before it, or after. In milliseconds. */
const reportWithinMs = 500;

/**
 * Why one of Clerk's scripts does not come, as far as a page can tell, at its next failure, however long that is off. What a
 * whole outage stops has no cause to be named.
 */
export async function findBlockedScript(scene: BlockedScriptScene): Promise<readonly ReportedFinding[]> {
  const { src, connectivity, clock, signal } = scene;
  const { host, origin } = new URL(src, connectivity.baseUrl);
  const csp = await isForbidden(scene, origin);
  const isOver = (): boolean => signal.aborted || !scene.isStillMissing() || !connectivity.isOnline();
  if (isOver() || (!csp && !(await answers(origin, clock, signal))) || isOver()) return [];
  const found = reported(diagnoseRuntime({ runtime: { scriptBlocked: { host, csp } } }), scene.development());
  tellOf(scene, found, [], signal);
  return found;
}

/** Does the browser report, with the next try, that the page's Content-Security-Policy keeps the script away? */
function isForbidden({ connectivity, clock, signal }: BlockedScriptScene, origin: string): Promise<boolean> {
  const page = connectivity.readGlobal('document') as Document | undefined;
  return new Promise((resolve) => {
    let cancel = (): void => {};
    const settle = (isSo: boolean): void => {
      cancel();
      page?.removeEventListener('securitypolicyviolation', heard);
      for (const type of settled) page?.removeEventListener(type, onSettled, true);
      signal.removeEventListener('abort', end);
      resolve(isSo);
    };
    const end = (): void => settle(false);
    const heard = ({ effectiveDirective, blockedURI, disposition }: SecurityPolicyViolationEvent): void => {
      // A policy that only reports keeps nothing away.
      if (disposition !== 'report' && effectiveDirective.startsWith('script-src') && blockedURI.startsWith(origin))
        settle(true);
    };
    const onSettled = ({ target }: Event): void => {
      if (!(target as Partial<HTMLScriptElement> | null)?.src?.startsWith(origin)) return;
      cancel();
      cancel = clock.setTimer(end, reportWithinMs);
    };
    page?.addEventListener('securitypolicyviolation', heard);
    for (const type of settled) page?.addEventListener(type, onSettled, true);
    signal.addEventListener('abort', end);
    if (!page || signal.aborted) end();
  });
}

/** A script that does not parse has loaded. */
const settled = ['error', 'load'];

/** Is the script's own server there, whatever it says? */
async function answers(origin: string, clock: Clock, signal: AbortSignal): Promise<boolean> {
  try {
    await askWithin(clock, answerWithinMs, signal, (asking) =>
      globalThis.fetch(origin, { mode: 'no-cors', cache: 'no-store', signal: asking }),
    );
    return true;
  } catch {
    return false;
  }
}
