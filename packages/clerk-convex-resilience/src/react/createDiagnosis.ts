import type { AuthFailure } from '../core/failure.ts';
import type { ReportedFinding } from '../diagnosis/findings.ts';
import type { FailureScene, Memory } from './findCause.ts';

/** Says why something is refused. Idle, and not even downloaded, until something is. */
export interface Diagnosis {
  /** What was found to be wrong with the trouble that there is. The same array until it changes. */
  findings(): readonly ReportedFinding[];
  /** The trouble that there is; null when all is well. */
  saw(failure: AuthFailure | null): void;
  /** A token ends before it can be renewed. Nothing is refused yet: it is told once. */
  sawShortLife(): void;
  /** From mount to unmount, after which it asks, finds and tells nothing. It begins started. Returns its own undo. */
  start(): () => void;
}

const none: readonly ReportedFinding[] = [];

/** Is it a refusal, that has a cause which can be named? What a network does has none. */
const isRefusal = ({ kind, source }: AuthFailure): boolean =>
  kind === 'misconfigured' || (source === 'convex' && (kind === 'server' || kind === 'clock_skew'));

/** `onFound` is called when the findings are others. A diagnosis that cannot be loaded is tried again at the next refusal. */
export function createDiagnosis(scene: FailureScene, onFound: () => void): Diagnosis {
  let findings = none;
  let last: AuthFailure | null = null;
  /** Of the trouble that there is. A network that fails in between ends no such trouble. */
  let memory: Memory = { told: [] };
  let hasEnded = false;
  /** Made when there is something to look for: a server renders without. */
  let ending: AbortController | undefined;
  let hasToldOfLife = false;
  /** `isStill`: is it still what there is? */
  const look = async (failure: AuthFailure | null, isStill: () => boolean): Promise<readonly ReportedFinding[]> => {
    ending ??= new AbortController();
    const { signal } = ending;
    const { findCause } = await import('./findCause.ts');
    return findCause(scene, failure, () => (isStill() && !signal.aborted ? findings : null), memory, signal);
  };
  return {
    findings: () => findings,
    saw(failure) {
      if (failure === last || hasEnded) return;
      last = failure;
      if (!failure) memory = { told: [] };
      if (!failure || !isRefusal(failure)) findings = none;
      else {
        look(failure, () => last === failure)
          .then((found) => {
            if (last !== failure || found === findings) return;
            findings = found;
            onFound();
          })
          .catch(() => {
            // Looked for again when the same is seen again: some refusals come once.
            if (last === failure) last = null;
          });
      }
    },
    sawShortLife() {
      if (hasToldOfLife || hasEnded) return;
      hasToldOfLife = true;
      look(null, () => true).catch(() => {
        hasToldOfLife = false;
      });
    },
    start() {
      hasEnded = false;
      return () => {
        hasEnded = true;
        ending?.abort();
        ending = undefined;
        last = null;
        findings = none;
        // What was told has been told; what was asked for has not been answered.
        memory = { told: memory.told };
      };
    },
  };
}
