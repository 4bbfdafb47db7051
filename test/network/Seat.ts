import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type ClerkEmulator,
  type ConvexEmulator,
  createClerkEmulator,
  createConvexEmulator,
} from 'clerk-convex-emulators';
import type { BrowserContext, Page } from 'playwright-core';
import { createTold } from '../support/engines/createTold.ts';
import { freshlyAccepted, outcomeOf, type Verdict } from '../support/page/outcomeOf.ts';
import { pageUrl } from '../support/page/servePage.ts';
import type { CallResult, ClerkMajor, PageRecord, Side } from '../support/page/settings.ts';
import type { Lab } from './lab/openLab.ts';

/** Short, so that Convex asks for a new token ten seconds after a load; above the 17 s below which clerk-js 6 refreshes none ahead. */
const tokenLifeSeconds = 20;
/** Convex refreshes this long before a token expires (`authRefreshTokenLeewaySeconds` of convex 1.48). */
const refreshLeewayMs = 10_000;

/** Something that ends requests for a token. `code`: as the console says it. */
export interface Fault {
  readonly code: string;
  begin(): Promise<void>;
  /** Happens again and again while it lasts. */
  again?(): Promise<void>;
  end(): Promise<void>;
}

/** A signed-in user in a lab: a browser profile, a Clerk and a Convex of its own. */
export class Seat {
  private readonly failures: { readonly at: number; readonly code: string }[] = [];
  /** What Clerk has answered in, by DevTools' name: `h2`, `http/1.1`. */
  readonly protocols = new Set<string>();
  /** What the browser's console has, as a person saves it: each line with where it comes from. */
  readonly console: string[] = [];
  private readonly records: PageRecord[] = [];
  private readonly told: () => Promise<unknown[]>;

  private constructor(
    readonly name: string,
    private readonly url: string,
    private readonly clerk: ClerkEmulator,
    private readonly convex: ConvexEmulator,
    private readonly context: BrowserContext,
    private readonly page: Page,
  ) {
    this.told = createTold((expression) => page.evaluate(expression));
    page.on('console', (message) => {
      const { url: from, lineNumber } = message.location();
      this.console.push(`${from}:${lineNumber} ${message.text()}`);
    });
  }

  static async open(lab: Lab, side: Side, major: ClerkMajor): Promise<Seat> {
    const name = `${side} clerk-js ${major}`;
    const key = `${side}${major}`;
    const clerk = await createClerkEmulator({ tokenLifeSeconds });
    const convex = await createConvexEmulator({
      dir: fileURLToPath(new URL('../faults/convex', import.meta.url)),
      env: { CLERK_JWT_ISSUER_DOMAIN: clerk.issuer },
    });
    const [clerkHost, convexHost] = [`clerk-${key}.lab.test`, `convex-${key}.lab.test`];
    lab.serve(clerkHost, clerk.url);
    lab.serve(convexHost, convex.url);
    const context = await lab.browser.newContext();
    const user = clerk.signInBrowser(undefined, { appHost: 'app.lab.test' });
    await context.addCookies(
      user.cookies
        .filter(({ domain }) => domain !== 'localhost')
        .map((cookie) => ({ ...cookie, ...(cookie.name === '__client' && { domain: clerkHost }) })),
    );
    const page = await context.newPage();
    const url = pageUrl('https://app.lab.test', {
      major,
      side,
      publishableKey: clerk.publishableKey,
      clerk: `https://${clerkHost}`,
      convex: `https://${convexHost}`,
    });
    const seat = new Seat(name, url, clerk, convex, context, page);
    await seat.watchNetwork(clerkHost);
    return seat;
  }

  /** Loads the page, until its script runs. */
  async load(): Promise<void> {
    const before = this.records.length;
    await this.page.goto(this.url, { waitUntil: 'commit' });
    await this.until('the page to run', 30_000, () => this.records.slice(before).some(({ kind }) => kind === 'load'));
  }

  /** Leaves the page, as for a while: nothing of it runs. */
  async leave(): Promise<void> {
    await this.collect();
    await this.page.goto('about:blank');
  }

  /** Loads the page on a healthy network until the user is signed in and sees data; again where the machine is so busy that Clerk gave up. */
  async signIn(): Promise<void> {
    for (let tries = 1; ; tries++) {
      await this.load();
      try {
        await this.until('the user to be signed in', 20_000, () => this.records.some(({ kind }) => kind === 'me'));
        break;
      } catch (error) {
        if (tries === 3) throw error;
      }
    }
    if (await this.page.evaluate(() => navigator.webdriver || !isSecureContext))
      throw new Error('The page is not an ordinary one.');
  }

  /** When Convex will ask for its next token. */
  get refreshAt(): number {
    const last = this.convex.authentications.findLast(({ kind }) => kind === 'accepted');
    if (!last) throw new Error(`${this.name}: Convex has accepted no token yet.`);
    return last.at + tokenLifeSeconds * 1_000 - refreshLeewayMs;
  }

  /** Waits until Convex has accepted its second token, for which it asks at once (authentication_manager.ts, convex 1.48). */
  settle(): Promise<void> {
    const accepted = () => this.convex.authentications.filter(({ kind }) => kind === 'accepted').length;
    return this.until('Convex to accept two tokens', 20_000, () => accepted() > 1);
  }

  /** Network errors of requests to Clerk since then, by DevTools' name, and how often. */
  codesSince(since: number): ReadonlyMap<string, number> {
    const codes = new Map<string, number>();
    for (const { at, code } of this.failures) if (at >= since) codes.set(code, (codes.get(code) ?? 0) + 1);
    return codes;
  }

  /** Clerk answers requests for a token with 500, until that is undone. */
  failTokens(): () => void {
    const fault = this.clerk.faults.add({ match: '/tokens', action: { type: 'status', status: 500 } });
    return () => fault.remove();
  }

  /**
   * Asks for a new token in the midst of a fault, until the console tells of a request for one that has ended so; then ends
   * the fault, and waits for the token.
   */
  async askDuring({ code, begin, again, end }: Fault): Promise<void> {
    const said = () => this.console.filter((line) => line.includes('/tokens/') && line.includes(code)).length;
    const before = said();
    const since = Date.now();
    await begin();
    await this.page.evaluate('void Clerk.session.getToken({ template: "convex", skipCache: true }).catch(() => {})');
    try {
      await this.until(`${code} in the console`, 40_000, () => said() > before, again);
    } finally {
      await end();
    }
    const answered = () =>
      this.clerk.log.some(({ path, status, at }) => at > since && path.includes('/tokens/') && status === 200);
    await this.until(`a token after ${code}`, 30_000, answered);
  }

  hasFreshToken(since: number): boolean {
    return (
      freshlyAccepted({ clerkLog: this.clerk.log, authentications: this.convex.authentications }, since) !== undefined
    );
  }

  get state(): string {
    const last = this.records.findLast(({ kind }) => kind === 'auth' || kind === 'load');
    return last?.kind === 'auth' ? last.state : 'loading';
  }

  /** Fetches what the page has told. */
  async collect(): Promise<void> {
    this.records.push(...((await this.told()) as PageRecord[]));
  }

  /** Tries a mutation, and says what became of the user. */
  async finish(times: { from: number; brokenAt: number; mendedAt: number }): Promise<Verdict> {
    await this.collect();
    const until = Date.now();
    const call = await this.page.evaluate<CallResult>('post(5_000)').catch((): CallResult => 'no_answer');
    return outcomeOf({
      ...times,
      until,
      page: this.records,
      clerkLog: this.clerk.log,
      runs: this.convex.runs,
      authentications: this.convex.authentications,
      call,
    });
  }

  /** What the page told, for whoever looks into a failure. */
  get story(): string {
    const start = this.records[0]?.at ?? 0;
    return this.records.map(({ at, ...record }) => `${at - start} ${JSON.stringify(record)}`).join('\n');
  }

  /** How requests to Clerk have ended, by DevTools' names, for the same. */
  private get failed(): string {
    return [...this.codesSince(0)].map(([code, times]) => `${code} ${times} x`).join(', ');
  }

  async close(): Promise<void> {
    await this.context.close().catch(() => {});
    await Promise.all([this.clerk.close(), this.convex.close()]);
  }

  private async watchNetwork(clerkHost: string): Promise<void> {
    const devTools = await this.context.newCDPSession(this.page);
    const ofClerk = new Set<string>();
    devTools.on('Network.requestWillBeSent', ({ requestId, request }) => {
      if (new URL(request.url).hostname === clerkHost) ofClerk.add(requestId);
    });
    devTools.on('Network.responseReceived', ({ requestId, response }) => {
      if (response.protocol && ofClerk.has(requestId)) this.protocols.add(response.protocol);
    });
    devTools.on('Network.loadingFailed', ({ requestId, errorText, canceled }) => {
      if (!canceled && ofClerk.has(requestId)) this.failures.push({ at: Date.now(), code: errorText });
    });
    await devTools.send('Network.enable');
  }

  private async until(what: string, ms: number, isSo: () => boolean, again?: () => Promise<void>): Promise<void> {
    for (const end = Date.now() + ms; !isSo(); await sleep(100)) {
      if (Date.now() > end)
        throw new Error(`${this.name}: waited ${ms / 1_000} s in vain for ${what}. ${this.failed}\n${this.story}`);
      await this.collect();
      await again?.();
    }
  }
}
