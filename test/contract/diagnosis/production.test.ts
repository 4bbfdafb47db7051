import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docsUrlOf } from '../../../packages/clerk-convex-resilience/src/diagnosis/findings.ts';
import { launchChromium } from '../../support/chromium.ts';
import { createTlsFront, type TlsFront } from '../frontendApi/createTlsFront.ts';
import { type RigOptions, withRig } from '../sessions/Rig.ts';
import { type PageServer, servePages } from '../sessions/servePages.ts';
import { convexIs, eventsOn, mendedWithinMs, seenOn } from './diagnosed.ts';
import { authConfigIs } from './rows.ts';

/** Where a production build is: a host that is not this machine's, with TLS. */
const appHost = 'app.shop.test';

let browser: Browser;
/** The same page as an app's visitors get it. */
let server: PageServer;
let front: TlsFront;
beforeAll(async () => {
  front = await createTlsFront();
  [browser, server] = await Promise.all([
    launchChromium(undefined, { args: [`--host-resolver-rules=MAP ${appHost} 127.0.0.1:${front.port}`] }),
    servePages(fileURLToPath(new URL('./page', import.meta.url)), 19, 'production'),
  ]);
  front.route(appHost, server.port);
});
afterAll(async () => {
  await browser?.close();
  for (const each of [server, front]) each?.close();
});

describe.concurrent('a production build', () => {
  /** On a host of its own, and Clerk behind the app's own proxy. */
  const onItsHost: Partial<RigOptions> = {
    url: `https://${appHost}/`,
    frontendApi: appHost,
    way: ({ publishableKey, url }) => ({ clerk: { publishableKey, proxyUrl: `/__clerk/${new URL(url).port}` } }),
  };

  it('says the codes alone, and neither a domain nor what was expected', () =>
    withRig({ browser, server, side: 'drop-in', major: 6, ...convexIs, ...onItsHost }, async (rig) => {
      const mend = await authConfigIs({ CLERK_JWT_ISSUER_DOMAIN: 'https://clerk.wrong.example.com' })(rig);
      const lines: string[] = [];
      rig.context.on('console', (message) => lines.push(message.text()));
      const page = await rig.openTab();
      const codes = ['TOKEN_ISSUER_WRONG', 'TEST_KEY_IN_PRODUCTION'] as const;
      await rig.until('findings', async () => (await seenOn(page))?.findings?.length === codes.length, 30_000);
      expect((await seenOn(page))?.findings).toEqual(codes);
      // All that the app itself gets of them.
      expect((await seenOn(page))?.whole).toEqual(
        codes.map((code, at) => ({ code, severity: at === 0 ? 'error' : 'warning', docsUrl: docsUrlOf(code) })),
      );
      expect(JSON.stringify(await eventsOn(page))).not.toMatch(/wrong\.example|app\.shop/);
      await page.getByText('TOKEN_ISSUER_WRONG').first().waitFor({ state: 'attached' });

      expect(lines.filter((line) => line.startsWith('[clerk-convex-resilience] '))).toEqual(
        codes.map((code) => `[clerk-convex-resilience] ${code}`),
      );
      const shown = [await page.locator('#root').evaluate((root) => root.outerHTML), ...lines].join('\n');
      for (const told of ['wrong.example.com', appHost, rig.clerk.issuer, rig.clerk.url, rig.convex.url, '127.0.0.1']) {
        expect(shown).not.toContain(told);
      }
      await mend();
      await rig.signedIn(page, undefined, mendedWithinMs);
    }));

  it('of an app whose key is a test key says nothing while nothing is refused', () =>
    withRig({ browser, server, side: 'drop-in', major: 6, ...convexIs, ...onItsHost }, async (rig) => {
      const lines: string[] = [];
      rig.context.on('console', (message) => lines.push(message.text()));
      await rig.signedIn(await rig.openTab());
      expect(lines.filter((line) => line.startsWith('[clerk-convex-resilience] '))).toEqual([]);
    }));
});
