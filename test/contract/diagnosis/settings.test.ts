import { fileURLToPath } from 'node:url';
import type { FindingCode } from 'clerk-convex-resilience';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../support/chromium.ts';
import { inTurn } from '../../support/inTurn.ts';
import { propsOf, type Rig, withRig } from '../sessions/Rig.ts';
import { type PageServer, servePages } from '../sessions/servePages.ts';
import { convexIs, mendedWithinMs, namedWithinMs, seenOn } from './diagnosed.ts';

// What the provider is given is wrong: nothing is asked of anybody, and the cause is named as soon as the page is there. It
// stands in the build, so that the mend is another build, and the page is loaded again.

let browser: Browser;
let server: PageServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([
    launchChromium(),
    servePages(fileURLToPath(new URL('./page', import.meta.url))),
  ]);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

type Props = ReturnType<typeof propsOf>;

const rows: readonly { readonly code: FindingCode; readonly name: string; readonly given: (right: Props) => object }[] =
  [
    { code: 'PUBLISHABLE_KEY_MISSING', name: 'no publishable key', given: () => ({ publishableKey: '' }) },
    {
      code: 'PUBLISHABLE_KEY_MALFORMED',
      name: 'a publishable key that was cut off',
      given: ({ publishableKey = '' }) => ({ publishableKey: publishableKey.slice(0, -5) }),
    },
    {
      code: 'SECRET_KEY_IN_PUBLIC_VARIABLE',
      name: 'a secret key in its place',
      given: () => ({ publishableKey: ['sk', 'test', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6'].join('_') }),
    },
    { code: 'CONVEX_URL_MISSING', name: 'no URL of the deployment', given: () => ({ convexUrl: '' }) },
    {
      code: 'CONVEX_URL_MALFORMED',
      name: 'the name of the deployment in place of its URL',
      given: () => ({ convexUrl: 'happy-animal-123' }),
    },
  ];

describe.concurrent.each([5, 6] as const)('under clerk-js %i', (major) => {
  it.each(inTurn(rows, major).map((row) => [row.name, row] as const))('%s is named', (_, { code, given }) =>
    withRig(
      {
        browser,
        server,
        side: 'all-in-one',
        major,
        ...convexIs,
        way: (clerk) => ({ clerk: { ...propsOf(clerk, major), ...given(propsOf(clerk, major)) } }),
      },
      async (rig) => {
        const lines: string[] = [];
        rig.context.on('console', (message) => lines.push(message.text()));
        const page = await rig.openTab();
        const loadedAt = Date.now();
        await rig.until('the finding', async () => (await seenOn(page))?.findings?.join() === code);
        expect(Date.now() - loadedAt).toBeLessThan(namedWithinMs);
        expect((await seenOn(page))?.health).toBe('unconfigured');
        await page.getByRole('link', { name: code }).waitFor({ state: 'attached' });
        const told = lines.filter((line) => line.startsWith('[clerk-convex-resilience] '));
        expect(told).toEqual([expect.stringContaining(`[clerk-convex-resilience] ${code}: `)]);
        expect([...lines, await page.content()].join('\n')).not.toContain('a1B2c3D4e5F6');
        expect(rig.clerk.log.filter(({ path }) => path.includes('/tokens'))).toEqual([]);

        await build(rig, { ...propsOf(rig.clerk, major) });
        await page.reload();
        await rig.signedIn(page, undefined, mendedWithinMs);
        expect(await seenOn(page)).toMatchObject({ health: 'healthy', findings: [] });
        expect(rig.problems).toEqual([]);
      },
    ),
  );
});

/** From now on the page has these settings. */
const build = ({ context }: Rig, clerk: Props): Promise<unknown> =>
  context.addInitScript({ content: `window.sessionsSettings.clerk = ${JSON.stringify(clerk)};` });
