import { dirname, join } from 'node:path';
import { pathFrom } from '../project/workspace.ts';
import { isFile, isFolder } from '../readText.ts';
import { runGit } from './runGit.ts';

/**
 * Does a repository bring a file of that folder (a real path, without links)? Undefined: the folder is in a repository, and git
 * cannot be asked.
 */
export async function isCommitted(folder: string): Promise<boolean | undefined> {
  // From there, not from the folder: what is in it may look like a repository of its own.
  const top = await repositoryOf(folder);
  if (top === undefined) return false;
  const path = pathFrom(top, folder);
  const listed = await runGit(top, ['ls-files', '-z', '--', path === '.' ? '.' : `:(top,literal)${path}`]);
  return listed?.code === 0 ? listed.text !== '' : undefined;
}

/** The nearest folder with a `.git`; a submodule's is a file. */
async function repositoryOf(start: string): Promise<string | undefined> {
  for (let folder = start; ; folder = dirname(folder)) {
    const git = join(folder, '.git');
    if ((await isFolder(git)) || (await isFile(git))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}
