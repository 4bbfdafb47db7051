import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type ClerkEmulator,
  type ConvexEmulator,
  createClerkEmulator,
  createConvexEmulator,
  type SeededBrowser,
} from 'clerk-convex-emulators';
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import { newRealisticContext } from '../../support/chromium.ts';
import { moduleAt } from './moduleAt.ts';
import type { Counts, HealthySettings } from './page/healthyPage.ts';
import type { Held, Look, Said } from './page/instruments.ts';
import type { PageServer } from './servePages.ts';

export interface RigOptions {
  readonly browser: Browser;
  readonly server: PageServer;
  readonly settings: Pick<HealthySettings, 'side' | 'major' | 'providers' | 'strict' | 'debug'>;
  /** @defaultValue 60, as Clerk's */
  readonly tokenLifeSeconds?: number;
}

/** Something that a page holds or has done, with the module that did it. */
export type Traced<T extends Held = Held> = T & { readonly module: string };
export type TracedLook = {
  readonly [Key in 'timers' | 'observers' | 'listeners' | 'channels' | 'locks']: readonly Traced[];
} & {
  readonly opened: { readonly channels: readonly Traced[]; readonly locks: readonly Traced[] };
  readonly said: readonly Traced<Said>[];
  readonly fetchIsNative: boolean;
};

/** A signed-in browser of its own, with emulators of its own and the page under test. */
export class Rig {
  /** Uncaught errors and unhandled rejections of the pages. */
  readonly problems: string[] = [];
  /** Lines that the pages printed. */
  readonly printed: string[] = [];
  /** The most requests for Convex's token that were under way at one moment. */
  tokensAtOnce = 0;
  private readonly toClerk = new Map<Page, { readonly underWay: Set<Request>; lastAt: number }>();
  private readonly moduleAt: (line: number) => string;

  private constructor(
    readonly options: RigOptions,
    readonly clerk: ClerkEmulator,
    readonly convex: ConvexEmulator,
    readonly user: SeededBrowser,
    readonly context: BrowserContext,
  ) {
    this.moduleAt = moduleAt(options.server.scripts.get(`/page${options.settings.major}.js`) ?? '');
    context.on('weberror', (error) => this.problems.push(String(error.error())));
    const underWay = new Set<unknown>();
    context.on('request', (request) => {
      if (request.url().includes('/v1/')) this.requestsOf(request).underWay.add(request);
      if (!/\/tokens\/convex\b/.test(request.url())) return;
      underWay.add(request);
      this.tokensAtOnce = Math.max(this.tokensAtOnce, underWay.size);
    });
    const over = (request: Request): void => {
      underWay.delete(request);
      const those = this.requestsOf(request);
      if (those.underWay.delete(request)) those.lastAt = Date.now();
    };
    context.on('requestfinished', over);
    context.on('requestfailed', over);
    context.on('console', (message) => this.printed.push(`${message.type()}: ${message.text()}`));
  }

  /** Starts the emulators and a browser that is signed in but has loaded nothing yet. */
  static async open(options: RigOptions): Promise<Rig> {
    const { browser, server, settings, tokenLifeSeconds = 60 } = options;
    const clerk = await createClerkEmulator({ tokenLifeSeconds });
    const convex = await createConvexEmulator({
      dir: fileURLToPath(new URL('../../faults/convex', import.meta.url)),
      env: { CLERK_JWT_ISSUER_DOMAIN: clerk.issuer },
    });
    const context = await newRealisticContext(browser);
    const user = clerk.signInBrowser(undefined, { appHost: new URL(server.url).hostname });
    await context.addCookies(user.cookies.map((cookie) => ({ ...cookie })));
    const healthySettings: HealthySettings = {
      ...settings,
      publishableKey: clerk.publishableKey,
      clerk: clerk.url,
      convex: convex.url,
    };
    await context.addInitScript({ content: `window.healthySettings = ${JSON.stringify(healthySettings)};` });
    await context.addInitScript({ content: server.instruments });
    return new Rig(options, clerk, convex, user, context);
  }

  get name(): string {
    const { side, major } = this.options.settings;
    return `${side} under clerk-js ${major}`;
  }

  /** Opens the page in another tab. */
  async openTab(): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(this.options.server.url);
    return page;
  }

  /** Waits until the app shows the user that Convex knows, under each of so many providers. */
  async signedIn(page: Page, providers = 1): Promise<void> {
    for (let id = 0; id < providers; id++)
      await page
        .locator(`#me-${id}`)
        .filter({ hasText: this.user.userId })
        .waitFor({ timeout: 90_000, state: 'attached' });
  }

  counts(page: Page): Promise<Counts> {
    return page.evaluate(() => window.healthyPage.counts());
  }

  /** What the page holds and has done, each with the module that did it. */
  async look(page: Page): Promise<TracedLook> {
    const look: Look = await page.evaluate(() => window.instruments.look());
    const trace = <T extends Held>(all: readonly T[]): Traced<T>[] =>
      all.map((each) => ({ ...each, module: this.moduleAt(each.line) }));
    return {
      timers: trace(look.timers),
      observers: trace(look.observers),
      listeners: trace(look.listeners),
      channels: trace(look.channels),
      locks: trace(look.locks),
      opened: { channels: trace(look.opened.channels), locks: trace(look.opened.locks) },
      said: trace(look.said),
      fetchIsNative: look.fetchIsNative,
    };
  }

  /** Sockets to Convex that were opened, and those that were introduced with the session they belong to. */
  sockets(): { readonly opened: number; readonly introduced: number } {
    const count = (method: string, end: string) =>
      this.convex.log.filter((entry) => entry.method === method && entry.path.endsWith(end)).length;
    return { opened: count('CONNECT', '/sync'), introduced: count('MESSAGE', 'Connect') };
  }

  /** Since when no request of the page to Clerk is under way; Infinity while one is. */
  quietSince(page: Page): number {
    const { underWay, lastAt } = this.toClerk.get(page) ?? { underWay: new Set(), lastAt: 0 };
    return underWay.size > 0 ? Infinity : lastAt;
  }

  private requestsOf(request: Request) {
    const page = request.frame().page();
    const those = this.toClerk.get(page) ?? { underWay: new Set<Request>(), lastAt: 0 };
    this.toClerk.set(page, those);
    return those;
  }

  async until(what: string, isSo: () => boolean | Promise<boolean>, ms = 30_000): Promise<void> {
    const end = Date.now() + ms;
    while (!(await isSo())) {
      if (Date.now() >= end) throw new Error(`${this.name}: waited ${ms / 1_000} s in vain for ${what}.`);
      await sleep(50);
    }
  }

  async close(): Promise<void> {
    await this.context.close().catch(() => {});
    await Promise.all([this.clerk.close(), this.convex.close()]);
  }
}
