import { diagnose, type Evidence, type LogEvidence, type ProjectEvidence } from 'clerk-convex-resilience/diagnosis';
import { DoctorError } from './DoctorError.ts';
import { type GatherParts, gatherProjects } from './gather/files/gatherProjects.ts';
import { askConvexEnv } from './gather/network/askConvexEnv.ts';
import { gatherNetwork } from './gather/network/gatherNetwork.ts';
import { stepsOf } from './gather/stepsOf.ts';
import type { AppReport, DoctorOptions, DoctorReport, Step } from './types.ts';

export interface RunOptions extends DoctorOptions {
  /** What a log tells (`readLog`). It is put beside the first app; without any app it is looked at alone. */
  readonly log?: LogEvidence | undefined;
  /** In milliseconds since the epoch. @defaultValue `Date.now()` */
  readonly now?: number | undefined;
}

/** Looks at each app below `root` and says what is wrong. Writes nothing. The evidence in the report holds secrets. */
export async function runDoctor(options: RunOptions): Promise<DoctorReport> {
  const skipped: Step[] = [];
  const onStep = (step: Step): void => {
    if (step.status === 'skipped') skipped.push(step);
    options.onStep?.(step);
  };
  const told: RunOptions = { ...options, onStep };
  const now = options.now ?? Date.now();
  const apps: AppReport[] = [];
  // One after the other: the lines of two apps would be told through each other.
  const projects = await projectsOf(told);
  for (const [index, project] of projects.entries()) {
    const own: RunOptions = { ...told, onStep: stepsOf(onStep, projects.length > 1 ? project.app : '') };
    apps.push(report(await evidenceOf(project, own, now, index === 0 ? options.log : undefined)));
  }
  if (apps.length === 0 && options.log) apps.push(report({ now, log: options.log }));
  return { apps, skipped };
}

/** A log may be looked at anywhere. */
async function projectsOf(options: RunOptions): Promise<readonly ProjectEvidence[]> {
  try {
    return await gatherProjects(options, deploymentOf(options));
  } catch (error) {
    if (options.log && error instanceof DoctorError) return [];
    throw error;
  }
}

async function evidenceOf(
  project: ProjectEvidence,
  options: RunOptions,
  now: number,
  log: LogEvidence | undefined,
): Promise<Evidence> {
  // Offline it asks nothing, and tells of each question that it was skipped.
  return { now, project, network: await gatherNetwork(project, options), ...(log && { log }) };
}

/** How the deployment is asked for its environment, where it may be: once, though several apps have it. */
export function deploymentOf(options: DoctorOptions): GatherParts {
  const asked = new Map<string, Asked>();
  return {
    deploymentEnv({ convexPackage, named, where }) {
      const onStep = stepsOf(options.onStep, where);
      const key = JSON.stringify([convexPackage, named]);
      const known = asked.get(key);
      if (known) {
        for (const step of known.steps) onStep?.(step);
        return known.answer;
      }
      const steps: Step[] = [];
      const tell = (step: Step): void => {
        steps.push(step);
        onStep?.(step);
      };
      const answer = askConvexEnv(convexPackage, { ...options, onStep: tell, ...(named && { named }) });
      asked.set(key, { answer, steps });
      return answer;
    },
  };
}

interface Asked {
  readonly answer: ReturnType<typeof askConvexEnv>;
  /** Apps are looked at one after the other: all are told before the next one asks. */
  readonly steps: readonly Step[];
}

const report = (evidence: Evidence): AppReport => ({
  app: evidence.project?.app ?? '.',
  framework: evidence.project?.framework ?? 'plain',
  findings: diagnose(evidence),
  evidence,
});
