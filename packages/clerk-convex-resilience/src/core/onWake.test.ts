import { expect, it } from 'vitest';
import type { Clock } from './clock.ts';
import { onWake } from './onWake.ts';
import { createTestClock } from './testClock.ts';
import { createTestConnectivity } from './testConnectivity.ts';

/** A machine that sleeps: the time of day goes on, its timers do not. */
function setUp() {
  const timers = createTestClock({ now: 0 });
  let slept = 0;
  const clock: Clock = { ...timers, now: () => timers.now() + slept };
  const connectivity = createTestConnectivity();
  const woken: string[] = [];
  const undo = onWake({ clock, connectivity }, (reason) => woken.push(reason));
  const sleep = (ms: number): void => {
    slept += ms;
  };
  return { timers, connectivity, woken, undo, sleep };
}

it('wakes with the page’s own signals, and not while time passes', async () => {
  const { timers, connectivity, woken } = setUp();
  await timers.advance(600_000);
  connectivity.wake('online');
  expect(woken).toEqual(['online']);
});

it('wakes within seconds after the machine has slept, and leaves nothing behind', async () => {
  const { timers, connectivity, woken, undo, sleep } = setUp();
  await timers.advance(1_000);
  sleep(60_000);
  await timers.advance(5_000);
  expect(woken).toEqual(['sleep']);
  await timers.advance(60_000);
  expect(woken).toEqual(['sleep']);
  undo();
  expect(timers.pendingTimers).toBe(0);
  expect(connectivity.open.wake).toBe(0);
});

it('takes the late timers of a page in the background for what they are', async () => {
  const { timers, connectivity, woken, sleep } = setUp();
  connectivity.hidden = true;
  sleep(60_000);
  await timers.advance(10_000);
  expect(woken).toEqual([]);
});
