import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Draft } from './Draft.ts';

/** Where projects are written; each in a folder of its own, as long as somebody looks at it. */
export interface Workshop {
  /** Writes a project, into a git repository of its own as far as git is there, and returns its folder. */
  write(draft: Pick<Draft, 'files' | 'notAdded' | 'ages' | 'inGit'>): string;
  remove(root: string): void;
  /** Removes everything. */
  close(): void;
  readonly hasGit: boolean;
}

const noGlobalGit = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

export function createWorkshop(): Workshop {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'doctor-projects-')));
  // One repository, copied: an init takes as long as everything else together.
  const template = join(folder, 'template');
  mkdirSync(template);
  const git = (cwd: string, ...args: readonly string[]) =>
    execFileSync('git', args, { cwd, env: noGlobalGit, stdio: 'pipe' });
  let hasGit = true;
  try {
    git(template, 'init', '--quiet', '--template=');
  } catch {
    hasGit = false;
  }

  let count = 0;
  return {
    hasGit,
    write({ files, notAdded, ages, inGit }) {
      const isRepository = hasGit && inGit;
      count += 1;
      const root = join(folder, `project-${count}`);
      mkdirSync(root);
      if (isRepository) cpSync(join(template, '.git'), join(root, '.git'), { recursive: true });
      for (const [path, text] of files) {
        const file = join(root, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
      if (isRepository) git(root, 'add', '--all');
      if (isRepository && notAdded.size > 0)
        git(root, 'rm', '--cached', '--quiet', '--ignore-unmatch', '--', ...notAdded);
      const now = Date.now() / 1000;
      for (const [path, age] of ages) utimesSync(join(root, path), now - age, now - age);
      return root;
    },
    remove: (root) => rmSync(root, { recursive: true, force: true }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
