import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { listFiles } from '../listFiles.ts';
import { isWithin, pathFrom } from '../project/workspace.ts';
import { isFile, isFolder, textOf } from '../readText.ts';

/** What git says of a project's files. */
export interface Git {
  /** Undefined: this is no repository, and has no .gitignore either. */
  statusOf(file: string): Promise<'ignored' | 'tracked' | 'untracked' | undefined>;
  /** Files below a folder that are or will be committed, as whole paths; undefined where nobody can say. */
  trackedIn(folder: string): Promise<readonly string[] | undefined>;
}

/** Asks git; where it cannot be asked, works it out from the .gitignore files. `top`: the repository, or the project. */
export async function createGit(top: string): Promise<Git> {
  const hasRepository = (await isFolder(join(top, '.git'))) || (await isFile(join(top, '.git')));
  const answers = hasRepository && (await run(top, ['rev-parse', '--git-dir'])) !== undefined;
  return answers ? realGit(top) : guessedGit(top, hasRepository);
}

function realGit(top: string): Git {
  return {
    async statusOf(file) {
      const path = pathFrom(top, file);
      const listed = await run(top, ['ls-files', '-z', '--', `:(top,literal)${path}`]);
      if (listed === undefined) return undefined;
      if (listed.text !== '') return 'tracked';
      const ignored = await run(top, ['check-ignore', '-q', '--', path]);
      return ignored === undefined ? undefined : ignored.code === 0 ? 'ignored' : 'untracked';
    },
    async trackedIn(folder) {
      const path = pathFrom(top, folder);
      const listed = await run(top, ['ls-files', '-z', '--', path === '.' ? '.' : `:(top,literal)${path}`]);
      return listed?.code === 0
        ? listed.text
            .split('\0')
            .filter((name) => name !== '')
            .map((name) => join(top, name))
        : undefined;
    },
  };
}

/** Without git: what the .gitignore files leave will be committed sooner or later. */
function guessedGit(top: string, hasRepository: boolean): Git {
  const rules = new Map<string, Promise<Ignore | undefined>>();
  const rulesOf = (folder: string): Promise<Ignore | undefined> => {
    const known =
      rules.get(folder) ??
      textOf(join(folder, '.gitignore')).then((text) => (text === undefined ? undefined : ignore().add(text)));
    rules.set(folder, known);
    return known;
  };
  /** Undefined: no .gitignore is above it. */
  const isIgnored = async (file: string): Promise<boolean | undefined> => {
    let answer: boolean | undefined = hasRepository ? false : undefined;
    for (let folder = dirname(file); isWithin(top, folder); folder = dirname(folder)) {
      const own = await rulesOf(folder);
      if (own) {
        answer ??= false;
        const { ignored, unignored } = own.test(pathFrom(folder, file));
        // The nearest rule counts.
        if (ignored || unignored) return ignored;
      }
      if (folder === top || folder === dirname(folder)) break;
    }
    return answer;
  };
  return {
    async statusOf(file) {
      const ignored = isWithin(top, file) ? await isIgnored(file) : undefined;
      return ignored === undefined ? undefined : ignored ? 'ignored' : 'untracked';
    },
    async trackedIn(folder) {
      const left: string[] = [];
      for (const path of await listFiles(folder, ['**'])) {
        const ignored = await isIgnored(join(folder, path));
        if (ignored === undefined) continue;
        if (!ignored) left.push(join(folder, path));
      }
      return hasRepository || left.length > 0 ? left : undefined;
    },
  };
}

/** How long git may take, in milliseconds. */
const gitTimeoutMs = 5_000;

/** Undefined: there is no git, it took too long, or it refuses (a repository of another user). */
function run(
  folder: string,
  args: readonly string[],
): Promise<{ readonly code: number; readonly text: string } | undefined> {
  // A repository's own config may name programs: none of them is run.
  const safe = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '--no-optional-locks', '--no-pager'];
  return new Promise((resolve) => {
    execFile(
      'git',
      [...safe, ...args],
      { cwd: folder, timeout: gitTimeoutMs, maxBuffer: 67_108_864, windowsHide: true, env: gitEnv() },
      (error, stdout) => {
        const code = error === null ? 0 : error.code;
        // 1: no such file, nothing ignored. 128: no repository.
        resolve(typeof code === 'number' && code < 2 ? { code, text: stdout } : undefined);
      },
    );
  });
}

/** Without what would point git at another repository: a hook sets these. */
function gitEnv(): NodeJS.ProcessEnv {
  const { GIT_DIR: _dir, GIT_WORK_TREE: _tree, GIT_INDEX_FILE: _index, ...rest } = process.env;
  return { ...rest, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
}
