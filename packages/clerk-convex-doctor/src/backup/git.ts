import { runGit } from '../gather/files/git/runGit.ts';

/** Whether git would take a file that stands there, or has it already. False outside of a repository, and where there is no git. */
export async function gitWouldTake(folder: string, file: string): Promise<boolean> {
  if ((await runGit(folder, ['rev-parse', '--is-inside-work-tree']))?.code !== 0) return false;
  if ((await runGit(folder, ['ls-files', '--error-unmatch', '--', file]))?.code === 0) return true;
  // 0: ignored; 1: not.
  return (await runGit(folder, ['check-ignore', '-q', '--no-index', '--', file]))?.code === 1;
}
