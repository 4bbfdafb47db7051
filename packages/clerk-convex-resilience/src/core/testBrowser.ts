import type { Clock } from './clock.ts';
import type { Connectivity } from './connectivity.ts';
import type { TestClock } from './testClock.ts';
import { createTestConnectivity, type TestConnectivity } from './testConnectivity.ts';

/** A tab that a test freezes, hides and closes. What happens in it waits while it is frozen, and is lost once it is closed. */
export interface TestTab {
  readonly clock: Clock;
  readonly connectivity: TestConnectivity;
  /** Does it in this tab: at once, when the tab thaws, or never. */
  run(what: () => void): void;
  freeze(): void;
  thaw(): void;
  close(): void;
  readonly isAlive: boolean;
}

/** A browser whose tabs share its storage, its Web Locks and its channels. */
export interface TestBrowser {
  openTab(options?: { readonly locks?: boolean; readonly channels?: boolean }): TestTab;
  /** Names of the locks that are held and of the channels that are open. */
  readonly locks: ReadonlyMap<string, unknown>;
  readonly channels: readonly string[];
  /** Everything that was said on a channel. */
  readonly said: unknown[];
}

/** How long a message and the answer to a request for a lock take, in milliseconds. */
const latencyMs = 2;

export function createTestBrowser(clock: TestClock): TestBrowser {
  const locks = new Map<string, TestTab>();
  const channels = new Set<{ name: string; tab: TestTab; listener: (data: unknown) => void }>();
  const storage = new Map<string, string>();
  const tabs = new Set<{ tab: TestTab; stored: Set<(key: string | null, value: string | null) => void> }>();
  const said: unknown[] = [];

  function openTab({ locks: hasLocks = true, channels: hasChannels = true } = {}): TestTab {
    let state: 'alive' | 'frozen' | 'closed' = 'alive';
    let late: (() => void)[] = [];
    const stored = new Set<(key: string | null, value: string | null) => void>();
    const page = createTestConnectivity();
    const own: Partial<Connectivity> = {
      openChannel(name, listener) {
        if (!hasChannels) return { post: () => {}, close: () => {} };
        const mine = { name, tab, listener };
        channels.add(mine);
        return {
          post(data) {
            const copy: unknown = structuredClone(data);
            said.push(copy);
            for (const other of channels) {
              if (other === mine || other.name !== name) continue;
              const deliver = (): void => (channels.has(other) ? other.listener(copy) : undefined);
              clock.setTimer(() => other.tab.run(deliver), latencyMs);
            }
          },
          close: () => channels.delete(mine),
        };
      },
      takeLock: (name) =>
        new Promise((resolve) => {
          if (!hasLocks) return resolve(() => {});
          clock.setTimer(() => {
            if (locks.has(name)) return tab.run(() => resolve(null));
            locks.set(name, tab);
            tab.run(() => resolve(() => locks.delete(name)));
          }, latencyMs);
        }),
      store(key, value) {
        if (value === null) storage.delete(key);
        else storage.set(key, value);
        for (const other of tabs) {
          if (other.tab === tab) continue;
          for (const listener of other.stored) {
            clock.setTimer(() => other.tab.run(() => listener(key, value)), latencyMs);
          }
        }
      },
      stored: (key) => storage.get(key) ?? null,
      onStored(listener) {
        stored.add(listener);
        return () => stored.delete(listener);
      },
    };
    const tab: TestTab = {
      clock: {
        now: clock.now,
        random: clock.random,
        setTimer: (callback, ms) => {
          let undone = false;
          const undo = clock.setTimer(() => tab.run(() => (undone ? undefined : callback())), ms);
          return () => {
            undone = true;
            undo();
          };
        },
        sleep: (ms, signal) =>
          new Promise((resolve) => {
            const done = (): void => {
              undo();
              resolve();
            };
            const undo = tab.clock.setTimer(done, signal?.aborted ? 0 : ms);
            signal?.addEventListener('abort', done);
          }),
      },
      connectivity: Object.assign(page, own),
      run(what) {
        if (state === 'alive') what();
        else if (state === 'frozen') late.push(what);
      },
      freeze() {
        if (state === 'alive') state = 'frozen';
      },
      thaw() {
        if (state !== 'frozen') return;
        state = 'alive';
        const missed = late;
        late = [];
        for (const what of missed) what();
      },
      close() {
        state = 'closed';
        for (const [name, owner] of locks) if (owner === tab) locks.delete(name);
        for (const channel of channels) if (channel.tab === tab) channels.delete(channel);
        for (const other of tabs) if (other.tab === tab) tabs.delete(other);
      },
      get isAlive() {
        return state === 'alive';
      },
    };
    tabs.add({ tab, stored });
    return tab;
  }

  return {
    openTab,
    locks,
    get channels() {
      return [...channels].map(({ name }) => name);
    },
    said,
  };
}
