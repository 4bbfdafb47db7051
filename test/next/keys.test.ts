import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmulatorPair, startPair } from '../../scripts/demo/emulatorPair.ts';
import { nextSettings } from '../../scripts/demo/nextSettings.ts';
import { buildNext, serveNext } from '../../scripts/demo/runNext.ts';
import { launchChromium, newRealisticContext } from '../support/chromium.ts';
import { expectSeen } from './support/expectSeen.ts';
import { freePort } from './support/freePort.ts';
import { prepareApp, writeEnv } from './support/prepareApp.ts';
import { createResults } from './support/results.ts';
import { keylessBuild, keysInDev } from './support/situations.ts';
import { complaintsOf } from './support/Visit.ts';
import { addVaults } from './support/vault.ts';
import { modes, versions } from './support/versions.ts';
import { actOnPublicPage, ask, serveRaw, visitorCookie } from './support/withoutKeys.ts';

const malformed = { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: 'pk_test_cut-off', CLERK_SECRET_KEY: 'sk_test_emulator' };

describe.each(versions)('keys: $label', (version) => {
  const results = createResults('keys', version);
  let browser: Browser;
  let pair: EmulatorPair;
  let keyless: Record<string, string>;
  beforeAll(async () => {
    browser = await launchChromium();
    pair = await startPair(`${await prepareApp('ours', 'ours-keyless', version)}/convex`, 60);
    const {
      NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: _,
      CLERK_SECRET_KEY: __,
      ...rest
    } = nextSettings(pair, version.clerkMajor);
    keyless = rest;
  }, 600_000);
  afterAll(async () => {
    await Promise.all([browser?.close(), pair?.close()]);
    await results.close();
  });

  if (modes.includes('start'))
    it.concurrent('next build without keys, next start without and with malformed ones', async () => {
      const servedRaw: string[] = [];
      const acted: string[] = [];
      const complaints: string[] = [];
      const open = '/ 200, /board 200, /dashboard 503';
      const shut = '/ 500, /board 500, /dashboard 500';
      // @clerk/nextjs 6 throws without a key where a page is made while building.
      const plain = version.clerkMajor < 7 ? 'next build fails' : `missing: ${shut}; malformed: ${shut}`;
      const row = { name: keylessBuild, ours: `missing: ${open}; malformed: ${open}`, plain } as const;
      const seen = await results.compare(row, 'start', async (side) => {
        const dir = await prepareApp(side, `${side}-keyless`, version);
        await addVaults(dir);
        if (!(await buildNext({ dir, env: keyless })).ok) return 'next build fails';
        const served = await Promise.all(
          [keyless, { ...keyless, ...malformed }].map(async (env) => {
            const port = await freePort();
            const server = await serveNext('start', port, { dir, env });
            const answer = await ask(server.url);
            if (side === 'ours') {
              servedRaw.push(...(await serveRaw(port)));
              acted.push(...(await actOnPublicPage(port, dir)));
              complaints.push(...(await walkAround(browser, server.url)));
            }
            await server.close();
            return answer;
          }),
        );
        return `missing: ${served[0]}; malformed: ${served[1]}`;
      });
      // No path, method or header leads to what is protected.
      expect(servedRaw).toEqual([]);
      expect([...new Set(acted)]).toEqual(['503']);
      expect(complaints).toEqual([]);
      expectSeen(seen, row, version, 'start');
    });

  if (!modes.includes('dev')) return;
  // Next.js 15 compiles each page for minutes on two cores.
  it.concurrent('next dev says on the page what to set, and serves what is public', { timeout: 900_000 }, async () => {
    const banners: string[] = [];
    const shut = '/ 200, /board 200, /dashboard 503';
    const taken = '/ 200, /board 200, /dashboard 307 to /sign-in';
    const row = {
      name: keysInDev,
      ours: `/ 200, unconfigured; / 200, unconfigured; ${shut} SECRET_KEY_MALFORMED; ${shut} SECRET_KEY_OF_ANOTHER_INSTANCE`,
      plain: `/ 500; / 500; ${taken}; ${taken}`,
    } as const;
    const seen = await results.compare(row, 'dev', async (side) => {
      const dir = await prepareApp(side, `${side}-dev`, version);
      const server = await serveNext('dev', await freePort(), { dir, env: keyless });
      const context = await newRealisticContext(browser);
      try {
        const page = await context.newPage();
        const load = async () => {
          const status = (await page.goto(server.url, { waitUntil: 'domcontentloaded', timeout: 90_000 }))?.status();
          if (side === 'plain') return `/ ${status}`;
          banners.push((await page.locator('[data-clerk-convex-config]').textContent()) ?? '');
          await page.getByTestId('home').waitFor();
          await page.getByTestId('health').filter({ hasText: 'unconfigured' }).waitFor();
          return `/ ${status}, ${await page.getByTestId('health').textContent()}`;
        };
        const setKeys = async (keys: Readonly<Record<string, string>>) => {
          await page.goto('about:blank'); // `next dev` loads an open page anew by itself when its settings change
          const before = server.output().length;
          await writeEnv(dir, keys);
          await expect.poll(() => server.output().slice(before)).toMatch(/Reload env/);
        };
        const missing = await load();
        await setKeys(malformed);
        let cutOff = await load();
        // It has read the file before it has compiled anew.
        for (let tries = 0; tries < 20 && side === 'ours' && !/malformed/.test(banners.at(-1) ?? ''); tries++)
          cutOff = await load();
        const wrong = [];
        for (const [secret, code] of [
          ['sk_test', 'SECRET_KEY_MALFORMED'],
          ['sk_live_of_another_kind', 'SECRET_KEY_OF_ANOTHER_INSTANCE'],
        ] as const) {
          await setKeys({ NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: pair.clerk.publishableKey, CLERK_SECRET_KEY: secret });
          const isRead = () =>
            side === 'plain' ||
            (
              server
                .output()
                .match(/guard .*/g)
                ?.at(-1) ?? ''
            ).includes(code);
          let pages = await ask(server.url, visitorCookie);
          for (let tries = 0; tries < 20 && (/ 500/.test(pages) || !isRead()); tries++)
            pages = await ask(server.url, visitorCookie);
          wrong.push(`${pages}${side === 'ours' && isRead() ? ` ${code}` : ''}`);
        }
        return [missing, cutOff, ...wrong].join('; ');
      } finally {
        await Promise.all([server.close(), context.close()]);
      }
    });
    expect(banners[0]).toMatch(
      /PUBLISHABLE_KEY_MISSING.*NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=pk_test_….*SECRET_KEY_MISSING/s,
    );
    expect(banners.at(-1)).toMatch(/NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY is malformed/);
    expectSeen(seen, row, version, 'dev');
  });
});

/** What the browser complains of in the public part, but for the library's own line and the 503 of the links to what is protected, which it fetches beforehand. */
async function walkAround(browser: Browser, url: string): Promise<readonly string[]> {
  const context = await newRealisticContext(browser);
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(url);
  await page.getByTestId('health').filter({ hasText: 'unconfigured' }).waitFor();
  await page.getByRole('link', { name: 'Board', exact: true }).click();
  await page.getByRole('heading', { name: 'Board', exact: true }).waitFor();
  await page.reload();
  await page.getByTestId('signed-out').waitFor({ state: 'attached' });
  await context.close();
  const isExpected =
    /status of 503.* http:\/\/localhost:\d+\/(?:dashboard|profile)(?:\?|$)|^\[clerk-convex-resilience\] PUBLISHABLE_KEY_M/;
  return complaints.filter((text) => !isExpected.test(text));
}
