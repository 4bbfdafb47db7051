import { describe, expect, it } from 'vitest';
import { createSlots, startHedge } from './hedge.ts';
import { createTestClock } from './testClock.ts';

const times = { hedgeAfterMs: 4_000, replaceAfterMs: 20_000, maxDelayMs: 60_000 };

function setUp(slots = createSlots(1)) {
  const clock = createTestClock({ now: 0 });
  const leave = new AbortController();
  const attempts: { at: number; signal: AbortSignal; answer: (outcome: string) => void }[] = [];
  const start = (endsAt = Infinity) =>
    startHedge<string>({
      attempt: (signal) => new Promise((answer) => attempts.push({ at: clock.now(), signal, answer })),
      isGood: (outcome) => outcome === 'good',
      times,
      clock,
      slots,
      patience: { signal: leave.signal, endsAt: () => endsAt },
      onSlow: () => {},
      onHedge: () => {},
    });
  return { clock, attempts, start, leave, slots };
}

describe('a hedge', () => {
  it('gives its slot back when it is over, however it ends', async () => {
    const { clock, attempts, start, leave, slots } = setUp();
    const won = start();
    await clock.advance(4_000);
    expect(slots.take()).toBe(false);
    attempts[1]?.answer('good');
    expect(await won.outcome).toBe('good');
    expect(slots.take()).toBe(true);
    slots.free();

    const left = start();
    await clock.advance(4_000);
    leave.abort();
    expect(await left.outcome).toBeNull();
    expect(slots.take()).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives its slot back when one of two has failed, and tries again later', async () => {
    const { clock, attempts, start, slots } = setUp();
    start();
    await clock.advance(4_000);
    attempts[1]?.answer('bad');
    await clock.advance(1);
    expect(slots.take()).toBe(true);
    slots.free();
    await clock.advance(4_000);
    expect(attempts).toHaveLength(3);
  });

  it('is spurred no sooner for an attempt that has failed than for one that is open', async () => {
    const { clock, attempts, start } = setUp();
    const { nudge } = start();
    await clock.advance(4_000);
    for (let times = 0; times < 10; times++) {
      attempts.at(-1)?.answer('bad');
      await clock.advance(20);
      nudge('answer');
    }
    expect(attempts).toHaveLength(2);
    await clock.advance(3_900);
    nudge('answer');
    expect(attempts).toHaveLength(3);
  });

  it('waits for a slot that is taken', async () => {
    const { clock, attempts, start, slots } = setUp();
    slots.take();
    start();
    await clock.advance(10_000);
    expect(attempts).toHaveLength(1);
    slots.free();
    await clock.advance(4_000);
    expect(attempts).toHaveLength(2);
  });

  it('is nudged only when its newest attempt is old enough', async () => {
    const { clock, attempts, start } = setUp();
    const hedge = start();
    await clock.advance(500);
    hedge.nudge('wake');
    hedge.nudge('recovery');
    expect(attempts).toHaveLength(1);
    await clock.advance(1_000);
    hedge.nudge('answer');
    expect(attempts).toHaveLength(1);
    hedge.nudge('recovery');
    expect(attempts).toHaveLength(2);
    await clock.advance(1_000);
    // The oldest may only be slow.
    hedge.nudge('recovery');
    expect(attempts.map(({ signal }) => signal.aborted)).toEqual([false, true, false]);
    await clock.advance(1_000);
    hedge.nudge('wake');
    expect(attempts.map(({ signal }) => signal.aborted)).toEqual([true, true, false, false]);
  });

  it('ends with patience, and aborts what is open', async () => {
    const { clock, attempts, start } = setUp();
    const hedge = start(5_000);
    await clock.advance(5_000);
    expect(await hedge.outcome).toBeNull();
    expect(attempts.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is sent when it is due though the clock was set back by an hour', async () => {
    const { clock, attempts, start, slots } = setUp();
    slots.take();
    start();
    await clock.advance(1_000);
    clock.setBack(3_600_000);
    await clock.advance(3_000);
    slots.free();
    await clock.advance(4_000);
    expect(attempts).toHaveLength(2);
  });
});
