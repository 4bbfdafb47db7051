import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type ClerkEmulator,
  type ClerkEmulatorOptions,
  type ConvexEmulator,
  type ConvexEmulatorOptions,
  createClerkEmulator,
  createConvexEmulator,
  type SeededBrowser,
} from 'clerk-convex-emulators';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { newRealisticContext } from '../../support/chromium.ts';
import type { PageSettings, Seen } from './page/pageSettings.ts';
import type { PageServer } from './servePages.ts';

export interface RigOptions {
  readonly browser: Browser;
  readonly server: PageServer;
  readonly side: PageSettings['side'];
  readonly major: PageSettings['major'];
  readonly clerkOptions?: ClerkEmulatorOptions;
  /** Where the page is. @defaultValue the page server itself */
  readonly url?: string;
  /** How the page reaches the Frontend API. @defaultValue the emulator as `proxyUrl`, clerk-js as its script */
  readonly way?: (clerk: ClerkEmulator) => Pick<PageSettings, 'clerk' | 'bundled'>;
  /** Host of the Frontend API, when the page knows the emulator by another name. */
  readonly frontendApi?: string;
  readonly signIn?: boolean;
  /** @defaultValue true */
  readonly guardRequests?: boolean;
  /** @defaultValue the functions of `test/faults/convex` */
  readonly convexDir?: string;
  /** The issuer that the deployment trusts. @defaultValue the emulator's */
  readonly issuer?: string;
  /** What else the deployment is started with; its `env` beside the issuer. */
  readonly convexOptions?: Pick<ConvexEmulatorOptions, 'env' | 'redactErrors' | 'onLog'>;
  /** The browser has neither Web Locks nor BroadcastChannel. @defaultValue false */
  readonly withoutTabApis?: boolean;
  /** @defaultValue true */
  readonly signedIn?: boolean;
}

const withoutTabApis = 'delete Navigator.prototype.locks; delete window.BroadcastChannel;';

/** A browser of its own on emulators of its own. */
export class Rig {
  /** Uncaught errors and unhandled rejections of the pages. */
  readonly problems: string[] = [];

  private constructor(
    readonly options: RigOptions,
    readonly url: string,
    readonly clerk: ClerkEmulator,
    readonly convex: ConvexEmulator,
    readonly user: SeededBrowser | undefined,
    readonly context: BrowserContext,
  ) {
    context.on('weberror', (error) => this.problems.push(String(error.error())));
  }

  /** Starts the emulators and a browser that has loaded nothing yet. */
  static async open(options: RigOptions): Promise<Rig> {
    const { browser, server, url = server.url, signedIn = true } = options;
    const clerk = await createClerkEmulator({ tokenLifeSeconds: 30, ...options.clerkOptions });
    const convex = await createConvexEmulator({
      dir: options.convexDir ?? fileURLToPath(new URL('../../faults/convex', import.meta.url)),
      ...options.convexOptions,
      env: { CLERK_JWT_ISSUER_DOMAIN: options.issuer ?? clerk.issuer, ...options.convexOptions?.env },
    });
    const context = await newRealisticContext(browser, { ignoreHTTPSErrors: true });
    const user = signedIn ? clerk.signInBrowser(undefined, { appHost: new URL(url).hostname }) : undefined;
    const cookies = user?.cookies.map((cookie) => ({ ...cookie })) ?? [];
    const [client] = cookies;
    if (client && options.frontendApi) cookies.push({ ...client, domain: options.frontendApi });
    await context.addCookies(cookies);
    const way = options.way?.(clerk) ?? { clerk: propsOf(clerk, options.major) };
    const { side, major, signIn = false, guardRequests = true } = options;
    const settings: PageSettings = { side, major, signIn, guardRequests, convex: convex.url, ...way };
    await context.addInitScript({ content: `window.sessionsSettings = ${JSON.stringify(settings)};` });
    if (options.withoutTabApis) await context.addInitScript({ content: withoutTabApis });
    return new Rig(options, url, clerk, convex, user, context);
  }

  get name(): string {
    return `${this.options.side} under clerk-js ${this.options.major}`;
  }

  async openTab(url = this.url): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(url);
    return page;
  }

  /** All that was to be seen on the page since it was loaded; nothing while its script has not run. */
  seen(page: Page): Promise<readonly Seen[]> {
    return page.evaluate(() => (window as Partial<Window>).contractPage?.seen ?? []);
  }

  now(page: Page): Promise<Seen | undefined> {
    return page.evaluate(() => (window as Partial<Window>).contractPage?.seen.at(-1));
  }

  /** Waits until the page shows the user that Convex knows. */
  async signedIn(page: Page, userId = this.user?.userId ?? '', ms = 60_000): Promise<void> {
    await page.locator('#me').filter({ hasText: userId }).waitFor({ timeout: ms, state: 'attached' });
  }

  /** Waits until what is to be seen is so. */
  async shows(page: Page, what: string, isSo: (seen: Seen) => boolean, ms = 20_000): Promise<void> {
    let now: Seen | undefined;
    await this.until(
      () => `the page to show ${what}, and saw ${JSON.stringify(now)}`,
      async () => {
        now = await this.now(page);
        return now !== undefined && isSo(now);
      },
      ms,
    );
  }

  async until(what: string | (() => string), isSo: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
    const end = Date.now() + ms;
    while (!(await isSo())) {
      if (Date.now() >= end) {
        const awaited = typeof what === 'string' ? what : what();
        throw new Error(`${this.name}: waited ${ms / 1_000} s in vain for ${awaited}.`);
      }
      await sleep(100); // a look into a page costs it, and three processes, something
    }
  }

  /** Runs of functions without an identity since then. */
  ranAsNobody(since = 0): readonly string[] {
    return this.convex.runs.filter(({ at, identity }) => at >= since && identity === null).map(({ path }) => path);
  }

  /** Functions that ran as this user since then. */
  ranAs(userId: string, since = 0): readonly string[] {
    return this.convex.runs.filter(({ at, identity }) => at >= since && identity === userId).map(({ path }) => path);
  }

  async close(): Promise<void> {
    await this.context.close().catch(() => {});
    await Promise.all([this.clerk.close(), this.convex.close()]);
  }
}

/** The emulator as `proxyUrl`, and clerk-js as its script. */
export const propsOf = (clerk: ClerkEmulator, major: 5 | 6): PageSettings['clerk'] =>
  major === 5 ? { ...clerk.providerProps(5) } : { ...clerk.providerProps(6) };

/** Opens a rig, plays, and closes it whatever comes. */
export async function withRig<T>(options: RigOptions, play: (rig: Rig) => Promise<T>): Promise<T> {
  const rig = await Rig.open(options);
  try {
    return await play(rig);
  } finally {
    await rig.close();
  }
}
