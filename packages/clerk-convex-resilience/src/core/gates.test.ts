import { describe, expect, it } from 'vitest';
import type { AuthFailure } from './failure.ts';
import { createGate } from './gates.ts';
import { retryPolicies } from './policy.ts';
import { createTabs, type GateTabs } from './tabs.ts';
import { createTestClock } from './testClock.ts';
import { createTestConnectivity } from './testConnectivity.ts';

const network: AuthFailure = { kind: 'network', retryable: true, source: 'browser' };

function setUp(tabs: GateTabs = createTabs(createTestConnectivity()).of('gate')) {
  const clock = createTestClock({ now: 0 });
  const gate = createGate({
    policy: retryPolicies.session,
    clock,
    connectivity: createTestConnectivity(),
    tabs,
  });
  /** Somebody who wants to pass: `turn` is what they got, undefined while they wait. */
  const visitor = (endsAt = Infinity) => {
    const leave = new AbortController();
    const visit: { turn?: (() => void) | null; leave: () => void } = { leave: () => leave.abort() };
    void gate.pass({ signal: leave.signal, endsAt: () => endsAt }).then((turn) => {
      visit.turn = turn;
    });
    return visit;
  };
  return { clock, gate, visitor };
}

describe('a gate', () => {
  it('counts failures that were under way together as one', () => {
    const { clock, gate } = setUp();
    const delays = [gate.close(network, 0)];
    void clock.advance(100);
    for (let i = 0; i < 5; i++) delays.push(gate.close(network, -1));
    expect(Math.max(...delays)).toBeLessThanOrEqual(300);
  });

  describe('while the turn is asked of the other tabs', () => {
    const asking = () => {
      let answer: (turn: (() => void) | null) => void = () => {};
      let given = 0;
      const takeTurn = (): Promise<(() => void) | null> =>
        new Promise((resolve) => {
          answer = resolve;
        });
      const app = setUp({ tell() {}, takeTurn });
      app.gate.close(network, 0);
      const visit = app.visitor();
      return { ...app, visit, given: () => given, answer: () => answer(() => given++) };
    };

    it('sees that it was opened meanwhile', async () => {
      const { clock, gate, visit, given, answer } = asking();
      await clock.advance(1_000);
      gate.open();
      answer();
      await clock.advance(0);
      expect([visit.turn, given(), clock.pendingTimers]).toEqual([null, 1, 0]);
    });

    it('sees that the caller has left meanwhile', async () => {
      const { clock, visit, given, answer } = asking();
      await clock.advance(1_000);
      visit.leave();
      answer();
      await clock.advance(0);
      expect([visit.turn, given(), clock.pendingTimers]).toEqual([null, 1, 0]);
    });
  });

  it('lets nobody through beside a probe', async () => {
    const { clock, gate, visitor } = setUp();
    gate.close(network, 0);
    const first = visitor();
    await clock.advance(1_000);
    expect(first.turn).toBeTypeOf('function');
    const second = visitor();
    const impatient = visitor(1_500);
    await clock.advance(1_000);
    expect(second.turn).toBeUndefined();
    expect(impatient.turn).toBeNull();
    // The probe failed: the next one waits for its time.
    gate.close(network, 2_000);
    first.turn?.();
    await clock.advance(0);
    expect(second.turn).toBeUndefined();
    await clock.advance(1_000);
    expect(second.turn).toBeTypeOf('function');
    gate.open();
    second.turn?.();
    expect(clock.pendingTimers).toBe(0);
  });

  it('takes the turn back from one that leaves while it waits', async () => {
    const { clock, gate, visitor } = setUp();
    gate.close(network, 0);
    const first = visitor();
    const second = visitor();
    first.leave();
    await clock.advance(1_000);
    expect(first.turn).toBeNull();
    expect(second.turn).toBeTypeOf('function');
  });

  it('lets the impatient probe when it is time, even with no patience at all', async () => {
    const { clock, gate, visitor } = setUp();
    gate.close(network, 0);
    const early = visitor(0);
    await clock.advance(0);
    expect(early.turn).toBeNull();
    await clock.advance(1_000);
    const late = visitor(0);
    await clock.advance(0);
    expect(late.turn).toBeTypeOf('function');
  });

  it('is not woken before the server’s Retry-After', async () => {
    const { clock, gate, visitor } = setUp();
    gate.close({ kind: 'rate_limited', retryable: true, source: 'clerk', status: 429, retryAfterMs: 20_000 }, 0);
    const waiting = visitor();
    await clock.advance(1_000);
    gate.wake();
    await clock.advance(18_999);
    expect(waiting.turn).toBeUndefined();
    await clock.advance(1);
    expect(waiting.turn).toBeTypeOf('function');
  });

  it('keeps what the server asks for in a second answer to what was under way together', () => {
    const { gate } = setUp();
    gate.close(network, 0);
    const asked: AuthFailure = {
      kind: 'rate_limited',
      retryable: true,
      source: 'clerk',
      status: 429,
      retryAfterMs: 20_000,
    };
    const waitMs = gate.close(asked, -1);
    expect(waitMs).toBeGreaterThan(20_000); // spread, as any Retry-After
    expect(waitMs).toBeLessThanOrEqual(40_000);
    gate.wake({ now: true });
    expect(gate.close(network, -1)).toBe(20_000);
  });

  /** Down for five minutes, and somebody probes. */
  async function probing(tabs?: GateTabs) {
    const app = setUp(tabs);
    const { clock, gate, visitor } = app;
    for (let at = 0; at < 300_000; at = clock.now()) await clock.advance(gate.close(network, at));
    const probe = visitor();
    await clock.advance(60_000);
    expect(probe.turn).toBeTypeOf('function');
    const startedAt = clock.now();
    await clock.advance(200);
    return { ...app, probe, startedAt };
  }

  it('counts a wake signal that comes while an attempt is under way, which then fails', async () => {
    const { clock, gate, visitor, probe, startedAt } = await probing();
    gate.wake();
    await clock.advance(200);
    expect(gate.close(network, startedAt)).toBeLessThanOrEqual(400);
    probe.turn?.();
    const next = visitor();
    await clock.advance(400);
    expect(next.turn).toBeTypeOf('function');
    // Once: what fails after it waits as long as before.
    expect(gate.close(network, clock.now())).toBeGreaterThan(30_000);
  });

  it('does not take the word of an attempt of before for an answer to its wake signal, but that of one since', async () => {
    const { clock, gate, startedAt } = await probing();
    const word = { type: 'down', since: 0, failures: 20 } as const;
    gate.wake();
    gate.hear({ ...word, startedAt, probeAt: clock.now() + 60_000 });
    const soon = gate.close(network, startedAt - 1);
    expect(soon).toBeGreaterThan(0);
    expect(soon).toBeLessThanOrEqual(400);
    await clock.advance(500);
    gate.hear({ ...word, startedAt: clock.now(), probeAt: clock.now() + 50_000 });
    expect(gate.close(network, startedAt - 1)).toBeGreaterThan(40_000);
  });

  it('takes a failure long after anybody cared for the beginning of another outage', async () => {
    const { clock, gate } = setUp();
    for (let i = 0; i < 5; i++) gate.close(network, i);
    await clock.advance(3_600_000);
    expect(gate.close(network, clock.now())).toBeLessThanOrEqual(300);
  });

  it('waits for the word of a tab that probes, as long as a probe may take, and then goes all the same', async () => {
    const { clock, gate, visitor } = setUp({ tell: () => {}, takeTurn: async () => null });
    gate.close(network, 0);
    const waiting = visitor();
    await clock.advance(4_100);
    expect(waiting.turn).toBeUndefined();
    await clock.advance(400);
    expect(waiting.turn).toBeTypeOf('function');
  });

  it('does not wait for a word that has come while it asked for its turn', async () => {
    const { clock, gate, visitor } = setUp({
      tell: () => {},
      takeTurn: async () => {
        gate.hear({ type: 'up' });
        return null;
      },
    });
    gate.close(network, 0);
    const waiting = visitor();
    await clock.advance(500);
    expect(waiting.turn).toBeTypeOf('function');
  });

  it('gives the turn among tabs back with its own, and when a probe takes too long', async () => {
    let held = 0;
    const takeTurn = async () => {
      held++;
      return () => void held--;
    };
    const { clock, gate, visitor } = setUp({ tell: () => {}, takeTurn });
    gate.close(network, 0);
    const first = visitor();
    await clock.advance(1_000);
    expect(held).toBe(1);
    gate.close(network, 1_000);
    first.turn?.();
    expect(held).toBe(0);
    visitor();
    await clock.advance(1_000);
    expect(held).toBe(1);
    await clock.advance(4_000);
    expect(held).toBe(0);
  });

  describe('when the clock is set back by an hour', () => {
    it('waits no longer than it would have', async () => {
      const { clock, gate, visitor } = setUp();
      for (let at = 0; at < 60_000; at += 3_000) {
        gate.close(network, clock.now());
        await clock.advance(3_000);
      }
      gate.close(network, clock.now());
      const waiting = visitor();
      await clock.advance(1_000);
      clock.setBack(3_600_000);
      await clock.advance(13_000);
      expect(waiting.turn).toBeTypeOf('function');
      // And no longer the next time, nor any shorter than after so long an outage.
      const delayMs = gate.close(network, clock.now());
      expect(delayMs).toBeGreaterThan(10_000);
      waiting.turn?.();
      const next = visitor();
      await clock.advance(delayMs - 1);
      expect(next.turn).toBeUndefined();
      await clock.advance(1);
      expect(next.turn).toBeTypeOf('function');
    });

    it('counts an outage from then on, though its first failure was sent before', async () => {
      const { clock, gate } = setUp();
      const sentAt = clock.now();
      clock.setBack(3_600_000);
      gate.close(network, sentAt);
      for (let i = 0; i < 20; i++) {
        await clock.advance(3_000);
        gate.close(network, clock.now());
      }
      await clock.advance(3_000);
      expect(gate.close(network, clock.now())).toBeGreaterThan(10_000);
    });

    it('is still woken', async () => {
      const { clock, gate, visitor } = setUp();
      gate.close(network, clock.now());
      clock.setBack(3_600_000);
      gate.close(network, clock.now());
      const waiting = visitor();
      clock.setBack(3_600_000);
      gate.wake();
      await clock.advance(100);
      expect(waiting.turn).toBeTypeOf('function');
    });
  });
});
