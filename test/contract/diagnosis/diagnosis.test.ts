import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type ClerkEmulator, createClerkEmulator } from 'clerk-convex-emulators';
import type { FindingCode } from 'clerk-convex-resilience';
import { ConvexHttpClient } from 'convex/browser';
import { makeFunctionReference } from 'convex/server';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { noAccident } from '../../../scripts/noAccident.mjs';
import { launchChromium } from '../../support/chromium.ts';
import { inTurn } from '../../support/inTurn.ts';
import { type Rig, type RigOptions, withRig } from '../sessions/Rig.ts';
import { type PageServer, servePages } from '../sessions/servePages.ts';
import {
  convexIs,
  eventsOn,
  mendedWithinMs,
  mostRequests,
  namedWithinMs,
  rightEnv,
  seenOn,
  silenceNamedWithinMs,
  tokenRequests,
} from './diagnosed.ts';
import { rowsBeside } from './rows.ts';

// An app that is set up wrongly, with the real clients: the cause is named at the first refusal, and the app is well by
// itself when it has been mended.

const rowsAtOnce = 18;
vi.setConfig({ maxConcurrency: rowsAtOnce });

let browser: Browser;
let server: PageServer;
/** Another instance: it publishes keys that nothing here is signed with. */
let other: ClerkEmulator;
beforeAll(async () => {
  [browser, server, other] = await Promise.all([
    launchChromium(),
    servePages(fileURLToPath(new URL('./page', import.meta.url))),
    createClerkEmulator(),
  ]);
});
/** What was measured, a line for each row: printed at the end. */
const figures: string[] = [];
const measured = (name: string, namedMs: number, requests: number, mendedMs?: number) =>
  figures.push(
    `${name}: named after ${(namedMs / 1_000).toFixed(1)} s, ${requests} token requests${mendedMs === undefined ? '' : `, well ${(mendedMs / 1_000).toFixed(1)} s after the mend`}`,
  );
afterAll(async () => {
  if (figures.length > 0) console.log(figures.join('\n'));
  await browser?.close();
  server?.close();
  await other?.close();
});

const rows = rowsBeside(() => other);
const breakStore = makeFunctionReference<'mutation', { readonly asNobody: number }>('users:breakStore');

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

// Convex takes the token, and the app's own function does not.
it.concurrent.each([
  {
    name: 'an issuer that is not the one of the deployment’s variable',
    code: 'TOKEN_ISSUER_WRONG',
    status: 'failed',
    play: async ({ convex, clerk }: Rig) => {
      const right = { CLERK_JWT_ISSUER_DOMAIN: clerk.issuer, ...rightEnv };
      await convex.push({ env: { ...right, EXPECTED_ISSUER: 'https://clerk.other.example.com' } });
      return () => convex.push({ env: right });
    },
  },
  {
    name: 'a function that runs as nobody',
    code: 'FUNCTION_RAN_WITHOUT_IDENTITY',
    status: 'retrying',
    play: async ({ convex }: Rig) => {
      const asNobody = (times: number) => new ConvexHttpClient(convex.url).mutation(breakStore, { asNobody: times });
      await asNobody(Infinity);
      return () => asNobody(0);
    },
  },
] as const)('storeUser refuses $name: named, and the mend is noticed', ({ code, status, play }) =>
  withRig({ browser, server, side: 'drop-in', major: 6, ...convexIs, url: `${server.url}?sync` }, async (rig) => {
    const mend = await play(rig);
    const lines: string[] = [];
    rig.context.on('console', (message) => lines.push(message.text()));
    const page = await rig.openTab();
    await rig.until('the name of it', async () => (await seenOn(page))?.sync === `${status} ${code}`);
    const events = await eventsOn(page);
    const refusedAt = events.find(({ type }) => type === 'user_sync_failed')?.at ?? 0;
    const found = events.find(({ type }) => type === 'misconfiguration_found');
    expect(found).toMatchObject({ codes: [code] });
    expect((found?.at ?? Infinity) - refusedAt).toBeLessThan(namedWithinMs);
    expect(tokenRequests(rig, {}, refusedAt + namedWithinMs).length).toBeLessThanOrEqual(mostRequests);
    // It is no trouble of the sign-in.
    expect(await seenOn(page)).toMatchObject({ health: 'healthy', convex: 'authenticated' });
    await sleep(namedWithinMs);
    expect(lines.filter((line) => line.startsWith('[clerk-convex-resilience] '))).toEqual([
      expect.stringContaining(`[clerk-convex-resilience] ${code}: `),
    ]);
    await mend();
    const mendedAt = Date.now();
    await rig.until('the record', async () => (await seenOn(page))?.sync === 'synced', mendedWithinMs);
    const requests = tokenRequests(rig, {}, refusedAt + namedWithinMs).length;
    measured(`storeUser ${code}`, (found?.at ?? 0) - refusedAt, requests, Date.now() - mendedAt);
    expect(rig.problems).toEqual([]);
  }),
);

it.concurrent('an identity provider that Convex loses later is named too, and nobody is signed out', () =>
  withRig({ browser, server, side: 'drop-in', major: 6, ...convexIs }, async (rig) => {
    const page = await rig.openTab();
    await rig.signedIn(page);
    const probes = () => rig.convex.log.filter(({ path: asked }) => asked === '/api/query').length;
    // None; as the user and as nobody, where the machine is so busy that Convex took three seconds to confirm.
    expect([0, 2]).toContain(probes());
    const fault = rig.clerk.faults.add({ match: '/.well-known/', action: { type: 'status', status: 503 } });
    const isFound = async () => (await seenOn(page))?.findings?.join() === 'IDENTITY_PROVIDER_UNREACHABLE';
    // At the next renewal of the token, 20 s on.
    await rig.until('the name of it', isFound, 60_000);
    const refusedAt = rig.convex.authentications.find(({ kind }) => kind === 'refused')?.at ?? 0;
    const foundAt = (await eventsOn(page)).find(({ type }) => type === 'misconfiguration_found')?.at ?? Infinity;
    expect(foundAt - refusedAt).toBeLessThan(namedWithinMs);
    const requests = tokenRequests(rig, { counted: /\/tokens\/convex/ }, foundAt).filter(({ at }) => at >= refusedAt);
    expect(requests.length).toBeLessThanOrEqual(mostRequests);
    fault.remove();
    const mendedAt = Date.now();
    await rig.until('the health', async () => (await seenOn(page))?.health === 'healthy', mendedWithinMs);
    measured('lost later', foundAt - refusedAt, requests.length, Date.now() - mendedAt);
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
        const page = await rig.openTab(row.policy && `${rig.url}?policy=${encodeURIComponent(row.policy(rig))}`);
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
        if (row.isSilent) {
          const givenAt = events.find(({ type }) => type === 'token_received')?.at ?? -Infinity;
          expect(foundAt - givenAt).toBeLessThan(silenceNamedWithinMs);
        } else if (row.health !== 'healthy') {
          expect(refusedAt).toBeLessThan(Infinity);
          expect(foundAt - refusedAt).toBeLessThan(namedWithinMs);
        }
        expect(tokenRequests(rig, row, foundAt).length).toBeLessThanOrEqual(mostRequests);
        const asked = tokenRequests(rig, row, Infinity)[0]?.at ?? 0;
        const namedMs = foundAt - (row.isSilent ? asked : Math.min(refusedAt, foundAt));

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
        if (row.says) expect(named()[0]).toContain(`: ${row.says}. `);

        const requests = tokenRequests(rig, row, asked + namedWithinMs).length;
        if (mend) {
          await mend();
          const mendedAt = Date.now();
          await rig.signedIn(page, undefined, mendedWithinMs);
          await rig.until('the health', async () => (await seenOn(page))?.health === 'healthy');
          expect((await seenOn(page))?.findings).toEqual([]);
          measured(row.name, namedMs, requests, Date.now() - mendedAt);
        } else measured(row.name, namedMs, requests);
        expect(rig.ranAsNobody(), noAccident).toEqual([]);
        expect(rig.problems.filter((problem) => !row.thrown?.test(problem))).toEqual([]);
      }),
  );
});

it.concurrent('two tabs are told the same, each once, and both are well after the mend', () =>
  withRig({ browser, server, side: 'drop-in', major: 6, ...convexIs }, async (rig) => {
    rig.clerk.configure({ jwtTemplates: {} });
    const lines: string[] = [];
    rig.context.on('console', (message) => lines.push(message.text()));
    const tabs = await Promise.all([rig.openTab(), rig.openTab()]);
    for (const tab of tabs) {
      await rig.until('the name of it', async () => (await seenOn(tab))?.findings?.join() === 'JWT_TEMPLATE_MISSING');
      const events = await eventsOn(tab);
      const refusedAt = events.find(({ type }) => type === 'token_failed')?.at ?? 0;
      const foundAt = events.find(({ type }) => type === 'misconfiguration_found')?.at ?? Infinity;
      expect(foundAt - refusedAt).toBeLessThan(namedWithinMs);
    }
    await sleep(namedWithinMs);
    expect(tokenRequests(rig, {}, Infinity).length).toBeLessThanOrEqual(tabs.length * mostRequests);
    expect(lines.filter((line) => line.startsWith('[clerk-convex-resilience] '))).toHaveLength(tabs.length);
    rig.clerk.configure({ jwtTemplates: { convex: { claims: { aud: 'convex' } } } });
    await Promise.all(tabs.map((tab) => rig.signedIn(tab, undefined, mendedWithinMs)));
    for (const tab of tabs) {
      await rig.until('the health', async () => (await seenOn(tab))?.health === 'healthy');
      expect((await seenOn(tab))?.findings).toEqual([]);
    }
    expect(rig.ranAsNobody(), noAccident).toEqual([]);
  }));

// What plain says of them, if anything: Convex's own words, which name no cause.
const refused = (why: string) => `Failed to authenticate: "${why}", check your server auth config`;
it.concurrent.each([
  ['no JWT template', /template|jwt/i, undefined],
  ['a clerk-js of a major to come, beside what it is refused', /template|jwt|version|7\.0\.0/i, undefined],
  [
    'tokens that are over before Convex sees them',
    /expired|token/i,
    refused("Could not verify OIDC token claim. Check that the token signature is valid and the token hasn't expired."),
  ],
  ['a slash at the end of the issuer, in a deployment that compares it to the letter', /slash/i, undefined],
] as const)('without this library nobody is told of %s', (name, about, said) =>
  withRig(
    { browser, server, side: 'plain', major: 6, ...convexIs, ...rows.find((row) => row.name === name)?.rig },
    async (rig) => {
      await rows.find((row) => row.name === name)?.play(rig);
      const lines: string[] = [];
      rig.context.on('console', (message) => lines.push(message.text()));
      const page = await rig.openTab();
      await rig.until('the sign-out', async () => (await seenOn(page))?.convex === 'signed_out');
      await sleep(namedWithinMs);
      expect(rig.clerk.isSessionActive(rig.user?.sessionId ?? '')).toBe(true);
      expect((await seenOn(page))?.convex).toBe('signed_out');
      expect(lines.filter((line) => about.test(line))).toEqual(said === undefined ? [] : [said]);
    },
  ),
);
