import { execFile } from 'node:child_process';

/** How long git may take, in milliseconds. */
const gitTimeoutMs = 5_000;

// A repository's own config may name programs: none of them is run.
const safe = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '--no-optional-locks', '--no-pager'];

/**
 * Asks the repository that a folder is in. `code` is 0 or 1 (no such file, nothing ignored). Undefined: there is no git or no
 * repository, it took too long, or it refuses (a repository of another user).
 */
export function runGit(
  folder: string,
  args: readonly string[],
): Promise<{ readonly code: number; readonly text: string } | undefined> {
  return new Promise((resolve) => {
    execFile(
      'git',
      [...safe, ...args],
      { cwd: folder, timeout: gitTimeoutMs, maxBuffer: 67_108_864, windowsHide: true, env: gitEnv() },
      (error, stdout) => {
        const code = error === null ? 0 : error.code;
        resolve(typeof code === 'number' && code < 2 ? { code, text: stdout } : undefined);
      },
    );
  });
}

/** Without what would point git at another repository (`git rev-parse --local-env-vars`): a hook sets these. */
function gitEnv(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
  for (const name of elsewhere) delete env[name];
  return env;
}
const elsewhere = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
];
