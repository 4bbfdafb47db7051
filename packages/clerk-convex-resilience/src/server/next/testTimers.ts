import { nextTurn } from '../../core/clock.ts';

/** Timers that go off as soon as nothing else is left to do: what takes Clerk seconds takes none here, on a busy machine too. */
export interface VirtualTimers {
  readonly setTimeout: (callback: () => void, ms?: number) => number;
  readonly clearTimeout: (id: unknown) => void;
  /** Lets time pass until the work is done. Without it timers wait for ever. */
  run<T>(work: Promise<T>): Promise<T>;
}

/** What is due within so many milliseconds goes off together. */
const stepMs = 25;
/** Turns of the event loop after which nothing is taken to be left to do: a promise, or a module that is there, takes a few. */
const turns = 20;

export function createVirtualTimers(): VirtualTimers {
  const due = new Map<number, { readonly at: number; readonly callback: () => void }>();
  let now = 0;
  let lastId = 0;
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < turns; turn++) await nextTurn();
  };
  const fire = (): void => {
    const ordered = [...due].sort(([, a], [, b]) => a.at - b.at);
    const first = ordered[0]?.[1].at ?? now;
    for (const [id, { at, callback }] of ordered) {
      if (at > first + stepMs) break;
      if (!due.delete(id)) continue; // taken back by one before it
      now = Math.max(now, at);
      callback();
    }
  };
  return {
    setTimeout(callback, ms = 0) {
      due.set(++lastId, { at: now + ms, callback });
      return lastId;
    },
    clearTimeout: (id) => void due.delete(id as number),
    async run(work) {
      let isDone = false;
      const done = work.finally(() => {
        isDone = true;
      });
      done.catch(() => {});
      while (!isDone) {
        await settle();
        if (!isDone) fire();
      }
      return done;
    },
  };
}
