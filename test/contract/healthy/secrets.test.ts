import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../support/chromium.ts';
import type { Places } from './createHarvest.ts';
import { createSecretSearch } from './createSecretSearch.ts';
import { emailAddress, playFaultySession } from './playFaultySession.ts';
import { recordMintedTokens } from './recordMintedTokens.ts';
import { type PageServer, servePages } from './servePages.ts';

const majors = [5, 6] as const;

let browser: Browser;
let server: PageServer;
const minted = recordMintedTokens();
const sessions = new Map<number, Places>();
let find: (text: string) => string[];

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), servePages()]);
  await Promise.all(
    majors.map(async (major) => {
      const settings = { side: 'resilient', major, debug: true } as const;
      sessions.set(major, await playFaultySession({ browser, server, settings }, minted.tokens));
    }),
  );
  find = createSecretSearch({ tokens: minted.tokens, emails: [emailAddress] });
}, 240_000);

afterAll(async () => {
  minted.stop();
  await browser?.close();
  server?.close();
});

describe.each(majors)('after a session full of faults under clerk-js %i', (major) => {
  const textsAt = (place: string): string[] => [...(sessions.get(major)?.get(place) ?? [])];
  const secretsAt = (place: string): string[] => textsAt(place).flatMap(find);

  it('finds a token where there is one: Clerk hands them from tab to tab', () => {
    expect(minted.tokens.length).toBeGreaterThan(8);
    expect(secretsAt('channels, of others')).not.toEqual([]);
  });

  it('has been through what it is meant to have been through', () => {
    const types = new Set(textsAt('events').map((event) => (JSON.parse(event) as { type: string }).type));
    for (const type of ['request_failed', 'token_failed', 'token_refused', 'sign_out_started', 'sign_out_confirmed'])
      expect(types).toContain(type);
    expect(textsAt('DOM').some((html) => html.includes('recovering'))).toBe(true);
    expect(textsAt('console').some((line) => line.includes('[clerk-convex-resilience]'))).toBe(true);
    expect(textsAt('storage').some((text) => text.includes('clerk-convex-resilience:signed-out'))).toBe(true);
    expect(textsAt('results of calls')).toContain('ok');
  });

  it.each([
    'events',
    'console',
    'storage',
    'channels',
    'DOM',
    'URL of the page',
    'URLs of requests',
    'uncaught errors',
    'results of calls',
  ])('holds no piece of a token and no e-mail address: %s', (place) => {
    expect(secretsAt(place)).toEqual([]);
  });
});
