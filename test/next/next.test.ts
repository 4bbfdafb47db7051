import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildNext, serveNext } from '../../scripts/demo/runNext.ts';
import { launchChromium, newRealisticContext } from '../support/chromium.ts';
import { freePort } from './support/freePort.ts';
import { openStage, type Stage } from './support/openStage.ts';
import { prepareApp, type Side } from './support/prepareApp.ts';
import { rows } from './support/rows.ts';

// The example for Next.js, built and started as an app is, on emulators; beside it the same app as Clerk's and Convex's
// guides have it, without this library. Built packages: run `pnpm build` first.

let browser: Browser;
let stages: Readonly<Record<Side, Stage>>;
const table: Array<{ readonly situation: string; readonly ours: string; readonly plain: string }> = [];
const sides = ['ours', 'plain'] as const;

beforeAll(async () => {
  browser = await launchChromium();
  const [ours, plain] = await Promise.all(sides.map(openStage));
  if (!ours || !plain) throw new Error('There are two sides.');
  stages = { ours, plain };
});
afterAll(async () => {
  await Promise.all([browser?.close(), ...Object.values(stages ?? {}).map((stage) => stage.close())]);
  console.log(tableOf(table));
});

/** Both sides at once, each on emulators of its own. */
async function compare(situation: string, play: (side: Side) => Promise<string>) {
  const [ours = '', plain = ''] = await Promise.all(sides.map((side) => play(side)));
  table.push({ situation, ours, plain });
  return { ours, plain };
}

describe('next start', () => {
  it.each(rows.map((row) => [row.name, row] as const))('%s', async (name, { ours, plain, play }) => {
    const seen = await compare(name, (side) => play(stages[side], browser));
    if (typeof ours === 'string') expect(seen.ours).toBe(ours);
    else expect(seen.ours).toMatch(ours);
    if (typeof plain === 'string') expect(seen.plain).toBe(plain);
    else expect(seen.plain).toMatch(plain);
  });

  it('builds without keys and serves what is public, where plain answers 500', async () => {
    const seen = await compare('no keys, next build and next start', async (side) => {
      const dir = await prepareApp(side, `${side}-keyless`);
      const env = withoutKeys(stages[side].settings);
      if (!(await buildNext({ dir, env })).ok) return 'next build fails';
      const server = await serveNext('start', await freePort(), { dir, env });
      const answer = await ask(server.url);
      const malformed = await serveNext('start', await freePort(), {
        dir,
        env: { ...env, NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: 'pk_test_cut-off', CLERK_SECRET_KEY: 'sk_test_emulator' },
      });
      const other = await ask(malformed.url);
      await Promise.all([server.close(), malformed.close()]);
      return `${answer}; malformed: ${other}`;
    });
    expect(seen).toEqual({
      ours: '/ 200, /board 200, /dashboard 503; malformed: / 200, /board 200, /dashboard 503',
      plain: '/ 500, /board 500, /dashboard 500; malformed: / 500, /board 500, /dashboard 500',
    });
  });
});

describe('next dev', () => {
  it.each([
    ['no keys', {}, /PUBLISHABLE_KEY_MISSING.*NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=pk_test_….*SECRET_KEY_MISSING/s],
    [
      'a malformed key',
      { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: 'pk_test_cut-off', CLERK_SECRET_KEY: 'sk_test_emulator' },
      /NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY is malformed/,
    ],
  ])('%s: says on the page what to set, and serves what is public', async (name, keys, words) => {
    let banner = '';
    const seen = await compare(`${name}, next dev`, async (side) => {
      const dir = await prepareApp(side, `${side}-dev`);
      const env = { ...withoutKeys(stages[side].settings), ...keys };
      const server = await serveNext('dev', await freePort(), { dir, env });
      try {
        const context = await newRealisticContext(browser);
        const page = await context.newPage();
        const status = (await page.goto(server.url, { waitUntil: 'domcontentloaded', timeout: 90_000 }))?.status();
        if (side === 'plain') return `/ ${status}`;
        banner = (await page.locator('[data-clerk-convex-config]').textContent()) ?? '';
        await page.getByTestId('home').waitFor();
        await page.getByTestId('health').filter({ hasText: 'unconfigured' }).waitFor();
        const health = await page.getByTestId('health').textContent();
        await context.close();
        return `/ ${status}, ${health}`;
      } finally {
        await server.close();
      }
    });
    expect(banner).toMatch(words);
    expect(seen).toEqual({ ours: '/ 200, unconfigured', plain: '/ 500' });
  });
});

function withoutKeys(settings: Readonly<Record<string, string>>): Record<string, string> {
  const { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: _, CLERK_SECRET_KEY: __, ...rest } = settings;
  return rest;
}

/** What a browser's page load is answered with. */
async function ask(url: string): Promise<string> {
  const statuses = await Promise.all(
    ['/', '/board', '/dashboard'].map(async (path) => {
      const { status } = await fetch(url + path, {
        headers: { accept: 'text/html', 'sec-fetch-dest': 'document' },
        redirect: 'manual',
      });
      return `${path} ${status}`;
    }),
  );
  return statuses.join(', ');
}

const tableOf = (lines: typeof table): string =>
  ['| situation | with the library | plain |', '| --- | --- | --- |']
    .concat(lines.map(({ situation, ours, plain }) => `| ${situation} | ${ours} | ${plain} |`))
    .join('\n');
