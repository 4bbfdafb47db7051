import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Who has started this process. */
export interface Ancestry {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Id of the process that started this one; another when that has ended. */
  readonly ppid: number;
  /** `<name> <id of who started it>` of a process, where that can be found out. */
  describe(pid: number): string | undefined;
  isAlive(pid: number): boolean;
}

/** How often it is looked whether they are still there, in milliseconds. */
const lookEveryMs = 500;

/**
 * Calls back once when the npm that has started this command has ended, or the shell between them. `npx` and `npm run` pass
 * SIGTERM on to that shell, which dies of it and tells its child nothing (npm 11.19 with dash), and SIGHUP to nobody: whoever
 * ends npm by its id would leave both servers behind. Whoever starts the command without npm, or puts it in the background in
 * a script of npm's, may end its parent.
 */
export function onOrphaned(callback: () => void, ancestry: Ancestry = ofThisProcess): () => void {
  const script = ancestry.env.npm_lifecycle_script ?? '';
  const isInBackground = /(?<![&>])&(?![&>])/.test(script);
  if (!script.includes('clerk-convex-emulators') || isInBackground) return () => {};
  const { ppid } = ancestry;
  // A shell may have become the command: then the parent is npm, and who started that may end.
  const npm = /^(?:\S*\/)?\w*sh (\d+)$/.exec(ancestry.describe(ppid) ?? '')?.[1];
  const timer = setInterval(() => {
    if (ancestry.ppid === ppid && (npm === undefined || ancestry.isAlive(Number(npm)))) return;
    clearInterval(timer);
    callback();
  }, lookEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}

const ofThisProcess: Ancestry = {
  env: process.env,
  get ppid() {
    return process.ppid;
  },
  describe(pid) {
    try {
      const [, name, ppid] = /\((.*)\) \w (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      return `${name} ${ppid}`;
    } catch {} // no Linux
    try {
      const options = { encoding: 'utf8', stdio: 'pipe', timeout: 2_000 } as const;
      return execFileSync('ps', ['-o', 'comm=,ppid=', '-p', `${pid}`], options)
        .trim()
        .replace(/\s+/, ' ');
    } catch {
      return undefined;
    }
  },
  isAlive(pid) {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  },
};
