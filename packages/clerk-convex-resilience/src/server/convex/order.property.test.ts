import { expect, it } from 'vitest';
import { createTestClock } from '../../core/testClock.ts';
import { lives, quickClock, type Sent } from '../webhooks/testLives.ts';
import { createTestApp } from './testApp.ts';

/** What is in the table of users, whichever order its rows were made in. */
async function tableOf(app: ReturnType<typeof createTestApp>) {
  const rows = await app.rows('users');
  return rows.sort((a, b) => (String(a.clerkId) < String(b.clerkId) ? -1 : 1));
}

it('1,000 deliveries, reordered and repeated, end in the same Convex table as in order (seed 1)', {
  timeout: 60_000,
}, async () => {
  const { random } = createTestClock({ seed: 1 });
  const events = lives(random, 250);
  const clock = quickClock(random);

  const inOrder = createTestApp();
  for (const event of events) await inOrder.apply({ ...event, at: clock.now() });
  expect(await inOrder.rows('users')).toHaveLength(40);

  // The app's own handler fails now and then, after the row was written.
  const fails = () => {
    if (random() < 0.05) throw new Error('the mail is away');
  };
  const app = createTestApp({ action: { clock, on: () => ({ '*': fails }) } });
  const repeated = [...events, ...Array.from({ length: 750 }, () => events[Math.floor(random() * 250)] as Sent)];
  const queue = repeated.map((event) => ({ event, at: random() })).sort((a, b) => a.at - b.at);
  const tally: Record<string, number> = {};
  const sender = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [status, code] = await app.deliver({ ...next.event, at: clock.now() });
      tally[code] = (tally[code] ?? 0) + 1;
      if (status !== 200) queue.push(next);
    }
  };
  await Promise.all(Array.from({ length: 4 }, sender));

  expect(await tableOf(app)).toEqual(await tableOf(inOrder));
  expect(tally).toMatchObject({ outdated: expect.any(Number), duplicate: 750, handler_failed: expect.any(Number) });
  expect((tally.handled ?? 0) + (tally.outdated ?? 0)).toBe(250);
});
