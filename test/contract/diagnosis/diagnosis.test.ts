import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type ClerkEmulator,
  type ClerkRuntimeOptions,
  createClerkEmulator,
  type Fault,
  type FaultAction,
} from 'clerk-convex-emulators';
import type { FindingCode } from 'clerk-convex-resilience';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { noAccident } from '../../../scripts/noAccident.mjs';
import { launchChromium } from '../../support/chromium.ts';
import { inTurn } from '../../support/inTurn.ts';
import { createTlsFront, type TlsFront } from '../frontendApi/createTlsFront.ts';
import { type Rig, type RigOptions, withRig } from '../sessions/Rig.ts';
import { type PageServer, servePages } from '../sessions/servePages.ts';

// An app that is set up wrongly, with the real clients: the cause is named at the first refusal, and the app is well by
// itself when it has been mended.

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const rowsAtOnce = 12;
vi.setConfig({ maxConcurrency: rowsAtOnce });

/** Where a production build is: a host that is not this machine's, with TLS. */
const appHost = 'app.shop.test';

let browser: Browser;
let server: PageServer;
/** The same page as an app's visitors get it. */
let production: PageServer;
let front: TlsFront;
/** Another instance: it publishes keys that nothing here is signed with. */
let other: ClerkEmulator;
beforeAll(async () => {
  front = await createTlsFront();
  [browser, server, production, other] = await Promise.all([
    launchChromium(undefined, { args: [`--host-resolver-rules=MAP ${appHost} 127.0.0.1:${front.port}`] }),
    servePages(path('./page')),
    servePages(path('./page'), 19, 'production'),
    createClerkEmulator(),
  ]);
  front.route(appHost, production.port);
});
afterAll(async () => {
  await browser?.close();
  for (const each of [server, production, front]) each?.close();
  await other?.close();
});

/** From the first refusal to the name of its cause. */
const namedWithinMs = 5_000;
const mostRequests = 4;
const mendedWithinMs = 60_000;

interface Row {
  readonly name: string;
  readonly code: FindingCode;
  /** What else is found with it. @defaultValue nothing */
  readonly beside?: readonly FindingCode[];
  /** What the health says while it is so. */
  readonly health: string;
  readonly rig?: Partial<RigOptions>;
  /** Which requests for a token are ours, where clerk-js asks for its own besides. @defaultValue all of them */
  readonly counted?: RegExp;
  /** Convex says nothing, but closes its socket. */
  readonly isSilent?: true;
  /** What clerk-js itself leaves uncaught. */
  readonly thrown?: RegExp;
  /** Breaks it, before a page is there. Answers how to mend it; nothing where that takes another page. */
  readonly play: (rig: Rig) => Promise<(() => unknown) | undefined> | (() => unknown) | undefined;
}

/**
 * Where Convex closes its socket and says nothing, it takes a second one, for which its client waits: about 1 s, and up to 6
 * seen on a machine that is full. No bound of the library's is in that.
 */
const namedAtSecondSocketMs = 2 * namedWithinMs;

const rightEnv = { APPLICATION_ID: 'convex', PROVIDERS: 'one' };

/** Something in Clerk's dashboard. */
const clerkIs = (wrong: ClerkRuntimeOptions, right: ClerkRuntimeOptions) => (rig: Rig) => {
  rig.clerk.configure(wrong);
  return () => rig.clerk.configure(right);
};
/** Something of auth.config, pushed; mended in the same way. */
const authConfigIs = (env: Readonly<Record<string, string>>) => async (rig: Rig) => {
  const right = { CLERK_JWT_ISSUER_DOMAIN: rig.clerk.issuer, ...rightEnv };
  await rig.convex.push({ env: { ...right, ...env } });
  return () => rig.convex.push({ env: right });
};
const clerkFails = (fault: () => Fault) => (rig: Rig) => {
  const added = rig.clerk.faults.add(fault());
  return () => added.remove();
};
const refusedOrigin: FaultAction = {
  type: 'status',
  status: 400,
  json: { errors: [{ code: 'origin_invalid', message: 'Invalid HTTP Origin header', long_message: 'Not this one.' }] },
};
/** A token with a claim that Convex needs left out, and so with a signature that is not its own. */
function withoutSubject(token: string): string {
  const [header, body = '', signature] = token.split('.');
  const { sub: _, ...claims } = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
  return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
}
const template = (name: string, aud = 'convex'): ClerkRuntimeOptions => ({
  jwtTemplates: { [name]: { claims: { aud } } },
});

const rows: readonly Row[] = [
  {
    name: 'no JWT template',
    code: 'JWT_TEMPLATE_MISSING',
    health: 'blocked misconfigured',
    play: clerkIs({ jwtTemplates: {} }, template('convex')),
  },
  {
    name: 'a JWT template of nearly that name',
    code: 'JWT_TEMPLATE_MISSING',
    health: 'blocked misconfigured',
    play: clerkIs(template('Convex'), template('convex')),
  },
  {
    name: 'a JWT template with another aud',
    code: 'TOKEN_AUDIENCE_WRONG',
    health: 'blocked misconfigured',
    play: clerkIs(template('convex', 'my-app'), template('convex')),
  },
  {
    name: 'an auth.config of another issuer',
    code: 'TOKEN_ISSUER_WRONG',
    health: 'blocked misconfigured',
    play: authConfigIs({ CLERK_JWT_ISSUER_DOMAIN: 'https://clerk.other.example.com' }),
  },
  {
    name: 'the same in production, where the deployment does not say more',
    code: 'AUTH_CONFIG_WITHOUT_ISSUER',
    health: 'blocked misconfigured',
    rig: { convexOptions: { env: rightEnv, redactErrors: true } },
    play: authConfigIs({ CLERK_JWT_ISSUER_DOMAIN: 'https://clerk.other.example.com' }),
  },
  {
    name: 'no providers in auth.config',
    code: 'AUTH_CONFIG_NOT_DEPLOYED',
    health: 'blocked misconfigured',
    play: authConfigIs({ PROVIDERS: 'none' }),
  },
  {
    name: 'another applicationID',
    code: 'APPLICATION_ID_WRONG',
    health: 'blocked misconfigured',
    play: authConfigIs({ APPLICATION_ID: 'my-app' }),
  },
  {
    name: 'an origin that Clerk gives no tokens',
    code: 'ORIGIN_NOT_ALLOWED',
    health: 'blocked misconfigured',
    play: clerkFails(() => ({ match: '/tokens', action: refusedOrigin })),
  },
  {
    name: 'an origin that Clerk does not even load for',
    code: 'ORIGIN_NOT_ALLOWED',
    health: 'starting misconfigured',
    // clerk-js does not ask again by itself.
    play: (rig) => {
      rig.clerk.faults.add({ match: ' /v1/', action: refusedOrigin });
      return undefined;
    },
    thrown: /Invalid HTTP Origin header/,
  },
  {
    name: 'keys that the token was not signed with',
    code: 'TOKEN_SIGNATURE_MISMATCH',
    health: 'recovering clock_skew',
    play: clerkFails(() => ({
      match: '/.well-known/jwks.json',
      action: { type: 'status', status: 200, json: { keys: other.jwks.keys } },
    })),
  },
  {
    name: 'an identity provider that Convex cannot reach',
    code: 'IDENTITY_PROVIDER_UNREACHABLE',
    health: 'recovering server',
    play: clerkFails(() => ({ match: '/.well-known/', action: 'close' })),
  },
  {
    name: 'an identity provider that refuses Convex',
    code: 'IDENTITY_PROVIDER_WRONG',
    health: 'recovering server',
    play: clerkFails(() => ({ match: '/.well-known/', action: { type: 'status', status: 403 } })),
  },
  // Of these Convex says nothing: it closes the socket, and the client opens the next, for ever.
  {
    name: 'an identity provider that Convex does not find',
    isSilent: true,
    code: 'IDENTITY_PROVIDER_WRONG',
    health: 'recovering server',
    play: clerkFails(() => ({ match: '/.well-known/', action: { type: 'status', status: 404 } })),
  },
  {
    name: 'an identity provider that fails Convex',
    isSilent: true,
    code: 'IDENTITY_PROVIDER_UNREACHABLE',
    health: 'recovering server',
    play: clerkFails(() => ({ match: '/.well-known/', action: { type: 'status', status: 503 } })),
  },
  {
    name: 'an auth.config with http',
    code: 'ISSUER_NOT_HTTPS',
    health: 'blocked misconfigured',
    // The emulator has no TLS: its tokens say that it has, until both say the same again.
    play(rig) {
      const { issuer } = rig.clerk;
      rig.clerk.configure({ issuer: issuer.replace('http:', 'https:') });
      return () => rig.clerk.configure({ issuer });
    },
  },
  {
    name: 'a token without a subject',
    code: 'TOKEN_MALFORMED',
    health: 'recovering clock_skew',
    async play({ context }) {
      const tokens = /\/tokens\/convex/;
      await context.route(tokens, async (route) => {
        const response = await route.fetch();
        const { jwt, ...more } = (await response.json()) as { readonly jwt: string };
        await route.fulfill({ response, json: { ...more, jwt: withoutSubject(jwt) } });
      });
      // One that is being answered is answered.
      return () => context.unrouteAll({ behavior: 'wait' });
    },
  },
  {
    name: 'the cookies of another instance, beside what it does',
    code: 'ORIGIN_NOT_ALLOWED',
    beside: ['STALE_CLERK_COOKIES'],
    health: 'starting misconfigured',
    async play(rig) {
      const value = await other.mintToken(other.signInBrowser().sessionId);
      await rig.context.addCookies([{ name: '__session', value, url: rig.url }]);
      rig.clerk.faults.add({ match: ' /v1/', action: refusedOrigin });
      return undefined;
    },
    thrown: /Invalid HTTP Origin header/,
  },
  {
    name: 'a clock that is two minutes off',
    code: 'CLOCK_SKEW',
    health: 'recovering clock_skew',
    // To clerk-js 6 each of its own session tokens has expired when it comes: it asks for the next (13 in 20 s, plain).
    counted: /\/tokens\/convex/,
    play: clerkIs({ clockSkewSeconds: -120 }, { clockSkewSeconds: 0 }),
  },
  {
    name: 'a script of Clerk’s that something blocks',
    code: 'CLERK_JS_BLOCKED',
    health: 'starting not_loaded',
    rig: { side: 'all-in-one' },
    play: clerkFails(() => ({ match: '/npm/', action: 'close' })),
  },
  {
    name: 'a script of Clerk’s that the page itself forbids',
    code: 'CLERK_JS_BLOCKED',
    health: 'starting not_loaded',
    rig: { side: 'all-in-one' },
    async play(rig) {
      await rig.context.route(rig.url, async (route) => {
        const response = await route.fetch();
        const headers = { ...response.headers(), 'content-security-policy': "script-src 'self' 'unsafe-inline'" };
        await route.fulfill({ response, headers });
      });
      return undefined;
    },
  },
  {
    name: 'a token that lives shorter than it takes to renew it',
    code: 'TOKEN_LIFETIME_TOO_SHORT',
    health: 'healthy',
    rig: { clerkOptions: { tokenLifeSeconds: 8 } },
    play: () => undefined,
  },
];

const convexIs = { convexDir: path('./convex'), convexOptions: { env: rightEnv } };
const seenOn = (page: Page) => page.evaluate(() => (window as Partial<Window>).diagnosisPage?.seen.at(-1));
const eventsOn = (page: Page) => page.evaluate(() => (window as Partial<Window>).diagnosisPage?.events ?? []);
/** Requests for a token until then. */
const tokenRequests = (rig: Rig, { counted = /\/tokens/ }: Pick<Row, 'counted'>, until: number) =>
  rig.clerk.log.filter(({ method, path: asked, at }) => method === 'POST' && counted.test(asked) && at <= until);

/** From the first refusal to the word that it is no outage (judgeRefusal). */
const outageMs = 60_000;

// First, because it takes the longest.
it.concurrent('an identity provider that cannot be reached for a minute is taken for a wrong one', () =>
  withRig({ browser, server, side: 'drop-in', major: 6, ...convexIs }, async (rig) => {
    const fault = rig.clerk.faults.add({ match: '/.well-known/', action: 'close' });
    const lines: string[] = [];
    rig.context.on('console', (message) => lines.push(message.text()));
    const page = await rig.openTab();
    // As a device that is taken up again: the next try is due now.
    const wake = () => page.evaluate(() => window.dispatchEvent(new Event('online')));
    const isFound = (code: FindingCode) => async () => (await seenOn(page))?.findings?.join() === code;
    await rig.until('an outage', isFound('IDENTITY_PROVIDER_UNREACHABLE'));
    const since = Date.now();
    await sleep(outageMs - 10_000);
    expect((await seenOn(page))?.findings).toEqual(['IDENTITY_PROVIDER_UNREACHABLE']);
    await sleep(since + outageMs + 1_000 - Date.now());
    await wake();
    await rig.until('a wrong one', isFound('IDENTITY_PROVIDER_WRONG'), 60_000);
    const ofEvent = ({ type, ...rest }: { type: string }) =>
      type === 'misconfiguration_found' && 'codes' in rest ? [rest.codes] : [];
    expect((await eventsOn(page)).flatMap(ofEvent)).toEqual([
      ['IDENTITY_PROVIDER_UNREACHABLE'],
      ['IDENTITY_PROVIDER_WRONG'],
    ]);
    expect(lines.filter((line) => line.startsWith('[clerk-convex-resilience] '))).toHaveLength(2);
    fault.remove();
    await wake();
    await rig.signedIn(page, undefined, mendedWithinMs);
  }));

it.concurrent('an identity provider that Convex loses later is named too, and nobody is signed out', () =>
  withRig({ browser, server, side: 'drop-in', major: 6, ...convexIs }, async (rig) => {
    const page = await rig.openTab();
    await rig.signedIn(page);
    const probes = () => rig.convex.log.filter(({ path: asked }) => asked === '/api/query').length;
    expect(probes()).toBe(0);
    const fault = rig.clerk.faults.add({ match: '/.well-known/', action: { type: 'status', status: 503 } });
    const isFound = async () => (await seenOn(page))?.findings?.join() === 'IDENTITY_PROVIDER_UNREACHABLE';
    // At the next renewal of the token, 20 s on.
    await rig.until('the name of it', isFound, 60_000);
    const refusedAt = rig.convex.authentications.find(({ kind }) => kind === 'refused')?.at ?? 0;
    const foundAt = (await eventsOn(page)).find(({ type }) => type === 'misconfiguration_found')?.at ?? Infinity;
    expect(foundAt - refusedAt).toBeLessThan(namedAtSecondSocketMs);
    expect(
      tokenRequests(rig, { counted: /\/tokens\/convex/ }, foundAt).filter(({ at }) => at >= refusedAt).length,
    ).toBeLessThanOrEqual(mostRequests);
    fault.remove();
    await rig.until('the health', async () => (await seenOn(page))?.health === 'healthy', mendedWithinMs);
    const words = await page.evaluate(() => window.diagnosisPage.seen.map(({ convex }) => convex));
    expect(words).not.toContain('signed_out');
    expect(words.slice(words.indexOf('authenticated'))).not.toContain('loading');
    expect(rig.ranAsNobody(), noAccident).toEqual([]);
  }));

describe.concurrent.each([5, 6] as const)('under clerk-js %i', (major) => {
  const open = async <T>(more: Partial<RigOptions>, run: (rig: Rig) => Promise<T>): Promise<T> =>
    withRig({ browser, server, side: 'drop-in', major, ...convexIs, ...more }, run);

  it.each(inTurn(rows, major).map((row) => [row.name, row] as const))(
    '%s is named, and the mend is noticed',
    (_, row) =>
      open(row.rig ?? {}, async (rig) => {
        const codes = [row.code, ...(row.beside ?? [])];
        const mend = await row.play(rig);
        const lines: string[] = [];
        rig.context.on('console', (message) => lines.push(message.text()));
        const page = await rig.openTab();
        const named = () => lines.filter((line) => line.startsWith('[clerk-convex-resilience] '));
        await rig.until(
          () => `a line about ${codes}`,
          () => named().length >= codes.length,
          30_000,
        );
        const events = await eventsOn(page);
        const refusal = events.find(({ type }) =>
          /^(token_failed|token_refused|identity_lost|request_failed|request_refused)$/.test(type),
        );
        const found = events.find(({ type }) => type === 'misconfiguration_found');
        expect(found).toMatchObject({ codes });
        const foundAt = found?.at ?? Infinity;
        // What ends a socket without a word is a refusal too, of which the page does not know yet.
        const refusedBy = rig.convex.authentications.find(({ kind }) => kind === 'refused');
        const refusedAt = Math.min(refusal?.at ?? Infinity, refusedBy?.at ?? Infinity);
        if (row.health !== 'healthy')
          expect(foundAt - refusedAt).toBeLessThan(row.isSilent ? namedAtSecondSocketMs : namedWithinMs);
        expect(tokenRequests(rig, row, foundAt).length).toBeLessThanOrEqual(mostRequests);
        const asked = tokenRequests(rig, row, Infinity)[0]?.at ?? 0;

        if (row.health === 'healthy') {
          await rig.signedIn(page);
        } else {
          await rig.until('findings', async () => (await seenOn(page))?.findings?.length === codes.length);
          expect(await seenOn(page)).toMatchObject({ health: row.health, findings: codes });
          for (const code of codes) await page.getByRole('link', { name: code }).waitFor({ state: 'attached' });
        }
        await sleep(Math.max(0, asked + namedWithinMs - Date.now()));
        expect(tokenRequests(rig, row, asked + namedWithinMs).length).toBeLessThanOrEqual(mostRequests);
        // One line for each, however often it is refused.
        expect(named()).toEqual(
          codes.map((code): unknown =>
            expect.stringMatching(
              new RegExp(String.raw`^\[clerk-convex-resilience\] ${code}: .+\. https://\S+/${code}\.md$`),
            ),
          ),
        );

        if (mend) {
          await mend();
          await rig.signedIn(page, undefined, mendedWithinMs);
          await rig.until('the health', async () => (await seenOn(page))?.health === 'healthy');
          expect((await seenOn(page))?.findings).toEqual([]);
        }
        expect(rig.problems.filter((problem) => !row.thrown?.test(problem))).toEqual([]);
      }),
  );
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
      const codes = ['TOKEN_ISSUER_WRONG', 'TEST_KEY_IN_PRODUCTION'];
      await rig.until('findings', async () => (await seenOn(page))?.findings?.length === codes.length, 30_000);
      expect((await seenOn(page))?.findings).toEqual(codes);
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

it.concurrent('without this library nobody is told why', () =>
  withRig({ browser, server, side: 'plain', major: 6, ...convexIs }, async (rig) => {
    rig.clerk.configure({ jwtTemplates: {} });
    const lines: string[] = [];
    rig.context.on('console', (message) => lines.push(message.text()));
    const page = await rig.openTab();
    await rig.until('the sign-out', async () => (await seenOn(page))?.convex === 'signed_out');
    await sleep(namedWithinMs);
    expect(rig.clerk.isSessionActive(rig.user?.sessionId ?? '')).toBe(true);
    expect((await seenOn(page))?.convex).toBe('signed_out');
    expect(lines.filter((line) => /template|jwt/i.test(line))).toEqual([]);
  }));
