import { diagnose, type Finding, type ProjectEvidence } from 'clerk-convex-resilience/diagnosis';
import { gatherProjects } from '../../packages/clerk-convex-doctor/src/gather/files/gatherProjects.ts';
import { readLog } from '../../packages/clerk-convex-doctor/src/log/readLog.ts';
import { type Draft, takenAt } from './Draft.ts';
import type { Workshop } from './writeProject.ts';

/** So many readings are kept: clean projects come first, and they are what is asked for again. */
const mostKept = 200;

/** `app`: the folder of the one that it was told of. */
export type AppFinding = Finding & { readonly app: string };

/** Says what is found in a draft: its files are written and read, and the rest is put beside what was read. */
export function createDiagnosis(workshop: Workshop): (draft: Draft) => Promise<readonly AppFinding[]> {
  // Where only the network or the deployment is wrong, the files are those of the clean project.
  const read = new Map<string, Promise<readonly ProjectEvidence[]>>();

  async function gather(draft: Draft): Promise<readonly ProjectEvidence[]> {
    const root = workshop.write(draft);
    try {
      return await gatherProjects({ root, envFile: draft.envFile, offline: true, processEnv: {} });
    } finally {
      workshop.remove(root);
    }
  }

  return async (draft) => {
    const { files, notAdded, ages, inGit, envFile, deploymentEnv, network, token, runtime, log } = draft;
    const key = JSON.stringify([[...files], [...notAdded], [...ages], inGit, envFile]);
    const gathered = read.get(key) ?? gather(draft);
    if (read.size < mostKept) read.set(key, gathered);
    return (await gathered).flatMap((project) =>
      diagnose({
        now: takenAt,
        project: { ...project, deploymentEnv },
        network,
        ...(token && { token }),
        ...(runtime && { runtime }),
        ...(log.length > 0 && { log: readLog(log.join('\n')) }),
      }).map((finding) => ({ ...finding, app: project.app })),
    );
  };
}
