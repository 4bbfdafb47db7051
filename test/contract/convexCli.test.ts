import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { createClients } from './convexFixture/clients.ts';
import { api } from './convexFixture/convex/_generated/api.ts';
import { writeConvexFolder } from './convexFixture/writeConvexFolder.ts';

// The command, as a person runs it.

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const convex = path('./convexFixture/convex');
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function run(...args: string[]) {
  // Without what would stop the colours anyway, as in a person's shell.
  const { TEST: _, CI: __, NO_COLOR: ___, ...env } = process.env;
  const cli = path('../../packages/clerk-convex-emulators/src/cli.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', cli, ...args], { env: { ...env, TERM: 'xterm' } });
  children.push(child);
  const output = { out: '', err: '' };
  child.stdout.on('data', (data) => {
    output.out += data;
  });
  child.stderr.on('data', (data) => {
    output.err += data;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, output, ended };
}

it('starts both, prints the environment that an app needs, and ends with Ctrl-C', async () => {
  const { child, output, ended } = run(
    '--convex',
    convex,
    '--env',
    'GREETING=hi',
    '--webhook-url',
    '/clerk',
    '--user',
    'eve@example.com:secret',
  );
  await expect.poll(() => output.err, { timeout: 20_000 }).toContain('Ctrl-C stops both');
  const env = Object.fromEntries(
    output.out
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s, 2)),
  );
  expect(env).toEqual({
    VITE_CLERK_PUBLISHABLE_KEY: expect.stringMatching(/^pk_test_/),
    VITE_CLERK_PROXY_URL: expect.stringMatching(/^http:\/\/localhost:\d+$/),
    VITE_CONVEX_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: env.VITE_CLERK_PUBLISHABLE_KEY,
    NEXT_PUBLIC_CLERK_PROXY_URL: env.VITE_CLERK_PROXY_URL,
    NEXT_PUBLIC_CONVEX_URL: env.VITE_CONVEX_URL,
    CLERK_SECRET_KEY: expect.stringMatching(/^sk_test_/),
    CLERK_JWT_ISSUER_DOMAIN: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    CLERK_WEBHOOK_SIGNING_SECRET: expect.stringMatching(/^whsec_/),
  });
  expect(output.err).toContain('sign in as eve@example.com, password secret');

  const client = createClients('1.48').overHttp(env.VITE_CONVEX_URL ?? '');
  expect(await client.query(api.counters.environment, {})).toEqual({ greeting: 'hi', home: null });
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});

it('ends both when npm, which has started it behind a shell, is ended by its id', async () => {
  const cli = path('../../packages/clerk-convex-emulators/src/cli.ts');
  const command = [process.execPath, '--import', 'tsx', cli, '--convex', convex];
  const shell = spawn('sh', ['-c', '"$0" "$@"; exit', ...command], {
    env: { ...process.env, npm_lifecycle_script: "'clerk-convex-emulators'" },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  onTestFinished(() => {
    try {
      if (shell.pid) process.kill(-shell.pid, 'SIGKILL');
    } catch {} // as it should be: nobody of the group is left
  });
  let out = '';
  shell.stdout.on('data', (data) => {
    out += data;
  });
  await expect.poll(() => out, { timeout: 20_000 }).toContain('CLERK_SECRET_KEY');
  const url = /VITE_CONVEX_URL=(.*)/.exec(out)?.[1] ?? '';
  const isUp = () =>
    fetch(`${url}/version`).then(
      () => true,
      () => false,
    );
  expect(await isUp()).toBe(true);
  shell.kill('SIGTERM');
  await expect.poll(isUp).toBe(false);
});

it('says what is wrong and what to do, without a stack, and exits with 1', async () => {
  const broken = await writeConvexFolder({ 'messages.ts': 'export const = 1;' });
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
  const { port } = blocker.address() as { port: number };
  const mistakes = [
    [['--convex', '/nowhere/convex'], 'There is no folder /nowhere/convex.'],
    [['--convex', broken.dir], 'convex/messages.ts:1:14: Expected identifier but found "="'],
    [['--convex', convex, '--convex-port', `${port}`], `Port ${port} on 127.0.0.1 is taken.`],
    [['--tokenlife', '3'], 'There is no option --tokenlife.'],
  ] as const;
  const results = mistakes.map(([args]) => run(...args));
  for (const [index, { ended, output }] of results.entries()) {
    expect(await ended).toBe(1);
    expect(output.err).toContain(mistakes[index]?.[1]);
    expect(output.err).not.toMatch(/\n\s+at /);
    expect(output.out).toBe('');
  }
  blocker.close();
  await broken.remove();
});

it('shows its options', async () => {
  const { ended, output } = run('--help');
  expect(await ended).toBe(0);
  expect(output.out).toContain('--token-life');
  expect(stripVTControlCharacters(output.out)).toBe(output.out);
});
