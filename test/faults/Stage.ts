import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type ActiveFault,
  type ClerkEmulator,
  type ConvexEmulator,
  createClerkEmulator,
  createConvexEmulator,
  type Fault,
  type SeededBrowser,
} from 'clerk-convex-emulators';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { ClerkMajor } from './buildPage.ts';
import { freshlyAccepted } from './freshlyAccepted.ts';
import { lastStateOf } from './lastStateOf.ts';
import type { AuthState, CallResult, PageRecord } from './page/bridge.ts';
import type { Recording } from './Recording.ts';
import type { Scenario } from './Scenario.ts';
import type { Side } from './sides.ts';

/** Short, so that a refresh falls due 20 s after a load; longer than the 17 s below which clerk-js 6 refreshes no token ahead. */
export const tokenLifeSeconds = 30;
/** Convex refreshes this long before a token expires (`authRefreshTokenLeewaySeconds` of convex 1.48). */
const refreshLeewayMs = 10_000;

/** How long the user is watched after the fault: at least, and at most while nothing has recovered. */
const settleMs = { atLeast: 6_000, atMost: 16_000 };
const probeTimeoutMs = 5_000;

export interface StageOptions {
  browser: Browser;
  pageUrl: string;
  scenario: Scenario;
  clerk: ClerkMajor;
  side: Side;
  seed: number;
}

/** One run: its own emulators, its own signed-in browser, and what a scenario may do to them. */
export class Stage {
  private readonly records: PageRecord[] = [];
  private readonly offlineRequests: number[] = [];
  private readonly afterReloads: AuthState[] = [];
  private readonly added: { name: string; fault: ActiveFault }[] = [];
  private offline = false;
  private observedFrom: number | undefined;
  private brokenAt: number | undefined;
  private mendedAt: number | undefined;
  private endedAt: number | undefined;
  private removedAt: number | undefined;
  private queuedCall: Promise<CallResult> | undefined;

  private constructor(
    readonly clerk: ClerkEmulator,
    readonly convex: ConvexEmulator,
    private readonly user: SeededBrowser,
    private readonly context: BrowserContext,
    private readonly page: Page,
    private readonly url: string,
  ) {}

  /** Starts the emulators and opens a browser that is signed in but has loaded nothing yet. */
  static async open({ browser, pageUrl, scenario, clerk: major, side, seed }: StageOptions): Promise<Stage> {
    const clerk = await createClerkEmulator({ tokenLifeSeconds });
    const convex = await createConvexEmulator({
      dir: fileURLToPath(new URL('./convex', import.meta.url)),
      env: { CLERK_JWT_ISSUER_DOMAIN: clerk.issuer },
    });
    const context = await browser.newContext();
    const user = clerk.signInBrowser(undefined, { appHost: new URL(pageUrl).hostname });
    await context.addCookies(user.cookies.map((cookie) => ({ ...cookie })));
    const page = await context.newPage();
    const query = new URLSearchParams({
      major: String(major),
      side,
      clerk: clerk.url,
      publishableKey: clerk.publishableKey,
      convex: convex.url,
      clerkJs: scenario.clerkJs ?? 'bundled',
      rtt: String(scenario.rtt ?? 50),
      seed: String(seed),
    });
    const stage = new Stage(clerk, convex, user, context, page, `${pageUrl}/?${query}`);
    await context.exposeFunction('benchReport', (record: PageRecord) => void stage.records.push(record));
    page.on('requestfailed', (request) => {
      if (request.failure()?.errorText === 'net::ERR_INTERNET_DISCONNECTED') stage.offlineRequests.push(Date.now());
    });
    return stage;
  }

  /** Loads the page on a healthy network, until the user is signed in and sees data. */
  async signedIn(): Promise<void> {
    await this.load();
    await this.until('the user to be signed in on a healthy network', 30_000, () =>
      this.records.some(({ kind }) => kind === 'me'),
    );
    if (await this.page.evaluate(() => navigator.webdriver))
      throw new Error('The page is not made to look ordinary: clerk-js would take it for offline.');
    await sleep(1_500); // Convex fetches a second token at once (authentication_manager.ts, convex 1.48): let that be over
  }

  /** Begins the measured part. */
  observe(): void {
    this.observedFrom = Date.now();
  }

  /** Waits until shortly before Convex asks for its next token. */
  async justBeforeRefresh(): Promise<void> {
    const due = () => {
      const last = this.convex.authentications.filter(({ kind }) => kind === 'accepted').at(-1);
      if (!last) throw new Error('Convex has accepted no token yet: load the page first.');
      return last.at + tokenLifeSeconds * 1_000 - refreshLeewayMs - 1_500;
    };
    while (due() > Date.now()) await sleep(due() - Date.now());
  }

  /** Begins the fault. Each must hit something, or the run does not count. */
  break(faults: { clerk?: readonly Fault[]; convex?: readonly Fault[] }): void {
    this.brokenAt ??= Date.now();
    for (const side of ['clerk', 'convex'] as const)
      for (const fault of faults[side] ?? [])
        this.added.push({ name: `${side}: ${JSON.stringify(fault)}`, fault: this[side].faults.add(fault) });
  }

  /** Takes the browser's network away; the socket that is open goes with it. */
  async goOffline(): Promise<void> {
    this.brokenAt ??= Date.now();
    this.offline = true;
    await this.context.setOffline(true);
    this.convex.faults.add({ action: 'drop_sockets' });
  }

  /** Ends the fault. */
  async mend(): Promise<void> {
    if (this.offline) await this.context.setOffline(false);
    for (const { fault } of this.added) fault.remove();
    this.mendedAt = Date.now();
  }

  /** For faults that end by themselves: waits until they have hit as often as they were told to. */
  async spent(timeoutMs: number): Promise<void> {
    await this.until('the fault to hit as often as it should', timeoutMs, () =>
      this.added.every(({ fault }) => fault.fired >= (fault.fault.times ?? 1)),
    );
    await this.mend();
  }

  pause(ms: number): Promise<void> {
    return sleep(ms);
  }

  /** Loads the page anew. `waitMs`: how long it may take to show whether the user is signed in. */
  async reload({ waitMs = 0 }: { waitMs?: number } = {}): Promise<void> {
    const from = this.records.length;
    await this.leave();
    await this.load();
    if (waitMs === 0) return;
    await this.waitFor(waitMs, () => this.records.slice(from).some((r) => r.kind === 'auth' && r.state !== 'loading'));
    this.afterReloads.push(lastStateOf(this.records.slice(from)));
  }

  /** Leaves the page, as for a while: nothing of it runs. */
  async leave(): Promise<void> {
    await this.page.goto('about:blank');
  }

  /** Takes away the cookie with clerk-js's last session token, as Safari does after seven days. */
  async dropSessionCookie(): Promise<void> {
    await this.context.clearCookies({ name: /^__session/ });
  }

  /** The user clicks on the app's sign-out. Waits until it shows, or `waitMs`. */
  async signOut({ waitMs }: { waitMs: number }): Promise<void> {
    const from = this.records.length;
    await this.page.evaluate(() => window.bench.signOut());
    const asked = () => this.records.slice(from).find(({ kind }) => kind === 'sign_out_asked');
    await this.until('the page to take the click on its sign-out', 5_000, () => asked() !== undefined);
    this.endedAt = asked()?.at ?? Date.now();
    await this.waitFor(waitMs, () => lastStateOf(this.records) === 'signed_out');
  }

  /** The session is revoked in Clerk's dashboard. Waits until the page shows it, or `waitMs`. */
  async revoke({ waitMs }: { waitMs: number }): Promise<void> {
    this.endedAt = Date.now();
    this.removedAt = this.endedAt;
    this.clerk.revokeSession(this.user.sessionId);
    await this.waitFor(waitMs, () => lastStateOf(this.records) === 'signed_out');
  }

  /** Waits until the session is removed on the server, or `waitMs`. */
  async removed({ waitMs }: { waitMs: number }): Promise<void> {
    const gone = () => !this.clerk.isSessionActive(this.user.sessionId);
    await this.waitFor(waitMs, gone);
    if (gone()) this.removedAt ??= Date.now();
  }

  /** The user sends a message now; what comes of it is looked at in the end. */
  queueMessage(): void {
    this.queuedCall = this.page.evaluate((ms) => window.bench.post(ms), 30_000);
  }

  /** Watches the user after the fault, until all has been well for a while or nothing comes any more. */
  async settle(): Promise<void> {
    const since = Date.now();
    await sleep(settleMs.atLeast);
    await this.waitFor(settleMs.atMost - settleMs.atLeast, () => {
      const state = lastStateOf(this.records);
      return (
        state === 'authenticated' && freshlyAccepted(this.clerk, this.convex, this.brokenAt ?? since) !== undefined
      );
    });
    if (this.queuedCall) await Promise.race([this.queuedCall, sleep(probeTimeoutMs)]);
  }

  /** Ends the measured part, tries calls to Convex, and hands over what was seen. */
  async finish(): Promise<Recording> {
    const { observedFrom, endedAt } = this;
    if (observedFrom === undefined) throw new Error('The scenario never began to observe.');
    const observedUntil = Date.now();
    const lastState = lastStateOf(this.records);
    const probes =
      endedAt === undefined
        ? [
            await this.page.evaluate((ms) => window.bench.post(ms), probeTimeoutMs),
            await this.page.evaluate((ms) => window.bench.readMe(ms), probeTimeoutMs),
          ]
        : [await this.page.evaluate((ms) => window.bench.ping(ms), probeTimeoutMs)];
    const queued = this.queuedCall && (await Promise.race([this.queuedCall, sleep(1_000, 'no_answer' as const)]));
    const missedFaults = this.added.filter(({ fault }) => fault.fired === 0).map(({ name }) => name);
    if (this.offline && this.offlineRequests.length === 0) missedFaults.push('browser: offline');
    const brokenAt = this.brokenAt ?? observedFrom;
    return {
      userId: this.user.userId,
      observedFrom,
      observedUntil,
      brokenAt,
      mendedAt: this.mendedAt ?? brokenAt,
      ...(endedAt !== undefined && { endedAt }),
      ...(this.removedAt !== undefined && { removedAt: this.removedAt }),
      page: [...this.records],
      clerkLog: [...this.clerk.log],
      convexLog: [...this.convex.log],
      runs: [...this.convex.runs],
      authentications: [...this.convex.authentications],
      offlineRequests: [...this.offlineRequests],
      faults: this.added.length + (this.offline ? 1 : 0),
      missedFaults,
      afterReloads: [...this.afterReloads],
      lastState,
      probes,
      ...(queued !== undefined && { queued }),
    };
  }

  async close(): Promise<void> {
    await this.context.close().catch(() => {});
    await Promise.all([this.clerk.close(), this.convex.close()]);
  }

  private async load(): Promise<void> {
    this.records.push({ at: Date.now(), kind: 'load' });
    await this.page.goto(this.url);
  }

  /** True as soon as it is so, false after `ms`. */
  private async waitFor(ms: number, isSo: () => boolean): Promise<boolean> {
    const end = Date.now() + ms;
    while (!isSo()) {
      if (Date.now() >= end) return false;
      await sleep(50);
    }
    return true;
  }

  private async until(what: string, ms: number, isSo: () => boolean): Promise<void> {
    if (await this.waitFor(ms, isSo)) return;
    throw new Error(`Waited ${ms / 1_000} s in vain for ${what} (the page: ${lastStateOf(this.records)}).`);
  }
}
