import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from 'clerk-convex-emulators';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noAccident } from '../../../scripts/noAccident.mjs';
import { launchChromium } from '../../support/chromium.ts';
import { inTurn, takeTurns } from '../../support/inTurn.ts';
import { buildInstruments } from '../healthy/buildPages.ts';
import { isOfLibrary, moduleAt } from '../healthy/moduleAt.ts';
import type { Held } from '../healthy/page/instruments.ts';
import { type Rig, type RigOptions, withRig } from '../sessions/Rig.ts';
import { type PageServer, servePages } from '../sessions/servePages.ts';

let browser: Browser;
let server: PageServer;
let instruments: string;
beforeAll(async () => {
  [browser, server, instruments] = await Promise.all([launchChromium(), servePages(), buildInstruments()]);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** Long enough for several tries of ours. */
const outageMs = 6_000;
/** Longer than the longest wait of Clerk's own loader, which tries six times (loadScript, @clerk/shared 3.48 and 4.41). */
const quietMs = 4_500;

const majors = [5, 6] as const;
const clerkJs = '/npm/@clerk/clerk-js';
const ui = '/npm/@clerk/ui';

/** Makes the requests for a script fail. */
type Break = (rig: Rig, page: Page) => Promise<Outage>;
interface Outage {
  /** How many requests it has hit. */
  readonly hit: number;
  mend(): Promise<void>;
}

const broken =
  (match: string, action: Fault['action']): Break =>
  async (rig) => {
    const fault = rig.clerk.faults.add({ match, action });
    return {
      get hit() {
        return fault.fired;
      },
      mend: async () => fault.remove(),
    };
  };

const unresolved: Break = async (_, page) => {
  let hit = 0;
  page.on('requestfailed', (request) => {
    if (request.failure()?.errorText === 'net::ERR_NAME_NOT_RESOLVED') hit++;
  });
  await page.route(/clerk-js@/, (route) => route.abort('namenotresolved'));
  return {
    get hit() {
      return hit;
    },
    mend: () => page.unrouteAll(),
  };
};

/** What a captive portal answers whatever was asked for. */
const portalPage: Fault['action'] = { type: 'status', status: 200, html: '<h1>Sign in to the Wi-Fi</h1>' };

const rows: readonly [how: string, breakIt: Break][] = [
  ['is closed without an answer', broken(clerkJs, 'close')],
  ['is answered 500', broken(clerkJs, { type: 'status', status: 500 })],
  ['is a captive portal’s page', broken(clerkJs, portalPage)],
  ['is on a host whose name is not resolved', unresolved],
];

/** Chromium's word about a page that came where a script was due. */
const isOfPage = /^SyntaxError: Unexpected token '<'/;

async function load(
  options: Pick<RigOptions, 'side' | 'major' | 'signIn' | 'signedIn'>,
  play: (rig: Rig, page: Page) => Promise<void>,
) {
  await withRig({ browser, server, ...options }, async (rig) => {
    const page = await rig.context.newPage();
    await page.addInitScript({ content: instruments });
    await play(rig, page);
    // StrictMode mounts twice; nothing was mounted anew, nothing ran before the user was known, nothing was thrown.
    if (options.side === 'plain') return;
    expect(await page.evaluate(() => window.contractPage.mounts)).toBe(2);
    expect(rig.problems.filter((text) => !isOfPage.test(text))).toEqual([]);
    if (options.signedIn === false) return;
    expect(rig.ranAsNobody(), noAccident).toEqual([]);
    await rests(rig, page);
  });
}

/** Whoever waited for the scripts has gone: what is left of the library is what the drop-in leaves (test/contract/healthy). */
async function rests(rig: Rig, page: Page): Promise<void> {
  const script = await (await fetch(`${server.url}page${rig.options.major}.js`)).text();
  const moduleOf = moduleAt(script);
  const ofLibrary = (held: readonly Held[]) => held.filter(({ line }) => isOfLibrary(moduleOf(line)));
  const textOf = ({ what, line }: Held) => `${what} of ${moduleOf(line)}`;
  let left: string[] = [];
  await rig.until(
    () => `the library to rest; it holds ${left.join(', ')}`,
    async () => {
      const { timers, observers, listeners } = await page.evaluate(() => window.instruments.look());
      const pending = ofLibrary([...timers, ...observers, ...listeners]);
      left = pending.filter(({ what }) => !['window storage', 'window pageshow'].includes(what)).map(textOf);
      return left.length === 0;
    },
    5_000, // what waits for a hanging script looks for it every ten seconds
  );
}

/** Plain has given up for good before the script can be had again. */
async function staysWithout(rig: Rig, page: Page, outage: Outage): Promise<void> {
  await rig.until('Clerk to try for the last time', () => outage.hit > 3);
  for (let hit = 0; outage.hit > hit; ) {
    hit = outage.hit;
    await sleep(quietMs);
  }
  await outage.mend();
  await rig.shows(page, 'that Clerk has given up', ({ clerk }) => clerk === 'error');
}

describe.concurrent.each(majors)('clerk-js %i whose script', (major) => {
  const itInTurn = takeTurns(major);
  it.each(inTurn(rows, major))('%s is loaded as soon as it can be', (_, breakIt) =>
    load({ side: 'all-in-one', major }, async (rig, page) => {
      const outage = await breakIt(rig, page);
      await page.goto(rig.url, { waitUntil: 'commit' });
      await rig.until('the script to fail', () => outage.hit > 0);
      await sleep(outageMs);
      expect(outage.hit).toBeGreaterThan(2);
      expect(await rig.now(page)).toMatchObject({ convex: 'loading', health: 'starting failed_to_load_clerk_js' });
      await outage.mend();
      const mendedAt = Date.now();
      await rig.signedIn(page);
      expect(Date.now() - mendedAt).toBeLessThan(20_000);
      await rig.shows(page, 'that all is well', ({ health, clerk }) => health === 'healthy' && clerk === 'ready');
    }),
  );

  itInTurn('comes at once leaves nothing of the library behind that waited for it', () =>
    load({ side: 'all-in-one', major }, async (rig, page) => {
      await page.goto(rig.url);
      await rig.signedIn(page);
    }),
  );

  itInTurn('hangs is asked for once more, and plain has given up by then', () =>
    Promise.all(
      (['plain', 'all-in-one'] as const).map((side) =>
        load({ side, major }, async (rig, page) => {
          const fault = rig.clerk.faults.add({ match: clerkJs, action: 'hang' });
          await page.goto(rig.url, { waitUntil: 'commit' });
          await rig.until('the script to hang', () => fault.fired > 0);
          await sleep(outageMs);
          fault.remove();
          if (side === 'plain')
            await rig.shows(page, 'that Clerk has given up', ({ clerk }) => clerk === 'error', 40_000);
          else await rig.signedIn(page, undefined, 40_000);
        }),
      ),
    ).then(() => {}),
  );

  itInTurn('is a captive portal’s page never comes again in plain', () =>
    load({ side: 'plain', major }, async (rig, page) => {
      const outage = await broken(clerkJs, portalPage)(rig, page);
      await page.goto(rig.url, { waitUntil: 'commit' });
      await rig.until('the script to fail', () => outage.hit > 0);
      await sleep(outageMs);
      await outage.mend();
      await rig.shows(page, 'that Clerk has given up', ({ clerk }) => clerk === 'error', 40_000);
    }),
  );

  itInTurn('is closed without an answer never comes again in plain', () =>
    load({ side: 'plain', major }, async (rig, page) => {
      const outage = await broken(clerkJs, 'close')(rig, page);
      await page.goto(rig.url, { waitUntil: 'commit' });
      await staysWithout(rig, page, outage);
    }),
  );
});

describe.concurrent('the UI of clerk-js 6 whose script is closed without an answer', () => {
  it('is loaded as soon as it can be, and signs in', () =>
    load({ side: 'all-in-one', major: 6, signIn: true, signedIn: false }, async (rig, page) => {
      const outage = await broken(ui, 'close')(rig, page);
      await page.goto(rig.url, { waitUntil: 'commit' });
      await rig.until('the script to fail', () => outage.hit > 0);
      await sleep(outageMs);
      expect(outage.hit).toBeGreaterThan(2);
      expect(await rig.now(page)).toMatchObject({ convex: 'loading', health: 'starting failed_to_load_clerk_ui' });
      await outage.mend();
      await page.locator('input[name=identifier]').waitFor();
    }));

  it('never comes in plain, and with it all of Clerk', () =>
    load({ side: 'plain', major: 6, signIn: true, signedIn: false }, async (rig, page) => {
      const outage = await broken(ui, 'close')(rig, page);
      await page.goto(rig.url, { waitUntil: 'commit' });
      await staysWithout(rig, page, outage);
      expect(await page.locator('input[name=identifier]').count()).toBe(0);
    }));
});
