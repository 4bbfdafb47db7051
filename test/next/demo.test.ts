import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startPair } from '../../scripts/demo/emulatorPair.ts';
import { nextSettings } from '../../scripts/demo/nextSettings.ts';
import { fillInCard } from '../e2e/signIn.ts';
import { type RunningDemo, runDemo, startDemoNext } from '../e2e/startDemo.ts';
import { launchChromium, newRealisticContext } from '../support/chromium.ts';

// `npm run demo:next` as a person starts it: in examples/next-app itself, so one after the other.

const example = fileURLToPath(new URL('../../examples/next-app', import.meta.url));
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
  return () => browser.close();
});
const started: Array<{ stop(): Promise<unknown> }> = [];
afterEach(async () => {
  for (const demo of started.splice(0)) await demo.stop();
});

async function start(env?: Record<string, string>): Promise<RunningDemo> {
  const demo = await startDemoNext(env);
  started.push(demo);
  return demo;
}

/** A page as a browser asks for it: its status, and where it leads. */
async function open(url: string): Promise<{ status: number; to: string | undefined }> {
  const response = await fetch(url, {
    headers: { accept: 'text/html', 'sec-fetch-dest': 'document' },
    redirect: 'manual',
  });
  const location = response.headers.get('location');
  return { status: response.status, to: location === null ? undefined : new URL(location, url).pathname };
}

/** What no document asks for has no handshake before it, which gives a new browser of a development instance an identity. */
const read = async (url: string) => (await fetch(url, { redirect: 'manual' })).text();

describe('the demo for Next.js', () => {
  it('serves the example on emulators, obeys the faults that it prints, and ends with Ctrl-C', async () => {
    const demo = await start();
    expect(demo.output()).toMatch(/Sign in\s+ada@example\.com\s+correct-horse-battery/);
    expect(await read(demo.app)).toContain('Anybody may read');
    expect(await open(`${demo.app}dashboard`)).toEqual({ status: 307, to: '/v1/client/handshake' });
    const context = await newRealisticContext(browser);
    const page = await context.newPage();
    await page.goto(`${demo.app}dashboard`);
    await fillInCard(page, 'ada@example.com', 'correct-horse-battery');
    expect(new URL(page.url()).pathname).toBe('/dashboard');

    const faults = /(http:\S+\/__emulator\/faults) \(Clerk\)/.exec(demo.output())?.[1] ?? '';
    const added = await fetch(faults, { method: 'POST', body: JSON.stringify({ match: '/v1/', action: 'reset' }) });
    expect(added.ok).toBe(true);
    await expect.poll(async () => (await open(`${demo.app}dashboard`)).status).toBe(503);
    await page.reload();
    await page.getByTestId('server-user').waitFor();
    await page
      .getByTestId('health')
      .filter({ hasText: /starting|recovering/ })
      .waitFor();
    expect(await page.getByTestId('signed-out').count()).toBe(0);

    await fetch(faults, { method: 'DELETE' });
    await expect.poll(async () => (await open(`${demo.app}dashboard`)).status).toBe(307);
    await page.getByTestId('health').filter({ hasText: 'healthy' }).waitFor();
    await page.getByTestId('who-am-i').filter({ hasText: 'Ada Lovelace' }).waitFor();
    await context.close();
    started.splice(0);
    expect(await demo.stop()).toBe(0);
  });

  it('runs on the Clerk and the Convex that the environment names, and has no faults then', async () => {
    const pair = await startPair(`${example}/convex`, 60);
    started.push({ stop: pair.close });
    const demo = await start(nextSettings(pair));
    expect(demo.output()).toMatch(/on your Clerk and your Convex/);
    expect(demo.output()).not.toContain('/__emulator/');
    expect(await read(demo.app)).toContain(pair.clerk.publishableKey);
  });

  it('refuses half of the real settings and a port that is taken, and says what to do', async () => {
    const half = runDemo(['--port=0'], { NEXT_PUBLIC_CONVEX_URL: 'https://a-1.convex.cloud' }, 'scripts/demoNext.ts');
    expect(await half.exit).toBe(1);
    expect(half.output()).toMatch(
      /^NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY and CLERK_SECRET_KEY are not set\. Set all three/,
    );
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const second = runDemo([`--port=${port}`], {}, 'scripts/demoNext.ts');
    expect(await second.exit).toBe(1);
    expect(second.output()).toContain(`npm run demo:next -- --port=${port + 1}`);
    other.close();
  });
});
