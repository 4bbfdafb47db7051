import type { AuthFailure } from '../core/failure.ts';
import type { Finding } from '../diagnosis/findings.ts';
import type { FailureScene } from './findCause.ts';

/** Says why something is refused. Idle, and not even downloaded, until something is. */
export interface Diagnosis {
  /** What was found to be wrong with the trouble that there is. The same array until it changes. */
  findings(): readonly Finding[];
  /** The trouble that there is; null when all is well. */
  saw(failure: AuthFailure | null): void;
  /** A token ends before it can be renewed. Nothing is refused yet: it is told once. */
  sawShortLife(): void;
}

const none: readonly Finding[] = [];

/** Is it a refusal, that has a cause which can be named? What a network does has none. */
const isRefusal = ({ kind, source }: AuthFailure): boolean =>
  kind === 'misconfigured' || (source === 'convex' && (kind === 'server' || kind === 'clock_skew'));

/** `onFound` is called when the findings are others. A diagnosis that cannot be loaded is tried again at the next refusal. */
export function createDiagnosis(scene: FailureScene, onFound: () => void): Diagnosis {
  let findings = none;
  let last: AuthFailure | null = null;
  /** What was told of the trouble that there is. A network that fails in between ends no such trouble. */
  let told: Finding[] = [];
  let hasToldOfLife = false;
  return {
    findings: () => findings,
    saw(failure) {
      if (failure === last) return;
      last = failure;
      if (!failure) told = [];
      if (!failure || !isRefusal(failure)) findings = none;
      else {
        void import('./findCause.ts')
          .then(({ findCause }) => findCause(scene, failure, () => (last === failure ? findings : null), told))
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
      if (hasToldOfLife) return;
      hasToldOfLife = true;
      void import('./findCause.ts')
        .then(({ findCause }) => findCause(scene, null, () => findings, told))
        .catch(() => {
          hasToldOfLife = false;
        });
    },
  };
}
