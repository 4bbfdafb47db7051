export interface ParentProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Id of the process that started this one; another when that has ended. */
  readonly ppid: number;
}

/** How often it is looked whether the parent is still there, in milliseconds. */
const lookEveryMs = 500;

/**
 * Calls back once when npm's shell, which has started this command, has ended. `npx` and `npm run` pass SIGTERM on to that shell,
 * which dies of it and tells its child nothing (npm 11.19 with dash): whoever ends npm by its id would leave both servers
 * behind. Whoever starts the command without npm, or puts it in the background in a script of npm's, may end its parent.
 */
export function onOrphaned(callback: () => void, parent: ParentProcess = process): () => void {
  const script = parent.env.npm_lifecycle_script ?? '';
  const isInBackground = /(?<![&>])&(?![&>])/.test(script);
  if (!script.includes('clerk-convex-emulators') || isInBackground) return () => {};
  const { ppid } = parent;
  const timer = setInterval(() => {
    if (parent.ppid === ppid) return;
    clearInterval(timer);
    callback();
  }, lookEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}
