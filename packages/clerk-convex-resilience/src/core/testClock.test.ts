import { describe, expect, it } from 'vitest';
import { createTestClock } from './testClock.ts';

describe('the test clock', () => {
  it('fires timers in order, at their own moment, and those that they set', async () => {
    const clock = createTestClock({ now: 0 });
    const seen: [string, number][] = [];
    clock.setTimer(() => seen.push(['late', clock.now()]), 50);
    clock.setTimer(() => {
      seen.push(['early', clock.now()]);
      clock.setTimer(() => seen.push(['nested', clock.now()]), 5);
    }, 10);
    const undo = clock.setTimer(() => seen.push(['undone', clock.now()]), 20);
    undo();
    await clock.advance(60);
    expect(seen).toEqual([
      ['early', 10],
      ['nested', 15],
      ['late', 50],
    ]);
    expect(clock.now()).toBe(60);
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends a sleep with its signal and leaves no timer', async () => {
    const clock = createTestClock();
    const stop = new AbortController();
    let over = false;
    void clock.sleep(1_000, stop.signal).then(() => {
      over = true;
    });
    await clock.advance(10);
    expect(over).toBe(false);
    stop.abort();
    await clock.advance(0);
    expect(over).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  it('repeats its chance by seed', () => {
    const draw = (seed: number): number[] => {
      const clock = createTestClock({ seed });
      return Array.from({ length: 50 }, clock.random);
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    for (const each of draw(7)) expect(each).toSatisfy((value: number) => value >= 0 && value < 1);
  });
});
