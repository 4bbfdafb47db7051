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
import { launchChromium } from '../../support/chromium.ts';
import { inTurn } from '../../support/inTurn.ts';
import { type Rig, type RigOptions, withRig } from '../sessions/Rig.ts';
import { type PageServer, servePages } from '../sessions/servePages.ts';

// An app that is set up wrongly, with the real clients: the cause is named at the first refusal, and the app is well by
// itself when it has been mended.

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const rowsAtOnce = 16;
vi.setConfig({ maxConcurrency: rowsAtOnce });

let browser: Browser;
let server: PageServer;
/** Another instance: it publishes keys that nothing here is signed with. */
let other: ClerkEmulator;
beforeAll(async () => {
  [browser, server, other] = await Promise.all([launchChromium(), servePages(path('./page')), createClerkEmulator()]);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
  await other?.close();
});

/** From the first refusal to the name of its cause. */
const namedWithinMs = 5_000;
const mostRequests = 4;
const mendedWithinMs = 60_000;

interface Row {
  readonly name: string;
  readonly code: FindingCode;
  /** What the health says while it is so. */
  readonly health: string;
  readonly rig?: Partial<RigOptions>;
  /** Which requests for a token are ours, where clerk-js asks for its own besides. @defaultValue all of them */
  readonly counted?: RegExp;
  /** What clerk-js itself leaves uncaught. */
  readonly thrown?: RegExp;
  /** Breaks it, before a page is there. Answers how to mend it; nothing where that takes another page. */
  readonly play: (rig: Rig) => Promise<(() => unknown) | undefined> | (() => unknown) | undefined;
}

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
const tokenRequests = (rig: Rig, { counted = /\/tokens/ }: Row, until: number) =>
  rig.clerk.log.filter(({ method, path: asked, at }) => method === 'POST' && counted.test(asked) && at <= until);

describe.concurrent.each([5, 6] as const)('under clerk-js %i', (major) => {
  const open = async <T>(more: Partial<RigOptions>, run: (rig: Rig) => Promise<T>): Promise<T> =>
    withRig({ browser, server, side: 'drop-in', major, ...convexIs, ...more }, run);

  it.each(inTurn(rows, major).map((row) => [row.name, row] as const))(
    '%s is named, and the mend is noticed',
    (_, row) =>
      open(row.rig ?? {}, async (rig) => {
        const { code } = row;
        const mend = await row.play(rig);
        const lines: string[] = [];
        rig.context.on('console', (message) => lines.push(message.text()));
        const page = await rig.openTab();
        const named = () => lines.filter((line) => line.startsWith('[clerk-convex-resilience] '));
        await rig.until(
          () => `a line about ${code}`,
          () => named().length > 0,
          30_000,
        );
        const events = await eventsOn(page);
        const refusal = events.find(({ type }) =>
          /^(token_failed|token_refused|identity_lost|request_failed|request_refused)$/.test(type),
        );
        const found = events.find(({ type }) => type === 'misconfiguration_found');
        expect(found).toMatchObject({ codes: [code] });
        const foundAt = found?.at ?? Infinity;
        if (row.health !== 'healthy') expect(foundAt - (refusal?.at ?? 0)).toBeLessThan(namedWithinMs);
        expect(tokenRequests(rig, row, foundAt).length).toBeLessThanOrEqual(mostRequests);
        const asked = tokenRequests(rig, row, Infinity)[0]?.at ?? 0;

        if (row.health === 'healthy') {
          await rig.signedIn(page);
        } else {
          await rig.until('findings', async () => (await seenOn(page))?.findings?.length === 1);
          expect(await seenOn(page)).toMatchObject({ health: row.health, findings: [code] });
          await page.getByRole('link', { name: code }).waitFor({ state: 'attached' });
        }
        await sleep(Math.max(0, asked + namedWithinMs - Date.now()));
        expect(tokenRequests(rig, row, asked + namedWithinMs).length).toBeLessThanOrEqual(mostRequests);
        // One line, however often it is refused.
        expect(named()).toHaveLength(1);
        expect(named()[0]).toMatch(
          new RegExp(String.raw`^\[clerk-convex-resilience\] ${code}: .+\. https://\S+/${code}\.md$`),
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
