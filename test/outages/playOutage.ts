import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import type { ClerkMajor } from '../faults/buildPage.ts';
import { freshlyAccepted } from '../faults/freshlyAccepted.ts';
import { lastStateOf } from '../faults/lastStateOf.ts';
import type { AuthState, PageRecord } from '../faults/page/bridge.ts';
import { seedOf } from '../faults/seedOf.ts';
import type { Side } from '../faults/sides.ts';
import { frontendApi, type OutageKind, outageKinds } from './outages.ts';
import type { Speed } from './speedUp.ts';
import { type ServersSeen, startServers } from './startServers.ts';

/** Clerk's own. */
const tokenLifeSeconds = 60;
/** Convex asks for the next token this long before one expires (`authRefreshTokenLeewaySeconds` of convex 1.48). */
const refreshLeewayMs = 10_000;
/** The outage begins this long before a refresh is due. */
const beforeRefreshMs = 5_000;
/** How long the tabs are watched after the mend, at most: longer than the longest wait. */
const watchMs = 120_000;

export interface OutageOptions {
  readonly browser: Browser;
  readonly pageUrl: string;
  readonly clerk: ClerkMajor;
  readonly side: Side;
  readonly kind: OutageKind;
  readonly seconds: number;
  readonly tabs: number;
  /** How many times as fast time passes once the tabs have loaded; 1: as it does. */
  readonly factor: number;
  /** How long the tabs may take to load, in milliseconds of the real clock. @defaultValue 30_000 */
  readonly loadMs?: number;
  readonly seed: number;
}

/** What one outage came to. Times are in milliseconds of the fast clock. */
export interface OutageResult {
  /** Requests that arrived at the Frontend API during the outage. */
  readonly requests: number;
  /** By method and path, without the session's id. */
  readonly byPath: Readonly<Record<string, number>>;
  /** When each came, in seconds since the outage began. */
  readonly at: readonly number[];
  /** From the mend until Convex had accepted a new token of every tab; null: not within the time that was watched. */
  readonly recoveredAfterMs: number | null;
  readonly states: readonly AuthState[];
}

/** Plays one outage of Clerk's Frontend API on one side, in a signed-in browser of its own. */
export async function playOutage(options: OutageOptions): Promise<OutageResult> {
  const { browser, pageUrl, clerk: major, side, kind, tabs, factor, loadMs = 30_000 } = options;
  const speed: Speed = { from: Date.now() + (factor === 1 ? 0 : loadMs), factor };
  const pause = (ms: number): Promise<void> => sleep(Math.max(0, ms) / factor);
  const servers = await startServers({ speed, tokenLifeSeconds, appHost: new URL(pageUrl).hostname });
  const context = await browser.newContext();
  try {
    await context.addCookies(servers.cookies.map((cookie) => ({ ...cookie })));
    await context.addInitScript({ content: await scriptOf(speed) });
    const records: PageRecord[][] = [];
    await context.exposeBinding('benchReport', ({ page }, record: PageRecord) => {
      records[context.pages().indexOf(page)]?.push(record);
    });
    for (let tab = 0; tab < tabs; tab++) {
      records.push([]);
      const query = new URLSearchParams({
        major: String(major),
        react: '19',
        strict: 'false',
        mode: 'template',
        entry: 'drop_in',
        leeway: String(refreshLeewayMs / 1_000),
        side,
        clerk: servers.clerkUrl,
        publishableKey: servers.publishableKey,
        convex: servers.convexUrl,
        clerkJs: 'bundled',
        rtt: '50',
        seed: String(seedOf(options.seed, `${kind} ${major} ${side} ${tab}`)),
      });
      const page = await context.newPage();
      await page.goto(`${pageUrl}/?${query}`);
    }
    const patience = Date.now() + loadMs;
    const isIn = () => records.every((tab) => tab.some(({ kind: what }) => what === 'me'));
    while (!isIn() && Date.now() < patience) await sleep(50);
    if (!isIn()) throw new Error('The tabs took too long to load.');
    await sleep(speed.from - Date.now());
    await beforeRefresh(servers.look, pause);

    const brokenAt = (await servers.break([{ match: frontendApi, ...outageKinds[kind] }])).now;
    await pause(options.seconds * 1_000);
    const mendedAt = (await servers.mend()).now;
    let seen: ServersSeen;
    let recoveredAt: number | undefined;
    do {
      await pause(500);
      seen = await servers.look();
      recoveredAt = everyTabAccepted(seen, mendedAt, tabs);
    } while (recoveredAt === undefined && seen.now < mendedAt + watchMs);

    const during = seen.log.filter(
      ({ at, method, path }) => at >= brokenAt && at < mendedAt && method !== 'OPTIONS' && path.startsWith(frontendApi),
    );
    const byPath: Record<string, number> = {};
    for (const { method, path } of during) {
      const name = `${method} ${path.replace(/sessions\/[^/]+/, 'sessions/*')}`;
      byPath[name] = (byPath[name] ?? 0) + 1;
    }
    return {
      requests: during.length,
      byPath,
      at: during.map(({ at }) => Math.round((at - brokenAt) / 100) / 10),
      recoveredAfterMs: recoveredAt === undefined ? null : Math.max(0, recoveredAt - mendedAt),
      states: records.map(lastStateOf),
    };
  } finally {
    await context.close();
    servers.close();
  }
}

/** Waits until shortly before Convex asks for its next token: of the tab that was served last, or another's would always be the next. */
async function beforeRefresh(look: () => Promise<ServersSeen>, pause: (ms: number) => Promise<void>): Promise<void> {
  const { now, authentications } = await look();
  const last = authentications.filter(({ kind }) => kind === 'accepted').at(-1)?.at ?? now;
  await pause(last + tokenLifeSeconds * 1_000 - refreshLeewayMs - beforeRefreshMs - now);
}

/** When Convex had accepted a token that was given out after `since` from so many tabs. */
function everyTabAccepted({ authentications }: ServersSeen, since: number, tabs: number): number | undefined {
  const given = freshlyAccepted(authentications, since);
  if (given === undefined) return undefined;
  const first = new Map<string, number>();
  for (const { at, kind, session } of authentications)
    if (at >= given && kind === 'accepted' && !first.has(session)) first.set(session, at);
  return first.size < tabs ? undefined : Math.max(...first.values());
}

async function scriptOf(speed: Speed): Promise<string> {
  if (speed.factor === 1) return '';
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./speedUpPage.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    define: { SPEED: JSON.stringify(speed) },
  });
  return outputFiles[0]?.text ?? '';
}
