import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface RunningDemo {
  readonly app: string;
  /** Absent when it runs on the real services. */
  readonly lab: string | undefined;
  /** All that it printed so far. */
  output(): string;
  /** Ctrl-C. Answers its exit code. */
  stop(): Promise<number | null>;
}

/** Runs the demo's command and keeps what it prints. */
export function runDemo(args: readonly string[], env: Record<string, string> = {}, script = 'scripts/demo.ts') {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VITE|NEXT|NODE_ENV|CLERK_)/.test(name));
  const child = spawn(process.execPath, ['--import', 'tsx', script, '--no-open', ...args], {
    cwd: root,
    env: { ...Object.fromEntries(inherited), ...env } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      printed += text;
      for (const listener of listeners) listener();
    });
  }
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, exit, output: () => printed, listeners };
}

/** Starts the demo on a free port, and waits for its addresses. */
export const startDemo = (clerk: 5 | 6, env: Record<string, string> = {}): Promise<RunningDemo> =>
  whenReady(runDemo([`--clerk=${clerk}`, '--port=0'], env));

/** The same for `npm run demo:next`. */
export const startDemoNext = (env: Record<string, string> = {}): Promise<RunningDemo> =>
  whenReady(runDemo(['--port=0'], env, 'scripts/demoNext.ts'));

async function whenReady({ child, exit, output, listeners }: ReturnType<typeof runDemo>): Promise<RunningDemo> {
  await new Promise<void>((resolve, reject) => {
    const look = () => {
      if (output().includes('Ctrl-C')) resolve();
    };
    listeners.add(look);
    void exit.then((code) => reject(new Error(`The demo ended with ${code}:\n${output()}`)));
  });
  const app = address('The app', output());
  if (!app) throw new Error(`The demo did not print the address of the app:\n${output()}`);
  return { app, lab: address('The lab', output()), output, stop: () => stop(child, exit) };
}

const address = (name: string, output: string): string | undefined =>
  new RegExp(`${name}\\s+(http://\\S+)`).exec(output)?.[1];

async function stop(child: ChildProcess, exit: Promise<number | null>): Promise<number | null> {
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  const code = await exit;
  clearTimeout(timer);
  return code;
}
