import { createRandom } from '../support/random.ts';
import type { Client, Failure, Policy } from './policies.ts';

/** How everybody comes to need a token: one after the other during the outage, or all at once; and what is down. */
export interface Herd {
  readonly clients: number;
  readonly onset: 'spread' | 'at_once';
  /** `network`: requests do not reach the server, and the end is told to every browser (`online`). */
  readonly down: 'server' | 'network';
  /** Does the server refuse what it has no room for, or keep all of it waiting? */
  readonly sheds: boolean;
  readonly seed: number;
}

export interface HerdResult {
  /** Seconds from the end of the outage until so many had an answer; Infinity: not within the horizon. */
  readonly half: number;
  readonly p99: number;
  /** Share of the clients without an answer in the end. */
  readonly never: number;
  /** Requests that reached the server, for each client. */
  readonly requestsEach: number;
}

const outageMs = 30_000;
const perSecond = 2_000;
/** What the server keeps waiting before it sheds. */
const queue = 2_000;
/** Refusing costs so much of answering. */
const refusalCost = 0.1;
const clientTimeoutMs = 10_000;
const horizonMs = 330_000;

/** Virtual time, one event an attempt: deterministic. The server takes 2,000 requests a second after an outage of 30 s. */
export function simulateHerd(policy: Policy, { clients: n, onset, down, sheds, seed }: Herd): HerdResult {
  const random = createRandom(seed);
  const events = createQueue(n * 2);
  const clients: Client[] = [];
  /** The attempt that counts: an earlier one is superseded. */
  const current = new Int32Array(n);
  const sentAt = new Float64Array(n);
  const wayMs = new Float64Array(n);
  const doneAt = new Float64Array(n).fill(Infinity);
  const waits = new Uint8Array(n);
  let busyUntil = outageMs;
  let requests = 0;

  const send = (i: number, at: number): void => {
    wayMs[i] = 30 + 30 * random();
    sentAt[i] = at;
    current[i] = (current[i] ?? 0) + 1;
    events.push(at + (wayMs[i] ?? 0), i, current[i] ?? 0);
  };
  for (let i = 0; i < n; i++) {
    clients.push(policy.client(random));
    send(i, (onset === 'at_once' ? 500 : outageMs) * random());
  }
  if (down === 'network') for (let i = 0; i < n; i++) events.push(outageMs + 500 * random(), i, online);

  const fail = (i: number, at: number, failure: Failure): void => {
    waits[i] = 1;
    const wait = clients[i]?.failed(failure, at) ?? Infinity;
    if (at + wait < horizonMs) send(i, at + wait);
  };

  for (let event = events.pop(); event; event = events.pop()) {
    const { at, client: i, attempt } = event;
    const way = wayMs[i] ?? 0;
    if (at >= horizonMs || requests > 50 * n) break;
    if (attempt === online) {
      const wait = doneAt[i] === Infinity && waits[i] ? clients[i]?.woken?.(at) : undefined;
      if (wait !== undefined && at + wait < (sentAt[i] ?? 0)) send(i, at + wait);
      continue;
    }
    if (attempt !== current[i]) continue;
    if (at < outageMs && down === 'network') {
      fail(i, at, 'offline');
      continue;
    }
    requests++;
    waits[i] = 0;
    if (at < outageMs) {
      fail(i, at + way, 'down');
      continue;
    }
    busyUntil = Math.max(busyUntil, at);
    if (sheds && ((busyUntil - at) * perSecond) / 1_000 >= queue) {
      busyUntil += (refusalCost * 1_000) / perSecond;
      fail(i, at + way, 'shed');
      continue;
    }
    busyUntil += 1_000 / perSecond;
    const answeredAt = busyUntil + way;
    // The server does the work all the same.
    if (answeredAt - (sentAt[i] ?? 0) > clientTimeoutMs) fail(i, (sentAt[i] ?? 0) + clientTimeoutMs, 'timeout');
    else doneAt[i] = answeredAt;
  }

  const done = doneAt.filter((at) => at < Infinity).sort();
  const after = (share: number): number => ((done[Math.ceil(share * n) - 1] ?? Infinity) - outageMs) / 1_000;
  return { half: after(0.5), p99: after(0.99), never: 1 - done.length / n, requestsEach: requests / n };
}

const online = -1;

interface Event {
  readonly at: number;
  readonly client: number;
  readonly attempt: number;
}

/** A heap in typed arrays: there are millions of events. */
function createQueue(room: number) {
  let at = new Float64Array(room);
  let client = new Int32Array(room);
  let attempt = new Int32Array(room);
  let size = 0;
  const grow = <T extends Float64Array | Int32Array>(old: T, into: T): T => {
    into.set(old);
    return into;
  };
  const move = (from: number, to: number): void => {
    at[to] = at[from] ?? 0;
    client[to] = client[from] ?? 0;
    attempt[to] = attempt[from] ?? 0;
  };
  const put = (i: number, event: Event): void => {
    at[i] = event.at;
    client[i] = event.client;
    attempt[i] = event.attempt;
  };
  return {
    push(when: number, who: number, which: number): void {
      if (size === at.length) {
        at = grow(at, new Float64Array(size * 2));
        client = grow(client, new Int32Array(size * 2));
        attempt = grow(attempt, new Int32Array(size * 2));
      }
      let i = size++;
      while (i > 0 && (at[(i - 1) >> 1] ?? 0) > when) {
        move((i - 1) >> 1, i);
        i = (i - 1) >> 1;
      }
      put(i, { at: when, client: who, attempt: which });
    },
    pop(): Event | undefined {
      if (size === 0) return undefined;
      const first = { at: at[0] ?? 0, client: client[0] ?? 0, attempt: attempt[0] ?? 0 };
      size--;
      const last = { at: at[size] ?? 0, client: client[size] ?? 0, attempt: attempt[size] ?? 0 };
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= size) break;
        if (child + 1 < size && (at[child + 1] ?? 0) < (at[child] ?? 0)) child++;
        if ((at[child] ?? 0) >= last.at) break;
        move(child, i);
        i = child;
      }
      put(i, last);
      return first;
    },
  };
}
