import { describe, expect, it } from 'vitest';
import { createTestClock } from './testClock.ts';
import { createTestConnectivity } from './testConnectivity.ts';
import { createWaits, type Wait, wakeableSleep } from './wakeableSleep.ts';

function setUp(wait: Wait) {
  const clock = createTestClock({ now: 0 });
  const connectivity = createTestConnectivity();
  const seen: { at?: number } = {};
  void wakeableSleep({ clock, connectivity }, wait).then(() => {
    seen.at = clock.now();
    expect(clock.pendingTimers).toBe(0);
    expect(connectivity.open.wake).toBe(0);
  });
  return { clock, connectivity, seen };
}

describe('wakeableSleep', () => {
  it('waits its time when nothing wakes it', async () => {
    const { clock, seen } = setUp({ ms: 5_000, outageMs: 0 });
    await clock.advance(4_999);
    expect(seen.at).toBeUndefined();
    await clock.advance(1);
    expect(seen.at).toBe(5_000);
  });

  it.each<[string, Partial<Wait>, number, number]>([
    ['at once after a short outage', {}, 2_000, 2_050],
    ['spread after a long one', { outageMs: 600_000 }, 2_001, 12_000],
    ['not before the server’s floor', { floorMs: 20_000 }, 20_000, 20_000],
    ['not later than it would have ended', { ms: 2_010, floorMs: 0, outageMs: 600_000 }, 2_010, 2_010],
  ])('is woken %s', async (_, wait, least, most) => {
    const { clock, connectivity, seen } = setUp({ ms: 60_000, outageMs: 0, ...wait });
    await clock.advance(2_000);
    connectivity.wake('visible');
    await clock.advance(58_000);
    expect(seen.at).toBeGreaterThanOrEqual(least);
    expect(seen.at).toBeLessThanOrEqual(most);
  });

  it('ends with the signal', async () => {
    const leave = new AbortController();
    const { clock, seen } = setUp({ ms: 60_000, floorMs: 60_000, outageMs: 0, signal: leave.signal });
    await clock.advance(1_000);
    leave.abort();
    await clock.advance(0);
    expect(seen.at).toBe(1_000);
  });

  it('is over within seconds when its time has passed while the machine slept', async () => {
    const timers = createTestClock({ now: 0 });
    let slept = 0;
    const clock = { ...timers, now: () => timers.now() + slept };
    const options = { clock, connectivity: createTestConnectivity() };
    let over = false;
    void wakeableSleep(options, { ms: 60_000, outageMs: 600_000 }).then(() => {
      over = true;
    });
    await timers.advance(2_000);
    slept = 3_600_000;
    await timers.advance(3_000);
    expect(over).toBe(true);
  });
});

describe('waits between attempts', () => {
  it('are cut short by a signal that came while the attempt before was under way, each once', async () => {
    const clock = createTestClock({ now: 0 });
    const connectivity = createTestConnectivity();
    const waits = createWaits({ clock, connectivity });
    const took = async (wait: Wait): Promise<number> => {
      const from = clock.now();
      const over = waits.wait(wait).then(() => clock.now() - from);
      await clock.advance(60_000);
      return over;
    };
    connectivity.wake('online'); // in the first attempt: the trouble has not begun
    expect(await took({ ms: 3_000, outageMs: 0 })).toBe(3_000);
    connectivity.wake('online');
    expect(await took({ ms: 60_000, outageMs: 0 })).toBeLessThanOrEqual(50);
    expect(await took({ ms: 3_000, outageMs: 0 })).toBe(3_000);
    connectivity.wake('visible');
    expect(await took({ ms: 60_000, floorMs: 20_000, outageMs: 0 })).toBe(20_000);
    connectivity.wake('visible');
    waits.stop();
    expect(connectivity.open.wake).toBe(0);
    expect(await took({ ms: 3_000, outageMs: 0 })).toBe(3_000);
  });
});
