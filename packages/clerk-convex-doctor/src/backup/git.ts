import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Whether git would take a file that stands there, or has it already. False outside of a repository, and where there is no git.
 * Runs nothing of the repository: a file system monitor is a program that its config names.
 */
export async function gitWouldTake(folder: string, file: string): Promise<boolean> {
  if ((await git(folder, ['rev-parse', '--is-inside-work-tree'])).status !== 0) return false;
  if ((await git(folder, ['ls-files', '--error-unmatch', '--', file])).status === 0) return true;
  // 0: ignored; 1: not.
  return (await git(folder, ['check-ignore', '-q', '--no-index', '--', file])).status === 1;
}

async function git(folder: string, args: readonly string[]): Promise<{ readonly status: number }> {
  try {
    await run('git', ['-c', 'core.fsmonitor=false', ...args], { cwd: folder, timeout: 10_000 });
    return { status: 0 };
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    return { status: typeof code === 'number' ? code : 128 };
  }
}
