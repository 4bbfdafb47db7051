import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface NextServer {
  readonly url: string;
  /** All that it has printed. */
  output(): string;
  close(): Promise<void>;
}

interface NextOptions {
  readonly dir: string;
  /** Added to what this process has; undefined takes away. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Show what it prints. @defaultValue false */
  readonly echo?: boolean;
}

/** `next build`. Answers what it printed, and whether it succeeded. */
export async function buildNext(options: NextOptions): Promise<{ readonly ok: boolean; readonly output: string }> {
  const { child, output } = startNext(['build', ...(buildsWithTurbopack(options.dir) ? ['--turbopack'] : [])], options);
  const [code] = (await once(child, 'exit')) as [number | null];
  return { ok: code === 0, output: output() };
}

/** `next dev` or `next start` on localhost, on any free port with 0. Resolves when it answers. */
export async function serveNext(command: 'dev' | 'start', port: number, options: NextOptions): Promise<NextServer> {
  const { child, output } = startNext(
    [command, ...(command === 'dev' ? ['--turbopack'] : []), '--port', `${port}`, '--hostname', 'localhost'],
    options,
  );
  const exit = once(child, 'exit');
  const close = async () => {
    // The group: `next dev` has a process of its own for the server.
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await exit;
  };
  for (let waited = 0; !/Ready in/.test(output()); waited += 50) {
    if (child.exitCode !== null) throw new Error(`next ${command} has ended:\n${output()}`);
    if (waited > 300_000) {
      await close();
      throw new Error(`next ${command} was not ready within five minutes:\n${output()}`);
    }
    await sleep(50);
  }
  const url = /Local:\s+(http:\/\/localhost:\d+)/.exec(output())?.[1];
  return { url: url ?? `http://localhost:${port}`, output, close };
}

function startNext(args: string[], { dir, env, echo }: NextOptions): { child: ChildProcess; output: () => string } {
  const next = createRequire(join(dir, 'package.json')).resolve('next/dist/bin/next');
  const child = spawn(process.execPath, [next, ...args], {
    cwd: dir,
    env: { ...withoutTestRunner(process.env), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      text += String(chunk);
      if (echo) process.stdout.write(chunk);
    });
  return { child, output: () => text };
}

/** Next.js 15.2 has webpack alone for a build. */
function buildsWithTurbopack(dir: string): boolean {
  const { version } = createRequire(join(dir, 'package.json'))('next/package.json') as { version: string };
  return !/^15\.[0-2]\./.test(version);
}

/** What a test runner sets would make Next.js build for tests. */
const withoutTestRunner = ({ NODE_ENV, NODE_OPTIONS, VITEST, ...rest }: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  rest as NodeJS.ProcessEnv;
