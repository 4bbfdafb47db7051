import { describe, expect, it } from 'vitest';
import { retryPolicies } from './policy.ts';
import { createSignOut } from './signOut.ts';
import { createTestBrowser, type TestTab } from './testBrowser.ts';
import { createTestClock } from './testClock.ts';
import { createTestConnectivity } from './testConnectivity.ts';

const mark = ['sess_1'];
const key = 'clerk-convex-resilience:signed-out';

function setUp({
  failures = 0,
  connectivity = createTestConnectivity(),
  failure = new TypeError('Failed to fetch') as Error,
  instance = undefined as string | undefined,
  onCall = (): void => {},
} = {}) {
  let of = instance;
  const clock = createTestClock();
  let left = failures;
  const calls: string[] = [];
  const server = new Set(['sess_1', 'sess_2', 'sess_3']);
  const answer = (who: string): void => {
    calls.push(who);
    onCall();
    if (left-- > 0) throw failure;
  };
  const signOut = createSignOut({
    clock,
    connectivity,
    policy: retryPolicies.session,
    report: () => {},
    instance: () => of,
    isRevoked: (id) => !server.has(id),
    sessions: async () => {
      answer('sessions');
      return [...server];
    },
    revoke: async (ids) => {
      answer(`revoke ${ids.join(' ')}`);
      for (const id of ids) server.delete(id);
    },
  });
  const first = async (): Promise<void> => {
    answer('first');
    server.delete('sess_1');
  };
  /** Clerk has loaded, and says whose page this is. */
  const becomes = (next: string): void => {
    of = next;
  };
  return { clock, connectivity, calls, signOut, server, first, becomes };
}

describe('createSignOut', () => {
  it('is pending at once, before Clerk has been asked', () => {
    const { signOut } = setUp();
    let pendingWhenAsked: unknown;
    void signOut.begin(mark, async () => {
      pendingWhenAsked = signOut.pending();
    });
    expect(pendingWhenAsked).toEqual(new Set(mark));
  });

  it('is over as soon as Clerk has confirmed it', async () => {
    const { signOut, clock, calls, connectivity, first } = setUp();
    await signOut.begin(mark, first);
    await clock.advance(0);
    expect(signOut.pending().size).toBe(0);
    expect(connectivity.storage.size).toBe(0);
    expect(calls).toEqual(['first']);
  });

  it('goes on until Clerk has confirmed it', async () => {
    const { signOut, clock, calls, first } = setUp({ failures: 4 });
    await signOut.begin(mark, first);
    expect(signOut.pending()).toEqual(new Set(mark));
    await clock.advance(20_000);
    expect(signOut.pending().size).toBe(0);
    expect(calls).toEqual(['first', 'sessions', 'sessions', 'sessions', 'sessions', 'revoke sess_1']);
  });

  it('knows on this page which session it was, also when Clerk has confirmed', async () => {
    const { signOut, clock, first } = setUp();
    expect(signOut.signedOutOf().size).toBe(0);
    await signOut.begin(mark, first);
    expect(signOut.signedOutOf()).toEqual(new Set(mark));
    await clock.advance(0);
    expect(signOut.pending().size).toBe(0);
    expect(signOut.signedOutOf()).toEqual(new Set(mark));
  });

  it('survives a reload, and the next page goes on with it', async () => {
    const before = setUp({ failures: Infinity });
    await before.signOut.begin(mark, before.first);
    before.signOut.stop();
    const after = setUp({ connectivity: before.connectivity });
    expect(after.signOut.pending()).toEqual(new Set(mark));
    after.signOut.resume();
    after.signOut.resume();
    await after.clock.advance(300);
    expect(after.calls).toEqual(['sessions', 'revoke sess_1']);
    expect(after.signOut.pending().size).toBe(0);
  });

  it('is known to a tab that hears of it', () => {
    const { signOut, connectivity } = setUp();
    let told = 0;
    signOut.subscribe(() => told++);
    expect(signOut.pending().size).toBe(0);
    connectivity.storeElsewhere(key, JSON.stringify(mark));
    expect(signOut.pending()).toEqual(new Set(mark));
    expect(told).toBe(1);
  });

  it('is known to a tab in which nobody listened yet', () => {
    const { signOut, connectivity } = setUp();
    expect(signOut.pending().size).toBe(0);
    connectivity.storeElsewhere(key, JSON.stringify(mark));
    signOut.subscribe(() => {});
    expect(signOut.signedOutOf()).toEqual(new Set(mark));
  });

  it('keeps what another tab wants ended, and ends both', async () => {
    const first = setUp({ failures: Infinity });
    await first.signOut.begin(['sess_1'], first.first);
    first.signOut.stop();
    const { signOut, clock, connectivity, server } = setUp({ connectivity: first.connectivity, failures: 1 });
    await signOut.begin(['sess_2'], async () => {
      throw new TypeError('Failed to fetch');
    });
    expect(signOut.signedOutOf()).toEqual(new Set(['sess_1', 'sess_2']));
    // The tab that began first hears of it, and is still signed out.
    first.connectivity.storeElsewhere(key, connectivity.stored(key));
    expect(first.signOut.signedOutOf()).toContain('sess_1');
    await clock.advance(20_000);
    expect([...server]).toEqual(['sess_3']);
    expect(connectivity.storage.size).toBe(0);
  });

  it('forgets none that another tab has marked without a word reaching this one', async () => {
    const { signOut, clock, connectivity, server, first } = setUp();
    expect(signOut.pending().size).toBe(0);
    connectivity.storage.set(key, '["sess_2"]');
    await signOut.begin(mark, first);
    await clock.advance(20_000);
    expect([...server]).toEqual(['sess_3']);
  });

  it('is over for those that Clerk no longer has, and goes on with the others', async () => {
    const { signOut, clock, connectivity, server, calls } = setUp({ failures: 1 });
    connectivity.storage.set(key, '["sess_0","sess_2","sess_3"]');
    server.delete('sess_0');
    signOut.resume();
    await clock.advance(20_000);
    expect(calls.at(-1)).toBe('revoke sess_2 sess_3');
    expect([...server]).toEqual(['sess_1']);
    expect(signOut.pending().size).toBe(0);
    expect(signOut.signedOutOf()).toEqual(new Set(['sess_0', 'sess_2', 'sess_3']));
  });

  it('asks again for one that another tab has marked while it asked: what it is answered is from before', async () => {
    const [clock, connectivity] = [createTestClock(), createTestConnectivity()];
    const ended: string[] = [];
    const questions: Array<(sessionIds: readonly string[]) => void> = [];
    const signOut = createSignOut({
      clock,
      connectivity,
      policy: retryPolicies.session,
      report: () => {},
      instance: () => undefined,
      isRevoked: (id) => ended.includes(id),
      sessions: () => new Promise((answer) => void questions.push(answer)),
      revoke: async (ids) => void ended.push(...ids),
    });
    connectivity.storage.set(key, '["sess_1"]');
    signOut.subscribe(() => {});
    signOut.resume();
    while (questions.length === 0) await clock.advance(100);
    connectivity.storeElsewhere(key, '["sess_1","sess_2"]');
    questions[0]?.(['sess_1']);
    await clock.advance(0);
    expect(signOut.pending()).toEqual(new Set(['sess_2']));
    while (questions.length === 1) await clock.advance(100);
    questions[1]?.(['sess_2']);
    await clock.advance(0);
    expect([ended, signOut.pending().size]).toEqual([['sess_1', 'sess_2'], 0]);
  });

  it('ends whoever Clerk then has when it was not known who that is, and nobody who comes later', async () => {
    const { signOut, clock, calls, server } = setUp({ failures: 3 });
    await signOut.begin(['*'], async () => {});
    expect(signOut.signedOutOf()).toContain('*');
    await clock.advance(0);
    expect(signOut.pending().size).toBe(1);
    await clock.advance(20_000);
    expect(calls.at(-1)).toBe('revoke sess_1 sess_2 sess_3');
    expect(server.size).toBe(0);
    expect(signOut.pending().size).toBe(0);
    expect([...signOut.signedOutOf()]).toEqual(['sess_1', 'sess_2', 'sess_3']);
  });

  it('is over when it was not known who it was, and there is nobody', async () => {
    const { signOut, clock, connectivity, server } = setUp();
    server.clear();
    await signOut.begin(['*'], async () => {});
    expect(connectivity.storage.size).toBe(1);
    await clock.advance(1_000);
    expect(connectivity.storage.size).toBe(0);
    expect(signOut.signedOutOf().size).toBe(0);
  });

  it('waits no longer than its turn for Clerk that hangs, and ends the session when Clerk no longer does', async () => {
    const { signOut, clock, calls, server } = setUp();
    let over = false;
    void signOut.begin(mark, () => new Promise(() => {})).then(() => (over = true));
    await clock.advance(7_900);
    expect(over).toBe(false);
    await clock.advance(200);
    expect(over).toBe(true);
    await clock.advance(20_000);
    expect(calls).toEqual(['sessions', 'revoke sess_1']);
    expect(server.has('sess_1')).toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is known to a page that comes back from the back/forward cache', () => {
    const { signOut, connectivity } = setUp();
    let told = 0;
    signOut.subscribe(() => told++);
    expect(signOut.pending().size).toBe(0);
    connectivity.storage.set(key, '["sess_1"]');
    connectivity.comeBack();
    expect([...signOut.signedOutOf()]).toEqual(mark);
    connectivity.storage.clear();
    connectivity.comeBack();
    expect([...signOut.pending()]).toEqual(mark);
    expect(told).toBe(1);
  });

  it.each([
    ['lets be who signed in while the page was away, and another had carried the wish out', true, ['sess_4']],
    ['ends everyone where the page was away, and nobody has carried it out', false, []],
  ])('%s', async (_, isCarriedOut, left) => {
    const { signOut, clock, connectivity, server, calls } = setUp({ failures: 3 });
    signOut.subscribe(() => {});
    await signOut.begin(['*'], async () => {
      throw new TypeError('Failed to fetch');
    });
    await clock.advance(500);
    expect(calls.length).toBeGreaterThan(0);
    if (isCarriedOut) {
      connectivity.storage.clear();
      server.clear();
      server.add('sess_4');
    }
    connectivity.comeBack();
    connectivity.wake('pageshow');
    await clock.advance(60_000);
    expect([...server]).toEqual(left);
    expect(signOut.pending().size).toBe(0);
    expect(connectivity.storage.size).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('tries at once when the network comes back', async () => {
    const { signOut, clock, connectivity, calls, first } = setUp({ failures: 3 });
    await signOut.begin(mark, first);
    await clock.advance(1000);
    const before = calls.length;
    connectivity.wake('online');
    await clock.advance(60);
    expect(calls.length).toBe(before + 1);
  });

  it('is not woken before Retry-After', async () => {
    const failure = Object.assign(new Error('Too many requests'), {
      code: 'api_response_error',
      status: 429,
      retryAfter: 30,
    });
    const { signOut, clock, connectivity, calls, first } = setUp({ failures: 1, failure });
    await signOut.begin(mark, first);
    await clock.advance(1000);
    connectivity.wake('visible');
    await clock.advance(28_900);
    expect(calls).toHaveLength(1);
    await clock.advance(200);
    expect(calls).toEqual(['first', 'sessions', 'revoke sess_1']);
  });

  it.each(['', '{', 'null', '[5]', '{"sess_1":1}', '"sess_1"'])('takes a damaged mark (%s) for none', (text) => {
    const connectivity = createTestConnectivity();
    connectivity.storage.set(key, text);
    expect(setUp({ connectivity }).signOut.pending().size).toBe(0);
  });
});

describe('createSignOut of two of Clerk’s instances on one origin', () => {
  /** A wish of the one that was never carried out. */
  async function leftBehind(sessionIds: readonly string[]) {
    const one = setUp({ failures: Infinity, instance: 'clerk.one.test' });
    await one.signOut.begin(sessionIds, one.first);
    one.signOut.stop();
    return one;
  }
  const unconfirmed = async (): Promise<never> => {
    throw new TypeError('Failed to fetch');
  };

  it.each([
    ['a session', ['sess_1']],
    ['everyone', ['*']],
  ])('keeps the wish of the one to sign out of %s from the other, and for the one', async (_, sessionIds) => {
    const { connectivity } = await leftBehind(sessionIds);
    const other = setUp({ connectivity, instance: 'clerk.other.test' });
    expect([other.signOut.pending().size, other.signOut.signedOutOf().size]).toEqual([0, 0]);
    other.signOut.resume();
    await other.clock.advance(60_000);
    expect(other.calls).toEqual([]);

    // The other's own is carried out beside it.
    await other.signOut.begin(['sess_2'], unconfirmed);
    expect(other.signOut.pending()).toEqual(new Set(['sess_2']));
    await other.clock.advance(60_000);
    expect(other.calls).toEqual(['sessions', 'revoke sess_2']);
    expect([...other.server]).toEqual(['sess_1', 'sess_3']);

    const back = setUp({ connectivity, instance: 'clerk.one.test' });
    expect(back.signOut.pending()).toEqual(new Set(sessionIds));
    back.signOut.resume();
    await back.clock.advance(60_000);
    expect(back.server.has('sess_1')).toBe(false);
    expect(connectivity.storage.size).toBe(0);
  });

  it('is heard of by tabs of its own instance alone', async () => {
    const own = setUp({ instance: 'clerk.one.test' });
    const other = setUp({ instance: 'clerk.other.test' });
    for (const { signOut } of [own, other]) signOut.subscribe(() => {});
    const { connectivity } = await leftBehind(['sess_1']);
    for (const tab of [own, other]) tab.connectivity.storeElsewhere(key, connectivity.stored(key));
    expect(own.signOut.pending()).toEqual(new Set(['sess_1']));
    expect(other.signOut.pending().size).toBe(0);
  });

  it.each(['before it is asked', 'while it is asked', 'after it was asked in vain'])(
    'lets a user of the other be when whose page it is becomes known %s',
    async (when) => {
      const { connectivity } = await leftBehind(['*']);
      const known = (): void => other.becomes('clerk.other.test');
      const other = setUp({
        connectivity,
        failures: when === 'after it was asked in vain' ? 1 : 0,
        ...(when === 'while it is asked' && { onCall: known }),
      });
      // For as long as it is not known, a wish may be meant for this page.
      expect(other.signOut.pending()).toEqual(new Set(['*']));
      if (when === 'before it is asked') known();
      other.signOut.resume();
      await other.clock.advance(when === 'after it was asked in vain' ? 300 : 60_000);
      known();
      await other.clock.advance(60_000);
      expect(other.calls.includes('sessions')).toBe(when !== 'before it is asked');
      expect(other.calls.filter((call) => call !== 'sessions')).toEqual([]);
      expect([...other.server]).toEqual(['sess_1', 'sess_2', 'sess_3']);
      expect(setUp({ connectivity, instance: 'clerk.one.test' }).signOut.pending()).toEqual(new Set(['*']));
    },
  );

  it('answers the same set when whose page it is becomes known, and nothing changes by it', () => {
    const { signOut, becomes } = setUp();
    const before = signOut.signedOutOf();
    becomes('clerk.one.test');
    expect(signOut.signedOutOf()).toBe(before);
  });
});

describe('createSignOut in several tabs', () => {
  /** A browser in which Clerk's server answers a revocation after 20 ms, and not while it is down. */
  function setUpTabs() {
    const clock = createTestClock();
    const browser = createTestBrowser(clock);
    const server = { isDown: true, hangs: false, revoked: false, underWay: 0, most: 0, asked: [] as TestTab[] };
    function openTab() {
      const tab = browser.openTab();
      let confirmed = false;
      const ask = async (): Promise<void> => {
        server.asked.push(tab);
        server.most = Math.max(server.most, ++server.underWay);
        await tab.clock.sleep(server.hangs ? 6_000 : 20);
        server.underWay--;
        if (server.isDown || server.hangs) throw new TypeError('Failed to fetch');
        server.revoked = confirmed = true;
      };
      const signOut = createSignOut({
        clock: tab.clock,
        connectivity: tab.connectivity,
        policy: retryPolicies.session,
        report: () => {},
        instance: () => undefined,
        isRevoked: () => confirmed,
        sessions: async () => {
          await ask();
          return [];
        },
        revoke: async () => {},
      });
      // What the provider does when it hears of a mark.
      signOut.subscribe(() => signOut.resume());
      return { tab, signOut, begin: () => signOut.begin(mark, ask) };
    }
    return { clock, browser, server, openTab };
  }

  it('is carried out by one at a time, in an outage hardly more often than by one alone, and confirmed for all', async () => {
    const alone = setUpTabs();
    void alone.openTab().begin();
    await alone.clock.advance(60_000);

    const { clock, server, openTab, browser } = setUpTabs();
    const tabs = [openTab(), openTab(), openTab(), openTab()];
    void tabs[0]?.begin();
    await clock.advance(60_000);
    expect(server.most).toBe(1);
    expect(server.asked.length).toBeLessThanOrEqual(alone.server.asked.length * 1.1 + 3);
    for (const { signOut } of tabs) expect(signOut.pending()).toEqual(new Set(mark));
    server.isDown = false;
    await clock.advance(6_000);
    expect(server.asked.length).toBeLessThanOrEqual(alone.server.asked.length * 1.1 + 5);
    for (const { signOut } of tabs) expect(signOut.pending().size).toBe(0);
    expect(browser.channels).toEqual([]);
    expect(browser.locks.size).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each(['close', 'freeze'] as const)('is carried out when the tab in which it began is asked to %s', async (end) => {
    const { clock, server, openTab } = setUpTabs();
    const [first, second] = [openTab(), openTab()];
    void first.begin();
    await clock.advance(10);
    first.tab[end]();
    await clock.advance(20_000);
    server.isDown = false;
    // One that is frozen in the midst of an attempt keeps its turn: it is waited for each time, and no longer than that.
    await clock.advance(end === 'freeze' ? 11_000 : 3_000);
    expect(server.revoked).toBe(true);
    expect(second.signOut.pending().size).toBe(0);
  });

  it('is asked for by one at a time while Clerk hangs', async () => {
    const { clock, server, openTab } = setUpTabs();
    server.hangs = true;
    const [first] = [openTab(), openTab(), openTab()];
    void first.begin();
    await clock.advance(60_000);
    expect(server.most).toBe(1);
  });

  it('is tried as soon as anything works again in any tab', async () => {
    const { clock, server, openTab, browser } = setUpTabs();
    const tab = openTab();
    void tab.begin();
    await clock.advance(600_000);
    const before = server.asked.length;
    const other = browser.openTab().connectivity.openChannel('clerk-convex-resilience', () => {});
    other.post({ version: 1, type: 'up', gate: 'https://clerk.app.test' });
    await clock.advance(10_100);
    expect(server.asked.length).toBeGreaterThan(before);
  });

  it('lets go of its turn when it is stopped in the midst of an attempt', async () => {
    const { clock, server, openTab, browser } = setUpTabs();
    server.hangs = true;
    const tab = openTab();
    void tab.begin();
    await clock.advance(100);
    expect(browser.locks.size).toBe(1);
    tab.signOut.stop();
    expect(browser.locks.size).toBe(0);
    expect(browser.channels).toEqual([]);
  });
});
