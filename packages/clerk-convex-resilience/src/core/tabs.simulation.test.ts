import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffDelay } from './backoff.ts';
import { installClerkFetchGuard } from './clerkFetchGuard.ts';
import type { WakeReason } from './connectivity.ts';
import { retryPolicies } from './policy.ts';
import { assertSideBySide } from './sideBySide.property.ts';
import { createTestBrowser, type TestTab } from './testBrowser.ts';
import { createTestClock } from './testClock.ts';

const policy = retryPolicies.session;
const origin = 'https://clerk.app.test';
const network = origin;
const lock = `clerk-convex-resilience ${network}`;
const url = `${origin}/v1/client/sessions/sess_a/tokens/convex?_clerk_js_version=5.128.0`;
const secret = 'eyJhbGciOi.secret.signature';

type Fault = 'closed' | 'busy' | 'hang';

/** A browser with several tabs, in front of a Frontend API that is down while `fault` is set. */
function setUp({ seed = 1 } = {}) {
  const clock = createTestClock({ now: 0, seed });
  const browser = createTestBrowser(clock);
  const requests: { at: number; tab: TestTab; failed: boolean }[] = [];
  const api: { fault: Fault | null; offline: TestTab | null } = { fault: null, offline: null };

  function openTab(options?: Parameters<typeof browser.openTab>[0]) {
    const tab = browser.openTab(options);
    const { connectivity } = tab;
    const fetch = (_: unknown, init?: RequestInit): Promise<Response> =>
      new Promise((resolve, reject) => {
        const lost = api.offline === tab;
        const { fault } = api;
        if (!lost) requests.push({ at: clock.now(), tab, failed: fault !== null });
        const inTab = (what: () => void): void => void clock.setTimer(() => tab.run(what), 20);
        if (lost || fault === 'closed') inTab(() => reject(new TypeError('Failed to fetch')));
        else if (fault === 'busy') inTab(() => resolve(new Response('{"errors":[{"code":"x"}]}', { status: 500 })));
        else if (fault === null) inTab(() => resolve(Response.json({ object: 'token', jwt: secret })));
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      });
    const target = { fetch: fetch as typeof globalThis.fetch };
    const guard = installClerkFetchGuard({ clock: tab.clock, connectivity, target });
    const my = {
      tab,
      guard,
      /** When its last token came; undefined while it waits. */
      servedAt: undefined as number | undefined,
      requests: () => requests.filter((request) => request.tab === tab),
      async getToken() {
        my.servedAt = undefined;
        // A guard that is taken off lets its failures go.
        const answer = await target.fetch(url, { method: 'POST' }).catch(() => null);
        if (answer?.ok) my.servedAt = clock.now();
      },
      show(hidden = false) {
        connectivity.hidden = hidden;
        if (!hidden) connectivity.wake('visible');
      },
    };
    return my;
  }
  const failed = (): number => requests.filter((request) => request.failed).length;
  /** The tab that sent the newest request. */
  const lastOf = (tabs: readonly ReturnType<typeof openTab>[]) =>
    tabs.find(({ tab }) => tab === requests.at(-1)?.tab) ?? expect.fail('No request was sent.');
  const wakeAll = (tabs: readonly ReturnType<typeof openTab>[], why: WakeReason): void => {
    for (const { tab } of tabs) tab.run(() => tab.connectivity.wake(why));
  };
  return { clock, browser, api, requests, failed, openTab, lastOf, wakeAll };
}

type Page = ReturnType<ReturnType<typeof setUp>['openTab']>;

/** So many tabs ask for a token, in an outage that has just begun, and so much time passes. */
async function outage(count: number, ms: number, fault: Fault = 'closed', apart = 700) {
  const world = setUp();
  world.api.fault = fault;
  const tabs: Page[] = [];
  for (let i = 0; i < count; i++) {
    tabs.push(world.openTab());
    void tabs.at(-1)?.getToken();
    await world.clock.advance(apart);
  }
  await world.clock.advance(ms - count * apart);
  return { ...world, tabs };
}

describe('tabs of one browser', () => {
  it('open nothing and hold nothing while all is well', async () => {
    const { clock, browser, openTab } = setUp();
    const tabs = [openTab(), openTab()];
    for (const tab of tabs) void tab.getToken();
    await clock.advance(1);
    expect(browser.channels).toEqual([]);
    await clock.advance(1_000);
    expect(tabs.map(({ servedAt }) => servedAt)).toEqual([20, 20]);
    expect(browser.channels).toEqual([]);
    expect(browser.said).toEqual([]);
    expect(browser.locks.size).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each(['closed', 'busy'] as const)('ask hardly more than one tab alone would (%s)', async (fault) => {
    const alone = await outage(1, 120_000, fault);
    const four = await outage(4, 120_000, fault);
    // Each of the three finds out for itself, once or twice.
    expect(four.failed()).toBeLessThanOrEqual(alone.failed() * 1.1 + 6);
    for (const page of four.tabs) expect(page.servedAt).toBeUndefined();
  });

  it.each(['closed', 'busy'] as const)(
    'are all served within half a second of the first, and leave nothing behind (%s)',
    async (fault) => {
      const { clock, browser, api, tabs, requests } = await outage(4, 60_000, fault);
      api.fault = null;
      await clock.advance(12_000);
      const first = requests.find(({ failed }) => !failed)?.at ?? 0;
      for (const { servedAt } of tabs) expect(servedAt).toBeLessThanOrEqual(first + 500);
      expect(requests.filter(({ failed }) => !failed)).toHaveLength(4);
      expect(browser.channels).toEqual([]);
      expect(browser.locks.size).toBe(0);
      expect(clock.pendingTimers).toBe(0);
    },
  );

  it('send one probe when the network comes back for all of them, and are served at once', async () => {
    const { clock, tabs, failed, wakeAll, api } = await outage(4, 9_000);
    const before = failed();
    wakeAll(tabs, 'online');
    await clock.advance(250);
    expect(failed()).toBe(before + 1);
    api.fault = null;
    const at = clock.now();
    wakeAll(tabs, 'online');
    await clock.advance(1_000);
    for (const { servedAt } of tabs) expect(servedAt).toBeLessThanOrEqual(at + 300);
  });

  it('take turns, so that one for which alone it fails stalls nobody', async () => {
    const { clock, requests, tabs } = await outage(3, 60_000);
    const before = requests.length;
    await clock.advance(60_000);
    expect(new Set(requests.slice(before).map(({ tab }) => tab)).size).toBe(tabs.length);
  });

  it.each(['freeze', 'close'] as const)('go on without one that is asked to %s', async (end) => {
    const { clock, tabs, requests, lastOf, api } = await outage(3, 60_000);
    const gone = lastOf(tabs);
    gone.tab[end]();
    const since = clock.now();
    await clock.advance(12_000);
    expect(requests.filter(({ at }) => at > since).length).toBeGreaterThanOrEqual(1);
    api.fault = null;
    await clock.advance(14_000);
    const left = tabs.filter((page) => page !== gone);
    for (const { servedAt } of left) expect(servedAt).toBeDefined();
    gone.tab.thaw();
    await clock.advance(2_000);
    expect(gone.servedAt === undefined).toBe(end === 'close');
  });

  it.each(['freeze', 'close'] as const)(
    'go on when the one that probes is asked to %s in the midst of it',
    async (end) => {
      const { clock, browser, tabs, requests, api } = await outage(3, 60_000);
      while (!browser.locks.has(lock)) await clock.advance(5);
      const prober = tabs.find(({ tab }) => tab === browser.locks.get(lock));
      prober?.tab[end]();
      const before = requests.length;
      await clock.advance(30_000);
      expect(requests.length).toBeGreaterThan(before);
      api.fault = null;
      await clock.advance(30_000);
      for (const page of tabs) if (page !== prober) expect(page.servedAt).toBeDefined();
    },
    20_000,
  );

  it('do not wait for one that is offline alone, and tell it nothing that is not so', async () => {
    const { clock, api, openTab, browser } = setUp();
    const alone = openTab();
    api.offline = alone.tab;
    alone.tab.connectivity.online = false;
    void alone.getToken();
    await clock.advance(600_000);
    expect(browser.said).toEqual([]);
    // A short trouble of another tab is met as one.
    const other = openTab();
    api.fault = 'closed';
    void other.getToken();
    await clock.advance(2_000);
    api.fault = null;
    await clock.advance(3_000);
    expect(other.servedAt).toBeDefined();
    api.offline = null;
    alone.tab.connectivity.online = true;
    alone.tab.connectivity.wake('online');
    await clock.advance(10_100);
    expect(alone.servedAt).toBeDefined();
  });

  it('leave it to the visible one', async () => {
    const { clock, requests, tabs } = await outage(3, 5_000);
    const [, ...hidden] = tabs;
    for (const page of hidden) page.show(true);
    await clock.advance(55_000);
    const before = requests.length;
    await clock.advance(60_000);
    const later = requests.slice(before);
    expect(later.length).toBeGreaterThan(3);
    expect(later.every(({ tab }) => tab === tabs[0]?.tab)).toBe(true);
    // Who looks at another one finds it trying.
    tabs[0]?.show(true);
    const seen = requests.length;
    hidden[0]?.show();
    await clock.advance(11_500);
    expect(requests[seen]?.tab).toBe(hidden[0]?.tab);
  });

  it('tell a newcomer how long it has been', async () => {
    const { clock, openTab, failed } = await outage(2, 600_000);
    const before = failed();
    const newcomer = openTab();
    void newcomer.getToken();
    await clock.advance(30_000);
    // Alone it would have asked some thirteen times.
    expect(failed() - before).toBeLessThanOrEqual(4);
    expect(newcomer.requests().length).toBeGreaterThanOrEqual(2);
  });

  it('let a request that hangs try again as soon as another tab is answered', async () => {
    const { clock, api, tabs } = await outage(2, 40_000, 'hang');
    api.fault = null;
    while (tabs.every(({ servedAt }) => servedAt === undefined)) await clock.advance(100);
    await clock.advance(200);
    for (const { servedAt } of tabs) expect(servedAt).toBeDefined();
  });

  it.each([
    { locks: false, channels: false },
    { locks: true, channels: false },
    { locks: false, channels: true },
  ])('recover without %o', async (options) => {
    const { clock, api, openTab } = setUp();
    api.fault = 'closed';
    const tabs = [openTab(options), openTab(options), openTab(options)];
    for (const page of tabs) void page.getToken();
    await clock.advance(40_000);
    api.fault = null;
    await clock.advance(9_000);
    for (const { servedAt } of tabs) expect(servedAt).toBeDefined();
    expect(clock.pendingTimers).toBe(0);
  });

  it('say nothing of a token, a session or a user', async () => {
    const { browser, api, clock } = await outage(3, 30_000);
    api.fault = null;
    await clock.advance(5_000);
    expect(browser.said.length).toBeGreaterThan(3);
    const text = JSON.stringify(browser.said);
    expect(text).not.toMatch(/sess_|secret|eyJ|jwt|_clerk/);
    const keys = new Set(browser.said.flatMap((word) => Object.keys(word as object)));
    expect([...keys].sort()).toEqual(['failures', 'gate', 'probeAt', 'since', 'startedAt', 'type', 'version']);
  });

  const down = { version: 1, type: 'down', gate: network, since: 0, startedAt: 0, probeAt: 1e15, failures: 1e9 };
  it.each<[what: string, word: unknown, withinMs?: number]>([
    ['nothing', null],
    ['a text', 'down'],
    ['another version', { ...down, version: 2 }],
    ['no gate', { ...down, gate: undefined }],
    ['another type', { ...down, type: 'sideways' }],
    ['no number', { ...down, probeAt: Number.NaN }],
    ['a text for a number', { ...down, since: '0' }],
    // Believed as far as the outage is old.
    ['a wait for ever', down, 10_200],
  ])('are not stalled by a page that says %s', async (_, word, withinMs = 2_600) => {
    const { clock, api, tabs, browser } = await outage(1, 10_000);
    const bad = browser.openTab().connectivity.openChannel('clerk-convex-resilience', () => {});
    bad.post(word);
    api.fault = null;
    await clock.advance(withinMs);
    expect(tabs[0]?.servedAt).toBeDefined();
  });

  it('close nothing on hearsay', async () => {
    const { clock, browser, api, openTab } = setUp();
    api.fault = 'hang';
    const page = openTab();
    void page.getToken();
    await clock.advance(5_000);
    expect(browser.channels).toContain('clerk-convex-resilience');
    browser
      .openTab()
      .connectivity.openChannel('clerk-convex-resilience', () => {})
      .post(down);
    api.fault = null;
    await clock.advance(5_000);
    expect(page.servedAt).toBeDefined();
  });

  it('probe one at a time and all recover, whatever happens to them', async () => {
    const happening = fc.record({
      afterMs: fc.integer({ min: 0, max: 15_000 }),
      what: fc.constantFrom('open', 'close', 'freeze', 'thaw', 'hide', 'show', 'online'),
      whom: fc.nat(5),
    });
    await assertSideBySide(
      fc.asyncProperty(
        fc.array(happening, { maxLength: 12 }),
        fc.constantFrom('closed', 'busy'),
        fc.integer({ min: 1, max: 1_000 }),
        async (happenings, fault, seed) => {
          const { clock, api, openTab, requests, browser } = setUp({ seed });
          api.fault = fault;
          const tabs: Page[] = [];
          const open = (): void => {
            const page = openTab();
            tabs.push(page);
            void page.getToken();
          };
          open();
          open();
          let disturbances = 0;
          for (const { afterMs, what, whom } of happenings) {
            await clock.advance(afterMs);
            const page = tabs[whom % tabs.length] as Page;
            disturbances++;
            if (what === 'open') open();
            else if (what === 'hide') page.show(true);
            else if (what === 'show') page.tab.run(() => page.show());
            else if (what === 'online') page.tab.run(() => page.tab.connectivity.wake('online'));
            else page.tab[what]();
          }
          const outageMs = clock.now();
          const sent = requests.length;
          const alone = probesOfOne(outageMs, fault);
          // A newcomer asks four times at most until it knows how long it has been (above).
          expect(sent).toBeLessThanOrEqual(alone * 1.1 + 4 * tabs.length + disturbances);
          api.fault = null;
          for (const page of tabs) page.tab.thaw();
          // Twice the longest wait, for a tab in the background, and a turn that nobody gave back.
          await clock.advance(2 * longestWaitMs(outageMs) + 5_000);
          for (const page of tabs) if (page.tab.isAlive) expect(page.servedAt).toBeDefined();
          for (const page of tabs) page.guard.uninstall();
          expect(browser.channels).toEqual([]);
        },
      ),
      120,
    );
  }, 120_000);
});

/** After so long an outage. */
const longestWaitMs = (outageMs: number): number =>
  backoffDelay(policy, { failures: 40, outageMs, last: { kind: 'network' } }, 1);

/** The most that one undisturbed tab, which loads, asks in an outage of that length: each wait as short as it may be. */
function probesOfOne(ms: number, fault: 'closed' | 'busy'): number {
  const last = fault === 'busy' ? ({ kind: 'server', status: 500 } as const) : ({ kind: 'network' } as const);
  let count = 1;
  for (let at = 0; at < ms; count++)
    at += backoffDelay(policy, { failures: count, outageMs: at, last, loading: true }, 0);
  return count;
}
