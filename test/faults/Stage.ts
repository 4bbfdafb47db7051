import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type ClerkEmulator,
  type ConvexEmulator,
  createClerkEmulator,
  createConvexEmulator,
  type SeededBrowser,
} from 'clerk-convex-emulators';
import type { BrowserSeat, Profile } from './BrowserSeat.ts';
import type { Breakage } from './faultKinds.ts';
import { freshlyAccepted } from './freshlyAccepted.ts';
import { lastStateOf } from './lastStateOf.ts';
import { MadeFaults } from './MadeFaults.ts';
import type { AuthState, CallResult, PageRecord } from './page/bridge.ts';
import type { Recording } from './Recording.ts';
import type { Setup } from './Scenario.ts';
import type { Side } from './sides.ts';
import { struckAt } from './struckAt.ts';

/** Short, so that a refresh falls due 20 s after a load; longer than the 17 s below which clerk-js 6 refreshes no token ahead. */
export const tokenLifeSeconds = 30;

/** How long the user is watched after the fault: at least, and at most while nothing has recovered. */
/** How long Convex's client waits at most before it opens a socket again (web_socket_manager.ts, convex 1.48), and some more. */
const socketBackoffMs = 20_000;
const unhurried = { atLeastMs: 6_000, atMostMs: 16_000 };
const probeTimeoutMs = 5_000;
/** Longer than plain takes to come back where it does: a step of clerk-js's ladder after a fault, or an answer that is late by 20 s. */
const loadedAnewAtMostMs = 24_000;

/** What a row that was to come out of the back/forward cache says of itself when Chromium kept the page out of it. */
export const notKept = 'the page was not restored from the back/forward cache';

export interface StageOptions {
  seat: BrowserSeat;
  pageUrl: string;
  setup: Setup;
  side: Side;
  seed: number;
  /** Each step begins with a page that is loaded anew, and is watched no longer than plain takes that comes back. */
  isLoadedAnew?: boolean;
}

/** What of a page is otherwise for one load; else it is as the setup says. */
export interface LoadOptions {
  readonly clerkJs?: Setup['clerkJs'];
  /** Ours as the change of one import leaves an app, or the provider that renders Clerk's own too. @defaultValue 'drop_in' */
  readonly entry?: 'drop_in' | 'bound';
}

/** What one scenario has come to so far. */
interface Observation {
  from?: number;
  brokenAt?: number;
  mendedAt?: number;
  endedAt?: number;
  removedAt?: number;
  queuedCall?: Promise<CallResult>;
  switchedAt?: number;
  hitsBefore: number;
  mayMiss: boolean;
  readonly afterReloads: AuthState[];
  readonly faults: MadeFaults;
  /** What is to be put back in the end. */
  readonly undo: Array<() => Promise<void>>;
  /** What the row says of itself and was seen not to be so. */
  readonly untrue: string[];
}

/** One life: its own emulators, its own signed-in browser, and what scenarios may do to them, one after the other. */
export class Stage {
  private readonly records: PageRecord[] = [];
  private now: Observation;
  private loaded: Required<LoadOptions>;

  private constructor(
    readonly setup: Setup,
    private readonly clerk: ClerkEmulator,
    private readonly convex: ConvexEmulator,
    private readonly user: SeededBrowser,
    private readonly profile: Profile,
    private readonly pageUrl: string,
    private readonly query: Readonly<Record<string, string>>,
    private readonly isLoadedAnew: boolean,
  ) {
    this.now = this.nothingYet();
    this.loaded = { clerkJs: setup.clerkJs, entry: 'drop_in' };
  }

  /** Starts the emulators and opens a browser that is signed in but has loaded nothing yet. */
  static async open({ seat, pageUrl, setup, side, seed, isLoadedAnew = false }: StageOptions): Promise<Stage> {
    const clerk = await createClerkEmulator({
      tokenLifeSeconds,
      convexIntegration: setup.mode === 'integration',
      organizations: [{ slug: 'acme', name: 'Acme' }],
      users: [{ emailAddress: 'ada@example.com', organizations: [{ slug: 'acme' }] }],
    });
    const convex = await createConvexEmulator({
      dir: fileURLToPath(new URL('./convex', import.meta.url)),
      env: { CLERK_JWT_ISSUER_DOMAIN: clerk.issuer },
    });
    const user = clerk.signInBrowser(undefined, { appHost: new URL(pageUrl).hostname });
    let stage: Stage | undefined;
    const profile = await seat.openProfile({
      cookies: user.cookies,
      onReport: (record) => void stage?.records.push(record),
    });
    const query = {
      major: String(setup.clerk),
      react: String(setup.react),
      strict: String(setup.strict),
      mode: setup.mode,
      side,
      clerk: clerk.url,
      publishableKey: clerk.publishableKey,
      convex: convex.url,
      clerkJs: setup.clerkJs,
      entry: 'drop_in',
      rtt: String(setup.rtt),
      leeway: String(tokenLifeSeconds - setup.refreshAfterSeconds),
      seed: String(seed),
    };
    stage = new Stage(setup, clerk, convex, user, profile, pageUrl, query, isLoadedAnew);
    return stage;
  }

  /** How the path of a request for a token for Convex ends. */
  private get tokenPath(): string {
    return this.setup.mode === 'template' ? '/tokens/convex' : '/tokens';
  }

  /** Loads the page on a healthy network, until the user is signed in and sees data. */
  async signedIn(): Promise<void> {
    const from = this.records.length;
    await this.load();
    await this.until('the user to be signed in on a healthy network', 60_000, () =>
      this.records.slice(from).some(({ kind }) => kind === 'me'),
    );
    if (await this.profile.evaluate('navigator.webdriver'))
      throw new Error('The page is not made to look ordinary: clerk-js would take it for offline.');
    await sleep(1_500); // Convex fetches a second token at once (authentication_manager.ts, convex 1.48): let that be over
  }

  /** Sees to it that the user is signed in, with nothing left of what was before. */
  async ready(): Promise<void> {
    if (this.isLoadedAnew || lastStateOf(this.records) !== 'authenticated') await this.signedIn();
  }

  /** Begins the measured part. */
  observe(): void {
    this.now.from = Date.now();
    this.now.hitsBefore = this.now.faults.hits;
  }

  /** Waits until shortly before Convex asks for its next token. */
  async justBeforeRefresh(leadMs = 1_500): Promise<void> {
    const due = () => {
      const last = this.convex.authentications.filter(({ kind }) => kind === 'accepted').at(-1);
      if (!last) throw new Error('Convex has accepted no token yet: load the page first.');
      return last.at + this.setup.refreshAfterSeconds * 1_000 - leadMs;
    };
    while (due() > Date.now()) await sleep(due() - Date.now());
  }

  /** Faults come at random: it is enough that one of them hits something. */
  anyFaultMayMiss(): void {
    this.now.mayMiss = true;
  }

  /** Begins a fault. Each must hit something, or the run does not count. Returns what ends this one alone. */
  async break(breakage: Breakage, { isRepeated = false }: { isRepeated?: boolean } = {}): Promise<() => Promise<void>> {
    this.now.brokenAt ??= Date.now();
    return this.now.faults.make(breakage, isRepeated);
  }

  /** Takes the browser's network away; the socket that is open goes with it. */
  async goOffline(): Promise<void> {
    this.now.brokenAt ??= Date.now();
    await this.now.faults.takeOffline();
  }

  /** Ends the fault. */
  async mend(): Promise<void> {
    await this.now.faults.end();
    this.now.mendedAt = Date.now();
  }

  /** Counts from the signal that comes with the mend: what a user waits for while waiting any longer is pointless. */
  async wakes(signal: 'online' | 'visible' | 'thaw' | 'pageshow' | 'socket'): Promise<void> {
    const { brokenAt = 0, mendedAt = 0 } = this.now;
    const came = (): number | undefined =>
      signal === 'socket'
        ? this.convex.log.find(({ at, method, fault }) => at >= mendedAt && method === 'CONNECT' && !fault)?.at
        : this.records.find(
            (record) =>
              record.at >= brokenAt && (record.kind === 'woke' ? record.by === signal : record.kind === signal),
          )?.at;
    await this.waitFor(signal === 'socket' ? 30_000 : 5_000, () => came() !== undefined);
    const at = came();
    if (at === undefined) this.now.untrue.push(`the signal never came: ${signal}`);
    else this.now.mendedAt = at;
  }

  /** For faults that end by themselves: waits until they have hit as often as they were told to. */
  async spent(timeoutMs: number): Promise<void> {
    await this.until('the fault to hit as often as it should', timeoutMs, () => this.now.faults.areSpent);
    await this.mend();
  }

  /** The same, and no word when it takes longer: what hit nothing at all is told in the end. */
  async mostlySpent(timeoutMs: number): Promise<void> {
    await this.waitFor(timeoutMs, () => this.now.faults.areSpent);
  }

  /** Waits until every fault that was made has hit something, or so long. */
  async struck(timeoutMs: number): Promise<void> {
    await this.waitFor(timeoutMs, () => this.now.faults.missed.length === 0);
  }

  pause(ms: number): Promise<void> {
    return sleep(ms);
  }

  /** Loads the page anew. `waitMs`: how long it may take to show whether the user is signed in. */
  async reload({ waitMs = 0, ...load }: { waitMs?: number } & LoadOptions = {}): Promise<void> {
    const from = this.records.length;
    await this.leave();
    await this.load(load);
    if (waitMs === 0) return;
    await this.waitFor(waitMs, () => this.records.slice(from).some((r) => r.kind === 'auth' && r.state !== 'loading'));
    this.now.afterReloads.push(lastStateOf(this.records.slice(from)));
  }

  /** Leaves the page, as for a while: nothing of it runs. */
  async leave(): Promise<void> {
    await this.wander();
    this.records.push({ at: Date.now(), kind: 'load' }); // what it showed is shown no longer
  }

  /**
   * Makes the page one that can be kept for going back: Chromium fails requests of a page that comes back only if it was told of that while the page
   * was there, and keeps no page that holds a Web Lock which another one wants (clerk-js takes one for each look at its token).
   */
  async prepareToWander(): Promise<void> {
    const { failRequests } = this.profile;
    if (failRequests)
      this.now.undo.push(await failRequests({ match: () => false, error: 'connectionrefused', delayMs: 0 }));
    const end = Date.now() + 3_000;
    const locks = 'navigator.locks?.query().then(({ held, pending }) => held.length + pending.length) ?? 0';
    while ((await this.profile.evaluate<number>(locks)) > 0 && Date.now() < end) await sleep(20);
  }

  /** Goes to another page of the app's origin, from where the user may come back. */
  async wander(): Promise<void> {
    await this.profile.goto(`${this.pageUrl}/away`);
  }

  /** Comes back with the browser's button: to the page as it was left. */
  async comeBack(): Promise<void> {
    const from = this.records.length;
    // One that was not kept is loaded anew, which fails where there is no network.
    await this.profile.goBack().catch((error: unknown) => {
      throw new Error(`${notKept} (${error})`);
    });
    const shown = () => this.records.slice(from).find((record) => record.kind === 'pageshow');
    await this.waitFor(5_000, () => shown() !== undefined);
    const record = shown();
    if (!record?.persisted) this.now.untrue.push(`${notKept} (${record?.why ?? 'no pageshow'})`);
  }

  /** Puts another tab in front. */
  async hide(): Promise<void> {
    if (!this.profile.hide) throw new Error('This browser cannot hide a page.');
    await this.profile.hide();
    const deadline = Date.now() + 3_000;
    while (!(await this.profile.evaluate('document.hidden'))) {
      if (Date.now() > deadline) {
        this.now.untrue.push('the page was not hidden');
        return;
      }
      await sleep(50);
    }
  }

  /** Puts the page in front again, which must have been hidden until now. */
  async show(): Promise<void> {
    if (!(await this.profile.evaluate('document.hidden'))) this.now.untrue.push('the page was hidden no longer');
    await this.profile.show?.();
  }

  /** Freezes the page's main thread, as a machine that sleeps does: no timer fires, no answer is taken. Resolves when it is over. */
  async freeze(ms: number): Promise<void> {
    const frozen = await this.profile.evaluate<number>(`window.bench?.freeze(${ms}) ?? 0`);
    if (frozen < ms * 0.9 && !this.now.mayMiss)
      this.now.untrue.push(`the main thread was frozen for ${frozen} ms, not ${ms}`);
  }

  /** The user goes to the organisation, or from it back to the personal account. */
  async switchOrganization(): Promise<void> {
    this.now.switchedAt ??= Date.now();
    const answer = await this.profile.evaluate<string>(
      'window.bench?.switchOrganization() ?? "the page has not loaded yet"',
    );
    if (answer !== 'asked' && !this.now.mayMiss) this.now.untrue.push(`no organisation was gone to: ${answer}`);
  }

  /** Waits until the page knows what became of it: an error is an answer too, and told in the row. */
  async organizationSwitched(): Promise<void> {
    await this.waitFor(3_000, () => this.organizationSwitch() !== 'pending');
  }

  /** Takes away the cookie with clerk-js's last session token, as Safari does after seven days. */
  async dropSessionCookie(): Promise<void> {
    await this.profile.clearCookies(/^__session/);
  }

  /** The user clicks on the app's sign-out. Waits until it shows, or `waitMs`. */
  async signOut({ waitMs }: { waitMs: number }): Promise<void> {
    const from = this.records.length;
    await this.profile.evaluate('window.bench.signOut()');
    const asked = () => this.records.slice(from).find(({ kind }) => kind === 'sign_out_asked');
    await this.until('the page to take the click on its sign-out', 5_000, () => asked() !== undefined);
    this.now.endedAt = asked()?.at ?? Date.now();
    await this.waitFor(waitMs, () => lastStateOf(this.records) === 'signed_out');
  }

  /** The session is revoked in Clerk's dashboard. Waits until the page shows it, or `waitMs`. */
  async revoke({ waitMs }: { waitMs: number }): Promise<void> {
    this.now.endedAt = Date.now();
    this.now.removedAt = this.now.endedAt;
    this.clerk.revokeSession(this.user.sessionId);
    await this.waitFor(waitMs, () => lastStateOf(this.records) === 'signed_out');
  }

  /** Waits until the session is removed on the server, or `waitMs`. */
  async removed({ waitMs }: { waitMs: number }): Promise<void> {
    const gone = () => !this.clerk.isSessionActive(this.user.sessionId);
    await this.waitFor(waitMs, gone);
    if (gone()) this.now.removedAt ??= Date.now();
  }

  /**
   * Convex takes the identity back: a means to have a token asked for now, and no fault of the row, unless `take` makes it one. Its client does not
   * look at an AuthError while another token of its own is on the way (`onAuthError` in authentication_manager.ts, convex 1.48): then once more.
   */
  async takeIdentityBack(
    take: (nth: number) => unknown = () => this.convex.faults.add({ action: 'auth_error' }),
  ): Promise<void> {
    for (let nth = 1; nth <= 3; nth++) {
      if (!this.now.mayMiss) await this.socketOpen();
      const from = Date.now();
      await take(nth);
      // Whoever has signed out asks for nothing.
      const mayBeIgnored = this.now.mayMiss || this.now.endedAt !== undefined;
      if (mayBeIgnored || (await this.waitFor(3_000, () => this.askedSince(from)))) return;
    }
    this.now.untrue.push('Convex took the identity back, and nobody asked for a token');
  }

  /** Waits until the page has a socket to Convex. */
  async socketOpen(waitMs = 5_000): Promise<void> {
    await this.waitFor(waitMs, () => this.convex.openSockets > 0);
  }

  /** Waits until Convex has accepted a token since the observation began. */
  async identified(): Promise<void> {
    const { from = 0 } = this.now;
    await this.waitFor(10_000, () => this.convex.authentications.some((a) => a.kind === 'accepted' && a.at >= from));
  }

  /** Waits until Clerk says, in the page, that it has loaded, since the observation began. */
  async clerkLoaded(): Promise<void> {
    const { from = 0 } = this.now;
    await this.waitFor(10_000, () => this.records.some((r) => r.kind === 'clerk' && r.isLoaded && r.at >= from));
  }

  /** The user sends a message now; what comes of it is looked at in the end. */
  queueMessage(): void {
    this.now.queuedCall = this.profile.evaluate<CallResult>('window.bench.post(30_000)');
  }

  /** A fresh token may have been accepted on a socket that is dropped once more; until the next one is there no call is answered. */
  private async socketIsBack(): Promise<void> {
    const end = Date.now() + socketBackoffMs;
    while (!(await this.profile.evaluate<boolean>('window.bench.isConnected()')) && Date.now() < end) await sleep(100);
  }

  /** Watches the user after the fault, until all has been well for a while or nothing comes any more. */
  async settle({ atLeastMs, atMostMs } = unhurried): Promise<void> {
    await sleep(atLeastMs);
    const isWell = await this.waitFor(
      (this.isLoadedAnew ? Math.min(atMostMs, loadedAnewAtMostMs) : atMostMs) - atLeastMs,
      () =>
        lastStateOf(this.records) === 'authenticated' &&
        freshlyAccepted(this.convex.authentications, this.struckAt()) !== undefined,
    );
    if (isWell) await this.socketIsBack();
    if (this.now.queuedCall) await Promise.race([this.now.queuedCall, sleep(probeTimeoutMs)]);
  }

  /** Ends the measured part, tries calls to Convex, and hands over what was seen; the stage is ready for the next scenario. */
  async finish(): Promise<Recording> {
    const { now } = this;
    if (now.from === undefined) throw new Error('The scenario never began to observe.');
    const observedUntil = Date.now();
    // What the page had reported by then may be on its way.
    await this.profile.evaluate('0');
    await sleep(200);
    const lastState = lastStateOf(this.records.filter(({ at }) => at <= observedUntil));
    const call = (name: string) => this.profile.evaluate<CallResult>(`window.bench.${name}(${probeTimeoutMs})`);
    const probes = now.endedAt === undefined ? [await call('post'), await call('readMe')] : [await call('ping')];
    const queued = now.queuedCall && (await Promise.race([now.queuedCall, sleep(1_000, 'no_answer' as const)]));
    const brokenAt = now.brokenAt ?? now.from;
    const recording: Recording = {
      userId: this.user.userId,
      tokenPath: this.tokenPath,
      observedFrom: now.from,
      observedUntil,
      brokenAt,
      mendedAt: now.mendedAt ?? brokenAt,
      ...(now.endedAt !== undefined && { endedAt: now.endedAt }),
      ...(now.removedAt !== undefined && { removedAt: now.removedAt }),
      page: [...this.records],
      clerkLog: [...this.clerk.log],
      convexLog: [...this.convex.log],
      runs: [...this.convex.runs],
      authentications: [...this.convex.authentications],
      failedRequests: [...this.profile.failedRequests],
      faults: now.faults.count,
      hits: now.faults.hits - now.hitsBefore,
      missedFaults: now.mayMiss ? [] : now.faults.missed,
      untrue: [...now.untrue],
      due: now.faults.due,
      loaded: this.loaded,
      ...(now.switchedAt !== undefined && { organizationSwitch: this.organizationSwitch() }),
      afterReloads: [...now.afterReloads],
      lastState,
      probes,
      ...(queued !== undefined && { queued }),
    };
    await this.abandon();
    return recording;
  }

  /** Undoes what a step did to the world, of which nothing is to be told. `pageIsGone`: the next begins with a page that is loaded anew. */
  async abandon({ pageIsGone = false } = {}): Promise<void> {
    await this.now.faults.end();
    for (const undo of this.now.undo) await undo();
    this.now = this.nothingYet();
    if (pageIsGone) this.records.push({ at: Date.now(), kind: 'load' });
  }

  async close(): Promise<void> {
    await this.profile.close();
    await Promise.all([this.clerk.close(), this.convex.close()]);
  }

  private nothingYet(): Observation {
    const { clerk, convex, profile } = this;
    return {
      hitsBefore: 0,
      mayMiss: false,
      afterReloads: [],
      faults: new MadeFaults({ clerk, convex, profile }),
      undo: [],
      untrue: [],
    };
  }

  /** What became of the switch of organisation: `settled`, `pending`, or its error. */
  private organizationSwitch(): string {
    const { switchedAt = 0 } = this.now;
    const settled = this.records.findLast(({ at, kind }) => kind === 'org_switch_settled' && at >= switchedAt);
    return settled?.kind === 'org_switch_settled' ? (settled.error ?? 'settled') : 'pending';
  }

  /** Whether a token was asked for, wherever the request came to, or the page says that one is. */
  private askedSince(from: number): boolean {
    const { clerk, profile, records } = this;
    return (
      clerk.log.some(({ at, method, path }) => at >= from && method === 'POST' && /\/tokens(\/|$)/.test(path)) ||
      profile.failedRequests.some((at) => at >= from) ||
      records.some((record) => record.at >= from && record.kind === 'auth' && record.state !== 'authenticated')
    );
  }

  private struckAt(): number {
    const { clerk, profile } = this;
    const brokenAt = this.now.brokenAt ?? this.now.from ?? 0;
    return struckAt({ brokenAt, clerkLog: clerk.log, failedRequests: profile.failedRequests });
  }

  private async load(options: LoadOptions = {}): Promise<void> {
    this.loaded = { clerkJs: this.setup.clerkJs, entry: 'drop_in', ...options };
    this.records.push({ at: Date.now(), kind: 'load' });
    await this.profile.goto(`${this.pageUrl}/?${new URLSearchParams({ ...this.query, ...options })}`);
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
