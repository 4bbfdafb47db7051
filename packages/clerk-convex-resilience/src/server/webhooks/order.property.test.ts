import { expect, it } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { createTestClock } from '../../core/testClock.ts';
import { createClerkWebhookHandler } from './createClerkWebhookHandler.ts';
import { createMemoryWebhookStore } from './createMemoryWebhookStore.ts';
import type { ClerkWebhookHandlers } from './events.ts';
import { deliveryRequest, secret } from './testDelivery.ts';
import { lives, quickClock, type Sent, start } from './testLives.ts';

/** An app that writes what it is told, without a look at what is there. */
function createTable(pause: () => Promise<void>) {
  const rows = new Map<string, string | null>();
  let effects = 0;
  const write = async (id: string | undefined, name: string | null) => {
    await pause();
    effects++;
    rows.set(id ?? '', name);
  };
  const on: ClerkWebhookHandlers = {
    'user.created': ({ data }) => write(data.id, data.first_name),
    'user.updated': ({ data }) => write(data.id, data.first_name),
    'user.deleted': ({ data }) => write(data.id, null),
  };
  return { on, effects: () => effects, sorted: () => [...rows].sort(([a], [b]) => (a < b ? -1 : 1)) };
}

it.each([1, 2, 3])(
  '1,000 deliveries, reordered and repeated, end in the same table as in order (seed %i)',
  { timeout: 60_000 },
  async (seed) => {
    const { random } = createTestClock({ seed });
    const events = lives(random, 700);

    const inOrder = createTable(async () => {});
    const plain = createClerkWebhookHandler({
      secrets: secret,
      on: inOrder.on,
      logger: null,
      clock: quickClock(random),
    });
    for (const event of events) await plain(deliveryRequest({ ...event, at: start }));
    expect(inOrder.effects()).toBe(700);

    const clock = quickClock(random);
    // Handlers take different times, and one in twenty fails.
    const table = createTable(async () => {
      for (let turns = Math.floor(random() * 4); turns > 0; turns--) await systemClock.sleep(0);
      if (random() < 0.05) throw new Error('the database is away');
    });
    const handle = createClerkWebhookHandler({
      secrets: secret,
      on: table.on,
      store: createMemoryWebhookStore({ clock }),
      logger: null,
      clock,
    });
    const repeated = [...events, ...Array.from({ length: 300 }, () => events[Math.floor(random() * 700)] as Sent)];
    const queue = repeated.map((event) => ({ event, at: random() })).sort((a, b) => a.at - b.at);
    const tally: Record<string, number> = {};
    const sender = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const response = await handle(deliveryRequest({ ...next.event, at: clock.now() }));
        const { code } = (await response.json()) as { code: string };
        tally[code] = (tally[code] ?? 0) + 1;
        // As Svix does: what was not answered 2xx comes again, later.
        if (!response.ok) queue.push(next);
      }
    };
    await Promise.all(Array.from({ length: 30 }, sender));

    expect(table.sorted()).toEqual(inOrder.sorted());
    // It was no easy run: something came late, something twice, and something failed.
    expect(tally).toMatchObject({ outdated: expect.any(Number), duplicate: 300, handler_failed: expect.any(Number) });
    expect((tally.handled ?? 0) + (tally.outdated ?? 0)).toBe(700);
    expect(table.effects()).toBe(tally.handled);
  },
);
