import { dirname, join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { listFiles } from '../listFiles.ts';
import { isWithin, pathFrom } from '../project/workspace.ts';
import { isFile, isFolder, textOf } from '../readText.ts';
import { runGit } from './runGit.ts';

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
  const answers = hasRepository && (await runGit(top, ['rev-parse', '--git-dir'])) !== undefined;
  return answers ? realGit(top) : guessedGit(top, hasRepository);
}

function realGit(top: string): Git {
  return {
    async statusOf(file) {
      const path = pathFrom(top, file);
      const listed = await runGit(top, ['ls-files', '-z', '--', `:(top,literal)${path}`]);
      if (listed === undefined) return undefined;
      if (listed.text !== '') return 'tracked';
      const ignored = await runGit(top, ['check-ignore', '-q', '--', path]);
      return ignored === undefined ? undefined : ignored.code === 0 ? 'ignored' : 'untracked';
    },
    async trackedIn(folder) {
      const path = pathFrom(top, folder);
      const listed = await runGit(top, ['ls-files', '-z', '--', path === '.' ? '.' : `:(top,literal)${path}`]);
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
