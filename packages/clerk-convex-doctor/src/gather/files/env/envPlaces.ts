import { dirname, join } from 'node:path';
import { readPackageJson } from '../project/packageJson.ts';
import type { ProjectApp } from '../project/projectApps.ts';
import { isWithin } from '../project/workspace.ts';
import { isFile } from '../readText.ts';
import { envFileNames } from './precedence.ts';
import { scriptEnvFiles } from './scriptEnvFiles.ts';
import { viteEnvDir } from './viteEnvDir.ts';

/** Where an app's variables come from, whole paths; of each the one that counts most first. */
export interface EnvPlaces {
  /** Files that a script puts into the environment, and that are there. */
  readonly scripts: readonly string[];
  /** Folder of the files that the framework reads: the app's own, or Vite's `envDir`. */
  readonly folder: string;
  readonly own: readonly string[];
  /**
   * The files of the folders above, as far as the workspace's root. No framework reads them by itself; a monorepo that keeps
   * its variables in one place does so by means that cannot all be known (direnv, Bun, a script of the root).
   */
  readonly above: readonly string[];
}

export async function envPlaces(app: ProjectApp, mode: 'development' | 'production'): Promise<EnvPlaces> {
  const names = envFileNames(app.framework, mode);
  const isVite = app.framework === 'vite' || app.framework === 'tanstack-start';
  const envDir = isVite ? await viteEnvDir(app.folder) : undefined;
  const folder = envDir !== undefined && isWithin(app.top, envDir) ? envDir : app.folder;
  const parents = foldersAbove(app);
  const scripts = scriptEnvFiles(app.json.scripts, app.folder, mode);
  const fromRoot: string[] = [];
  for (const parent of parents.slice(-1)) {
    const reading = await readPackageJson(parent);
    if (reading.status === 'read') fromRoot.push(...scriptEnvFiles(reading.json.scripts, parent, mode));
  }
  const there: string[] = [];
  for (const file of new Set([...scripts, ...fromRoot]))
    if (isWithin(app.top, file) && (await isFile(file))) there.push(file);
  const own = names.map((name) => join(folder, name));
  const taken = new Set([...there, ...own]);
  return {
    scripts: there,
    folder,
    own,
    above: parents.flatMap((parent) => names.map((name) => join(parent, name))).filter((file) => !taken.has(file)),
  };
}

/** From the app's folder, without it, to the workspace's: the nearest first. */
function foldersAbove({ folder, workspace }: ProjectApp): readonly string[] {
  const found: string[] = [];
  for (let above = folder; above !== workspace && isWithin(workspace, above); ) {
    above = dirname(above);
    found.push(above);
  }
  return found;
}
