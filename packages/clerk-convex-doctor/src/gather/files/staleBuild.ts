import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnvVariable, ProjectEvidence } from 'clerk-convex-resilience/diagnosis';
import { listFiles } from './listFiles.ts';
import type { ProjectApp } from './project/projectApps.ts';
import { pathFrom } from './project/workspace.ts';
import { textOf } from './readText.ts';

/**
 * Next.js writes public variables into the build: one that is older than the file they come from has the old keys, unless
 * today's stand in its chunks: the file may have been changed in another place.
 */
export async function staleBuild(
  app: ProjectApp,
  env: readonly EnvVariable[],
): Promise<ProjectEvidence['staleBuild'] | undefined> {
  if (app.framework !== 'next') return undefined;
  const folder = join(app.folder, '.next');
  const build = Math.max(
    ...(await Promise.all(
      ['', 'BUILD_ID', 'build-manifest.json', 'cache', 'server', 'dev'].map((name) => changedAt(join(folder, name))),
    )),
  );
  if (build === 0) return undefined;
  const files = new Map<string, string[]>();
  for (const { name, value, at } of env) {
    if (at === undefined || !/^NEXT_PUBLIC_.*(CLERK|CONVEX)/.test(name)) continue;
    const file = at.replace(/:\d+$/, '');
    files.set(file, [...(files.get(file) ?? []), value]);
  }
  for (const [file, values] of files) {
    if ((await changedAt(join(app.root, file))) <= build) continue;
    if (!(await holdsAll(join(folder, 'static'), values))) return { folder: pathFrom(app.root, folder), file };
  }
  return undefined;
}

/** So many chunks are read. */
const mostChunks = 300;

async function holdsAll(folder: string, values: readonly string[]): Promise<boolean> {
  const missing = new Set(values.filter((value) => value !== ''));
  for (const name of (await listFiles(folder, ['**/*.js'])).slice(0, mostChunks)) {
    const text = (await textOf(join(folder, name))) ?? '';
    for (const value of missing) if (text.includes(value)) missing.delete(value);
    if (missing.size === 0) return true;
  }
  return false;
}

/** In milliseconds since the epoch; 0: it is not there. */
const changedAt = (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
