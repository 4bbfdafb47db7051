import type { Clock } from './clock.ts';
import type { Patience } from './gates.ts';

export interface HedgeTimes {
  /** An attempt that has not answered after this time gets a second one beside it, in milliseconds. */
  readonly hedgeAfterMs: number;
  /** With two open and a third due, the older one is given up when it is this old, else the newer, in milliseconds. */
  readonly replaceAfterMs: number;
  /** Attempts follow each other at `hedgeAfterMs`, later at a fifth of the time already lost, and at most at this, in milliseconds. */
  readonly maxDelayMs: number;
}

export interface HedgeOptions<T> {
  readonly attempt: (signal: AbortSignal) => Promise<T>;
  /** Is this what was hoped for? Anything else is used only when nothing better is on its way. */
  readonly isGood: (outcome: T) => boolean;
  readonly times: HedgeTimes;
  readonly clock: Clock;
  readonly patience: Patience;
  /** Hedges open for the same origin: HTTP/1.1 gives six connections. */
  readonly slots: Slots;
  /** The first attempt has not answered in time. */
  readonly onSlow: () => void;
  readonly onHedge: (open: number) => void;
}

export interface Slots {
  take(): boolean;
  free(): void;
}

export function createSlots(count: number): Slots {
  let left = count;
  return {
    take: () => left > 0 && left-- > 0,
    free: () => {
      left++;
    },
  };
}

/**
 * `answer`: the server answered something else. `recovery`: it answered something that it had kept waiting. `wake`: the
 * network is a new one, and what is open is probably dead.
 */
export type Nudge = 'answer' | 'recovery' | 'wake';

/** An attempt that is younger than this is not worth another, in milliseconds. */
const youngMs = 1_000;

export interface Hedge<T> {
  /** The first good outcome, else the last one; null when patience ended. Never rejects unless `attempt` does. */
  readonly outcome: Promise<T | null>;
  /** Something says that a new attempt may fare better now. */
  nudge(why: Nudge): void;
  /** No more attempts: what is open may still answer, and nothing gives it a deadline. */
  rest(): void;
}

interface Open {
  readonly at: number;
  readonly controller: AbortController;
}

/**
 * A deadline that does not abort: a slow attempt gets another one beside it, and whichever answers first is used. The older
 * of two is left alone for `replaceAfterMs`, so a server that takes 20 s still succeeds; the newer makes room for the next,
 * so a server that has come back is noticed soon, whatever the fate of the old sockets.
 */
export function startHedge<T>(options: HedgeOptions<T>): Hedge<T> {
  const { clock, times, patience, slots } = options;
  const startedAt = clock.now();
  const open: Open[] = [];
  /** When the newest attempt began: it may have failed, and is not open then. */
  let newestAt = startedAt;
  let slow = false;
  let holdsSlot = false;
  let undoTimer = (): void => {};
  let settle: (outcome: T | null) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  let over = false;
  let resting = false;

  const outcome = new Promise<T | null>((resolve, reject) => {
    settle = resolve;
    fail = reject;
  });
  const finish = (end: () => void): void => {
    if (over) return;
    over = true;
    undoTimer();
    patience.signal.removeEventListener('abort', giveUp);
    if (holdsSlot) slots.free();
    for (const { controller } of open) controller.abort();
    end();
  };
  const giveUp = (): void => finish(() => settle(null));

  function launch(): void {
    const mine: Open = { at: clock.now(), controller: new AbortController() };
    newestAt = mine.at;
    open.push(mine);
    options.attempt(mine.controller.signal).then(
      (result) => {
        const at = open.indexOf(mine);
        if (over || at < 0) return;
        open.splice(at, 1);
        if (options.isGood(result) || open.length === 0) finish(() => settle(result));
        else if (holdsSlot) {
          holdsSlot = false;
          slots.free();
        }
      },
      (error: unknown) => finish(() => fail(error)),
    );
  }

  /** Another one beside or instead of one of two, if there is a slot. `force`: the oldest is dead, however young. */
  function another(force: boolean): boolean {
    const [oldest, newer] = open;
    if (oldest && newer) {
      const isOld = force || clock.now() - oldest.at >= times.replaceAfterMs;
      open.splice(isOld ? 0 : 1, 1);
      (isOld ? oldest : newer).controller.abort();
    } else {
      if (!slots.take()) return false;
      holdsSlot = true;
    }
    launch();
    options.onHedge(open.length);
    return true;
  }

  function arm(): void {
    undoTimer();
    const now = clock.now();
    const interval = Math.min(times.maxDelayMs, Math.max(times.hedgeAfterMs, (now - startedAt) / 5));
    // A slot that was not free is asked for again later: never in the past. Nor hours ahead, if the clock was set back.
    const due = Math.min(now, open.at(-1)?.at ?? now) + interval;
    const at = Math.min(due > now ? due : now + interval, patience.endsAt());
    undoTimer = clock.setTimer(ring, at - now);
  }
  function ring(): void {
    if (over) return;
    if (clock.now() >= patience.endsAt()) giveUp();
    else {
      if (!slow) options.onSlow();
      slow = true;
      another(false);
      arm();
    }
  }

  patience.signal.addEventListener('abort', giveUp);
  if (patience.signal.aborted) giveUp();
  else {
    launch();
    arm();
  }
  return {
    outcome,
    nudge(why) {
      const enough = why === 'answer' ? times.hedgeAfterMs : youngMs;
      // Two that hang would spur each other on with what their attempts are refused, as fast as that comes.
      if (over || resting || open.length === 0 || clock.now() - newestAt < enough) return;
      if (another(why === 'wake')) arm();
    },
    rest() {
      resting = true;
      undoTimer();
    },
  };
}
