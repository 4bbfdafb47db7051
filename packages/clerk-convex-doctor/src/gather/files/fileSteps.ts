import { DoctorError } from '../../DoctorError.ts';
import type { Step } from '../../types.ts';
import { stepsOf } from '../stepsOf.ts';

/** What is looked at in the files, in this order. The ids are stable. */
export const fileSteps = [
  { id: 'project', group: 'files', title: 'Project' },
  { id: 'packages', group: 'files', title: 'Packages' },
  { id: 'env-files', group: 'files', title: 'Environment files' },
  { id: 'auth-config', group: 'files', title: 'Convex auth config' },
  { id: 'functions', group: 'files', title: 'Convex functions and schema' },
  { id: 'providers', group: 'files', title: 'Providers' },
  { id: 'middleware', group: 'files', title: 'Middleware' },
  { id: 'webhook-routes', group: 'files', title: 'Webhook routes' },
  { id: 'secrets', group: 'files', title: 'Secrets in tracked files' },
  { id: 'stale-build', group: 'files', title: 'Builds' },
] as const satisfies readonly Pick<Step, 'id' | 'group' | 'title'>[];

export type FileStepId = (typeof fileSteps)[number]['id'];

/** Runs one step and tells of it. `detail` of the result says what was seen, `skipped` why it could not be looked at. */
export type RunStep = <Result>(
  id: FileStepId,
  fallback: Result,
  look: (tell: StepWords) => Promise<Result>,
) => Promise<Result>;

export interface StepWords {
  /** What was seen. */
  detail(text: string): void;
  /** A part of it could not be looked at: why. */
  skipped(text: string): void;
}

/**
 * Tells `onStep` of each step when it begins and when it is over. A step that throws is one that was skipped: a file that
 * nobody thought of does not keep the rest from being looked at.
 */
export function createStepRunner(given: ((step: Step) => void) | undefined, where: string): RunStep {
  const onStep = stepsOf(given, where);
  return async (id, fallback, look) => {
    const step = fileSteps.find((known) => known.id === id);
    if (!step) return fallback;
    const details: string[] = [];
    const skips: string[] = [];
    onStep?.({ ...step, status: 'started' });
    let result = fallback;
    try {
      result = await look({ detail: (text) => details.push(text), skipped: (text) => skips.push(text) });
    } catch (error) {
      // Without a project there is nothing to go on with.
      if (error instanceof DoctorError) throw error;
      skips.push(`it could not be read (${error instanceof Error ? error.name : typeof error})`);
    }
    const detail = [...new Set([...skips, ...details])].join('; ');
    onStep?.({
      ...step,
      status: skips.length > 0 ? 'skipped' : 'done',
      ...(detail !== '' && { detail }),
    });
    return result;
  };
}
