import { type Clock, systemClock } from '../../core/clock.ts';
import { eventBody } from './testDelivery.ts';

// What tests of the order of webhooks share.

export const start = 1_700_000_000_000;
export type Random = () => number;
export type Sent = { readonly id: string; readonly body: string };

/** What Clerk sends of the lives of some users, in the order in which it happened. Some times are the same. */
export function lives(random: Random, events: number): Sent[] {
  const users = Array.from({ length: 40 }, (_, i) => ({ id: `user_${i}`, born: false, gone: false, at: 0 }));
  const sent: Sent[] = [];
  for (let now = start; sent.length < events; now += Math.floor(random() * 3)) {
    const user = users[Math.floor(random() * users.length)];
    if (!user || user.gone) continue;
    const type = !user.born ? 'user.created' : random() < 0.04 ? 'user.deleted' : 'user.updated';
    // Two updates of one user are told apart by the time of the event, though their updated_at may be the same.
    user.at = Math.max(user.at + 1, now);
    const updatedAt = user.at - (user.at % 100);
    const data = { id: user.id, first_name: `name ${sent.length}`, updated_at: updatedAt };
    user.born = true;
    user.gone = type === 'user.deleted';
    // A deletion whose own time is behind that of the last update is final all the same.
    const body = user.gone
      ? eventBody(type, { id: user.id, object: 'user', deleted: true }, user.at - 200)
      : eventBody(type, data, user.at);
    sent.push({ id: `msg_${sent.length}`, body });
  }
  return sent;
}

/** Time that only a sleep moves, and that takes none. */
export function quickClock(random: Random): Clock {
  let now = start;
  const sleep = async (ms: number) => {
    now += ms / 20;
    await systemClock.sleep(0);
  };
  return { now: () => now, random, sleep, setTimer: () => () => {} };
}
