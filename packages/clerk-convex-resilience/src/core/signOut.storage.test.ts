// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { browserConnectivity } from './connectivity.ts';
import { retryPolicies } from './policy.ts';
import { createSignOut } from './signOut.ts';
import { markKey } from './signOutMark.ts';
import { createTestClock } from './testClock.ts';

const server = new Set<string>();
let isAway = true;

/** A page of this tab, on the browser's own storage. */
function load() {
  const clock = createTestClock();
  const ask = async (): Promise<void> => {
    if (isAway) throw new TypeError('Failed to fetch');
  };
  const signOut = createSignOut({
    clock,
    connectivity: browserConnectivity(),
    policy: retryPolicies.session,
    report: () => {},
    instance: () => undefined,
    isRevoked: (id) => !server.has(id),
    sessions: () => ask().then(() => [...server]),
    revoke: async (ids) => {
      await ask();
      for (const id of ids) server.delete(id);
    },
  });
  return { clock, signOut, ask };
}

/** The storage that the tabs share takes nothing more; each storage has a quota of its own. */
function fill(): void {
  const { setItem } = Storage.prototype;
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(function put(this: Storage, ...entry) {
    if (this === window.localStorage) throw new DOMException('full', 'QuotaExceededError');
    setItem.apply(this, entry);
  });
}

afterEach(() => {
  vi.restoreAllMocks();
  window.localStorage.clear();
  window.sessionStorage.clear();
  server.clear();
  isAway = true;
});

describe('a sign-out in an outage where storage is full', () => {
  it('outlasts a reload, and is carried out', async () => {
    fill();
    server.add('sess_1').add('sess_2');
    const before = load();
    await before.signOut.begin(['sess_1'], before.ask);
    before.signOut.stop();
    const after = load();
    expect(after.signOut.signedOutOf()).toEqual(new Set(['sess_1']));
    isAway = false;
    after.signOut.resume();
    for (let step = 0; step < 600 && after.signOut.pending().size > 0; step++) await after.clock.advance(100);
    expect([...server]).toEqual(['sess_2']);
    expect(load().signOut.pending().size).toBe(0);
  });

  it('is not forgotten when another tab is done with its own', async () => {
    window.localStorage.setItem(markKey, '["sess_2"]');
    fill();
    server.add('sess_1');
    const { signOut, ask } = load();
    signOut.subscribe(() => {});
    await signOut.begin(['sess_1'], ask);
    window.localStorage.removeItem(markKey);
    window.dispatchEvent(new StorageEvent('storage', { key: markKey, newValue: null }));
    expect(signOut.pending()).toContain('sess_1');
    signOut.stop();
  });
});
