import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnvVariable, ProjectEvidence } from 'clerk-convex-resilience/diagnosis';
import type { ProjectApp } from './project/projectApps.ts';
import { pathFrom } from './project/workspace.ts';

/** Next.js writes public variables into the build: one that is older than the file they come from has the old keys. */
export async function staleBuild(
  app: ProjectApp,
  env: readonly EnvVariable[],
): Promise<ProjectEvidence['staleBuild'] | undefined> {
  if (app.framework !== 'next') return undefined;
  const build = Math.max(
    ...(await Promise.all(
      ['.next', '.next/BUILD_ID', '.next/build-manifest.json', '.next/cache', '.next/server', '.next/dev'].map((name) =>
        changedAt(join(app.folder, name)),
      ),
    )),
  );
  if (build === 0) return undefined;
  const files = new Set(
    env.flatMap(({ name, at }) => (at !== undefined && /CLERK|CONVEX/.test(name) ? [at.replace(/:\d+$/, '')] : [])),
  );
  for (const file of files) {
    if ((await changedAt(join(app.root, file))) > build)
      return { folder: pathFrom(app.root, join(app.folder, '.next')), file };
  }
  return undefined;
}

/** In milliseconds since the epoch; 0: it is not there. */
const changedAt = (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
