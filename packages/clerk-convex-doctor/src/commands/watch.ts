import { basename } from 'node:path';
import { watch as watchFiles } from 'chokidar';
import { CannotRun } from '../cannotRun.ts';
import type { Call } from './settings.ts';

/** An editor writes several files at once, in milliseconds. */
const quietMs = 300;
const ignored =
  /^(?:node_modules|\.git|\.clerk-convex-doctor|dist|build|out|coverage|\.(?:next|output|turbo|vercel|expo|cache))$/;

/** `--watch`: runs at once, and again after each change, until it is interrupted. Answers the last run's exit code. */
export async function watch({ io, terminal, flags }: Call, root: string, run: () => Promise<number>): Promise<number> {
  const stop = io.interrupted();
  let code = 0;
  let isRunning = false;
  let isDue = false;
  let timer: NodeJS.Timeout | undefined;

  async function go(): Promise<void> {
    isDue = true;
    if (isRunning) return;
    isRunning = true;
    while (isDue && !stop.aborted) {
      isDue = false;
      if (terminal.isLive && !flags.json) terminal.clear();
      try {
        code = await run();
      } catch (error) {
        // A file that is half written is no reason to stop watching.
        if (!(error instanceof CannotRun)) throw error;
        terminal.errorLine(error.message);
        code = 2;
      }
      if (!flags.json && !flags.quiet) terminal.line('Watching: a change runs it again, Ctrl-C ends it.');
    }
    isRunning = false;
  }

  const watcher = watchFiles(root, {
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (path) => path !== root && (ignored.test(basename(path)) || path.endsWith('.tmp')),
  });
  const ended = new Promise<void>((resolve, reject) => {
    if (stop.aborted) resolve();
    stop.addEventListener('abort', () => resolve(), { once: true });
    watcher.on('all', () => {
      clearTimeout(timer);
      timer = setTimeout(() => void go().catch(reject), quietMs);
    });
    watcher.on('error', reject);
    // What changes while it begins to watch is not missed by the first run.
    watcher.on('ready', () => void go().catch(reject));
  });
  try {
    await ended;
  } finally {
    clearTimeout(timer);
    await watcher.close();
  }
  return code;
}
