import { setTimeout as sleep } from 'node:timers/promises';
import type { ActiveFault, ClerkEmulator, Fault } from 'clerk-convex-emulators';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../support/chromium.ts';
import { inTurn } from '../../support/inTurn.ts';
import type { PageSettings, Seen } from '../sessions/page/pageSettings.ts';
import { propsOf, type Rig, type RigOptions, withRig } from '../sessions/Rig.ts';
import { type PageServer, servePages } from '../sessions/servePages.ts';
import { createTlsFront, type TlsFront } from './createTlsFront.ts';
import { signIn } from './signIn.ts';

// Every way in which an app's clerk-js may reach the Frontend API, with the real clerk-js, on the hosts and with the keys
// that make it take that way. What fails at load ends plain's; ours keeps it from clerk-js, and a token's failure too.

let browser: Browser;
let server: PageServer;
let front: TlsFront;
beforeAll(async () => {
  [server, front] = await Promise.all([servePages(), createTlsFront()]);
  const hosts = ['*.example.test', '*.satellite.test', '*.accounts.dev'];
  const rules = hosts.map((host) => `MAP ${host} 127.0.0.1:${front.port}`).join(', ');
  browser = await launchChromium(undefined, { args: [`--host-resolver-rules=${rules}`] });
  for (const host of ['app.example.test', 'www.satellite.test']) front.route(host, server.port);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
  front?.close();
});

/** A firewall's word. For GET /client clerk-js boots degraded, and nobody is signed in; for the dev browser its load is over. */
const blocked: Fault['action'] = { type: 'status', status: 403, html: '<h1>Blocked</h1>' };
const key = (kind: 'live' | 'test', host: string) => `pk_${kind}_${Buffer.from(`${host}$`).toString('base64')}`;

type Major = PageSettings['major'];
type Way = Pick<RigOptions, 'way' | 'url' | 'frontendApi' | 'signedIn'> & {
  /** What fails once at load. */
  readonly load?: readonly Fault[];
};
let lastHost = 0;
/** A host of its own for each emulator: the front tells them apart by it. */
const hostIn = (domain: string): string => `${domain.replace('*', `a${++lastHost}`)}`;
const routed =
  (host: string, way: (clerk: ClerkEmulator) => ReturnType<NonNullable<RigOptions['way']>>) =>
  (clerk: ClerkEmulator) => {
    front.route(host, Number(new URL(clerk.url).port));
    return way(clerk);
  };

const defaultLoad: readonly Fault[] = [{ match: 'GET /v1/client', times: 1, action: blocked }];

const ways = {
  'clerkJSUrl and an absolute proxyUrl': (major) => ({ way: (clerk) => ({ clerk: propsOf(clerk, major) }) }),
  'the bundled Clerk prop and an absolute proxyUrl': () => ({
    way: ({ publishableKey, url }) => ({ clerk: { publishableKey, proxyUrl: url, prefetchUI: false }, bundled: true }),
  }),
  'a relative proxyUrl': (major) => ({
    way: ({ publishableKey, url }) => {
      const proxyUrl = `/__clerk/${new URL(url).port}`;
      // @clerk/clerk-react 5 loads scripts over https only (clerkJsScriptUrl, @clerk/shared 3.48).
      const scripts = major === 5 ? { clerkJSUrl: `${proxyUrl}/npm/@clerk/clerk-js@5/dist/clerk.browser.js` } : {};
      return { clerk: { publishableKey, proxyUrl, ...scripts } };
    },
  }),
  'a custom domain': () => {
    const host = hostIn('clerk-*.example.test');
    return {
      url: 'https://app.example.test/',
      frontendApi: host,
      way: routed(host, () => ({ clerk: { publishableKey: key('live', host) } })),
    };
  },
  'a satellite domain': () => {
    // clerk-js puts `clerk.` before the domain of a satellite: each needs a domain of its own.
    const domain = hostIn('*.satellite.test');
    return {
      url: 'https://www.satellite.test/?__clerk_synced=true',
      frontendApi: `clerk.${domain}`,
      way: routed(`clerk.${domain}`, () => ({
        clerk: {
          publishableKey: key('live', 'clerk.example.test'),
          isSatellite: true,
          domain,
          signInUrl: 'https://app.example.test/sign-in',
        },
      })),
    };
  },
  'a development key of *.accounts.dev': () => {
    const host = hostIn('happy-cat-*.clerk.accounts.dev');
    return {
      url: 'https://app.example.test/',
      signedIn: false,
      load: [{ match: 'POST /v1/dev_browser', times: 1, action: blocked }, ...defaultLoad],
      way: routed(host, () => ({ clerk: { publishableKey: key('test', host) } })),
    };
  },
} satisfies Record<string, (major: Major) => Way>;

/** Asks clerk-js for a token that nobody has. `ok`, or the text of the error; never the token. */
const freshToken = (page: Page): Promise<string> =>
  page.evaluate(() => {
    interface ClerkJs {
      session: { getToken(options: object): Promise<string | null> };
    }
    const { session } = Reflect.get(window, 'Clerk') as ClerkJs;
    return session.getToken({ template: 'convex', skipCache: true }).then((token) => (token ? 'ok' : 'null'), String);
  });

/** The order says which major meets a row: a relative URL is told to each in its own way. */
const rows: readonly [way: keyof typeof ways, side: 'all-in-one' | 'drop-in'][] = [
  ['a relative proxyUrl', 'all-in-one'],
  ['a relative proxyUrl', 'all-in-one'],
  ['clerkJSUrl and an absolute proxyUrl', 'all-in-one'],
  // A bundled clerk-js begins while Clerk's provider is rendered, and the drop-in stands below that.
  ['the bundled Clerk prop and an absolute proxyUrl', 'all-in-one'],
  ['the bundled Clerk prop and an absolute proxyUrl', 'drop-in'],
  ['a custom domain', 'all-in-one'],
  ['a satellite domain', 'all-in-one'],
  ['a development key of *.accounts.dev', 'all-in-one'],
];
// What fails is the same on the other ways.
const plainRows: readonly [way: keyof typeof ways, lost: Partial<Seen>][] = [
  ['a development key of *.accounts.dev', { clerk: 'error' }],
  ['a custom domain', { convex: 'signed_out', clerk: 'degraded' }],
];

describe.concurrent.each([5, 6] as const)('clerk-js %i', (major) => {
  it.each(inTurn(rows, major))('with %s does not see what fails (%s)', async (name, side) => {
    const wayOf: (major: Major) => Way = ways[name];
    const { load = defaultLoad, ...way } = wayOf(major);
    await withRig({ browser, server, major, side, ...way }, async (rig) => {
      const faults = load.map((fault) => rig.clerk.faults.add(fault));
      const page = await rig.openTab();
      await rig.shows(page, 'that Clerk is ready', ({ clerk }) => clerk === 'ready', 40_000);
      expect(fired(faults)).toEqual(faults.map(() => 1));
      if (rig.user) await rig.signedIn(page);
      else await enter(rig, page);
      await sleep(1_500); // Convex asks for a second token at once (authentication_manager.ts, convex 1.48)
      const refresh = rig.clerk.faults.add({ match: '/tokens/convex', times: 1, action: blocked });
      expect(await freshToken(page)).toBe('ok');
      expect(refresh.fired).toBe(1);
      const recovered = await page.evaluate(() => window.contractPage.recovered);
      // On a busy machine more is slow enough to be tried again.
      expect(recovered).toEqual(expect.arrayContaining([...(rig.user ? [] : ['dev_browser']), 'client', 'tokens']));
      expect((await rig.seen(page)).map(({ clerk }) => clerk)).not.toContain('error');
      expect(rig.problems).toEqual([]);
    });
  });

  it.each(inTurn(plainRows, major))('with %s does not get over what fails in plain', async (name, lost) => {
    const wayOf: (major: Major) => Way = ways[name];
    const { load = defaultLoad, ...way } = wayOf(major);
    await withRig({ browser, server, major, side: 'plain', ...way }, async (rig) => {
      for (const fault of load) rig.clerk.faults.add(fault);
      const page = await rig.openTab();
      await rig.shows(page, 'what is lost', (seen) => isMatch(seen, lost), 40_000);
      await sleep(5_000);
      expect(await rig.now(page)).toMatchObject(lost);
    });
  });
});

const isMatch = (seen: Seen, { convex = seen.convex, clerk = seen.clerk }: Partial<Seen>): boolean =>
  seen.convex === convex && seen.clerk === clerk;

const fired = (faults: readonly ActiveFault[]): number[] => faults.map((fault) => fault.fired);

async function enter(rig: Rig, page: Page): Promise<void> {
  expect(await signIn(page, rig.clerk.createSignInTicket())).toBeNull();
  await rig.shows(page, 'the user', ({ convex }) => convex === 'authenticated');
}
