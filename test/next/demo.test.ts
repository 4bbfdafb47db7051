import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { runDemo } from '../e2e/startDemo.ts';
import { freePort } from './support/freePort.ts';

// What `npm run demo:next` starts, as it is on a developer's machine: emulators and `next dev` in the example's own folder.

let demo: ChildProcess | undefined;
afterAll(async () => {
  if (!demo || demo.exitCode !== null) return;
  const exit = once(demo, 'exit');
  demo.kill('SIGINT');
  await exit;
});

it('serves what is public, asks for a sign-in at the rest, and says whom to sign in as', async () => {
  const port = await freePort();
  const { child, exit, output } = runDemo([`--port=${port}`], {}, 'scripts/demoNext.ts');
  demo = child;
  await expect.poll(output, { timeout: 120_000 }).toMatch(/Ctrl-C ends it all/);
  expect(output()).toMatch(/Sign in {3}ada@example\.com/);
  const ask = (path: string) => fetch(`http://localhost:${port}${path}`, { redirect: 'manual' });
  const home = await ask('/');
  expect([home.status, (await home.text()).includes('Message board')]).toEqual([200, true]);
  expect((await ask('/dashboard')).status).toBe(404); // Clerk's word to a program; a browser is sent to sign in
  child.kill('SIGINT');
  expect(await exit).toBe(0);
});

it('refuses half of the real settings and a port that is taken, and says what to do', async () => {
  const half = runDemo(['--port=0'], { NEXT_PUBLIC_CONVEX_URL: 'https://a-1.convex.cloud' }, 'scripts/demoNext.ts');
  expect(await half.exit).toBe(1);
  expect(half.output()).toMatch(/^NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY and CLERK_SECRET_KEY are not set\. Set all three/);
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const second = runDemo([`--port=${port}`], {}, 'scripts/demoNext.ts');
  expect(await second.exit).toBe(1);
  expect(second.output()).toContain(`npm run demo:next -- --port=${port + 1}`);
  other.close();
});
