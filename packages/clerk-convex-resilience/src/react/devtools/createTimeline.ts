import type { Clock } from '../../core/clock.ts';
import { redact } from './redact.ts';

/** What one may want to see of a timeline. */
export const timelineKinds = ['requests', 'waits', 'wakes', 'tabs', 'convex', 'session'] as const;
export type TimelineKind = (typeof timelineKinds)[number];

export interface TimelineEntry {
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** It is shown where one of them is wanted. */
  readonly kinds: readonly TimelineKind[];
  /** A plain sentence, redacted once more: events hold no secret, and this is not the place to find out. */
  readonly text: string;
}

export interface Timeline {
  /** When it began, in milliseconds since the epoch: what the time of an entry is told from. */
  readonly startedAt: number;
  add(kinds: readonly TimelineKind[], text: string, at?: number): void;
  clear(): void;
  /** Oldest first; the same array until it changes. */
  entries(): readonly TimelineEntry[];
  /** Calls back after changes, once for those of one turn. Returns its own undo. */
  subscribe(listener: () => void): () => void;
}

/** An open page with a broken network goes on for hours. */
const mostEntries = 200;

export function createTimeline(clock: Clock): Timeline {
  let entries: readonly TimelineEntry[] = [];
  let lastId = 0;
  let isTelling = false;
  const listeners = new Set<() => void>();
  function changed(next: readonly TimelineEntry[]): void {
    entries = next;
    if (isTelling) return;
    isTelling = true;
    // Later: an event may be told from an effect in which React takes no update.
    void Promise.resolve().then(() => {
      isTelling = false;
      for (const listener of [...listeners]) listener();
    });
  }
  return {
    startedAt: clock.now(),
    add(kinds, text, at = clock.now()) {
      changed([...entries.slice(1 - mostEntries), { id: ++lastId, at, kinds, text: redact(text) }]);
    },
    clear: () => changed([]),
    entries: () => entries,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
