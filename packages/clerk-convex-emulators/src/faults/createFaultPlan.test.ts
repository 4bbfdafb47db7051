import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EmulatorError } from '../errors.ts';
import { createFaultPlan } from './createFaultPlan.ts';
import type { Fault } from './fault.ts';

const tokens = 'POST /v1/client/sessions/sess_1/tokens';

describe('createFaultPlan', () => {
  it('takes the first live fault that matches, and counts it', () => {
    const plan = createFaultPlan({ server: 'clerk' });
    const first = plan.add({ match: 'GET /v1/client', action: 'hang' });
    const second = plan.add({ match: '/tokens', action: { type: 'status', status: 500 } });
    plan.add({ action: 'reset' });
    expect(plan.take(tokens)).toEqual({ type: 'status', status: 500 });
    expect([first.fired, second.fired, plan.fired]).toEqual([0, 1, 1]);
  });

  it.each([
    ['POST /v1/client/sessions/*/tokens', true],
    ['sessions/*/touch', false],
    ['P*T /v1', true],
    ['POST*tokens', false], // `*` does not cross the space
    ['v1.client', false], // a dot is a dot
    [/tokens$/, true],
    [/TOKENS/gi, true],
  ])('matches %s: %s', (match, expected) => {
    const plan = createFaultPlan({ server: 'clerk' });
    plan.add({ match, action: 'hang' });
    expect([plan.take(tokens), plan.take(tokens)].map(Boolean)).toEqual([expected, expected]);
  });

  it('hits as many requests as `times` says, then is no longer active', () => {
    const plan = createFaultPlan({ server: 'clerk' });
    plan.add({ times: 2, action: 'reset' });
    expect([1, 2, 3].map(() => plan.take(tokens)?.type)).toEqual(['reset', 'reset', undefined]);
    expect(plan.active).toEqual([]);
  });

  it('ends after `forMs` by the clock it was given', () => {
    let now = 0;
    const plan = createFaultPlan({ server: 'clerk', now: () => now });
    plan.add({ forMs: 1000, action: 'reset' });
    now = 999;
    expect(plan.take(tokens)).toBeDefined();
    now = 1000;
    expect(plan.take(tokens)).toBeUndefined();
    expect(plan.active).toHaveLength(0);
  });

  it('hits the same requests with the same seed, about as many as the chance says', () => {
    const run = (seed: number) => {
      const plan = createFaultPlan({ server: 'clerk' });
      plan.add({ probability: 0.3, seed, action: 'reset' });
      return Array.from({ length: 400 }, () => (plan.take(tokens) ? 1 : 0) as number);
    };
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
    const hits = run(7).reduce((sum, hit) => sum + hit, 0);
    expect(hits).toBeGreaterThan(90);
    expect(hits).toBeLessThan(150);
  });

  it('says how much later an action is due', () => {
    const plan = createFaultPlan({ server: 'clerk' });
    plan.add({ afterMs: 2000, action: { type: 'status', status: 500 } });
    expect(plan.take(tokens)).toEqual({ type: 'status', status: 500, afterMs: 2000 });
  });

  it.each([
    ['clerk', 'empty_token', 'GET /v1/client', tokens],
    ['clerk', 'identical_token', 'POST /v1/client/sessions/sess_1/touch', `${tokens}/convex`],
    ['convex', 'refuse_upgrade', 'POST /api/query', 'CONNECT /api/1.48.0/sync'],
    ['convex', 'reject_authenticate', 'MESSAGE Mutation', 'MESSAGE Authenticate'],
  ] as const)('on %s keeps %s for a request that can suffer it', (server, action, other, own) => {
    const plan = createFaultPlan({ server });
    plan.add({ times: 1, action });
    expect([plan.take(other), plan.take(own)]).toEqual([undefined, { type: action }]);
  });

  it('does an at-once action when it is added, and counts the sockets that it hit', () => {
    const onImmediate = vi.fn(() => 2);
    const plan = createFaultPlan({ server: 'convex', onImmediate });
    const active = plan.add({ action: 'drop_sockets' });
    expect(onImmediate).toHaveBeenCalledWith({ type: 'drop_sockets' });
    expect([active.fired, plan.fired, plan.active.length]).toEqual([2, 2, 0]);
    expect(plan.take('CONNECT /api/sync')).toBeUndefined();
  });

  it('has not fired when no socket was open', () => {
    const plan = createFaultPlan({ server: 'convex', onImmediate: () => 0 });
    expect([plan.add({ action: 'auth_error' }).fired, plan.fired]).toEqual([0, 0]);
  });

  describe('with an at-once action that waits', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());
    const waiting = () => {
      const onImmediate = vi.fn(() => 1);
      const plan = createFaultPlan({ server: 'convex', onImmediate });
      return { plan, onImmediate, fault: plan.add({ afterMs: 50, action: 'drop_sockets' }) };
    };

    it('does it `afterMs` later, hits no request meanwhile, and ends it', () => {
      const { plan, onImmediate, fault } = waiting();
      vi.advanceTimersByTime(49);
      expect(plan.take('CONNECT /api/sync')).toBeUndefined();
      expect([onImmediate.mock.calls.length, fault.fired, plan.active.length]).toEqual([0, 0, 1]);
      vi.advanceTimersByTime(1);
      expect([onImmediate.mock.calls.length, fault.fired, plan.fired, plan.active.length]).toEqual([1, 1, 1, 0]);
    });

    it.each([
      ['removed', ({ fault }: ReturnType<typeof waiting>) => fault.remove()],
      ['cleared', ({ plan }: ReturnType<typeof waiting>) => plan.clear()],
      ['reset', ({ plan }: ReturnType<typeof waiting>) => plan.reset()],
    ])('does not do it once it is %s', (_what, cancel) => {
      const all = waiting();
      cancel(all);
      vi.advanceTimersByTime(100);
      expect([all.onImmediate.mock.calls.length, all.plan.fired, all.plan.active.length]).toEqual([0, 0, 0]);
    });
  });

  it('removes one, clears all, and resets the count', () => {
    const plan = createFaultPlan({ server: 'clerk' });
    const hang = plan.add({ action: 'hang' });
    plan.add({ action: 'reset' });
    hang.remove();
    expect(plan.take(tokens)).toEqual({ type: 'reset' });
    plan.clear();
    expect([plan.take(tokens), plan.fired]).toEqual([undefined, 1]);
    plan.reset();
    expect(plan.fired).toBe(0);
  });

  const malformed: ReadonlyArray<[string, unknown, RegExp]> = [
    ['an unknown action', { action: 'explode' }, /"explode" is unknown. Known here: status, reset, .*empty_token/],
    ["another server's action", { action: 'auth_error' }, /"auth_error" works on the Convex emulator only/],
    ['an inherited name', { action: 'toString' }, /"toString" is unknown/],
    ['no action', {}, /`action` is undefined/],
    ['a bad status', { action: { type: 'status', status: 99 } }, /`status` is 99; use an HTTP status from 200 to 599/],
    ['a status without one', { action: 'status' }, /needs `status`: \{ type: 'status', status: 503 \}/],
    ['a misspelt parameter', { action: { type: 'delay', delayMs: 1, ms: 5 } }, /has no `ms`. Known: type, delayMs/],
    ['a negative time', { forMs: -1, action: 'hang' }, /`forMs` is -1; use milliseconds, 0 or more/],
    ['a negative delay', { action: { type: 'delay', delayMs: -5 } }, /`delayMs` is -5/],
    ['a chance above 1', { probability: 1.5, action: 'hang' }, /`probability` is 1.5; use a number from 0 to 1/],
    ['times 0', { times: 0, action: 'hang' }, /`times` is 0/],
    ['a misspelt key', { time: 3, action: 'hang' }, /A fault has no `time`. Known: match, times/],
    ['a match that is no pattern', { match: 5, action: 'hang' }, /`match` is 5/],
    [
      'a header name that HTTP cannot carry',
      { action: { type: 'status', status: 500, headers: { 'retry after': '7' } } },
      /`headers` holds "retry after": "7", which HTTP cannot carry/,
    ],
    [
      'a header of two lines',
      { action: { type: 'status', status: 500, headers: { a: '1\r\nset-cookie: b' } } },
      /`headers` holds "a": /,
    ],
    [
      'two bodies',
      { action: { type: 'status', status: 500, json: {}, html: '<p>' } },
      /one body, not `json` and `html`; keep one/,
    ],
    ['no object', 'hang', /A fault is an object/],
  ];
  it.each(malformed)('refuses %s and names the mend', (_what, fault, message) => {
    const plan = createFaultPlan({ server: 'clerk' });
    const error = (() => {
      try {
        return plan.add(fault as Fault);
      } catch (caught) {
        return caught as EmulatorError;
      }
    })();
    expect(error).toMatchObject({ code: 'invalid_fault', message: expect.stringMatching(message) });
    expect(plan.active).toHaveLength(0);
  });
});
